import type { Bench } from '../bench.ts';
import { latencyFigures } from '../support/latency-figures.ts';

export const kafkaLatencyBench: Bench = {
  name: 'kafka.latency',
  needs: 'kafka',
  timeoutMs: 60_000,
  run: (context) => latencyFigures(context, 1024, 'timer'),
};
