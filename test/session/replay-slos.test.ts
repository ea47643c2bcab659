import { describe, expect, it } from 'vitest';
import type { Slo } from '../../source/config/plan.ts';
import type { IntervalRow } from '../../source/session/document-schema.ts';
import { SloHistory } from '../../source/session/replay-slos.ts';
import { sampleInterval } from './sample.ts';

const p99: Slo = { kind: 'latency', tag: 'response', percentile: 99, limitMs: 10, text: 'response.p99<10ms' };
const p98: Slo = { kind: 'latency', tag: 'response', percentile: 98, limitMs: 10, text: 'response.p98<10ms' };
const errors: Slo = { kind: 'errors', limitFraction: 0.001, text: 'errors<0.1%' };
const lag: Slo = { kind: 'lag', limitMs: 5000, text: 'lag<5s' };
const achieved: Slo = { kind: 'achieved', atLeastFraction: 0.99, text: 'achieved>99%' };

const sloAt = (slo: Slo, rows: readonly IntervalRow[], last: number, e2eErrorMs: number) =>
  new SloHistory(slo, rows, e2eErrorMs).at(last);

const response = (p99Ms: number | null, count = 1000): Partial<IntervalRow> => ({
  response: { ...sampleInterval(1).response, count, p99Ms, maxMs: count === 0 ? null : 33 },
});

describe('an objective through a session', () => {
  it.each<[string, Slo, Partial<IntervalRow>, boolean | null, string]>([
    ['a percentile within its limit', p99, response(2.99), true, '2.99 ms'],
    ['one over it', p99, response(12), false, '12.0 ms'],
    ['one among those never answered', p99, response(null), false, '> 33.0 ms'],
    ['no message of the kind', p99, response(null, 0), null, '–'],
    ['a percentile that rows do not keep', p98, {}, null, '–'],
    ['a second of the warm-up', p99, { phase: 'warm-up' }, null, '–'],
    ['few errors', errors, { failed: 1, acked: 9999 }, true, '0.01 %'],
    ['too many errors', errors, { failed: 5, missed: 5, acked: 990 }, false, '1.00 %'],
    ['no message at all', errors, { acked: 0 }, null, '–'],
    ['little lag', lag, { lagMs: 12 }, true, '12.0 ms'],
    ['much lag', lag, { lagMs: 5000 }, false, '5,000 ms'],
    ['no lag known', lag, { lagMs: null }, null, '–'],
    ['the rate', achieved, { ackedRate: 995 }, true, '99.50 %'],
    ['less than the rate', achieved, { ackedRate: 500 }, false, '50.00 %'],
    ['no rate asked for', achieved, { targetRate: null }, null, '–'],
  ])('%s', (_, slo, changes, held, actual) => {
    expect(sloAt(slo, [sampleInterval(1, changes)], 0, 0)).toMatchObject({ text: slo.text, held, actual });
  });

  it('says since when it holds: the last second that broke it, or the begin of measuring', () => {
    const rows = [0, 1, 2, 3, 4, 5].map((second) => sampleInterval(second, response(second === 3 ? 40 : 2)));
    expect([0, 1, 2, 3, 4, 5].map((last) => sloAt(p99, rows, last, 0).heldForS)).toEqual([null, 1, 2, null, 1, 2]);
  });

  it('does not judge end-to-end latency within the error of the clocks', () => {
    const e2e: Slo = { ...p99, tag: 'e2e' };
    const rows = [sampleInterval(1, { e2e: { ...sampleInterval(1).e2e, p99Ms: 10.5 } })];
    expect(sloAt(e2e, rows, 0, 0).held).toBe(false);
    expect(sloAt(e2e, rows, 0, 1).held).toBeNull();
  });

  it('knows nothing before the first second is over', () => {
    expect(sloAt(p99, [sampleInterval(1)], -1, 0)).toMatchObject({ held: null, heldForS: null });
  });
});
