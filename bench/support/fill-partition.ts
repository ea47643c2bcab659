/** Writes stamped messages into a partition as fast as the broker takes them. */

import type { MessageRun, PartitionTable, ProducerListener } from '../../source/clients/types.ts';
import { wireFactory } from '../../source/clients/wire/factory.ts';
import type { ClientTuning } from '../../source/config/plan.ts';
import { plaintext } from '../../source/config/security/material.ts';
import { plainShape, stamp } from './shapes.ts';

const runLength = 2048;
const withinMs = 60_000;

export interface FillOptions {
  readonly brokers: string;
  readonly partitions: PartitionTable;
  readonly tuning: ClientTuning;
  readonly messageSizeBytes: number;
  readonly messages: number;
}

/** Resolves once all are acknowledged; rejects where one is not. */
export async function fillPartition(options: FillOptions): Promise<void> {
  const { partitions, tuning, messages } = options;
  let acked = 0;
  let lost = 0;
  const listener: ProducerListener = {
    written: () => undefined,
    retried: () => undefined,
    completed: ({ fate, count }) => {
      if (fate === 'acked') acked += count;
      else lost += count;
    },
    event: () => undefined,
  };
  const nowNs = (): number => performance.now() * 1e6;
  const factory = wireFactory({
    bootstrap: [options.brokers],
    clientId: 'loadtui-bench',
    security: plaintext,
    tuning,
    partitions,
  });
  const producer = factory.producer({
    clientId: 'loadtui-bench',
    tuning,
    partitions,
    stamp,
    knobs: {
      batchSizeBytes: 65_536,
      lingerNs: 5e6,
      acks: 1,
      compression: 'none',
      shape: plainShape(options.messageSizeBytes),
      maxInFlight: tuning.maxInFlight,
    },
    listener,
    nowNs,
  });
  await producer.connect();
  // All are due at one time, early in the run of whoever reads them: no interval of his is used up.
  const times = new Float64Array(runLength).fill(1e6);
  const run: MessageRun = {
    partitionIndex: 0,
    firstSequence: 0,
    intendedNs: times,
    start: 0,
    count: 0,
    offeredNs: times,
    keyIndex: null,
    epoch: 0,
    producerId: 0,
  };
  const endMs = performance.now() + withinMs;
  while (acked + lost < messages && performance.now() < endMs) {
    run.count = Math.min(runLength, messages - run.firstSequence);
    const taken = run.count === 0 ? 0 : producer.offer(run);
    run.firstSequence += taken;
    if (taken > 0 && taken === run.count) continue;
    if (run.firstSequence === messages) producer.flush();
    producer.poll(nowNs());
    await new Promise(setImmediate);
  }
  await producer.close();
  await factory.close();
  if (acked < messages) throw new Error(`${acked} of ${messages} messages were acknowledged`);
}
