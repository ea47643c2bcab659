import { describe, expect, it } from 'vitest';
import { codecOf, decompress } from '../../source/clients/wire/codecs.ts';
import { compressions } from '../../source/config/plan.ts';
import { defaultPlan } from '../support/default-plan.ts';
import { makeBatch } from './support/batches.ts';
import { service, startWithTopic } from './support/start.ts';

const headerBytes = 61;

/** The same batch as a producer with that codec sends it. */
function packed(batch: Buffer, compression: (typeof compressions)[number]): Buffer {
  const codec = codecOf(compression, defaultPlan.tuning);
  const records = codec.compress(batch.subarray(headerBytes));
  const whole = Buffer.concat([batch.subarray(0, headerBytes), records]);
  whole.writeInt32BE(whole.length - 12, 8);
  whole.writeInt16BE(codec.number, 21);
  return whole;
}

const plain = makeBatch({ records: 40, valueBytes: 2000 });

describe('compressed batches', () => {
  it.each(compressions.map((name, number) => [name, number] as const))(
    'are kept as they came, and counted by their records: %s',
    async (name, number) => {
      const { client, sandbox } = await startWithTopic();
      const batch = packed(plain, name);
      expect(await client.produce(batch)).toMatchObject({ code: 0, baseOffset: 0 });
      expect(await client.produce(batch)).toMatchObject({ code: 0, baseOffset: 40 });
      expect(await sandbox.stats()).toMatchObject({ producedBatches: 2, producedRecords: 80 });
      const [partition] = (await client.fetch([{ offset: 45 }])).partitions;
      expect(partition?.highWatermark).toBe(80);
      expect(partition?.batches.map(({ offset, records }) => [offset, records])).toEqual([[40, 40]]);
      const records = partition?.batches[0]?.bytes.subarray(headerBytes) ?? Buffer.alloc(0);
      expect(decompress(number, records)).toEqual(plain.subarray(headerBytes));
    },
  );

  it('are retained by the bytes that they take', async () => {
    const { client } = await startWithTopic({ retentionBytesPerPartition: 200_000 });
    const batch = packed(plain, 'lz4');
    expect(batch.length * 30).toBeLessThan(200_000);
    for (let i = 0; i < 30; i++) await client.produce(batch);
    expect((await client.offset(-2)).offset).toBe(0);
    for (let i = 0; i < 10; i++) await client.produce(plain);
    expect((await client.offset(-2)).offset).toBeGreaterThan(0);
  });

  it('take of a capacity in messages what others take', async () => {
    const { client } = await startWithTopic(service({ capacityMessagesPerSecond: 100 }));
    const startMs = performance.now();
    expect((await client.produce(packed(plain, 'zstd'))).code).toBe(0);
    expect(performance.now() - startMs).toBeGreaterThan(390);
  });

  it('take of a capacity in bytes no more than they have', async () => {
    // Plain it would take 80 seconds.
    const { client } = await startWithTopic(service({ capacityBytesPerSecond: 1000 }));
    expect((await client.produce(packed(plain, 'zstd'))).code).toBe(0);
  });
});
