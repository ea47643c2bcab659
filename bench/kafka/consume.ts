import { type Bench, brokersOf } from '../bench.ts';
import { consumeFigures } from '../support/consume-figures.ts';
import { messageSizes } from '../support/shapes.ts';

export const kafkaConsumeBench: Bench = {
  name: 'kafka.consume',
  needs: 'kafka',
  timeoutMs: 120_000,
  run: (context) => consumeFigures(brokersOf(context), context.pace, messageSizes),
};
