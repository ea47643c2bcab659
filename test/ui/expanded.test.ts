import { describe, expect, it } from 'vitest';
import { knobNames, knobs } from '../../source/config/knobs.ts';
import type { SessionView } from '../../source/session/view.ts';
import { baselineOf } from '../../source/ui/baseline.ts';
import { widthOf } from '../../source/ui/cells.ts';
import { drawFrame, frameLines } from '../../source/ui/frame.ts';
import { panelIds } from '../../source/ui/layout.ts';
import { createPaint } from '../../source/ui/paint.ts';
import { sparkline, sparkRows } from '../../source/ui/sparkline.ts';
import { type GraphStyle, initialState, type ScreenState } from '../../source/ui/state.ts';
import { fakeEvent, fakeKnobs, fakeView } from './fake-view.ts';

const sizes = [
  [80, 24],
  [120, 30],
  [160, 45],
  [81, 24],
  [111, 28],
  [200, 60],
] as const;

const usual = fakeView();
const percentile = (valueMs: number) => ({ valueMs, windowS: 60, atLeast: true }) as const;
const slow = { p50: percentile(5432), p99: percentile(9876), p999: percentile(123_456) };
const gauge = (value: number) => ({ values: Array.from({ length: 120 }, () => value), current: value });

/** Figures as long as they get. */
const large: SessionView = fakeView({
  ackedRate: 9_994_000,
  sentRate: 999_400,
  consumedRate: 99_940,
  targetRate: 9_994_000,
  maxRate: 12_345_678,
  ackedBytesRate: 999 * 2 ** 20,
  wireBytesRate: 99.94 * 2 ** 20,
  compressionRatio: 1.02,
  knobs: fakeKnobs({ compression: { requested: 'snappy', applied: 'snappy', note: '1.02×' } }),
  failedRate: 12_345,
  retryRate: 12_345,
  inFlight: 123_456,
  achievedFraction: 0.9999,
  latency: { response: slow, service: slow, slip: slow, e2e: slow },
  totals: { ...usual.totals, missed: 123_456, missing: 1_234_567 },
  roundTripMs: 1234,
  queueMs: 1234,
  lag: {
    ...usual.lag,
    totalMessages: 1_234_567_890,
    totalMs: 1_234_567,
    rows: usual.lag.rows.map((row) => ({
      ...row,
      logEndOffset: 999_999_999,
      committedOffset: 999_999_999,
      lag: 999_999,
    })),
  },
  host: {
    cpuPercent: gauge(100),
    cpuStolenPercent: gauge(100),
    memoryBytes: gauge(999 * 2 ** 20),
    networkBytesRate: gauge(999 * 2 ** 20),
    diskBytesRate: gauge(999 * 2 ** 20),
    processCpuPercent: gauge(1234),
    processRssBytes: gauge(999 * 2 ** 20),
    gcPauseMs: gauge(9999),
  },
  events: [fakeEvent({ message: 'rate 123.4 k/s → 234.5 k/s', outcome: 'p99 1,234 → 9,876 ms', mark: 12 })],
});

function lines(columns: number, rows: number, view: SessionView, changes: Partial<ScreenState>): readonly string[] {
  const state = { ...initialState('default', 'block'), ...changes };
  return frameLines(
    drawFrame({ columns, rows, view, state, paint: createPaint('default', false), ascii: false, nowMs: 0 }),
  );
}

function strip(painted: string): string {
  return painted.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '');
}

describe.each(sizes)('on %d × %d', (columns, rows) => {
  const shapes = [null, ...panelIds].flatMap((id) =>
    [null, baselineOf(usual)].map((baseline) => ({ id, baseline, isPinned: baseline !== null })),
  );

  it.each(shapes)('$id expanded, pinned: $isPinned: every line is as wide, and no number is cut', (shape) => {
    const { id, baseline } = shape;
    const focus = id ?? 'knobs';
    for (const view of [usual, large]) {
      const drawn = lines(columns, rows, view, { focus, expanded: id, baseline });
      expect(drawn).toHaveLength(rows);
      for (const line of drawn) {
        expect(widthOf(line), strip(line)).toBe(columns);
        expect(strip(line)).not.toMatch(/\d[\d.,]*…/);
      }
    }
  });
});

describe('the lag of several brokers, expanded', () => {
  const [broker] = usual.skew?.brokers ?? [];
  if (broker === undefined || usual.skew === undefined) throw new Error('the fake view has skew');
  const skew = {
    ...usual.skew,
    brokers: [1, 2, 3].map((brokerId) => ({ ...broker, brokerId })),
    slowestOverMedian: 1.1,
  };
  const expanded = { focus: 'lag', expanded: 'lag' } as const;

  it.each(sizes)(
    'on %d × %d has total and skew as a whole, and no row less than there is room for',
    (columns, rows) => {
      for (const view of [
        fakeView({ skew }),
        { ...large, skew: { ...skew, maxOverMean: 123, slowestOverMedian: 1234 } },
      ]) {
        const drawn = lines(columns, rows, view, expanded).map(strip);
        const shown = drawn.join('\n');
        expect(shown).toMatch(/ total \S+ = \S+ \S+ behind /);
        expect(shown).toMatch(/ largest partition \S+ × the mean, slowest broker \S+ × the median \(10 s\) /);
        expect(drawn.at(-4)).toMatch(/^│ +broker 3 /);
        expect(drawn).toHaveLength(rows);
      }
    },
  );

  it('has both in one row where there is room', () => {
    const row = (columns: number) =>
      lines(columns, 30, fakeView({ skew }), expanded)
        .map(strip)
        .find((line) => line.includes('largest'));
    expect(row(120)).toContain('total');
    expect(row(80)).not.toContain('total');
  });
});

describe('the machine, expanded', () => {
  it.each<GraphStyle>(['block', 'braille', 'ascii'])('has graphs of several rows, and peaks: %s', (graph) => {
    const shown = lines(120, 30, usual, { focus: 'machine', expanded: 'machine', graph }).map(strip);
    expect(shown.filter((line) => / peak +[\d.]+ /.test(line))).toHaveLength(8);
    expect(shown.join('\n')).toMatch(/CPU +\d+ % .*\n│ peak +94 % /);
  });

  it('says by a dash that there is no reading', () => {
    const none = { values: [null, null], current: null };
    const view = fakeView({ host: { ...usual.host, cpuPercent: none } });
    expect(lines(120, 30, view, { focus: 'machine', expanded: 'machine' }).map(strip).join('\n')).toMatch(
      /CPU +— +│\n│ peak +— +│/,
    );
  });
});

describe('the knobs, expanded', () => {
  it('are all of them: those without keys with their command', () => {
    const shown = lines(80, 24, usual, { focus: 'knobs', expanded: 'knobs' }).map(strip).join('\n');
    for (const name of knobNames) {
      expect(shown).toContain(knobs[name].onPanel ? knobs[name].label : `:${knobs[name].flag} `);
    }
    expect(shown).toMatch(/:fetch-max-wait +500 ms/);
    expect(lines(80, 24, usual, {}).map(strip).join('\n')).not.toContain(':in-flight');
  });
});

describe('sparkRows', () => {
  it.each<[readonly (number | null)[], 'block' | 'braille', readonly string[]]>([
    [[0, 25, 50, 75, 100], 'block', ['   ▄█', '▁▄███']],
    [[null, 100], 'block', ['    █', '    █']],
    [[0, 50, 100, 100], 'braille', ['    ⣿', '   ⣸⣿']],
    [[], 'block', ['     ', '     ']],
  ])('%j as %s', (values, drawing, expected) => {
    expect(sparkRows(values, 5, 2, 100, drawing)).toEqual(expected);
  });

  it('is a sparkline where it is one row high', () => {
    const values = [1, 5, null, 3, 9, 2];
    expect(sparkRows(values, 4, 1, null, 'block')).toEqual([sparkline(values, 4, null, 'block')]);
    expect(sparkRows(values, 0, 2, null, 'block')).toEqual(['', '']);
  });
});
