import { describe, expect, it } from 'vitest';
import { parseSlo } from '../../source/config/slo.ts';
import { type SloReading, SloWatch } from '../../source/session/slo-watch.ts';
import { answered, tallyOf } from './support/tallies.ts';

const reading = (changes: Partial<SloReading> = {}): SloReading => ({
  nowMs: 1_000,
  tally: answered(10_000, 4),
  youngerThan: () => 0,
  lagMs: null,
  isSearching: false,
  achievedFraction: null,
  e2eErrorMs: 0,
  ...changes,
});

/** The one objective after one reading. */
function judged(slo: string, changes: Partial<SloReading>) {
  const watch = new SloWatch([parseSlo(slo)]);
  const broken = watch.read(reading(changes));
  const [row] = watch.rows;
  return { ...row, broken: broken.length };
}

describe('an end-to-end objective', () => {
  const late = tallyOf({ scheduled: 1_000, acked: 1_000, consumed: 1_000 }, { e2e: [[9.8, 1_000]] });

  it.each([
    [0, true],
    [0.1, true],
    [0.5, null],
  ])('is not judged within the error of the clocks: ± %d ms', (e2eErrorMs, held) => {
    expect(judged('e2e.p99<10ms', { tally: late, e2eErrorMs })).toMatchObject({ held, broken: 0 });
  });

  it('is judged by what comes out where a pipeline drops others', () => {
    const half = tallyOf({ scheduled: 2_000, acked: 2_000, consumed: 1_000 }, { e2e: [[9.8, 1_000]] });
    const rowOf = (filters: boolean) => {
      const watch = new SloWatch([parseSlo('e2e.p99<10ms')], filters);
      watch.read(reading({ tally: half }));
      return watch.rows[0];
    };
    expect(rowOf(false)).toMatchObject({ held: false, violations: 1_000 });
    expect(rowOf(true)).toMatchObject({ held: true, violations: 0 });
  });

  it('is broken beyond it, and response knows no such error', () => {
    expect(judged('e2e.p99<9ms', { tally: late, e2eErrorMs: 0.5 })).toMatchObject({ held: false });
    expect(judged('p99<4.1ms', { e2eErrorMs: 0.5 })).toMatchObject({ held: true });
  });
});

describe('a latency objective', () => {
  it.each([
    ['holds', 'p99<10ms', answered(1_000, 4), { held: true, actual: 4, violations: 0, worstMs: 4, broken: 0 }],
    ['is broken', 'p99<3ms', answered(1_000, 4), { held: false, actual: 4, violations: 1_000, worstMs: 4, broken: 1 }],
    [
      'allows what its percentile allows',
      'p99<10ms',
      tallyOf(
        { scheduled: 10_000, acked: 10_000 },
        {
          response: [
            [2, 9_900],
            [50, 100],
          ],
        },
      ),
      { held: true, actual: 2.001, violations: 100, worstMs: 50, broken: 0 },
    ],
    [
      'and not one more',
      'p99<10ms',
      tallyOf(
        { scheduled: 10_000, acked: 10_000 },
        {
          response: [
            [2, 9_899],
            [50, 101],
          ],
        },
      ),
      { held: false, actual: 50, violations: 101, worstMs: 50, broken: 1 },
    ],
    [
      'counts failed, missed and open messages as violations',
      'p99<10ms',
      tallyOf({ scheduled: 10_000, acked: 9_898, failed: 50, missed: 50, unknown: 1 }, { response: [[2, 9_898]] }),
      { held: false, actual: null, violations: 102, worstMs: 2, broken: 1 },
    ],
    [
      'is broken where every message failed',
      'p99<10ms',
      tallyOf({ scheduled: 10_000, failed: 10_000 }),
      { held: false, actual: null, violations: 10_000, worstMs: null, broken: 1 },
    ],
    ['says nothing of too few messages', 'p99<3ms', answered(999, 4), { held: null, actual: null, broken: 0 }],
    ['p99.9 needs ten thousand', 'p99.9<3ms', answered(9_999, 4), { held: null, broken: 0 }],
    ['and then says', 'p99.9<3ms', answered(10_000, 4), { held: false, broken: 1 }],
    ['p50 needs twenty', 'p50<3ms', answered(20, 4), { held: false, broken: 1 }],
    ['is of its own tag', 'e2e.p99<4.5ms', answered(1_000, 4), { held: false, actual: 5 }],
    ['of service', 'service.p99<4.5ms', answered(1_000, 4), { held: true, actual: 4 }],
    [
      'nobody answers at acks=0',
      'p99<10ms',
      tallyOf({ scheduled: 5_000, sent: 5_000, acked: 5_000 }),
      { held: null, actual: null, violations: 0, broken: 0 },
    ],
  ])('%s', (_, slo, tally, expected) => {
    expect(judged(slo, { tally })).toMatchObject(expected);
  });

  it('gives messages the time that they have', () => {
    const tally = tallyOf({ scheduled: 10_000, acked: 9_000 }, { response: [[2, 9_000]] });
    expect(judged('p99<10ms', { tally, youngerThan: () => 1_000 })).toMatchObject({ held: true, violations: 0 });
    expect(judged('p99<10ms', { tally, youngerThan: () => 800 })).toMatchObject({ held: false, violations: 200 });
    const asked: unknown[] = [];
    const youngerThan = (limitMs: number, tag: string): number => {
      asked.push([limitMs, tag]);
      return 0;
    };
    judged('e2e.p99<250ms', { youngerThan });
    expect(asked).toEqual([[250, 'e2e']]);
  });
});

describe('other objectives', () => {
  it.each([
    ['errors<0.1%', { tally: tallyOf({ acked: 9_991, failed: 9 }) }, { held: true, violations: 9, actual: 0.0009 }],
    ['errors<0.1%', { tally: tallyOf({ acked: 9_990, failed: 10 }) }, { held: false, violations: 10 }],
    [
      'errors<1%',
      { tally: tallyOf({ acked: 970, failed: 10, unknown: 10, missed: 10 }) },
      { held: false, violations: 30 },
    ],
    ['errors<1%', { tally: tallyOf({}) }, { held: null, actual: null }],
    ['lag<5s', { lagMs: 4_999 }, { held: true, actual: 4_999, violations: 0, worstMs: 4_999 }],
    ['lag<5s', { lagMs: 5_000 }, { held: false, violations: 1 }],
    ['lag<5s', { lagMs: null }, { held: null }],
    ['achieved>99%', { achievedFraction: 0.995 }, { held: true, actual: 0.995, violations: 0 }],
    ['achieved>99%', { achievedFraction: 0.99 }, { held: false, violations: 1, worstMs: null }],
    ['achieved>99%', { achievedFraction: null }, { held: null }],
  ])('%s with %o', (slo, changes, expected) => {
    expect(judged(slo, changes)).toMatchObject(expected);
  });

  it('a lag that was too large once stays broken, with the largest that was', () => {
    const watch = new SloWatch([parseSlo('lag<5s')]);
    for (const lagMs of [100, 9_000, 20]) watch.read(reading({ lagMs }));
    expect(watch.rows[0]).toMatchObject({ held: false, actual: 20, violations: 1, worstMs: 9_000 });
  });
});

describe('a lag during a search', () => {
  it("is the search's until it was below its limit again", () => {
    const watch = new SloWatch([parseSlo('lag<5s')]);
    const read = (lagMs: number | null, isSearching: boolean): boolean | null | undefined => {
      watch.read(reading({ lagMs, isSearching }));
      return watch.rows[0]?.held;
    };
    expect(read(9_000, true)).toBeNull();
    // The search is over, its backlog is not.
    expect(read(7_000, false)).toBeNull();
    expect(read(null, false)).toBeNull();
    expect(read(4_000, false)).toBe(true);
    expect(read(6_000, false)).toBe(false);
  });
});

describe('SloWatch', () => {
  it('tells of a break once, and again after it had held', () => {
    const watch = new SloWatch([parseSlo('p99<10ms'), parseSlo('errors<1%')]);
    const slow = reading({ tally: answered(1_000, 50) });
    expect(watch.read(reading())).toEqual([]);
    expect(watch.read(slow)).toEqual(['response.p99<10ms']);
    expect(watch.read(slow)).toEqual([]);
    expect(watch.read(reading())).toEqual([]);
    expect(watch.read(slow)).toEqual(['response.p99<10ms']);
  });

  it('shows since when an objective holds', () => {
    const watch = new SloWatch([parseSlo('p99<10ms')]);
    expect(watch.views(0)).toEqual([{ text: 'response.p99<10ms', held: null, heldForS: null, actual: '–' }]);
    watch.read(reading({ nowMs: 10_000 }));
    watch.read(reading({ nowMs: 11_000 }));
    expect(watch.views(22_900)).toMatchObject([{ held: true, heldForS: 12, actual: '4.00 ms' }]);
    watch.read(reading({ nowMs: 23_000, tally: answered(1_000, 50) }));
    expect(watch.views(24_000)).toMatchObject([{ held: false, heldForS: null, actual: '50.0 ms' }]);
    const fractions = new SloWatch([parseSlo('achieved>99%')]);
    fractions.read(reading({ achievedFraction: 0.9951 }));
    expect(fractions.views(0)[0]?.actual).toBe('99.51 %');
  });
});
