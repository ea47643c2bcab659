import { availableParallelism } from 'node:os';
import type { Bench } from '../bench.ts';
import { latencyFigures } from '../support/latency-figures.ts';

/** A thread that spins takes a core; broker and consumer need one each as well. */
const coresToSpin = 3;

export const sandboxLatencyBench: Bench = {
  name: 'sandbox.latency',
  needs: 'nothing',
  timeoutMs: 60_000,
  run: async ({ pace }) => {
    const context = { pace, brokers: null };
    const timer = await latencyFigures(context, 100, 'timer');
    return availableParallelism() < coresToSpin ? timer : [...timer, ...(await latencyFigures(context, 100, 'spin'))];
  },
};
