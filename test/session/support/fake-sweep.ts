/** Sweeps as documents have them. */
import { sweepCombinations } from '../../../source/config/check-sweep.ts';
import type { SweptKnob } from '../../../source/config/sweep.ts';
import { readSweep } from '../../../source/config/sweep.ts';
import { bestOf, resultsOf } from '../../../source/session/automation/sweep-row.ts';
import type { Sweep, SweepRun } from '../../../source/session/document-sweep-schema.ts';

const none = { count: 0, meanMs: null, p50Ms: null, p90Ms: null, p95Ms: null, p99Ms: null, p999Ms: null, maxMs: null };

/** One run of each combination, at a target of 1,000/s; by combination its rate and p99. */
export function fakeSweep(
  changes: Partial<Sweep> = {},
  swept: readonly SweptKnob[] = readSweep('linger=0,5ms\nproducers=1,4'),
  figures: readonly (readonly [rate: number | null, p99Ms: number | null])[] = [
    [1000, 2],
    [1000, 3],
    [1000, 7],
    [700, null],
  ],
): Sweep {
  const runs = sweepCombinations(swept).map((knobs, combination): SweepRun => {
    const [rate = 1000, p99Ms = combination + 1] = figures[combination] ?? [];
    return {
      combination,
      repeat: 0,
      timeMs: 1_000_000 + combination * 14_000,
      durationMs: 12_000,
      knobs,
      epochs: [combination + 1],
      targetRate: 1000,
      rate,
      response: { ...none, count: 12_000, p99Ms },
      e2e: none,
      cpuPercent: 31,
      batchFill: 0.4,
      offeredInTime: 1,
      steady: true,
      drained: true,
      search: null,
    };
  });
  const sweep: Sweep = {
    knobs: swept.map(({ name, values }) => ({ name, values: [...values] })),
    repeats: 1,
    seed: 1,
    slo: '',
    tag: 'response',
    timeMs: 1_000_000,
    durationMs: 56_000,
    outcome: 'done',
    runs,
    results: [],
    best: null,
    ...changes,
  };
  const results = resultsOf(sweep);
  return { ...sweep, results, best: bestOf(results) };
}
