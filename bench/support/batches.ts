/** Record batches that are filled without a broker. */

import type { MessageRun, RecordShape } from '../../source/clients/types.ts';
import { Batch, notIdempotent } from '../../source/clients/wire/batch.ts';
import { BatchTemplate } from '../../source/clients/wire/batch-template.ts';
import { noCodec } from '../../source/clients/wire/codecs.ts';
import { RunZero } from '../../source/clients/wire/run-zero.ts';
import { stamp } from './shapes.ts';

const zero = new RunZero(stamp);
const timestampMs = 1_790_000_000_000;

/** A batch of 64 KiB that is filled and sealed anew by each call, as a producer does. */
export function refill(shape: RecordShape): { readonly batch: Batch; fill(): number } {
  const batch = new Batch(new BatchTemplate({ shape, batchSizeBytes: 65_536, prefixRoom: 0, runId: stamp.runId }));
  const { capacity } = batch.template;
  const run: MessageRun = {
    partitionIndex: 0,
    firstSequence: 0,
    intendedNs: Float64Array.from({ length: capacity }, (_, i) => 1e9 + i * 1e4),
    offeredNs: Float64Array.from({ length: capacity }, (_, i) => 1e9 + i * 1e4 + 500),
    keyIndex: shape.keys.kind === 'none' ? null : Int32Array.from({ length: capacity }, (_, i) => i % 1000),
    start: 0,
    count: capacity,
    epoch: 0,
    producerId: 0,
  };
  return {
    batch,
    fill: () => {
      batch.reset(0, 0, 0, { acks: 1, idempotent: false, codec: noCodec });
      batch.append(run, 0, capacity, zero);
      batch.seal(notIdempotent, -1, timestampMs);
      return capacity;
    },
  };
}
