/** How fast fetched batches are walked, checksum included: alone, and with the accounting of a consumer thread. */
import type { RecordSink } from '../../source/clients/types.ts';
import { type BatchBounds, readBatchBounds, walkBatch } from '../../source/clients/wire/record-walker.ts';
import { ConsumerAccounting, consumerTags } from '../../source/load/consumer-accounting.ts';
import type { Bench, Pace } from '../bench.ts';
import { type Figure, rate } from '../figures.ts';
import { refill } from '../support/batches.ts';
import { recording } from '../support/recording.ts';
import { nsPerUnit } from '../support/repeat.ts';
import { messageSizes, plainShape, stamp } from '../support/shapes.ts';

const readNs = 2e9;

class IdleSink implements RecordSink {
  bytes = 0;
  batch(): void {}
  record(_bytes: Buffer, _start: number, valueLength: number): void {
    this.bytes += valueLength;
  }
  position(): void {}
  corrupt(): void {
    throw new Error('the batch is not as it was written');
  }
  expired(): void {}
  event(): void {}
}

function accounting(): ConsumerAccounting {
  const { figures, recorder } = recording(consumerTags);
  const one = (): Float64Array => new Float64Array(1);
  return new ConsumerAccounting({
    figures,
    recorder,
    stamp,
    stampIn: 'value',
    throughPipeline: false,
    positions: one(),
    highWatermarks: one(),
    nowNs: () => readNs,
    probeSeen: () => undefined,
    read: () => undefined,
    event: () => undefined,
  });
}

function walked(name: string, pace: Pace, bytes: number, sink: RecordSink, between: () => void): Figure {
  const { batch, fill } = refill(plainShape(bytes));
  const records = fill();
  const bounds: BatchBounds = { end: -1, baseOffset: 0, nextOffset: 0 };
  readBatchBounds(batch.view, 0, batch.end, bounds);
  const nsPerRecord = nsPerUnit(pace, () => {
    walkBatch(batch.bytesOf, batch.view, 0, bounds, 0, 0, readNs, sink);
    between();
    return records;
  });
  return rate(
    name,
    'msg/s',
    nsPerRecord.map((ns) => 1e9 / ns),
  );
}

export const recordWalkerBench: Bench = {
  name: 'micro.record-walker',
  needs: 'nothing',
  timeoutMs: 20_000,
  run: ({ pace }) =>
    messageSizes.flatMap(({ label, bytes }) => {
      const books = accounting();
      return [
        walked(`walk ${label}`, pace, bytes, new IdleSink(), () => undefined),
        // The same sequence numbers again and again: what was seen is forgotten between two batches.
        walked(`walk and account ${label}`, pace, bytes, books, () => books.release([0])),
      ];
    }),
};
