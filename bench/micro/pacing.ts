/** How exactly a producer thread keeps its schedule on this machine: offered less intended time, with nothing to send. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Bench, Pace } from '../bench.ts';
import { cost, type Figure } from '../figures.ts';
import { inTurn } from '../support/in-turn.ts';
import type { PacingWork } from '../support/pacing-thread.ts';

const rounds = 5;
/** Tails swing with whatever else the machine does. */
const medianTolerance = 0.5;
const tailTolerance = 1.5;
/** Promised, ms. */
const limits = { timer: { p99: 1.6 }, spin: { p50: 0.02 } } as const;

async function lateness(work: PacingWork): Promise<Float64Array> {
  const thread = new Worker(new URL('../support/pacing-thread.ts', import.meta.url), { workerData: work });
  try {
    const [lateNs] = await once(thread, 'message');
    if (!(lateNs instanceof Float64Array)) throw new Error('a pacing thread answers how late it was');
    return lateNs.sort();
  } finally {
    await thread.terminate();
  }
}

/** The nearest rank, in ms. */
function percentileMs(sorted: Float64Array, percentile: number): number {
  return (sorted[Math.ceil((percentile / 100) * sorted.length) - 1] ?? Number.NaN) / 1e6;
}

async function figuresOf(pacing: 'timer' | 'spin', rateHz: number, pace: Pace): Promise<readonly Figure[]> {
  const { warmUpMs } = pace;
  const measureMs = Math.min(1_000, pace.measureMs);
  const runs = await inTurn(pace.rounds === 1 ? 1 : rounds, () => lateness({ pacing, rateHz, warmUpMs, measureMs }));
  const name = `${pacing} at ${rateHz.toLocaleString('en-US')}/s`;
  const of = (percentile: number) => runs.map((sorted) => percentileMs(sorted, percentile));
  const p50Limit = pacing === 'spin' ? limits.spin.p50 : null;
  const p99Limit = pacing === 'timer' ? limits.timer.p99 : null;
  return [
    cost(`${name}: p50`, 'ms', of(50), { tolerance: medianTolerance, limit: p50Limit }),
    cost(`${name}: p99`, 'ms', of(99), { tolerance: tailTolerance, limit: p99Limit }),
  ];
}

export const pacingBench: Bench = {
  name: 'micro.pacing',
  needs: 'nothing',
  timeoutMs: 90_000,
  run: async ({ pace }) => [
    ...(await figuresOf('timer', 1_000, pace)),
    ...(await figuresOf('timer', 10_000, pace)),
    ...(await figuresOf('spin', 1_000, pace)),
    ...(await figuresOf('spin', 10_000, pace)),
  ],
};
