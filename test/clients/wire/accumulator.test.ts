import { describe, expect, test } from 'vitest';
import { nextSequence } from '../../../source/clients/wire/sequence.ts';
import { Desk } from './support/desk.ts';
import { plainShape } from './support/making.ts';

/** Records that fill a batch of the tests' size. */
const full = 10;

describe('when a broker is ready', () => {
  test('a batch past its linger takes the first batches of all its broker leads, and of no other broker', async () => {
    const desk = await Desk.open({ leaders: [1, 1, 2, 1] });
    await desk.introduce();
    expect(desk.producer.batchCapacity()).toBe(full);
    desk.offer(1, 0);
    desk.pass(6);
    desk.offer(2, 1);
    desk.offer(3, 2);
    desk.pass(3);
    expect(desk.sent(1)).toEqual([]);
    desk.pass(1);
    expect(desk.sent(1)).toEqual([['a0×1', 'a1×2']]);
    expect(desk.sent(2)).toEqual([]);
    desk.pass(6);
    expect(desk.sent(2)).toEqual([['a2×3']]);
  });

  test('a full batch goes without waiting', async () => {
    const desk = await Desk.open({ leaders: [1, 1] });
    await desk.introduce();
    desk.offer(2, 1);
    desk.offer(full, 0);
    desk.pass(0);
    expect(desk.sent()).toEqual([[`a0×${full}`, 'a1×2']]);
  });

  test('says when it wants to be polled', async () => {
    const desk = await Desk.open();
    await desk.introduce();
    expect(desk.producer.nextDeadlineNs()).toBeGreaterThan(desk.nowNs + 10e6);
    desk.offer(1);
    expect(desk.producer.nextDeadlineNs()).toBe(desk.nowNs + 10e6);
    desk.offer(full);
    expect(desk.producer.nextDeadlineNs()).toBeLessThanOrEqual(desk.nowNs);
  });

  test('batches go on growing while all slots are taken', async () => {
    const desk = await Desk.open({ knobs: { maxInFlight: 1, lingerNs: 0 } });
    await desk.introduce();
    desk.offer(1);
    desk.pass(0);
    desk.offer(2);
    desk.pass(50);
    desk.offer(3);
    desk.pass(50);
    expect(desk.sent()).toEqual([['a0×1']]);
    desk.socket().answer(0);
    expect(desk.sent()).toEqual([['a0×1'], ['a0×5']]);
  });

  test('a request stays within its size, and the next one starts where it ended', async () => {
    const desk = await Desk.open({ leaders: [1, 1, 1, 1, 1], tuning: { maxRequestBytes: 2_500 } });
    await desk.introduce();
    for (let partition = 0; partition < 5; partition++) desk.offer(full, partition);
    desk.pass(0);
    const partitions = desk.socket().requests.flatMap(({ batches }) => batches.map(({ partition }) => partition));
    expect([...partitions].sort()).toEqual([0, 1, 2, 3, 4]);
    for (const { batches } of desk.socket().requests) {
      expect(batches.reduce((sum, { bytes }) => sum + bytes.length + 8, 0)).toBeLessThanOrEqual(2_500);
    }
  });

  test('one that is larger than a request may be goes alone', async () => {
    const desk = await Desk.open({
      leaders: [1, 1],
      tuning: { maxRequestBytes: 1_000 },
      knobs: { shape: plainShape(3_000) },
    });
    desk.offer(1, 0);
    desk.offer(1, 1);
    desk.pass(0);
    expect(desk.sent()).toEqual([['a0×1'], ['a1×1']]);
  });

  test('topics stand once in a request, with their partitions in order', async () => {
    const desk = await Desk.open({ leaders: [1, 1, 1, 1], twoTopics: true });
    await desk.introduce();
    for (const partition of [3, 1, 2, 0]) desk.offer(1, partition);
    desk.producer.flush();
    expect(desk.sent()).toEqual([['a0×1', 'a1×1', 'b0×1', 'b1×1']]);
    const order = ['b/1', 'b/0', 'a/1', 'a/0'];
    const answers = Object.fromEntries(order.map((name, i) => [name, { baseOffset: 70 + i }]));
    desk.socket().answer(0, answers, 0, order);
    const offsets = desk.completed.map(({ partitionIndex, baseOffset }) => [partitionIndex, baseOffset]);
    expect(offsets.sort()).toEqual([
      [0, 73],
      [1, 72],
      [2, 71],
      [3, 70],
    ]);
  });

  test('many batches and a large request are written as they are', async () => {
    const desk = await Desk.open({ leaders: [1, 1, 1], knobs: { shape: plainShape(40_000), batchSizeBytes: 90_000 } });
    await desk.introduce();
    for (let partition = 0; partition < 3; partition++) desk.offer(2, partition);
    desk.pass(0);
    expect(desk.sent()).toEqual([['a0×2', 'a1×2', 'a2×2']]);
    expect(desk.socket().requests[0]?.clientId).toBe('desk');
  });
});

describe('one batch, then the others', () => {
  test('until a broker knows the producer id', async () => {
    const desk = await Desk.open({ knobs: { lingerNs: 0 } });
    desk.offer(3 * full);
    desk.pass(0);
    expect(desk.sent()).toEqual([[`a0×${full}`]]);
    desk.socket().answer(0);
    expect(desk.sent()).toHaveLength(3);
  });

  test('after a connection broke: the first in line alone, with the same bytes', async () => {
    const desk = await Desk.open({ leaders: [1, 1], knobs: { lingerNs: 0 } });
    await desk.introduce();
    desk.offer(3 * full, 0);
    desk.pass(0);
    expect(desk.sent()).toHaveLength(3);
    const before = desk.socket().requests.map(({ batches }) => batches[0]);
    desk.socket().break('gone');
    desk.socket().requests.length = 0;
    desk.pass(60);
    desk.socket().open();
    desk.offer(1, 0);
    desk.offer(1, 1);
    desk.pass(1);
    expect(desk.sent()).toEqual([['a1×1']]);
    desk.pass(100);
    expect(desk.sent()).toEqual([['a1×1'], [`a0×${full}`]]);
    expect(desk.socket().requests[1]?.batches[0]).toEqual(before[0]);
    desk.socket().answer(1);
    expect(desk.socket().requests[2]?.batches[0]).toEqual(before[1]);
    desk.socket().answer(2);
    expect(desk.socket().requests[3]?.batches[0]).toEqual(before[2]);
    expect(desk.sent()).toHaveLength(4);
    desk.socket().answer(3);
    expect(desk.sent()[4]).toEqual(['a0×1']);
  });

  test('a changed leader gets nothing before the old one has answered', async () => {
    const desk = await Desk.open({ leaders: [1, 2], knobs: { lingerNs: 0 } });
    await desk.introduce();
    desk.offer(1, 0);
    desk.pass(0);
    desk.directory.move(0, 2);
    desk.offer(1, 0);
    desk.pass(1);
    expect(desk.sent(2)).toEqual([]);
    desk.socket(1).answer(0, { 'a/0': { errorCode: 6 } });
    expect(desk.directory.refreshes).toHaveLength(1);
    desk.pass(150);
    expect(desk.sent(2)).toEqual([['a0×1']]);
    desk.socket(2).answer(0);
    expect(desk.sent(2)).toHaveLength(2);
    expect(desk.events).toContainEqual({ kind: 'leader-moved', partitionIndex: 0, from: 1, to: 2 });
  });

  test('acks are not mixed, neither in a request nor in flight', async () => {
    const desk = await Desk.open({ leaders: [1, 1], knobs: { lingerNs: 0 } });
    await desk.introduce();
    desk.offer(1, 0);
    desk.configure({ acks: 1 });
    desk.offer(1, 0);
    desk.offer(1, 1);
    desk.pass(0);
    expect(
      desk.socket().requests.map(({ acks, batches }) => [acks, batches.map(({ partition }) => partition)]),
    ).toEqual([
      [-1, [0]],
      [1, [1]],
    ]);
    desk.socket().answer(0);
    expect(desk.socket().requests[2]).toMatchObject({
      acks: 1,
      batches: [{ partition: 0, producerId: -1, epoch: -1, sequence: -1 }],
    });
    desk.socket().answer(2);
    desk.configure({ acks: 'all' });
    desk.offer(1, 0);
    desk.pass(0);
    // One message was the introduction, one went out before.
    expect(desk.socket().requests[3]?.batches[0]).toMatchObject({ producerId: 100, epoch: 0, sequence: 2 });
  });
});

describe('sequence numbers', () => {
  test.each([
    [0, 1, 1],
    [5, 10, 15],
    [2 ** 31 - 1, 1, 0],
    [2 ** 31 - 2, 1, 2 ** 31 - 1],
    [2 ** 31 - 3, 10, 7],
  ])('%i + %i records = %i', (sequence, count, next) => {
    expect(nextSequence(sequence, count)).toBe(next);
  });

  test('45 on a later batch: it waits for the first and keeps its number', async () => {
    const desk = await Desk.open({ knobs: { lingerNs: 0 } });
    await desk.introduce();
    desk.offer(3 * full);
    desk.pass(0);
    const socket = desk.socket();
    socket.answer(0, { 'a/0': { errorCode: 19 } });
    socket.answer(1, { 'a/0': { errorCode: 45 } });
    socket.answer(2, { 'a/0': { errorCode: 45 } });
    desk.pass(150);
    for (const again of [3, 4, 5]) {
      expect(socket.requests[again]?.batches[0]).toEqual(socket.requests[again - 3]?.batches[0]);
      expect(socket.requests).toHaveLength(again + 1);
      socket.answer(again);
    }
    expect(desk.completed.map(({ fate, attempts }) => [fate, attempts])).toEqual([
      ['acked', 2],
      ['acked', 2],
      ['acked', 2],
    ]);
    expect(desk.events.some(({ kind }) => kind === 'producer-id')).toBe(false);
  });

  test.each([45, 47, 59])(
    '%i on the first in line: all that waits is numbered again under the next epoch',
    async (errorCode) => {
      const desk = await Desk.open({ knobs: { lingerNs: 0 } });
      await desk.introduce();
      desk.offer(2 * full);
      desk.pass(0);
      const socket = desk.socket();
      expect(socket.requests.map(({ batches }) => batches[0]?.sequence)).toEqual([1, 1 + full]);
      socket.answer(0, { 'a/0': { errorCode } });
      desk.pass(150);
      expect(socket.requests).toHaveLength(2);
      socket.answer(1, { 'a/0': { errorCode: 45 } });
      desk.pass(150);
      expect(socket.requests[2]?.batches[0]).toMatchObject({ producerId: 100, epoch: 1, sequence: 0 });
      socket.answer(2);
      expect(socket.requests[3]?.batches[0]).toMatchObject({ producerId: 100, epoch: 1, sequence: full });
      socket.answer(3);
      expect(desk.completed.map(({ fate, errorCode: code }) => [fate, code])).toEqual([
        ['acked', 0],
        ['acked', 0],
      ]);
      expect(desk.events.some(({ kind }) => kind === 'producer-id')).toBe(true);
    },
  );

  test('46, a duplicate, is acknowledged', async () => {
    const desk = await Desk.open({ knobs: { lingerNs: 0 } });
    desk.offer(1);
    desk.pass(0);
    desk.socket().answer(0, { 'a/0': { errorCode: 46 } });
    expect(desk.completed).toMatchObject([{ fate: 'acked', baseOffset: -1, errorCode: 0 }]);
  });

  test('a new producer id when the epochs are used up', async () => {
    const desk = await Desk.open({ firstEpoch: 32_767, knobs: { lingerNs: 0 } });
    await desk.introduce();
    desk.offer(1);
    desk.pass(0);
    expect(desk.socket().requests[0]?.batches[0]).toMatchObject({ producerId: 100, epoch: 32_767, sequence: 1 });
    desk.socket().answer(0, { 'a/0': { errorCode: 45 } });
    desk.pass(150);
    expect(desk.producerIdsGiven).toBe(2);
    await Promise.resolve();
    await Promise.resolve();
    desk.pass(150);
    expect(desk.socket().requests[1]?.batches[0]).toMatchObject({ producerId: 200, epoch: 32_767, sequence: 0 });
  });

  test('a given-up batch leaves a gap: numbering starts again behind it', async () => {
    const desk = await Desk.open({ knobs: { lingerNs: 0 } });
    await desk.introduce();
    desk.offer(1);
    desk.pass(0);
    desk.socket().answer(0, { 'a/0': { errorCode: 10 } });
    desk.offer(1);
    desk.pass(0);
    expect(desk.completed).toMatchObject([{ fate: 'failed', errorCode: 10 }]);
    expect(desk.socket().requests[1]?.batches[0]).toMatchObject({ epoch: 1, sequence: 0 });
  });
});

describe('time and connections', () => {
  test('acks=0 is done when the kernel has it', async () => {
    const desk = await Desk.open({ knobs: { acks: 0, lingerNs: 0 } });
    desk.offer(1);
    desk.pass(0);
    expect(desk.completed).toEqual([]);
    desk.socket().requests[0]?.handOver?.();
    expect(desk.completed).toMatchObject([{ fate: 'acked', baseOffset: -1 }]);
  });

  test('a request that is not answered in time closes the connection, and goes again', async () => {
    const desk = await Desk.open({ tuning: { requestTimeoutMs: 1_000 }, knobs: { lingerNs: 0 } });
    desk.offer(1);
    desk.pass(0);
    desk.pass(999);
    expect(desk.socket().state).toBe('ready');
    desk.pass(1);
    expect(desk.socket().state).toBe('closed');
    desk.pass(150);
    desk.socket().open();
    expect(desk.sent()).toHaveLength(2);
    desk.socket().answer(1);
    expect(desk.completed).toMatchObject([{ fate: 'acked', attempts: 2 }]);
  });

  test('reconnecting waits, and longer each time', async () => {
    const desk = await Desk.open({ tuning: { reconnectBackoffMs: 100, reconnectBackoffMaxMs: 10_000 } });
    const socket = desk.socket();
    expect(socket.asking).toBe(false);
    for (const atLeastMs of [80, 160, 320, 640]) {
      socket.break('gone');
      const { connects } = socket;
      desk.pass(atLeastMs - 1);
      expect(socket.connects).toBe(connects);
      desk.pass(atLeastMs);
      expect(socket.connects).toBe(connects + 1);
    }
    expect(desk.events.filter(({ kind }) => kind === 'disconnected')).toHaveLength(1);
    // A broker that was away is back once it answers.
    expect(socket.asking).toBe(true);
    socket.open();
    expect(desk.events.at(-1)).toMatchObject({ kind: 'reconnected', brokerId: 1 });
  });

  test('what waits in the send buffers of all connections is told', async () => {
    const desk = await Desk.open({ leaders: [1, 2] });
    await desk.introduce();
    expect(desk.producer.gauges().sendQueueBytes).toBe(0);
    desk.socket(1).queuedBytes = 700;
    desk.socket(2).queuedBytes = 50;
    expect(desk.producer.gauges().sendQueueBytes).toBe(750);
  });

  test('delivery timeout: in flight is unknown, never written is failed, and a late answer changes nothing', async () => {
    const desk = await Desk.open({
      tuning: { requestTimeoutMs: 60_000, deliveryTimeoutMs: 1_000 },
      knobs: { lingerNs: 0, maxInFlight: 1 },
    });
    await desk.introduce();
    desk.offer(2 * full);
    desk.pass(0);
    desk.pass(1_000);
    expect(desk.completed.map(({ fate, errorCode }) => [fate, errorCode])).toEqual([
      ['unknown', -2],
      ['failed', -2],
    ]);
    expect(desk.producer.gauges()).toMatchObject({ inFlightMessages: 0, inFlightRequests: 1 });
    expect(desk.producer.gauges().bufferedBytes).toBeGreaterThan(0);
    desk.offer(1);
    desk.socket().answer(0);
    expect(desk.completed).toHaveLength(2);
    expect(desk.socket().requests[1]?.batches[0]).toMatchObject({ epoch: 1, sequence: 0 });
    desk.socket().answer(1);
    expect(desk.producer.gauges()).toMatchObject({ inFlightMessages: 0, bufferedBytes: 0 });
  });

  test('a throttled connection stays silent for as long', async () => {
    const desk = await Desk.open({ knobs: { lingerNs: 0 } });
    desk.offer(1);
    desk.pass(0);
    desk.socket().answer(0, {}, 40);
    desk.offer(1);
    desk.pass(39);
    expect(desk.sent()).toHaveLength(1);
    desk.pass(1);
    expect(desk.sent()).toHaveLength(2);
  });

  test.each([
    ['nobody asked for', (correlationId: number) => [correlationId + 7, 0, 0]],
    ['that ends too early', (correlationId: number) => [correlationId, 1, 0]],
  ])('an answer %s closes the connection', async (_, words) => {
    const desk = await Desk.open({ knobs: { lingerNs: 0 } });
    desk.offer(1);
    desk.pass(0);
    const frame = Buffer.alloc(12);
    for (const [i, word] of words(desk.socket().requests[0]?.correlationId ?? 0).entries())
      frame.writeInt32BE(word, 4 * i);
    desk.socket().frame(frame);
    expect(desk.socket().state).toBe('closed');
    expect(desk.events).toContainEqual(expect.objectContaining({ kind: 'error', errorCode: -1 }));
  });

  test('a run that does not go on where the last one ended starts a batch of its own', async () => {
    const desk = await Desk.open({ knobs: { lingerNs: 0 } });
    await desk.introduce();
    const { makeRun } = await import('./support/making.ts');
    desk.producer.offer(makeRun({ count: 2, firstSequence: 100 }));
    desk.producer.offer(makeRun({ count: 2, firstSequence: 102 }));
    desk.producer.offer(makeRun({ count: 1, firstSequence: 0, producerId: 65_535 }));
    desk.producer.offer(makeRun({ count: 1, firstSequence: 105 }));
    desk.pass(0);
    expect(desk.sent()).toEqual([['a0×4'], ['a0×1'], ['a0×1']]);
  });

  test('offering and polling from within the listener is harmless', async () => {
    const desk = await Desk.open({ knobs: { lingerNs: 0, maxInFlight: 1 }, tuning: { bufferMemoryBytes: 3_000 } });
    const push = desk.completed.push.bind(desk.completed);
    desk.completed.push = (...items) => {
      const length = push(...items);
      if (length < 20) desk.offer(full);
      desk.producer.poll(desk.nowNs);
      desk.producer.flush();
      return length;
    };
    desk.offer(2 * full);
    desk.pass(0);
    for (let i = 0; i < desk.socket().requests.length; i++) {
      desk.socket().answer(i);
      desk.pass(1);
    }
    expect(desk.completed.every(({ fate }) => fate === 'acked')).toBe(true);
    expect(desk.completed.map(({ firstSequence }) => firstSequence)).toEqual(desk.completed.map((_, i) => i * full));
    expect(desk.producer.gauges()).toMatchObject({ inFlightMessages: 0, bufferedBytes: 0 });
  });
});
