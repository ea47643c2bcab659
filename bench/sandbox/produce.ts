import type { Bench } from '../bench.ts';
import { produceFigures } from '../support/produce-figures.ts';

/** The embedded broker is a thread of the same process, and its CPU time in the process's figure. */
export const sandboxProduceBench: Bench = {
  name: 'sandbox.produce',
  needs: 'nothing',
  timeoutMs: 60_000,
  run: ({ pace }) => produceFigures({ pace, brokers: null }),
};
