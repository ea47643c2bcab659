/** What it costs to put a message into a laid-out batch: stamp, key, digits, checksum. */
import type { Bench } from '../bench.ts';
import { cost } from '../figures.ts';
import { refill } from '../support/batches.ts';
import { nsPerUnit } from '../support/repeat.ts';
import { keyedShape, messageSizes, plainShape } from '../support/shapes.ts';

export const batchBench: Bench = {
  name: 'micro.batch',
  needs: 'nothing',
  timeoutMs: 20_000,
  run: ({ pace }) => [
    ...messageSizes.map(({ label, bytes }) =>
      cost(`patch ${label}`, 'ns/msg', nsPerUnit(pace, refill(plainShape(bytes)).fill)),
    ),
    cost('patch 100 B with key and headers', 'ns/msg', nsPerUnit(pace, refill(keyedShape).fill)),
  ],
};
