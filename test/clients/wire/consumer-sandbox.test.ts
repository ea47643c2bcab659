import { afterEach, describe, expect, test } from 'vitest';
import { readSequence, stampBytes } from '../../../source/clients/stamp.ts';
import type { Assignment, ClientFactory, ConsumerClient, ConsumerKnobs } from '../../../source/clients/types.ts';
import { wireFactory } from '../../../source/clients/wire/factory.ts';
import { plaintext } from '../../../source/config/security/material.ts';
import { viewOf } from './support/batches.ts';
import { plainShape } from './support/making.ts';
import { ProducerRig, type RigOptions, testTuning, upTo } from './support/producer-rig.ts';
import { RecordingSink } from './support/recording-sink.ts';

const knobs: ConsumerKnobs = {
  fetchMinBytes: 1,
  fetchMaxWaitMs: 20,
  fetchMaxBytes: 1_048_576,
  maxPartitionFetchBytes: 16_384,
};

/** Consumers of what a rig's producer writes; all of them tell one sink. */
class ReadingRig {
  readonly rig: ProducerRig;
  readonly sink = new RecordingSink();
  readonly consumers: ConsumerClient[];
  readonly #factory: ClientFactory;

  private constructor(rig: ProducerRig, consumers: number) {
    this.rig = rig;
    const bootstrap = rig.sandbox.brokers.map(({ host, port }) => `${host}:${port}`);
    this.#factory = wireFactory({
      bootstrap,
      clientId: 'reader',
      security: plaintext,
      tuning: testTuning,
      partitions: rig.partitions,
    });
    this.consumers = Array.from({ length: consumers }, (_, i) =>
      this.#factory.consumer({
        clientId: `reader-${i}`,
        tuning: testTuning,
        partitions: rig.partitions,
        knobs,
        sink: this.sink,
        nowNs: () => performance.now() * 1e6,
      }),
    );
  }

  static async start(options: RigOptions, consumers = 1): Promise<ReadingRig> {
    const reading = new ReadingRig(await ProducerRig.start(options), consumers);
    for (const consumer of reading.consumers) await consumer.connect();
    return reading;
  }

  get all(): number[] {
    return this.rig.partitions.map((_, index) => index);
  }

  /** The one consumer of a rig that has one. */
  get consumer(): ConsumerClient {
    return this.numbered(0);
  }

  numbered(number: number): ConsumerClient {
    const consumer = this.consumers[number];
    if (consumer === undefined) throw new Error(`no consumer ${number}`);
    return consumer;
  }

  assignAll(position = 0): void {
    this.consumer.assign(this.all.map((partitionIndex) => ({ partitionIndex, position })));
  }

  /** Polls everything until the condition holds. */
  until(condition: () => boolean, what: string): Promise<void> {
    return this.rig.until(() => {
      for (const consumer of this.consumers) consumer.poll(performance.now() * 1e6);
      return condition();
    }, what);
  }

  async untilRead(count: number): Promise<void> {
    await this.until(() => this.sink.records.length >= count, `${count} records`);
    // What comes twice comes right after.
    const deadlineMs = performance.now() + 3 * knobs.fetchMaxWaitMs;
    await this.until(() => performance.now() > deadlineMs, 'some more fetches');
  }

  /** Sequence numbers in the order of reading. */
  sequences(partitionIndex: number): number[] {
    return this.sink.valuesOf(partitionIndex).map((value) => {
      if (value === null || value.length < stampBytes) throw new Error('a record without a stamp');
      return readSequence(viewOf(value), 0);
    });
  }

  async close(): Promise<void> {
    for (const consumer of this.consumers) await consumer.close();
    await this.#factory.close();
    await this.rig.close();
  }
}

let reading: ReadingRig | undefined;

async function start(options: RigOptions = {}, consumers = 1): Promise<ReadingRig> {
  reading = await ReadingRig.start(options, consumers);
  return reading;
}

afterEach(async () => {
  await reading?.close();
  reading = undefined;
});

describe('reading from brokers', () => {
  test('partitions handed to and fro under load, with pauses, are read once and in order', async () => {
    const it = await start({ sandbox: { brokers: 2 }, partitions: 6 }, 3);
    const { rig } = it;
    const owner = it.all.map((index) => index % 3);
    for (const index of it.all) it.numbered(index % 3).assign([{ partitionIndex: index, position: 0 }]);
    const rounds = 60;
    for (let round = 0; round < rounds; round++) {
      for (const index of it.all) expect(rig.offer(25, index)).toBe(25);
      const moving = it.all.filter((index) => (index * 7 + round) % 3 === 0);
      const given = new Map<number, Assignment[]>();
      for (const index of moving) {
        const from = owner[index] ?? 0;
        const to = (from + 1 + (round % 2)) % 3;
        const stands = it.numbered(from).revoke([index]);
        expect(stands.length).toBe(1);
        given.set(to, [...(given.get(to) ?? []), ...stands]);
        owner[index] = to;
      }
      for (const [to, assignments] of given) it.numbered(to).assign(assignments);
      if (round % 5 === 1) it.numbered(round % 3).pause();
      if (round % 5 === 3) for (const consumer of it.consumers) consumer.resume();
      const least = it.sink.records.length + 10;
      if (round % 5 === 3) await it.until(() => it.sink.records.length >= least, 'records in between');
      else await it.until(() => true, 'a tick');
    }
    for (const consumer of it.consumers) consumer.resume();
    await it.untilRead(6 * rounds * 25);
    for (const index of it.all) expect(it.sequences(index)).toEqual(upTo(rounds * 25));
    expect(
      it.consumers.flatMap((consumer) => consumer.positions()).every(({ position }) => position === rounds * 25),
    ).toBe(true);
    expect(it.sink.events).toEqual([]);
  });

  test('a codec that changes under load loses and repeats nothing, and another library reads each batch', async () => {
    const it = await start({ partitions: 2, knobs: { shape: { ...plainShape(100), payloadEntropy: 0.3 } } });
    it.assignAll();
    const course = ['none', 'lz4', 'zstd', 'snappy', 'gzip', 'none'] as const;
    for (const compression of course) {
      it.rig.configure({ compression });
      // More than a batch holds, and one more that is open when the codec changes.
      for (const index of it.all) expect(it.rig.offer(25, index)).toBe(25);
      const least = it.sink.records.length + 10;
      await it.until(() => it.sink.records.length >= least, `records under ${compression}`);
      for (const index of it.all) expect(it.rig.offer(1, index)).toBe(1);
    }
    await it.rig.settled();
    const each = 26;
    const total = course.length * each;
    await it.untilRead(2 * total);
    for (const index of it.all) {
      expect(it.sequences(index)).toEqual(upTo(total));
      expect(await it.rig.log(index)).toEqual(upTo(total));
    }
    expect(it.rig.faults).toEqual([]);
    expect(it.sink.events).toEqual([]);
    expect(it.sink.corrupted.size).toBe(0);
    // No batch is of two codecs: the one of a message says which it was.
    for (const [at, codec] of course.entries()) {
      const sizes = it.rig.sizes.filter(({ firstSequence }) => Math.floor(firstSequence / each) === at);
      const sum = (field: 'bytes' | 'plainBytes') => sizes.reduce((all, size) => all + size[field], 0);
      if (codec === 'none') expect(sum('plainBytes')).toBe(sum('bytes'));
      else expect(sum('plainBytes') / sum('bytes'), codec).toBeGreaterThan(1.2);
    }
  });

  test('leaders that move and connections that break lose and repeat nothing', async () => {
    const it = await start({ sandbox: { brokers: 3 }, partitions: 6 });
    it.assignAll();
    const rounds = 30;
    for (let round = 0; round < rounds; round++) {
      for (const index of it.all) expect(it.rig.offer(20, index)).toBe(20);
      if (round % 3 === 0) {
        const partition = round % 6;
        await it.rig.sandbox.inject({ kind: 'move-leader', topic: 'rig', partition, to: 1 + ((round / 3) % 3) });
      }
      if (round % 10 === 5) await it.rig.sandbox.inject({ kind: 'disconnect', brokerId: 1 + (round % 3) });
      const least = it.sink.records.length + 10;
      await it.until(() => it.sink.records.length >= least, 'records in between');
    }
    await it.rig.settled();
    await it.untilRead(6 * rounds * 20);
    for (const index of it.all) expect(it.sequences(index)).toEqual(upTo(rounds * 20));
    expect(it.sink.eventsOf('leader-moved').length).toBeGreaterThan(3);
    expect(it.sink.eventsOf('disconnected').length).toBeGreaterThan(0);
    await it.until(
      () => it.sink.eventsOf('reconnected').length === it.sink.eventsOf('disconnected').length,
      'reconnections',
    );
    expect(it.sink.eventsOf('error')).toEqual([]);
    expect(it.sink.corrupted.size + it.sink.expiredCounts.size).toBe(0);
  });

  test('errors on command are retried', async () => {
    const it = await start({ partitions: 2 });
    await it.rig.sandbox.inject({ kind: 'error', errorCode: 6, when: 'before-append', count: 3, apiKey: 1 });
    it.assignAll();
    it.rig.offer(50, 0);
    it.rig.offer(50, 1);
    await it.untilRead(100);
    expect(it.sequences(0)).toEqual(upTo(50));
    expect(it.sequences(1)).toEqual(upTo(50));
    expect((await it.rig.sandbox.stats()).faultsApplied.error).toBe(3);
  });

  test('what retention removed is counted as expired, and the rest is read', async () => {
    const it = await start({ sandbox: { retentionBytesPerPartition: 64 * 1024 } });
    const total = 10_000;
    for (let sent = 0; sent < total; sent += 500) {
      expect(it.rig.offer(500)).toBe(500);
      await it.rig.settled();
    }
    it.assignAll();
    await it.until(() => it.sink.positions.get(0)?.nextOffset === total, 'the end of the log');
    expect(it.sink.expiredCounts.get(0)).toBe(total - it.sink.records.length);
    expect(it.sequences(0)).toEqual(upTo(total).slice(it.sink.expiredCounts.get(0)));
    expect(it.sink.expiredCounts.get(0)).toBeGreaterThan(total / 4);
    expect(it.sink.events).toEqual([]);
  });

  test('a position beyond the end is a truncation, and reading goes on at the end', async () => {
    const it = await start();
    it.rig.offer(40);
    await it.rig.settled();
    it.assignAll(90);
    await it.until(() => it.sink.events.length > 0, 'an event');
    expect(it.sink.events).toEqual([{ kind: 'truncated', partitionIndex: 0, from: 90, to: 40 }]);
    it.rig.offer(10);
    await it.untilRead(10);
    expect(it.sequences(0)).toEqual(upTo(50).slice(40));
  });

  test('a batch that the log corrupted is skipped and counted', async () => {
    const it = await start();
    it.rig.offer(10);
    await it.rig.settled();
    await it.rig.sandbox.inject({ kind: 'corrupt', count: 1 });
    it.rig.offer(3);
    await it.rig.settled();
    it.rig.offer(10);
    await it.rig.settled();
    it.assignAll();
    await it.untilRead(20);
    expect(it.sink.corrupted.get(0)).toBe(3);
    expect(it.sequences(0)).toEqual([...upTo(10), ...upTo(23).slice(13)]);
  });

  test('a session of more than a thousand partitions', async () => {
    const partitions = 1300;
    const it = await start({ partitions });
    it.assignAll();
    const busy = [0, 1, 650, 1299];
    for (let round = 0; round < 10; round++) {
      for (const index of busy) it.rig.offer(5, index);
      await it.untilRead(busy.length * 5 * (round + 1));
      if (round === 4) await it.rig.sandbox.inject({ kind: 'disconnect' });
      if (round === 6) it.consumer.assign(it.consumer.revoke([1, 650, 3, 4]));
      if (round === 8) it.consumer.revoke(it.all.slice(400, 600));
    }
    for (const index of busy) expect(it.sequences(index)).toEqual(upTo(50));
    expect(it.sink.records.length).toBe(busy.length * 50);
    expect(it.consumer.positions().length).toBe(partitions - 200);
    expect(it.sink.eventsOf('error')).toEqual([]);
  });
});
