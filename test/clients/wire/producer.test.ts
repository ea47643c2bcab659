import { afterEach, describe, expect, test } from 'vitest';
import { plainShape } from './support/making.ts';
import { ProducerRig, type RigOptions, upTo } from './support/producer-rig.ts';

let rig: ProducerRig | undefined;

async function start(options?: RigOptions): Promise<ProducerRig> {
  rig = await ProducerRig.start(options);
  return rig;
}

afterEach(async () => {
  const { faults } = rig ?? { faults: [] };
  await rig?.close();
  rig = undefined;
  expect(faults).toEqual([]);
});

describe('without faults', () => {
  test('what is offered arrives once, in order, acknowledged with its offset', async () => {
    const it = await start();
    expect(it.offer(95)).toBe(95);
    await it.settled();
    expect(it.messages('acked')).toBe(95);
    expect(await it.log()).toEqual(upTo(95));
    expect(it.done.map(({ firstSequence, baseOffset }) => firstSequence - baseOffset)).toEqual(it.done.map(() => 0));
    expect(it.done.every(({ attempts, errorCode }) => attempts === 1 && errorCode === 0)).toBe(true);
    expect(it.done.length).toBe(Math.ceil(95 / it.producer.batchCapacity()));
    expect(it.written).toBe(it.done.length);
    expect(it.producer.gauges()).toEqual({
      inFlightMessages: 0,
      inFlightRequests: 0,
      bufferedBytes: 0,
      sendQueueBytes: 0,
      idempotent: true,
    });
  });

  test.each([0, 1, 'all'] as const)('acks=%s over several brokers and many partitions', async (acks) => {
    const it = await start({ sandbox: { brokers: 3 }, partitions: 30, knobs: { acks, lingerNs: 1e6 } });
    for (let round = 0; round < 20; round++) {
      for (let partition = 0; partition < 30; partition++)
        expect(it.offer(1 + (partition % 4), partition)).toBeGreaterThan(0);
      await it.until(() => true);
    }
    await it.settled();
    expect(it.messages('failed') + it.messages('unknown')).toBe(0);
    for (const partition of [0, 13, 29]) expect(await it.log(partition)).toEqual(upTo(20 * (1 + (partition % 4))));
    expect(it.producer.gauges().idempotent).toBe(acks === 'all');
  });

  test('large values, each a batch of its own', async () => {
    const it = await start({ knobs: { shape: plainShape(900_000), batchSizeBytes: 16_384 } });
    it.offer(4);
    await it.settled();
    expect(await it.log()).toEqual(upTo(4));
  });

  test('takes no more than the buffer holds, and goes on when there is room', async () => {
    const it = await start({ tuning: { bufferMemoryBytes: 5_000 }, knobs: { lingerNs: 1e9 } });
    const capacity = it.producer.batchCapacity();
    const taken = it.offer(1000);
    expect(taken).toBeGreaterThanOrEqual(2 * capacity);
    expect(taken).toBeLessThan(5 * capacity);
    expect(it.offer(1)).toBe(0);
    expect(it.producer.gauges().bufferedBytes).toBeLessThanOrEqual(5_000);
    await it.until(() => it.offer(1) === 1, 'room');
    it.producer.flush();
    await it.settled();
    expect(await it.log()).toEqual(upTo(taken + 1));
  });

  test('waits for linger, or not after a flush', async () => {
    const it = await start({ knobs: { lingerNs: 5e9 } });
    it.offer(1);
    const now = performance.now() * 1e6;
    it.producer.poll(now);
    expect(it.written).toBe(0);
    expect(it.producer.nextDeadlineNs()).toBeGreaterThan(now);
    it.producer.flush();
    expect(it.written).toBe(1);
    await it.settled();
    it.offer(1);
    it.producer.poll(performance.now() * 1e6 + 6e9);
    expect(it.written).toBe(2);
    await it.settled();
  });
});

describe('live settings', () => {
  test('every change keeps order and loses nothing', async () => {
    const it = await start({ sandbox: { brokers: 2 }, partitions: 3, knobs: { lingerNs: 2e6 } });
    const acksInTurn = ['all', 1, 0, 'all', 0, 1, 'all'] as const;
    let total = 0;
    for (const [round, acks] of acksInTurn.entries()) {
      for (let partition = 0; partition < 3; partition++) total += it.offer(25, partition);
      it.configure({
        acks,
        batchSizeBytes: 800 + 300 * round,
        lingerNs: (round % 3) * 1e6,
        shape: plainShape(60 + 40 * round),
        maxInFlight: 1 + (round % 5),
      });
      for (let partition = 0; partition < 3; partition++) total += it.offer(25, partition);
      await it.until(() => true);
    }
    await it.settled();
    expect(it.messages('acked')).toBe(total);
    for (let partition = 0; partition < 3; partition++) expect(await it.log(partition)).toEqual(upTo(total / 3));
    expect(it.events.filter(({ kind }) => kind === 'disconnected' || kind === 'producer-id')).toEqual([]);
    expect(new Set(it.done.map(({ acks }) => acks))).toEqual(new Set([0, 1, 'all']));
  });

  test('a producer id is fetched when acks becomes all', async () => {
    const it = await start({ knobs: { acks: 1 } });
    it.offer(10);
    await it.settled();
    it.configure({ acks: 'all' });
    it.offer(10);
    await it.settled();
    await it.sandbox.inject({ kind: 'lost-ack', count: 1 });
    it.offer(10);
    await it.settled();
    expect(await it.log()).toEqual(upTo(30));
  });
});

/** Messages in a steady flow while `during` happens; then all of them settled. */
async function flow(it: ProducerRig, rounds: number, during: (round: number) => Promise<void> | void): Promise<number> {
  let total = 0;
  for (let round = 0; round < rounds; round++) {
    await during(round);
    for (let partition = 0; partition < it.partitions.length; partition++) total += it.offer(7, partition);
    await it.until(() => true);
  }
  await it.settled();
  return total;
}

async function expectExactlyOnce(it: ProducerRig, total: number): Promise<void> {
  expect(it.summary()).toMatchObject({ acked: total, failed: 0, unknown: 0 });
  for (let partition = 0; partition < it.partitions.length; partition++) {
    expect(await it.log(partition)).toEqual(upTo(total / it.partitions.length));
  }
}

describe('idempotent: exactly once and in order through', () => {
  test('lost acknowledgements', async () => {
    const it = await start({ partitions: 2 });
    const total = await flow(it, 60, async (round) => {
      if (round % 5 === 0) await it.sandbox.inject({ kind: 'lost-ack', count: 1 });
    });
    await expectExactlyOnce(it, total);
    expect(it.retried).toBeGreaterThan(0);
    expect(it.events.some(({ kind }) => kind === 'disconnected')).toBe(true);
    expect(it.events.some(({ kind }) => kind === 'reconnected')).toBe(true);
  });

  test('connections that break', async () => {
    const it = await start({ sandbox: { brokers: 2 }, partitions: 4 });
    const total = await flow(it, 60, async (round) => {
      if (round % 10 === 3) await it.sandbox.inject({ kind: 'disconnect' });
    });
    await expectExactlyOnce(it, total);
  });

  test.each([
    [7, 'before-append'],
    [7, 'after-append'],
    [19, 'before-append'],
    [20, 'after-append'],
    [6, 'before-append'],
    [2, 'before-append'],
  ] as const)('error %i %s', async (errorCode, when) => {
    const it = await start({ partitions: 2 });
    const total = await flow(it, 40, async (round) => {
      if (round % 8 === 2) await it.sandbox.inject({ kind: 'error', errorCode, when, count: 2 });
    });
    await expectExactlyOnce(it, total);
    expect(it.events.some((event) => event.kind === 'error' && event.errorCode === errorCode)).toBe(true);
  });

  test.each([45, 47, 59])('sequence error %i, by numbering again under the next epoch', async (errorCode) => {
    const it = await start();
    const total = await flow(it, 40, async (round) => {
      if (round % 10 === 5) await it.sandbox.inject({ kind: 'error', errorCode, when: 'before-append', count: 1 });
    });
    await expectExactlyOnce(it, total);
    expect(it.events.some(({ kind }) => kind === 'producer-id')).toBe(true);
  });

  test('leaders that move', async () => {
    const it = await start({ sandbox: { brokers: 3 }, partitions: 3 });
    const total = await flow(it, 60, async (round) => {
      const fault = { kind: 'move-leader', topic: 'rig', partition: 1, to: 1 + ((round / 15) % 3) } as const;
      if (round % 15 === 0) await it.sandbox.inject(fault);
    });
    await expectExactlyOnce(it, total);
    expect(it.events.some((event) => event.kind === 'leader-moved' && event.partitionIndex === 1)).toBe(true);
  });

  test('a stalled broker and a request timeout', async () => {
    const it = await start({ tuning: { requestTimeoutMs: 300 } });
    const total = await flow(it, 30, async (round) => {
      if (round === 10) await it.sandbox.inject({ kind: 'stall', durationMs: 700 });
    });
    await expectExactlyOnce(it, total);
    expect(it.retried).toBeGreaterThan(0);
    expect(it.events).toContainEqual(expect.objectContaining({ kind: 'disconnected', reason: 'no answer in time' }));
  });

  test('a broker that refuses connections for a while', async () => {
    const it = await start({ sandbox: { brokers: 2 }, partitions: 4 });
    const total = await flow(it, 40, async (round) => {
      if (round === 10) await it.sandbox.inject({ kind: 'refuse', durationMs: 400, brokerId: 2 });
    });
    await expectExactlyOnce(it, total);
  });

  test('a throttled connection, which waits as long as it is told', async () => {
    const it = await start();
    await it.sandbox.inject({ kind: 'throttle', throttleMs: 60, count: 1 });
    it.offer(1);
    await it.settled();
    const throttledAtMs = performance.now();
    const total = 1 + (await flow(it, 5, () => undefined));
    expect(performance.now() - throttledAtMs).toBeGreaterThan(30);
    await expectExactlyOnce(it, total);
    expect(it.done[0]?.throttleMs).toBe(60);
    expect(it.events).toContainEqual({ kind: 'throttled', brokerId: 1, throttleMs: 60 });
  });
});

describe('what cannot be delivered', () => {
  test('an error that trying again does not help fails its batch, and the next ones arrive', async () => {
    const it = await start({ knobs: { maxInFlight: 5 } });
    await it.sandbox.inject({ kind: 'error', errorCode: 10, when: 'before-append', count: 1 });
    const capacity = it.producer.batchCapacity();
    it.offer(6 * capacity);
    await it.settled();
    expect(it.done.filter(({ fate }) => fate === 'failed')).toMatchObject([
      { firstSequence: 0, errorCode: 10, attempts: 1 },
    ]);
    expect(await it.log()).toEqual(upTo(6 * capacity).slice(capacity));
  });

  test('a batch that nobody answers is unknown after its delivery timeout, one never written is failed', async () => {
    const it = await start({ tuning: { requestTimeoutMs: 700, deliveryTimeoutMs: 1_500 }, knobs: { maxInFlight: 1 } });
    it.offer(1);
    await it.settled();
    await it.sandbox.inject({ kind: 'stall', durationMs: 3_500 });
    it.offer(3 * it.producer.batchCapacity());
    await it.settled();
    const given = it.done.slice(1);
    expect(given.map(({ fate }) => fate)).toEqual(['unknown', 'failed', 'failed']);
    expect(given.map(({ written }) => written)).toEqual([true, false, false]);
    expect(given[0]?.errorCode).toBe(-2);
    // Afterwards numbering starts again and producing goes on.
    await it.until(() => it.offer(1) === 1 && it.messages('acked') > 1, 'an acknowledgement after the stall');
    await it.settled();
  });

  test('closing completes everything: written is unknown, the rest failed', async () => {
    const it = await start({ knobs: { maxInFlight: 1 } });
    await it.sandbox.inject({ kind: 'stall', durationMs: 300 });
    it.offer(3 * it.producer.batchCapacity());
    it.producer.poll(performance.now() * 1e6);
    await it.producer.close();
    expect(it.done.map(({ fate }) => fate)).toEqual(['unknown', 'failed', 'failed']);
    expect(it.producer.gauges().inFlightMessages).toBe(0);
    expect(it.offer(1)).toBe(0);
  });
});

describe('without idempotence', () => {
  test('a lost acknowledgement makes duplicates, and nothing is missing', async () => {
    const it = await start({ tuning: { idempotent: false } });
    const total = await flow(it, 40, async (round) => {
      if (round % 10 === 3) await it.sandbox.inject({ kind: 'lost-ack', count: 1 });
    });
    expect(it.messages('acked')).toBe(total);
    const log = await it.log();
    expect(log.length).toBeGreaterThan(total);
    expect([...new Set(log)].sort((a, b) => a - b)).toEqual(upTo(total));
  });

  test('acks=0: an error closes the connection, and the producer comes back', async () => {
    const it = await start({ knobs: { acks: 0 } });
    await it.sandbox.inject({ kind: 'error', errorCode: 10, when: 'before-append', count: 1 });
    it.offer(3);
    await it.until(() => it.events.some(({ kind }) => kind === 'reconnected'), 'a new connection');
    it.offer(3);
    await it.settled();
    expect(it.messages('acked')).toBe(6);
    expect(await it.log()).toEqual([3, 4, 5]);
  });
});
