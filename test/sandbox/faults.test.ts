import { describe, expect, it } from 'vitest';
import { messageOf } from '../../source/errors.ts';
import type { Fault } from '../../source/sandbox/types.ts';
import { makeBatch } from './support/batches.ts';
import { connectTo, service, startTestSandbox, startWithTopic } from './support/start.ts';

const letters = ['a', 'b', 'c', 'd'];

/** Produces one batch for each letter with the fault armed, and answers the first letters of what was stored. */
async function storedWith(fault: Fault): Promise<{ offsets: number[]; stored: string[]; applied: number }> {
  const { client, sandbox } = await startWithTopic();
  await sandbox.inject(fault);
  const offsets: number[] = [];
  for (const fill of letters) {
    const produced = await client.produce(makeBatch({ fill }));
    expect(produced.code).toBe(0);
    offsets.push(produced.baseOffset);
  }
  const [found] = (await client.fetch([{}])).partitions;
  const stored = found?.batches.map(({ bytes }) => bytes.toString('latin1', 67, 68)) ?? [];
  expect(found?.batches.map(({ offset }) => offset)).toEqual(stored.map((_, index) => index));
  return { offsets, stored, applied: (await sandbox.stats()).faultsApplied[fault.kind] ?? 0 };
}

describe('storage faults', () => {
  it.each<[Fault, readonly string[], readonly number[], number]>([
    [{ kind: 'drop', count: 2 }, ['c', 'd'], [0, 0, 0, 1], 2],
    [{ kind: 'duplicate', count: 1 }, ['a', 'a', 'b', 'c', 'd'], [0, 2, 3, 4], 1],
    [{ kind: 'swap', count: 1 }, ['b', 'a', 'c', 'd'], [0, 0, 2, 3], 1],
    [{ kind: 'swap', count: 2 }, ['b', 'a', 'd', 'c'], [0, 0, 2, 2], 2],
  ])('%o', async (fault, stored, offsets, applied) => {
    expect(await storedWith(fault)).toEqual({ stored, offsets, applied });
  });

  it('corrupt flips a bit of the records and leaves the checksum', async () => {
    const { client, sandbox } = await startWithTopic();
    await sandbox.inject({ kind: 'corrupt', count: 1 });
    const sent = makeBatch({ valueBytes: 100 });
    await client.produce(sent);
    await client.produce(sent);
    const [found] = (await client.fetch([{}])).partitions;
    const differing = found?.batches.map(({ bytes }) =>
      [...bytes].flatMap((byte, i) => (i > 16 && byte !== sent[i] ? [i] : [])),
    );
    expect(differing).toEqual([[expect.any(Number)], []]);
    const where = differing?.[0]?.[0] ?? 0;
    expect(where).toBeGreaterThan(66);
    expect(where).toBeLessThan(sent.length - 1);
  });

  it('swap stores the last batch alone when none follows', async () => {
    const { client, sandbox } = await startWithTopic();
    await sandbox.inject({ kind: 'swap', count: 1 });
    await client.produce(makeBatch());
    expect((await client.offset(-1)).offset).toBe(0);
    const { partitions } = await client.fetch([{}], { waitMs: 10_000 });
    expect(partitions[0]?.batches).toHaveLength(1);
  });
});

describe('answer faults', () => {
  it.each([
    ['before-append', 1],
    ['after-append', 2],
  ] as const)('error %s', async (when, end) => {
    const { client, sandbox } = await startWithTopic();
    await sandbox.inject({ kind: 'error', errorCode: 7, when, count: 1 });
    expect(await client.produce(makeBatch())).toMatchObject({ code: 7, baseOffset: -1 });
    expect((await client.produce(makeBatch())).code).toBe(0);
    expect((await client.offset(-1)).offset).toBe(end);
  });

  it('error for another request', async () => {
    const { client, sandbox } = await startWithTopic();
    await sandbox.inject({ kind: 'error', errorCode: 6, when: 'before-append', count: 1, apiKey: 2 });
    expect((await client.produce(makeBatch())).code).toBe(0);
    expect(await client.offset(-1)).toEqual({ code: 6, timestampMs: -1, offset: -1 });
    expect((await client.offset(-1)).offset).toBe(1);
    const wrong: Fault = { kind: 'error', errorCode: 6, when: 'before-append', count: 1, apiKey: 18 };
    await expect(sandbox.inject(wrong)).rejects.toThrow('18');
  });

  it('lost-ack appends and closes', async () => {
    const { client, sandbox } = await startWithTopic();
    await sandbox.inject({ kind: 'lost-ack', count: 1 });
    await expect(client.produce(makeBatch())).rejects.toThrow('closed');
    const again = await connectTo(sandbox);
    expect((await again.produce(makeBatch())).baseOffset).toBe(1);
  });

  it('lost-ack lets earlier answers through', async () => {
    const { client, sandbox } = await startWithTopic(service({ latencyMs: 50 }));
    const first = client.produce(makeBatch());
    await expect.poll(async () => (await sandbox.stats()).producedBatches, { interval: 1 }).toBe(1);
    await sandbox.inject({ kind: 'lost-ack', count: 1 });
    const second = client.produce(makeBatch());
    await Promise.all([expect(first).resolves.toMatchObject({ code: 0 }), expect(second).rejects.toThrow('closed')]);
  });

  it('throttle says so and mutes the connection', async () => {
    const { client, sandbox } = await startWithTopic();
    const other = await connectTo(sandbox);
    await sandbox.inject({ kind: 'throttle', throttleMs: 150, count: 1 });
    const before = performance.now();
    expect((await client.produce(makeBatch())).throttleMs).toBe(150);
    const next = client.produce(makeBatch()).then((produced) => ({ produced, atMs: performance.now() - before }));
    expect((await other.produce(makeBatch())).throttleMs).toBe(0);
    expect(client.order).toHaveLength(2);
    const { produced, atMs } = await next;
    expect(produced.throttleMs).toBe(0);
    expect(atMs).toBeGreaterThan(145);
  });
});

describe('broker faults', () => {
  it('stall answers late and loses nothing', async () => {
    const { client, sandbox } = await startWithTopic();
    const before = performance.now();
    await sandbox.inject({ kind: 'stall', durationMs: 150 });
    const produced = await Promise.all([1, 2, 3].map(() => client.produce(makeBatch())));
    expect(performance.now() - before).toBeGreaterThan(145);
    expect(produced.map(({ baseOffset }) => baseOffset)).toEqual([0, 1, 2]);
    expect((await sandbox.stats()).faultsApplied).toEqual({ stall: 1 });
  });

  it('stall also holds answers that are on their way', async () => {
    const { client, sandbox } = await startWithTopic(service({ latencyMs: 100 }));
    const before = performance.now();
    const waiting = client.produce(makeBatch());
    await expect.poll(async () => (await sandbox.stats()).producedBatches, { interval: 1 }).toBe(1);
    await sandbox.inject({ kind: 'stall', durationMs: 250 });
    await waiting;
    expect(performance.now() - before).toBeGreaterThan(245);
  });

  it('disconnect and stall strike one broker only, if named', async () => {
    const sandbox = await startTestSandbox({ brokers: 2 });
    const [first, second] = [await connectTo(sandbox, 1), await connectTo(sandbox, 2)];
    await sandbox.inject({ kind: 'stall', durationMs: 60_000, brokerId: 1 });
    await sandbox.inject({ kind: 'disconnect', brokerId: 1 });
    await first.closed;
    expect(await second.createTopic('t')).toBe(0);
    await expect(sandbox.inject({ kind: 'disconnect', brokerId: 3 })).rejects.toThrow('no broker 3');
  });

  it('refuse keeps clients out for a time', async () => {
    const { client, sandbox } = await startWithTopic();
    await sandbox.inject({ kind: 'refuse', durationMs: 100 });
    await client.closed;
    const code = async () => {
      try {
        return (await (await connectTo(sandbox)).offset(-1)).code;
      } catch (error) {
        return messageOf(error);
      }
    };
    expect(await code()).toMatch(/closed|ECONNRESET/);
    await expect.poll(code).toBe(0);
  });

  it('move-leader: the old leader refuses, the epoch goes up', async () => {
    const sandbox = await startTestSandbox({ brokers: 2 });
    const [old, next] = [await connectTo(sandbox, 1), await connectTo(sandbox, 2)];
    await old.createTopic('t');
    await old.produce(makeBatch({ records: 3 }));
    const waiting = old.fetch([{ offset: 3 }], { waitMs: 60_000 });
    await sandbox.inject({ kind: 'move-leader', topic: 't', partition: 0, to: 2 });
    expect((await waiting).partitions[0]?.code).toBe(6);
    expect((await old.produce(makeBatch())).code).toBe(6);
    expect((await old.offset(-1)).code).toBe(6);
    expect((await next.produce(makeBatch())).baseOffset).toBe(3);

    const epochs = async (leaderEpoch: number) => (await next.fetch([{ leaderEpoch }])).partitions[0];
    expect((await epochs(0))?.code).toBe(74);
    expect((await epochs(2))?.code).toBe(76);
    expect((await epochs(1))?.batches.map(({ leaderEpoch }) => leaderEpoch)).toEqual([0, 1]);

    const ends = await next.ask('offsetForLeaderEpoch', 2, (body) => {
      body
        .arrayLength(1)
        .string('t')
        .array([0, 1, 2], (epoch) => body.int32(0).int32(1).int32(epoch));
    });
    ends.int32();
    ends.arrayLength();
    ends.string();
    const answered = ends.array(() => [ends.int16(), ends.int32(), ends.int32(), ends.int64()]);
    expect(answered).toEqual([
      [0, 0, 0, 3],
      [0, 0, 1, 4],
      [0, 0, -1, -1],
    ]);
    await expect(sandbox.inject({ kind: 'move-leader', topic: 'x', partition: 0, to: 1 })).rejects.toThrow('x/0');
  });
});
