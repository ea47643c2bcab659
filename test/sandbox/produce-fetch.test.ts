import { describe, expect, it } from 'vitest';
import { makeBatch } from './support/batches.ts';
import { connectTo, service, startTestSandbox, startWithTopic } from './support/start.ts';

describe('Produce', () => {
  it('gives offsets by the number of records', async () => {
    const { client } = await startWithTopic();
    expect(await client.produce(makeBatch({ records: 5 }))).toEqual({ code: 0, baseOffset: 0, throttleMs: 0 });
    expect((await client.produce(makeBatch({ records: 2 }), { acks: 1 })).baseOffset).toBe(5);
    expect((await client.offset(-1)).offset).toBe(7);
  });

  it.each<[string, number, { topic?: string; index?: number; acks?: number }, () => Buffer]>([
    ['an unknown topic', 3, { topic: 'nobody' }, () => makeBatch()],
    ['an unknown partition', 3, { index: 9 }, () => makeBatch()],
    ['a batch too large', 10, {}, () => makeBatch({ valueBytes: 2000 })],
    ['no batch at all', 2, {}, () => Buffer.alloc(30)],
    ['an old format', 2, {}, () => patched((bytes) => bytes.writeInt8(1, 16))],
    ['a wrong length', 2, {}, () => patched((bytes) => bytes.writeInt32BE(12, 8))],
    ['a wrong count', 2, {}, () => patched((bytes) => bytes.writeInt32BE(7, 57))],
    ['unknown acks', 21, { acks: 2 }, () => makeBatch()],
    ['too few replicas', 19, { topic: 'safe' }, () => makeBatch()],
  ])('refuses %s with %d', async (_, code, where, batch) => {
    const sandbox = await startTestSandbox();
    const client = await connectTo(sandbox);
    await client.createTopic('t', 1, { 'max.message.bytes': '1000' });
    await client.createTopic('safe', 1, { 'min.insync.replicas': '2' });
    expect(await client.produce(batch(), where)).toMatchObject({ code, baseOffset: -1 });
    expect((await client.offset(-1)).offset).toBe(0);
  });

  it('never answers acks=0, and closes on an error', async () => {
    const { client, sandbox } = await startWithTopic();
    client.produceSilently(makeBatch());
    expect((await client.offset(-1)).offset).toBe(1);
    expect(client.order).toHaveLength(2); // the topic, the offset
    client.produceSilently(makeBatch(), 'nobody');
    await client.closed;
    expect((await sandbox.stats()).producedBatches).toBe(1);
  });

  it('knows an idempotent producer again', async () => {
    const { client } = await startWithTopic();
    const send = (sequence: number, records = 1, epoch = 0) =>
      client.produce(makeBatch({ producerId: 5, epoch, sequence, records }));
    expect(await send(0, 3)).toMatchObject({ code: 0, baseOffset: 0 });
    expect(await send(3, 2)).toMatchObject({ code: 0, baseOffset: 3 });
    expect(await send(0, 3)).toMatchObject({ code: 0, baseOffset: 0 });
    expect(await send(6)).toMatchObject({ code: 45 });
    expect(await send(0, 1, 1)).toMatchObject({ code: 0, baseOffset: 5 });
    expect(await send(5)).toMatchObject({ code: 47 });
    expect((await client.offset(-1)).offset).toBe(6);
  });

  it('closes the connection on what it cannot read', async () => {
    const { client, sandbox } = await startWithTopic();
    client.tell('produce', 7, (body) => body.string(null).int16(1).int32(0).int32(1_000_000));
    await client.closed;
    expect(await sandbox.stats()).toMatchObject({ refusedRequests: 1 });
  });

  it('moves the log start when the retention is full', async () => {
    const { client } = await startWithTopic({ retentionBytesPerPartition: 200_000 });
    for (let i = 0; i < 30; i++) await client.produce(makeBatch({ valueBytes: 20_000 }));
    const start = (await client.offset(-2)).offset;
    expect(start).toBeGreaterThan(15);
    expect(start).toBeLessThan(30);
    const [early] = (await client.fetch([{ offset: 0 }])).partitions;
    expect(early).toMatchObject({ code: 1, logStartOffset: start, batches: [] });
    const [kept] = (await client.fetch([{ offset: start }])).partitions;
    expect(kept?.batches[0]?.offset).toBe(start);
  });
});

describe('Fetch', () => {
  it('waits for enough bytes', async () => {
    const { client, sandbox } = await startWithTopic();
    const producer = await connectTo(sandbox);
    const batch = makeBatch();
    const waiting = client.fetch([{}], { waitMs: 60_000, minBytes: batch.length + 1 });
    await producer.produce(batch);
    await producer.produce(batch);
    expect((await waiting).partitions[0]?.batches).toHaveLength(2);
  });

  it('waits no longer than asked', async () => {
    const { client } = await startWithTopic();
    await client.produce(makeBatch());
    const before = performance.now();
    const { partitions } = await client.fetch([{}], { waitMs: 50, minBytes: 10_000 });
    expect(performance.now() - before).toBeGreaterThan(45);
    expect(partitions[0]?.batches).toHaveLength(1);
  });

  it('keeps the order of its requests while one waits', async () => {
    const { client } = await startWithTopic();
    const answers = [client.fetch([{}], { waitMs: 30 }), client.offset(-1), client.offset(-2)];
    await Promise.all(answers);
    expect(client.order).toEqual([1, 2, 3, 4]);
  });

  it('respects the limits, yet always gives the first batch', async () => {
    const { client } = await startWithTopic({}, 2);
    const batch = makeBatch({ valueBytes: 1000 });
    for (const index of [0, 0, 1]) await client.produce(batch, { index });
    const count = async (asks: Parameters<typeof client.fetch>[0], maxBytes?: number) =>
      (await client.fetch(asks, maxBytes === undefined ? {} : { maxBytes })).partitions.map((p) => p.batches.length);
    expect(await count([{ maxBytes: 10 }, { index: 1, maxBytes: 10 }])).toEqual([1, 0]);
    expect(await count([{}, { index: 1 }], batch.length * 2)).toEqual([2, 0]);
    expect(await count([{}, { index: 1 }], batch.length * 3)).toEqual([2, 1]);
    expect(await count([{ offset: 1 }, { index: 1 }])).toEqual([1, 1]);
  });

  it('sends large answers without a copy and unharmed', async () => {
    const { client } = await startWithTopic();
    const sent = [0, 1, 2].map((n) => makeBatch({ valueBytes: 300_000, fill: 'abc'.charAt(n) }));
    for (const batch of sent) await client.produce(batch);
    const [found] = (await client.fetch([{ maxBytes: 1 << 22 }], { maxBytes: 1 << 22 })).partitions;
    expect(found?.batches.map(({ bytes }) => bytes.subarray(61).equals(sent[0]?.subarray(61) ?? bytes))).toEqual([
      true,
      false,
      false,
    ]);
    expect(found?.batches.map(({ bytes }) => bytes.toString('latin1', 1000, 1001))).toEqual(['a', 'b', 'c']);
  });

  it('answers offsets by time', async () => {
    const { client } = await startWithTopic();
    await client.produce(makeBatch({ records: 3, timestampMs: 5000 }));
    expect(await client.offset(5001)).toEqual({ code: 0, timestampMs: 5001, offset: 1 });
    expect(await client.offset(5003)).toEqual({ code: 0, timestampMs: -1, offset: -1 });
  });
});

describe('fetch sessions', () => {
  it('tell what changed, and forget what they are told to', async () => {
    const { client } = await startWithTopic({}, 3);
    const opened = await client.fetch([{ index: 0 }, { index: 1 }, { index: 2 }], { epoch: 0 });
    const { sessionId } = opened;
    expect(sessionId).toBeGreaterThan(0);
    expect(opened.partitions.map(({ index }) => index)).toEqual([0, 1, 2]);

    await client.produce(makeBatch(), { index: 1 });
    const changed = await client.fetch([], { sessionId, epoch: 1 });
    expect(changed.sessionId).toBe(sessionId);
    expect(changed.partitions.map(({ index, batches }) => [index, batches.length])).toEqual([[1, 1]]);

    expect((await client.fetch([{ index: 1, offset: 1 }], { sessionId, epoch: 2 })).partitions).toEqual([]);

    await client.produce(makeBatch(), { index: 1 });
    await client.produce(makeBatch(), { index: 2 });
    const rest = await client.fetch([], { sessionId, epoch: 3, forget: [1] });
    expect(rest.partitions.map(({ index }) => index)).toEqual([2]);
  });

  it('serve last what was served before', async () => {
    const { client } = await startWithTopic({}, 2);
    const batch = makeBatch({ valueBytes: 500 });
    for (const index of [0, 0, 1, 1]) await client.produce(batch, { index });
    const maxBytes = batch.length;
    const { sessionId, partitions } = await client.fetch([{ index: 0 }, { index: 1 }], { epoch: 0, maxBytes });
    const withData = (found: typeof partitions) =>
      found.filter(({ batches }) => batches.length > 0).map((p) => p.index);
    expect(withData(partitions)).toEqual([0]);
    const next = await client.fetch([{ index: 0, offset: 1 }], { sessionId, epoch: 1, maxBytes });
    expect(withData(next.partitions)).toEqual([1]);
  });

  it('are refused with the wrong id or epoch', async () => {
    const { client } = await startWithTopic();
    const { sessionId } = await client.fetch([{}], { epoch: 0 });
    expect((await client.fetch([], { sessionId: sessionId + 1, epoch: 1 })).code).toBe(70);
    expect((await client.fetch([], { sessionId, epoch: 2 })).code).toBe(71);
    expect((await client.fetch([{}], { sessionId, epoch: -1 })).code).toBe(0);
    expect((await client.fetch([], { sessionId, epoch: 1 })).code).toBe(70);
  });
});

describe('the service model', () => {
  it('holds back acknowledgement and records until they are served', async () => {
    const { client, sandbox } = await startWithTopic(service({ capacityMessagesPerSecond: 100 }));
    const reader = await connectTo(sandbox);
    const before = performance.now();
    const acknowledged = client.produce(makeBatch({ records: 5 }));
    await client.produce(makeBatch({ records: 5 }));
    expect(performance.now() - before).toBeGreaterThan(99);
    expect(await acknowledged).toMatchObject({ code: 0, baseOffset: 0 });
    expect((await reader.offset(-1)).offset).toBe(10);
  });

  it('does not let readers see what is not finished', async () => {
    const { client, sandbox } = await startWithTopic(service({ capacityMessagesPerSecond: 10 }));
    const reader = await connectTo(sandbox);
    const acknowledged = client.produce(makeBatch({ records: 2 }));
    const early = await reader.fetch([{}], { waitMs: 20 });
    expect(early.partitions[0]).toMatchObject({ highWatermark: 0, batches: [] });
    await acknowledged;
    expect((await reader.fetch([{}])).partitions[0]).toMatchObject({ highWatermark: 2 });
  });

  it('pipelines latency on one connection', async () => {
    const { client } = await startWithTopic(service({ latencyMs: 100 }));
    const before = performance.now();
    await Promise.all(Array.from({ length: 20 }, () => client.produce(makeBatch())));
    const took = performance.now() - before;
    expect(took).toBeGreaterThan(99);
    expect(took).toBeLessThan(1000);
    expect(client.order).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
  });

  it('can be changed while it runs', async () => {
    const { client, sandbox } = await startWithTopic(service({ latencyMs: 60_000 }));
    await sandbox.setService({ latencyMs: 0 });
    expect((await client.produce(makeBatch())).code).toBe(0);
  });
});

function patched(change: (bytes: Buffer) => void): Buffer {
  const bytes = makeBatch();
  change(bytes);
  return bytes;
}
