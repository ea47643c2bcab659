import { describe, expect, it } from 'vitest';
import type { SearchStep } from '../../source/session/document-schema.ts';
import type { SessionView } from '../../source/session/view.ts';
import { widthOf } from '../../source/ui/cells.ts';
import { drawFrame, frameLines } from '../../source/ui/frame.ts';
import { createPaint } from '../../source/ui/paint.ts';
import { initialState, type ScreenState } from '../../source/ui/state.ts';
import { fakeSearch, fakeStep, searchOver, searchUnderWay } from './fake-search.ts';
import { fakeEvent, fakeNowMs, fakePlan, fakeView } from './fake-view.ts';

function lines(
  view: Partial<SessionView>,
  changes: Partial<ScreenState> = {},
  [columns, rows] = [120, 30],
  ascii = false,
): readonly string[] {
  const state = { ...initialState('default', 'block'), upper: 'search' as const, ...changes };
  const frame = drawFrame({
    columns: columns ?? 120,
    rows: rows ?? 30,
    view: fakeView(view),
    state,
    paint: createPaint('default', false),
    ascii,
    nowMs: 0,
  });
  return frameLines(frame).map(strip);
}

function strip(painted: string): string {
  return painted.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '');
}

const text = (...args: Parameters<typeof lines>): string => lines(...args).join('\n');
const curveOnly = { focus: 'curve', expanded: 'curve' } as const;
const stepsOnly = { focus: 'steps', expanded: 'steps' } as const;

const sizes = [
  [80, 24],
  [81, 24],
  [111, 28],
  [120, 30],
  [160, 45],
  [200, 60],
] as const;

/** Figures as long as they get, and steps without any. */
const odd = {
  card: { kind: 'find', text: `nothing was confirmed ${'long '.repeat(60)}`, rateHz: null },
  searches: [
    fakeSearch({ slo: '', outcome: 'none', maxSustainableRate: null, bracket: null, limitedBy: null, knee: null }),
    fakeSearch({
      slo: 'e2e.p99.9<1234ms, lag<5s, errors<0.1%',
      outcome: 'not-recovered',
      maxSustainableRate: null,
      bracket: [999_999, 12_345_678],
      knobs: { lingerMs: 0, batchSize: 1, compression: 'zstd', acks: 'all', producers: 999, messageSize: 1_234_567 },
      steps: [
        fakeStep(0.5, null, { verdict: 'fail', limitedBy: 'errors' }),
        fakeStep(12_345_678, 123_456, { verdict: 'fail', limitedBy: 'throttle', marginal: true, overFraction: 1 }),
        fakeStep(12_345_678, null, { verdict: 'client', limitedBy: 'client' }),
        ...Array.from({ length: 80 }, (_, at) => fakeStep(10 * 1.2 ** at, 0.001 * (at + 1))),
      ],
    }),
  ],
} as const satisfies Partial<SessionView>;

describe.each(sizes)('curve and steps on %d × %d', (columns, rows) => {
  const views: Readonly<Record<string, Partial<SessionView>>> = {
    'under way': searchUnderWay,
    over: searchOver,
    odd,
    'without a search': {},
    'at the start': { points: [], searches: [fakeSearch({ steps: [], outcome: 'running' })] },
  };
  const shapes = [{}, curveOnly, stepsOnly, { picture: 'steps' as const }];

  it.each(Object.keys(views))('%s: every line is as wide, and no number is cut', (name) => {
    for (const shape of shapes) {
      for (const ascii of [false, true]) {
        const drawn = lines(views[name] ?? {}, shape, [columns, rows], ascii);
        expect(drawn).toHaveLength(rows);
        for (const line of drawn) {
          expect(widthOf(line), line).toBe(columns);
          expect(line).not.toMatch(/NaN|undefined|Infinity/);
          if (name !== 'odd') expect(line).not.toMatch(/\d[\d.,]*…/);
          if (ascii) expect(line).toMatch(/^[ -~]*$/);
        }
      }
    }
  });
});

describe('the curve', () => {
  it('has the steps with their verdicts, the objective, and the knee with the range tested', () => {
    const shown = text(searchUnderWay, curveOnly);
    expect(shown).toContain('Response p99, ms, by msg/s');
    expect(shown).toContain('● pass  × fail  ○ marginal  ◉ now');
    expect(shown).toContain('SLO p99<10ms');
    expect(shown).toContain('knee 56.3 k/s (1 k – 64 k)');
    expect(shown).toContain('◆');
    expect(shown.match(/◉/g)).toHaveLength(2);
    expect(shown.match(/×/g)?.length).toBeGreaterThanOrEqual(2);
  });

  it('keeps the rarer signs in its legend where there is less room, and those of a search at their places', () => {
    const steps = [
      fakeStep(1000, 2, { marginal: true }),
      fakeStep(2000, 12, { verdict: 'fail', limitedBy: 'latency', marginal: true }),
      fakeStep(1500, 5, { role: 'bisect' }),
    ];
    const under = fakeStep(1700, 5, { role: 'bisect', verdict: 'unsure' });
    const legend = (shown: readonly SearchStep[]) => {
      const searches = [fakeSearch({ slo: 'e2e.p99<10ms', steps: [...shown], outcome: 'running', knee: null })];
      return /End to end .*? (?=[●×○⊗□◉])(.*?) ╮/.exec(text({ searches }))?.[1];
    };
    expect(legend(steps.slice(0, 1))).toBe('● pass  × fail  ○ marginal  ◉ now');
    expect(legend(steps)).toBe('○ marginal  ⊗ marginal fail');
    expect(legend([...steps, under])).toBe(legend(steps));
  });

  it('draws what is over the objective above its line, and what passed below it', () => {
    const drawn = lines(searchUnderWay, curveOnly);
    const rowOf = (sign: string) => drawn.findIndex((line, row) => row > 4 && line.includes(sign));
    expect(rowOf('×')).toBeLessThan(rowOf('╌'));
    expect(rowOf('◉')).toBeGreaterThanOrEqual(rowOf('╌'));
    expect(rowOf('●')).toBeGreaterThan(rowOf('╌'));
  });

  it('puts doublings at equal distances', () => {
    const ticks = lines(searchUnderWay, curveOnly).find((line) => line.includes('┴')) ?? '';
    const places = [...ticks.matchAll(/┴/g)].map(({ index }) => index);
    const [first = 0, second = 0, third = 0, fourth = 0] = places;
    expect(Math.abs(second - first - (third - second))).toBeLessThanOrEqual(1);
    expect(Math.abs(third - second - (fourth - third))).toBeLessThanOrEqual(1);
  });

  it('has a sign of its own for a close failure and for a load generator that was too slow', () => {
    const steps = [
      fakeStep(1000, 2),
      fakeStep(2000, 12, { verdict: 'fail', limitedBy: 'latency', marginal: true }),
      fakeStep(4000, 3, { verdict: 'client', limitedBy: 'client' }),
    ];
    const shown = text({ searches: [fakeSearch({ steps, knee: null })] }, curveOnly);
    expect(shown).toContain('⊗ marginal fail  □ client');
    expect(text({ searches: [fakeSearch({ steps, knee: null })] }, curveOnly, [120, 30], true)).toContain(
      'X marginal fail  c client',
    );
  });

  it('shows the percentile that the objective names, where steps keep it', () => {
    expect(text({ searches: [fakeSearch({ slo: 'e2e.p99.9<50ms' })] }, curveOnly)).toContain('End to end p99.9, ms');
    const other = text({ searches: [fakeSearch({ slo: 'p99.99<50ms' })] }, curveOnly);
    expect(other).toContain('Response p99, ms');
    expect(other).not.toContain('SLO');
  });

  it('is that of a ramp while one runs, and of the search that was chosen', () => {
    const automation = { kind: 'ramp', title: 'ramp', progress: '', detail: '' } as const;
    expect(text({ ...searchOver, automation }, curveOnly)).toContain('a second');
    expect(text({ ...searchOver, automation }, stepsOnly)).toContain('steps are those of a search');
    expect(text(searchOver, { ...curveOnly, curve: 0 })).toContain('a second');
    expect(text(searchOver, { ...curveOnly, curve: 1 })).toContain('find 1: Response p99');
    expect(text(searchOver, { ...curveOnly, curve: 9 })).not.toContain('find 2: Response');
  });

  it('never has a knee without the range that was tested', () => {
    const knee = {
      ...fakeSearch().knee,
      rate: 64_000,
      beyond: 'high',
      method: 'power',
      kneedleRate: null,
      usl: null,
    } as const;
    const shown = text({ searches: [fakeSearch({ knee: { ...knee, range: [1000, 64_000] } })] });
    expect(shown).toContain('knee ≥ 64.0 k/s (1 k – 64 k)');
  });

  it('has a step that failed without a figure at its top', () => {
    const steps = [fakeStep(1000, 2), fakeStep(2000, null, { verdict: 'fail', limitedBy: 'latency' })];
    const drawn = lines({ searches: [fakeSearch({ steps, knee: null })] }, curveOnly);
    expect(drawn[4]).toContain('×');
  });

  it('is made of seconds where there was no search, with the knee and the range tested', () => {
    const points = Array.from({ length: 60 }, (_, at) => {
      const rate = 1000 * 1.08 ** at;
      const meanMs = 1 / (1 - Math.min(0.99, rate / 60_000));
      const figures = { meanMs, p50Ms: meanMs, p99Ms: 3 * meanMs, p999Ms: null };
      return {
        timeMs: fakeNowMs - (60 - at) * 1000,
        durationMs: 1000,
        targetRate: rate,
        sentRate: rate,
        ackedRate: rate,
        consumedRate: rate,
        latency: { response: figures, service: figures, slip: figures, e2e: figures },
        marks: [],
      };
    });
    const shown = text({ points, events: [], plan: { ...fakePlan, slos: [] } }, curveOnly);
    expect(shown).toContain('· a second  ● their median');
    expect(shown).toMatch(/knee \d\d\.\d k\/s \(1\.\d+ k – \d\d\.\d k\)/);
    const since = [fakeEvent({ type: 'knob', timeMs: fakeNowMs, fields: { knob: 'lingerMs' } })];
    expect(text({ points, events: since }, curveOnly)).toContain('no rate has figures yet');
  });
});

describe('the steps', () => {
  it('are a table, the newest in view, beside what was found before', () => {
    const shown = text(searchUnderWay);
    expect(shown).toMatch(/Steps ─+ find 1: 48\.5 k\/s/);
    expect(shown).toMatch(/45\.3 k\/s +7\.50 +0\.75 % +pass +│/);
    expect(shown).toMatch(/64\.0 k\/s +10\.9 +1\.09 % +FAIL latency/);
    expect(shown).toMatch(/53\.8 k\/s .* pass, marginal/);
    expect(shown).toMatch(/61\.3 k\/s .* …/);
    expect(shown).not.toContain('1.00 k/s ');
    const hopeless = fakeStep(64_000, null, { verdict: 'fail', limitedBy: 'latency', overFraction: 1 });
    expect(text({ searches: [fakeSearch({ steps: [hopeless] })] })).toMatch(/64\.0 k\/s +— +100\.0 % +FAIL latency/);
  });

  it('name what their figures are of, and cut neither name nor verdict', () => {
    const steps = [fakeStep(64_000, 61.3, { verdict: 'fail', limitedBy: 'throttle', marginal: true })];
    const shown = text({ searches: [fakeSearch({ slo: 'e2e.p99.9<50ms', steps })] });
    expect(shown).toMatch(/rate +e2e p99\.9 ms +over +verdict/);
    expect(shown).toMatch(/64\.0 k\/s +123 +6\.13 % +FAIL, marginal *│/);
    expect(text({ searches: [fakeSearch({ steps })] })).toMatch(/rate +p99 ms +over +verdict/);
  });

  it('are scrolled back to the first', () => {
    const shown = text(searchUnderWay, { stepScroll: 99 });
    expect(shown).toMatch(/1–7 of 10/);
    expect(shown).toMatch(/1\.00 k\/s +2\.03/);
    expect(shown).not.toMatch(/61\.3 k\/s +9\.60/);
  });

  it('stand under the results once a search is over: what came out, and what was turned', () => {
    const shown = text(searchOver);
    expect(shown).toMatch(/find 1 +48\.5 k\/s {2}\[48\.5, 50\.0 k\/s\] +latency/);
    expect(shown).toMatch(/find 2 +58\.7 k\/s {2}\[58\.7, 61\.3 k\/s\] +latency/);
    expect(shown).toContain('+21 % against find 1; linger 5 ms → 0 ms');
    expect(text(searchOver, stepsOnly)).toContain('knee 56.3 k/s (1 k – 64 k)');
  });
});

describe('the results of many searches', () => {
  const searches = [48_500, 58_700, 71_400, 71_400].map((maxSustainableRate, at) =>
    fakeSearch({ maxSustainableRate, knobs: { lingerMs: at } }),
  );
  const over = { ...searchOver, searches } as const;

  it.each([
    [120, 30, 'find 1–3: 8 v'],
    [80, 24, 'find 1–3: 8 v'],
  ])('are whole ones on %d × %d, and those without room are named', (columns, rows, hidden) => {
    const drawn = lines(over, { picture: 'steps' }, [columns, rows]);
    const head = drawn.findIndex((line) => line.includes('Results, steps'));
    expect(drawn[head]).toContain(`${hidden}  `);
    expect(drawn[head + 1]).toMatch(/find 4 +71\.4 k\/s/);
    expect(drawn[head + 2]).toContain('0 % against find 3; linger 2 ms → 3 ms');
    expect(drawn[head + 3]).toContain('verdict');
  });

  it('are all there where the panel has the screen to itself', () => {
    const shown = text(over, stepsOnly);
    for (const number of [1, 2, 3, 4]) expect(shown).toMatch(new RegExp(`find ${number} +\\d`));
    expect(shown).not.toContain('find 1–');
  });
});

describe('the header', () => {
  it('has the search, its progress, its bracket and its step', () => {
    const [first, second, third] = lines(searchUnderWay);
    expect(first).toMatch(/find 2: p99<10ms .* ● step 10 of ~12, about 1:10 left/);
    expect(second).toMatch(
      /bracket 58\.7 k\/s … 61\.3 k\/s \(4\.4 %\) +now 61\.3 k\/s: 14 s, p99 9\.60 ms, 0\.71 % over/,
    );
    expect(second).toContain('extending up to 30 s');
    expect(third).toContain('in flight');
    const [, small] = lines(searchUnderWay, {}, [80, 24]);
    expect(small).toMatch(/58\.7 k\/s … 61\.3 k\/s \(4\.4 %\) +now 61\.3 k\/s: 14 s/);
  });

  it('has where a ramp stands, and the rates beside it', () => {
    const automation = {
      kind: 'ramp',
      title: 'ramp 10k:200k:60s',
      progress: '0:12 of 1:00',
      detail: 'target 45.2 k/s → 200 k/s',
    } as const;
    const [first, second] = lines({ automation });
    expect(first).toMatch(/ramp 10k:200k:60s .* ● 0:12 of 1:00/);
    expect(second).toMatch(/target 45\.2 k\/s → 200 k\/s +acked 50\.0 k\/s/);
  });
});

describe('the card', () => {
  it('says what can be done with what was found', () => {
    expect(lines(searchOver).at(-2)).toMatch(
      /^ 58\.7 k\/s holds p99<10ms .* ⏎ hold it {2}n baseline {2}F again {2}s save $/,
    );
    expect(lines(odd).at(-2)).not.toContain('hold it');
    const sweep = lines({ card: { kind: 'sweep', text: 'sweep 1: best linger 0 ms', rateHz: null } }).at(-2);
    expect(sweep).toMatch(/^ sweep 1: best linger 0 ms +n baseline {2}s save $/);
    expect(lines(searchOver, {}, [80, 24]).at(-2)).toContain('⏎ hold it');
  });
});

describe('the card of a search whose load was paused', () => {
  it('stays, and says how the load goes on', () => {
    const banners = [{ kind: 'paused', text: 'PAUSED: the search is over and nobody is there.' }] as const;
    const drawn = lines({ ...searchOver, banners, paused: true });
    expect(drawn[0]).toContain('PAUSED');
    expect(drawn.at(-2)).toMatch(/58\.7 k\/s holds .* space resume {2}⏎ hold it/);
    const away = [...banners, { kind: 'cluster-away', text: 'no broker answers' }] as const;
    expect(lines({ ...searchOver, banners: away }).at(-2)).toContain('no broker answers');
  });
});

describe('the footer', () => {
  it('has the keys of what is under way, and only then', () => {
    expect(lines(searchUnderWay).at(-1)).toContain('. stop here');
    expect(lines(searchUnderWay).at(-1)).not.toContain('G reverse');
    const ramp = { kind: 'ramp', title: 'ramp', progress: '', detail: '' } as const;
    expect(lines({ automation: ramp }).at(-1)).toContain('G reverse');
    expect(lines({}).at(-1)).not.toContain('stop here');
    expect(lines({}).at(-1)).toContain('F find');
  });
});
