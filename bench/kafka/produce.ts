import type { Bench } from '../bench.ts';
import { produceFigures } from '../support/produce-figures.ts';

/** The broker is a process of its own: the CPU time is the client's. */
export const kafkaProduceBench: Bench = {
  name: 'kafka.produce',
  needs: 'kafka',
  timeoutMs: 120_000,
  run: (context) => produceFigures(context),
};
