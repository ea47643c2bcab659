import { describe, expect, it } from 'vitest';
import { commandDefinitions } from '../../source/session/commands.ts';
import type { SessionView } from '../../source/session/view.ts';
import { widthOf } from '../../source/ui/cells.ts';
import { drawFrame, type FrameInput, frameLines, isSameFrame } from '../../source/ui/frame.ts';
import { toAscii } from '../../source/ui/glyphs.ts';
import { keyTable } from '../../source/ui/keys.ts';
import { panelIds } from '../../source/ui/layout.ts';
import { createPaint } from '../../source/ui/paint.ts';
import { graphStyles, initialState, type ScreenState } from '../../source/ui/state.ts';
import { withFocus } from '../../source/ui/upper.ts';
import { fakeEvent, fakeKnobs, fakeNowMs, fakePlan, fakeView } from './fake-view.ts';

const plainPaint = createPaint('default', false);

function input(changes: Partial<FrameInput> = {}): FrameInput {
  return {
    columns: 120,
    rows: 30,
    view: fakeView(),
    state: initialState('default', 'block'),
    paint: plainPaint,
    ascii: false,
    nowMs: 0,
    ...changes,
  };
}

function state(changes: Partial<ScreenState>): ScreenState {
  return { ...initialState('default', 'block'), ...changes };
}

/** The frame without attributes, as one text. */
function text(changes: Partial<FrameInput> = {}): string {
  return strip(frameLines(drawFrame(input(changes))).join('\n'));
}

function strip(painted: string): string {
  return painted.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '');
}

const sizes = [
  [160, 45],
  [120, 30],
  [80, 24],
  [133, 37],
  [81, 29],
  [300, 90],
  [79, 24],
  [20, 5],
] as const;

const noSkew = { windowS: 0, partitions: [], brokers: [], maxOverMean: null, slowestOverMedian: null };
const empty = { values: [], current: null };
const noLatency = {
  p50: { valueMs: null, windowS: 1, atLeast: false },
  p99: { valueMs: null, windowS: 1, atLeast: false },
  p999: { valueMs: null, windowS: 1, atLeast: false },
} as const;

/** Views at the edges of what can come. */
const flinkJob = {
  group: 'flink-job',
  lagMessages: 12_345,
  lagMs: 3210,
  uncommittedPartitions: 0,
  commitAgeMs: 4_900,
  commitAgeAtLeast: false,
  isFresh: true,
};
const watchedLags = [
  flinkJob,
  { ...flinkJob, group: `g${'漢'.repeat(200)}\u001B[31m`, lagMessages: null, commitAgeMs: null },
];

const views: Readonly<Record<string, SessionView>> = {
  usual: fakeView(),
  'with a hint': fakeView({
    hints: [
      {
        timeMs: fakeNowMs,
        name: 'partition skew',
        evidence: 'partition 3 of a-topic\n漢字 gets '.repeat(9),
        suggestion: { knob: 'batchSize', from: 16_384, to: 16_777_216 },
      },
    ],
  }),
  'at the start': fakeView({
    phase: 'connecting',
    cluster: null,
    topic: null,
    points: [],
    events: [],
    knobs: [],
    slos: [],
    achievedFraction: null,
    batchFill: null,
    latency: { response: noLatency, service: noLatency, slip: noLatency, e2e: noLatency },
    host: {
      cpuPercent: empty,
      cpuStolenPercent: empty,
      memoryBytes: empty,
      networkBytesRate: empty,
      diskBytesRate: empty,
      processCpuPercent: empty,
      processRssBytes: empty,
      gcPauseMs: empty,
    },
    lag: {
      group: null,
      rows: [],
      partitions: 0,
      totalMessages: null,
      totalMs: null,
      totalCommittedMessages: null,
      noAnswerSinceMs: null,
    },
  }),
  'long words': fakeView({
    sandbox: false,
    cluster: { brokers: 300, version: '4.3-IV0', address: 'x'.repeat(200) },
    topic: { name: 'a-very-long-topic-name.'.repeat(10), partitions: 10_000, replicationFactor: 3, count: 1 },
    slos: Array.from({ length: 5 }, () => ({
      text: `response.p99.99<${'9'.repeat(50)}ms`,
      held: false,
      heldForS: 1e6,
      actual: '> 1234567 ms',
    })),
    clientHealth: { ok: false, text: 'this client could not keep its schedule '.repeat(5) },
    targetRate: null,
    ackedRate: 123_456_789,
    inFlight: 9_999_999,
    events: [
      fakeEvent({ message: `broke\n\u001B[31m${'long '.repeat(90)}漢字`, type: 'error', outcome: 'o'.repeat(200) }),
    ],
    banners: [{ kind: 'load-stopped', text: 'LOAD STOPPED: errors>10% for 10s '.repeat(9) }],
    paused: true,
    consumersPaused: true,
    knobs: fakeKnobs({
      compression: { requested: 'snappy', applied: 'snappy', note: 'a note that is far too long'.repeat(3) },
    }),
    compressionRatio: 12_345.678,
    wireBytesRate: 999 * 2 ** 30,
  }),
  'odd numbers': fakeView({
    points: fakeView().points.map((point, index) =>
      index % 3 === 0 ? { ...point, ackedRate: Number.NaN, targetRate: null, durationMs: 2000 } : point,
    ),
    lag: { ...fakeView().lag, totalMessages: 123_456_789_012, rows: [] },
  }),
  pipeline: fakeView({
    topic: { name: 'in', partitions: 3, replicationFactor: 1, count: 1, consumed: `out-${'x'.repeat(200)}` },
    inPipeline: 123_456_789,
  }),
  'watched groups': fakeView({ lag: { ...fakeView().lag, watched: [...watchedLags, ...watchedLags] } }),
};

const states: Readonly<Record<string, ScreenState>> = {
  usual: state({}),
  help: state({ help: true, helpScroll: 7 }),
  braille: state({ graph: 'braille' }),
  'ascii graphs': state({ graph: 'ascii' }),
  frozen: state({ frozen: fakeView({ nowMs: fakeNowMs - 10_000 }) }),
  scrolled: state({ timeScroll: 1000, zoom: 4, lagScroll: 500, eventScroll: 500, knobIndex: 7 }),
  'a command': state({ prompt: { kind: 'command', line: { text: 'x'.repeat(300), cursor: 3 }, historyAt: null } }),
  'a knob': state({ prompt: { kind: 'knob', name: 'rate', line: { text: '50k', cursor: 3 } } }),
  'a chooser': state({ prompt: { kind: 'chooser', name: 'compression', index: 2 } }),
  'a suggestion': state({
    prompt: { kind: 'suggestion', hint: 'quota', suggestion: { knob: 'rate', from: null, to: 1e9 } },
  }),
  'a question': state({ prompt: { kind: 'confirm', question: 'really '.repeat(40), again: { kind: 'undo' } } }),
  'a filter': state({ filter: 'rate', prompt: { kind: 'filter', line: { text: 'rate', cursor: 4 } } }),
  'a notice': state({ notice: { text: 'done '.repeat(60), tone: 'warn', untilMs: 1 } }),
  ...Object.fromEntries(panelIds.map((id) => [`expanded ${id}`, state({ focus: id, expanded: id })])),
};

describe.each(sizes)('%s × %s', (columns, rows) => {
  for (const [viewName, view] of Object.entries(views)) {
    it.each(Object.keys(states))(`${viewName}, %s: fills the terminal exactly`, (stateName) => {
      const chosen = states[stateName] ?? state({});
      for (const ascii of [false, true]) {
        const frame = drawFrame(input({ columns, rows, view, state: chosen, ascii }));
        const lines = frameLines(frame);
        expect(lines).toHaveLength(rows);
        for (const line of lines) {
          expect(widthOf(line), strip(line)).toBe(columns);
        }
        if (ascii) {
          expect(strip(lines.join(''))).toMatch(/^[ -~]*$/);
        }
      }
    });
  }
});

describe('colour', () => {
  const colours = new RegExp(`${String.fromCharCode(27)}\\[(3|4|9|10)[0-9;]*m`);

  it('is absent without color, present with it', () => {
    for (const chosen of Object.values(states)) {
      expect(frameLines(drawFrame(input({ state: chosen }))).join('')).not.toMatch(colours);
    }
    expect(frameLines(drawFrame(input({ paint: createPaint('default', true) }))).join('')).toMatch(colours);
    expect(frameLines(drawFrame(input({ paint: createPaint('mono', true) }))).join('')).not.toMatch(colours);
  });

  it('never sets a background, black or white', () => {
    const fixed = new RegExp(`${String.fromCharCode(27)}\\[(30|37|97|90|4[0-9]|10[0-9])m`);
    expect(frameLines(drawFrame(input({ paint: createPaint('bright', true) }))).join('')).not.toMatch(fixed);
  });

  it('changes no character', () => {
    for (const graph of graphStyles) {
      const chosen = state({ graph });
      expect(text({ state: chosen, paint: createPaint('magenta', true) })).toBe(text({ state: chosen }));
    }
  });
});

describe('the twins in ASCII', () => {
  it.each([
    ['usual', input()],
    ['small', input({ columns: 80, rows: 24 })],
    ['counting down', input({ view: fakeView({ phase: 'warm-up', phaseLeftMs: 4000 }) })],
    ['help', input({ state: state({ help: true }) })],
    ['filtered', input({ columns: 80, rows: 24, state: state({ filter: 'rate' }) })],
    ['choosing', input({ state: state({ prompt: { kind: 'chooser', name: 'acks', index: 0 } }) })],
  ] as const)('are there for all that is drawn: %s', (_, drawn) => {
    const glyphs = new Set(strip(frameLines(drawFrame(drawn)).join('')).replaceAll(/\p{ASCII}/gu, ''));
    expect([...glyphs].filter((glyph) => toAscii(glyph) === '?')).toEqual([]);
    expect(glyphs.size).toBeGreaterThan(0);
  });
});

describe('the header', () => {
  it('says where, what and how', () => {
    const [first, second, third] = text().split('\n');
    expect(first).toMatch(
      /loadtui +latency +SANDBOX +1 broker +loadtui-7f3a +×16 RF1 acks=1.*● measuring 01:42 +epoch +3 +12:04:31 $/,
    );
    expect(second).toMatch(/target 50\.0 k\/s \(cap 200k\) +acked 50\.0 k\/s +99\.9% +4\.77 MiB\/s/);
    expect(second).toMatch(/fail +0\/s +retry +0\/s +missed 0 +p99<10ms ✔ held 61 s/);
    expect(third).toMatch(/in flight +212 +batch +62% full +lag 412 = 8 ms +missing 0 +client ok: slip p99 0\.2 ms/);
  });

  it('shows percentiles where there is no room for charts', () => {
    expect(text({ columns: 80, rows: 24 }).split('\n')[2]).toMatch(
      /p50 {2}0\.99 {2}p99 {2}3\.97 {2}p99\.9 {2}12\.7\(10s\) ms/,
    );
  });

  it('never loses a bad verdict for want of room', () => {
    const { lag, totals } = fakeView();
    const view = fakeView({
      clientHealth: { ok: false, text: 'client-bound: 12.3 % offered late' },
      lag: { ...lag, totalMessages: 123_456, totalMs: 1234 },
      totals: { ...totals, missing: 1234 },
    });
    const third = text({ columns: 80, rows: 24, view }).split('\n')[2];
    expect(third).toMatch(/p99\.9 .* missing 1,234 +! client-bound *$/);
    expect(text({ view })).toContain('! client-bound: 12.3 % offered late');
  });

  it('marks end-to-end latency with the error of the clocks', () => {
    const chosen = state({ latencyTag: 'e2e' });
    expect(text({ state: chosen, view: fakeView({ e2eErrorMs: 0.512 }) })).toContain('End to end, ms (log) ± 0.51');
    expect(text({ state: chosen })).toContain('End to end, ms (log) ─');
  });

  it('names no acks where nothing is written', () => {
    const view = fakeView({ plan: { ...fakePlan, mode: 'consume-only' } });
    const [first] = text({ view }).split('\n');
    expect(first).toMatch(/×16 RF1 read only /);
    expect(first).not.toContain('acks');
  });

  it('says "not checked" where nothing is consumed, and what is missing otherwise', () => {
    const { totals } = fakeView();
    expect(text({ view: fakeView({ totals: { ...totals, missing: null } }) })).toContain('missing: not checked');
    expect(text({ view: fakeView({ totals: { ...totals, missing: 1234 } }) })).toContain('missing 1,234');
  });

  it('keeps its places when numbers change', () => {
    const places = (view: SessionView) => text({ view }).split('\n')[1]?.indexOf('MiB/s');
    expect(places(fakeView({ ackedRate: 9.5, targetRate: 100, achievedFraction: 0.0951 }))).toBe(places(fakeView()));
  });

  it.each([80, 100])('on %d columns, too, whatever the window of a percentile and the lag', (columns) => {
    const { lag, latency } = fakeView();
    const place = (windowS: 1 | 10, totalMessages: number, totalMs: number) => {
      const p999 = { valueMs: 12.7, windowS, atLeast: false };
      const changed = { ...latency, response: { ...latency.response, p999 } };
      const view = fakeView({ latency: changed, lag: { ...lag, totalMessages, totalMs } });
      return text({ columns, rows: 24, view }).split('\n')[2]?.indexOf('client ok');
    };
    expect(place(1, 0, 0)).toBe(place(10, 12_345, 12_345));
    expect(place(10, 412, 8)).toBe(place(10, 12_345, 12_345));
    expect(place(10, 412, 8)).toBeGreaterThan(0);
  });

  it('on 80 columns, says what is not checked beside the client where nothing is consumed', () => {
    const { lag, totals } = fakeView();
    const plan = { ...fakePlan, mode: 'produce-only' } as const;
    const nothing = { ...lag, group: null, rows: [], totalMessages: null, totalMs: null };
    const view = fakeView({ plan, lag: nothing, totals: { ...totals, missing: null } });
    expect(text({ columns: 80, rows: 24, view }).split('\n')[2]).toMatch(
      /p99\.9 .* missing: not checked {2}client ok *$/,
    );
  });

  it('shows states in words, in reverse video', () => {
    const painted = frameLines(
      drawFrame(
        input({
          view: fakeView({ paused: true, banners: [{ kind: 'paused', text: 'PAUSED: space resumes' }] }),
          state: state({ frozen: fakeView() }),
        }),
      ),
    );
    expect(painted[0]).toContain('\u001B[7m FROZEN \u001B[27m');
    expect(painted[0]).toContain('\u001B[7m PAUSED \u001B[27m');
    expect(painted.at(-2)).toMatch(/FROZEN at 12:04:31: f thaws/);
    expect(painted.at(-2)).toContain('PAUSED: space resumes');
    expect(text({ state: state({ frozen: fakeView() }) })).toMatch(/FROZEN at 12:04:31: the load goes on. f thaws/);
    const draining = { view: fakeView({ phase: 'draining' }), state: state({ frozen: fakeView() }) };
    expect(text(draining)).toMatch(/FROZEN at 12:04:31: draining. f thaws/);
  });

  it('stays the same while it is frozen, until there is something to say', () => {
    const frozen = state({ frozen: fakeView() });
    const later = { view: fakeView({ nowMs: fakeNowMs + 250, ackedRate: 1 }), nowMs: 250 };
    const frame = (changes: Partial<FrameInput>) => drawFrame(input({ state: frozen, ...changes }));
    const held = frame({});
    expect(isSameFrame(held, frame(later))).toBe(true);
    expect(isSameFrame(held, frame({ view: fakeView({ paused: true }) }))).toBe(false);
    expect(isSameFrame(held, frame({ ...later, state: state({}) }))).toBe(false);
    expect(isSameFrame(held, frame({ columns: 121 }))).toBe(false);
    expect(isSameFrame(held, frame({ rows: 45, columns: 160 }))).toBe(false);
    expect(isSameFrame(held, frame({ state: { ...frozen, expanded: 'lag' } }))).toBe(false);
  });

  it.each([
    [{ paused: true }, false, / latency {3}SANDBOX {3}×16 RF1 acks=1 .* PAUSED {3}● measuring 01:42 {2}12:04:31 $/],
    [{}, true, / latency {3}SANDBOX {3}×16 RF1 acks=1 .* FROZEN {3}● measuring 01:42 {2}12:04:31 $/],
    [
      { paused: true, phaseLeftMs: 18_000 },
      true,
      / latency {3}SANDBOX {2}.* FROZEN {4}PAUSED {3}● measuring 01:42 −00:18 {2}12:04:31 $/,
    ],
    [
      { banners: [{ kind: 'load-stopped', text: '' }], consumersPaused: true },
      true,
      / latency {3}SANDBOX {2}.* FROZEN {4}LOAD STOPPED {4}CONSUMERS PAUSED {3}● measuring $/,
    ],
    [
      { sandbox: false, cluster: { brokers: 3, version: '4.1', address: '' }, paused: true },
      false,
      / latency {2}kafka 4\.1 3b {2}×16 RF1 acks=1 .* PAUSED {3}● measuring 01:42 {2}12:04:31 $/,
    ],
  ] as const)(
    'at 80 × 24 names preset and cluster beside words for states: %j, frozen %s',
    (changes, frozen, expected) => {
      const view = fakeView(changes);
      const first = text({ columns: 80, rows: 24, view, state: state({ frozen: frozen ? view : null }) }).split(
        '\n',
      )[0];
      expect(first).toMatch(expected);
    },
  );

  it.each([
    [120, 30],
    [160, 45],
  ])('at %d × %d moves nothing when the figures become steady', (columns, rows) => {
    const third = (steadyForS: number | null) =>
      text({ columns, rows, view: fakeView({ steadyForS }) }).split('\n')[2] ?? '';
    const [before = ''] = third(12).split('steady since 12 s');
    expect(third(12)).toContain('steady since');
    expect(third(null).startsWith(before)).toBe(true);
  });

  it('names a broken objective in words', () => {
    const view = fakeView({ slos: [{ text: 'response.p99<10ms', held: false, heldForS: null, actual: '23.1 ms' }] });
    expect(text({ view })).toContain('p99<10ms ✘ broken: 23.1 ms');
  });
});

describe('the time under the charts', () => {
  const lastTimes = (shown: string) =>
    [...shown.matchAll(/\d\d:\d\d:\d\d +(\d\d:\d\d:\d\d)/g)].map((found) => found[1]);

  it.each([0, 1, 4, 8])('at zoom %d ends where the figures do, never ahead of the header’s clock', (zoom) => {
    for (const aheadMs of [0, 300, 700, 999]) {
      // A point is taken up to a second after the last one ended.
      const view = { ...fakeView(), nowMs: fakeNowMs + aheadMs };
      expect(lastTimes(text({ view, state: state({ zoom }) }))).toEqual(['12:04:31', '12:04:31']);
    }
  });

  it('is that of the last column where it is scrolled back, which the title says', () => {
    const shown = text({ state: state({ timeScroll: 10 }) });
    expect(lastTimes(shown)).toEqual(['12:04:12', '12:04:12']);
    expect(shown.match(/ 20\.0 s back: > or esc ╮/g)).toHaveLength(2);
    expect(text({ columns: 80, rows: 24, state: state({ timeScroll: 10 }) })).toContain('20.0 s back: > or esc');
  });

  it('is told by the title where there is no room', () => {
    const title = (zoom: number) => text({ columns: 80, rows: 24, state: state({ zoom }) }).split('\n')[3];
    expect(title(0)).toContain('last 52.0 s   e: service');
    expect(title(2)).toContain('last 4.33 min   e: service');
    expect(text()).not.toContain('last ');
  });
});

describe('the throughput chart', () => {
  it('begins with the scale of the target', () => {
    const view = fakeView({ points: [], targetRate: 11_000, ackedRate: 0, consumedRate: 0 });
    expect(text({ view, columns: 160, rows: 45 })).toContain('10k┤');
  });
});

describe('the latency chart', () => {
  it('has a dash for what is not known and says why with acks=0', () => {
    const view = fakeView({
      knobs: fakeKnobs({ acks: { requested: 0, applied: 0 } }),
      latency: { ...fakeView().latency, response: noLatency },
    });
    expect(text({ view })).toMatch(/p99 +—/);
    expect(text({ view })).toContain('acks=0: no answers');
  });

  it('names windows and lower bounds', () => {
    const response = { ...fakeView().latency.response, p99: { valueMs: 812, windowS: 5, atLeast: true } } as const;
    expect(text({ view: fakeView({ latency: { ...fakeView().latency, response } }) })).toMatch(/p99 +>812 \(5 s\)/);
  });

  it('shows the objective, the marks and the times', () => {
    const shown = text();
    expect(shown).toContain('SLO p99<10');
    for (const mark of ['①', '②', '③']) {
      // Twice on the axes; the events in view once more.
      expect(shown.split(mark).length - 1).toBeGreaterThanOrEqual(2);
    }
    expect(shown).toContain('12:04:3');
  });

  it.each([
    ['service', 'Service, ms'],
    ['slip', 'Slip, ms'],
    ['e2e', 'End to end, ms'],
  ] as const)('shows %s', (latencyTag, title) => {
    expect(text({ state: state({ latencyTag }) })).toContain(title);
  });
});

describe('panels', () => {
  it('knobs: value, keys and what is applied', () => {
    expect(text()).toMatch(/▸ rate +50\.0 k\/s +r R +applied/);
    expect(text()).toMatch(/linger +5 ms +l L +2\/4, is 0 ms/);
    expect(text({ columns: 160, rows: 45 })).toMatch(/2\/4 threads, is 0 ms/);
    const lz4 = { requested: 'lz4', note: '3.1×' } as const;
    const noted = fakeView({ knobs: fakeKnobs({ compression: { ...lz4, applied: 'lz4' } }) });
    expect(text({ view: noted })).toMatch(/compression +lz4 +z +3\.1× /);
    const turning = fakeView({ knobs: fakeKnobs({ compression: { ...lz4, appliedThreads: 1 } }) });
    expect(text({ view: turning })).toMatch(/compression +lz4 +z +1\/4/);
  });

  it('a codec: its ratio in the header and in its chooser, and the bytes on the wire where there is room', () => {
    const knobs = fakeKnobs({ compression: { requested: 'lz4', applied: 'lz4', note: '3.1×' } });
    const view = fakeView({ knobs, compressionRatio: 3.1, wireBytesRate: 1.54 * 2 ** 20, slos: [] });
    expect(text({ view }).split('\n')[1]).toMatch(/4\.77 MiB\/s +lz4 +3\.1×/);
    const wide = text({ view, columns: 160, rows: 45 }).split('\n')[1];
    expect(wide).toMatch(/lz4 +3\.1× +1\.54 MiB\/s on the wire/);
    expect(text({ columns: 160, rows: 45 })).not.toContain('on the wire');
    const choosing = state({ prompt: { kind: 'chooser', name: 'compression', index: 0 } });
    expect(text({ view, state: choosing })).toMatch(/lz4 +now, 3\.1×/);
  });

  it('throughput, expanded: what of the messages goes over the wire', () => {
    const expanded = state({ focus: 'throughput', expanded: 'throughput' });
    const knobs = fakeKnobs({ compression: { requested: 'snappy', applied: 'snappy' } });
    const view = fakeView({ knobs, compressionRatio: 1.02, wireBytesRate: 99.9 * 2 ** 20 });
    const line = 'compressed 1.02× (snappy): 102 MiB/s of messages are 99.9 MiB/s on the wire';
    for (const [columns, rows] of [
      [80, 24],
      [120, 30],
    ] as const) {
      expect(text({ view, state: expanded, columns, rows })).toContain(line);
      expect(text({ state: expanded, columns, rows })).not.toContain('on the wire');
    }
  });

  it('knobs: the selected one is always in sight', () => {
    expect(text({ columns: 80, rows: 24, state: state({ knobIndex: 7 }) })).toMatch(/▸ msg size/);
    expect(text({ columns: 80, rows: 24, state: state({ knobIndex: 0 }) })).toMatch(/▸ rate/);
  });

  it('lag: worst first, rest and total', () => {
    const shown = text();
    expect(shown.indexOf('1,204,881')).toBeGreaterThan(0);
    expect(shown.indexOf('1,204,881')).toBeLessThan(shown.indexOf('1,204,550'));
    expect(shown).toMatch(/… \d+ more/);
    expect(shown).toContain('total 412 = 8 ms behind');
  });

  it('a pipeline: both topics, and what is inside in place of what is missing', () => {
    const topic = { name: 'in', partitions: 3, replicationFactor: 1, count: 1, consumed: 'out' };
    const shown = text({ view: fakeView({ topic, inPipeline: 1234 }), columns: 160, rows: 45 });
    expect(shown).toContain('in → out');
    expect(shown).toMatch(/in pipeline +1\.23k/);
    expect(shown).not.toContain('missing 0');
  });

  it('lag: groups of others have their lag and the age of their commit', () => {
    const watched = fakeView({ lag: { ...fakeView().lag, watched: watchedLags } });
    expect(text({ view: watched })).toMatch(/flink-job +12\.3k commit 4 s +│/);
    expect(text({ view: watched })).toMatch(/unknown no commit yet/);
    expect(text({ view: watched, columns: 80, rows: 24 })).toMatch(/12\.3k commit 4 s/);
    const wide = text({ view: watched, columns: 160, rows: 45, state: state({ expanded: 'lag' }) });
    expect(wide).toContain('flink-job 12.3k = 3.21 s behind, commit 4 s ago');
    expect(wide).toContain('total 412 = 8 ms behind');
    const onlyWritten = { ...watched, plan: { ...watched.plan, mode: 'produce-only' } } as const;
    expect(text({ view: onlyWritten })).toMatch(/flink-job +12\.3k/);
  });

  const partitions = (changes: Partial<SessionView> = {}, columns = 120) =>
    text({ columns, view: fakeView(changes), state: state({ focus: 'lag', expanded: 'lag' }) });

  it('lag, expanded: what each partition and broker has of the load, and how uneven it is', () => {
    const drawn = partitions();
    expect(drawn).toMatch(/[─▸]Lag and skew ─/);
    expect(drawn).toMatch(/part +log end +committed +lag +msg\/s +bytes\/s +trip ms/);
    expect(drawn).toMatch(/ 7 +1,204,881 +1,204,000 +96 +3\.18 k\/s +310 KiB\/s +0\.81 ▇+/);
    expect(drawn).toMatch(/total 412 = 8 ms behind +largest partition 1\.04 × the mean \(10 s\)/);
    expect(drawn).toMatch(/broker 1 +50\.0 k\/s +4\.77 MiB\/s +0\.81/);
    expect(partitions({}, 80)).toMatch(/ 7 +1,204,881 +96 +3\.18 k\/s +310 KiB\/s +0\.81 ▇+/);
  });

  it('lag, expanded: the slowest broker beside the median', () => {
    const { skew } = fakeView();
    if (skew === undefined) throw new Error('a fake view has skew');
    const brokers = [3, 1, 2].map((brokerId) => ({
      brokerId,
      messageRate: 1e4,
      bytesRate: 1e6,
      roundTripMs: 30 / brokerId,
    }));
    const drawn = partitions({ skew: { ...skew, brokers, slowestOverMedian: 2.5 } }, 160);
    expect(drawn).toContain('largest partition 1.04 × the mean, slowest broker 2.50 × the median (10 s)');
    for (const { brokerId } of brokers) expect(drawn).toContain(`broker ${brokerId} `);
  });

  it('lag, expanded: the fullest partition first where nobody reads, dashes where nothing is known', () => {
    const rows = fakeView().lag.rows.map((row) => ({ ...row, position: null, committedOffset: null, lag: null }));
    const lag = { ...fakeView().lag, group: null, rows, totalMessages: null, totalMs: null };
    const plan = { ...fakePlan, mode: 'produce-only' } as const;
    expect(partitions({ lag, plan })).toMatch(/trip ms[ │\n]+3 +1,\d+,\d+ +— +— +3\.24 k\/s/);
    expect(partitions({ lag, plan })).toContain('nothing is consumed');
    expect(partitions({ lag, plan, skew: noSkew })).toMatch(/ 7 +1,204,881 +— +— +— +— +—/);
  });

  it('lag, expanded: of a pipeline, what is read and then what is written', () => {
    const rows = fakeView()
      .lag.rows.slice(0, 2)
      .map((row, partition) => ({ ...row, topic: 'a-out', partition, lag: 5 }));
    const lag = { ...fakeView().lag, rows, partitions: 2 };
    const topic = { name: 'loadtui-7f3a', partitions: 16, replicationFactor: 1, count: 1, consumed: 'a-out' };
    const drawn = partitions({ lag, topic });
    expect(drawn).toMatch(/ out\/0 +1,204,881 +1,204,000 +5 +— +— +—/);
    expect(drawn).toMatch(/ f3a\/3 +— +— +— +3\.24 k\/s +316 KiB\/s +0\.81/);
  });

  const hint = {
    timeMs: fakeNowMs,
    name: 'batching-bound',
    evidence: 'a batch waits 5 ms and its answer takes 0.5 ms: 91 % is waiting for linger, batches 12 % full',
    suggestion: { knob: 'lingerMs', from: 5, to: 0 },
  } as const;

  it.each([
    [160, 45, ` hint  batching-bound: ${hint.evidence}: linger 5 ms → 0 ms?  (i) `],
    [
      120,
      30,
      ' hint  batching-bound: a batch waits 5 ms and its answer takes 0.5 ms: 91 % is waiting for l…: linger 5 ms',
    ],
    [80, 24, ' hint  batching-bound: linger 5 ms → 0 ms?  (i) '],
  ])('hint, at %i × %i: above the keys, with as much evidence as there is room for', (columns, rows, line) => {
    const lines = text({ columns, rows, view: fakeView({ hints: [hint] }) }).split('\n');
    expect(lines.at(-2)).toContain(line.slice(0, columns - 1));
    expect(lines.at(-2)).toHaveLength(columns);
    expect(lines.at(-2)).toMatch(/: linger 5 ms → 0 ms\? {2}\(i\) +$/);
    expect(lines.at(-1)).toContain('help');
  });

  it('hint: says how many more there are', () => {
    const view = fakeView({ hints: [hint, hint, hint] });
    expect(text({ columns: 80, rows: 24, view })).toContain(': linger 5 ms → 0 ms?  (i)  +2 ');
  });

  it('hint: without a knob all the room is for the evidence', () => {
    const view = fakeView({ hints: [{ ...hint, suggestion: null }] });
    const line = text({ columns: 80, rows: 24, view }).split('\n').at(-2);
    expect(line).toMatch(/^ hint {2}batching-bound: a batch waits 5 ms and its answer takes 0\.5 ms: 9.*… ?$/);
  });

  it('hint: gives way to what is asked, answered or must not be overlooked', () => {
    const view = fakeView({ hints: [hint] });
    const bottom = (changes: Partial<FrameInput>) =>
      text({ view, ...changes })
        .split('\n')
        .at(-2);
    expect(bottom({})).toContain('hint');
    const { suggestion } = hint;
    expect(bottom({ state: state({ prompt: { kind: 'suggestion', hint: hint.name, suggestion } }) })).toMatch(
      /^ linger 5 ms → 0 ms\? ⏎ {2}esc {3}batching-bound +$/,
    );
    expect(bottom({ state: state({ notice: { text: 'rate 5 k/s', tone: 'plain', untilMs: 1 } }) })).toMatch(/^ rate 5/);
    const banners = [{ kind: 'paused', text: 'PAUSED' }] as const;
    expect(bottom({ view: fakeView({ hints: [hint], banners }) })).not.toContain('hint');
    expect(bottom({ state: state({ filter: 'rate' }) })).toContain('hint');
  });

  it('lag: says since when nobody answers', () => {
    const view = fakeView({ lag: { ...fakeView().lag, noAnswerSinceMs: fakeNowMs - 60_000 } });
    expect(text({ view })).toContain('no answer since 12:03:31');
    expect(text({ view, columns: 80, rows: 24 })).toContain('no answer since 12:03:31');
  });

  it('knobs: explained where there is room', () => {
    const shown = text({ state: state({ expanded: 'knobs' }) });
    expect(shown).toContain('how long a batch waits for more messages');
    expect(text()).not.toContain('how long a batch waits');
    const narrow = text({ columns: 80, rows: 24, state: state({ expanded: 'knobs', knobIndex: 2 }) });
    expect(narrow).toContain('linger: how long a batch waits for more messages');
  });

  it('machine: value with unit', () => {
    expect(text()).toMatch(/CPU +\d+ % [▁-█]+/);
    expect(text()).toMatch(/memory +9\.\d+ GiB/);
    expect(text()).toMatch(/gc +\d\.\d+ ms/);
  });

  it('events: newest first, with outcome, errors of one code in one row', () => {
    const shown = text({ columns: 160, rows: 45 });
    expect(shown.indexOf('linger 0 ms → 5 ms')).toBeLessThan(shown.indexOf('rate 30.0 k/s → 50.0 k/s'));
    expect(shown).toContain('p99 2.1 → 3.97 ms');
    expect(shown).toMatch(/ERROR NOT_LEADER \(6\) for loadtui-7f3a-3 ×2/);
  });

  it('events: filtered', () => {
    const shown = text({ state: state({ filter: 'RATE 30' }) });
    expect(shown).toContain('rate 30.0 k/s → 50.0 k/s');
    expect(shown).not.toContain('linger 0 ms');
    expect(text({ state: state({ filter: 'nowhere' }) })).toContain('no event matches');
    expect(text({ columns: 80, rows: 24, state: state({ filter: 'rate' }) })).toContain('only events with "rate"');
  });

  it('events: filtered by their type, and the prompt names the types that there are', () => {
    const shown = text({ state: state({ filter: 'phase' }) });
    expect(shown).toContain('measuring begins');
    expect(shown).not.toContain('rate 30.0 k/s');
    const prompt = { kind: 'filter', line: { text: '', cursor: 0 } } as const;
    expect(text({ state: state({ prompt }) })).toMatch(/words or types: phase knob error/);
  });

  it('mark the focused one by a sign', () => {
    for (const focus of panelIds) {
      expect(text({ state: withFocus(state({}), focus) })).toContain('╭▸');
    }
  });
});

describe('objectives', () => {
  it.each([
    [80, 24],
    [90, 25],
  ])('on %d × %d, one that is broken is seen, whatever else there is', (columns, rows) => {
    const view = fakeView({
      totals: { ...fakeView().totals, missed: 123_456 },
      slos: [
        { text: 'response.p99<10ms', held: true, heldForS: 61, actual: '3.97 ms' },
        { text: 'e2e.p99.9<250ms', held: false, heldForS: null, actual: '312 ms' },
      ],
    });
    expect(text({ columns, rows, view })).toMatch(/^ target .* e2e\.p99\.9<250ms ✘ broken *$/m);
  });
});

describe('a run that only reads', () => {
  it('shows what it reads', () => {
    const view = fakeView();
    const reading: SessionView = {
      ...view,
      plan: { ...view.plan, mode: 'consume-only' },
      consumedRate: 655_000,
      consumedBytesRate: 640 * 1024 ** 2,
    };
    const shown = text({ view: reading });
    expect(shown).toContain('read  655 k/s');
    expect(shown).toContain('640 MiB/s');
    expect(shown.split('\n').slice(0, 3).join()).not.toContain('acked ');
  });
});

describe('help', () => {
  it('lists every key and every command', () => {
    const shown = text({ columns: 160, rows: 80, state: state({ help: true }) });
    for (const row of keyTable) {
      expect(shown).toContain(`${row.label} `);
      expect(shown).toContain(row.help);
    }
    for (const { name, argument, help } of commandDefinitions) {
      expect(shown).toContain(`:${name} ${argument}`.trimEnd());
      // Beside the keys, and nothing is cut.
      expect(shown).toContain(` ${help} `);
    }
  });

  it('begins with the commands where they were asked for', () => {
    const first = (helpFirst: 'keys' | 'commands') =>
      text({ columns: 80, rows: 24, state: state({ help: true, helpFirst }) }).search(/│ Commands/);
    expect(first('commands')).toBeGreaterThan(0);
    expect(first('keys')).toBe(-1);
  });
});

describe('the footer', () => {
  it('shortens with the width; help and quit stay', () => {
    const footer = (columns: number) => text({ columns, rows: 40 }).split('\n').at(-1) ?? '';
    expect(footer(200)).toContain('/ filter');
    expect(footer(80)).not.toContain('/ filter');
    for (const columns of [80, 120, 160, 200]) {
      expect(footer(columns)).toMatch(/\? help {2}q quit *$/);
    }
  });
});

describe('too little room', () => {
  it('says what it needs', () => {
    expect(text({ columns: 70, rows: 20 })).toContain('needs 80×24, has 70×20');
    expect(text({ columns: 70, rows: 20, ascii: true })).toContain('needs 80x24, has 70x20');
  });
});
