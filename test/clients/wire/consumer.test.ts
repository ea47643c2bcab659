import { describe, expect, it } from 'vitest';
import type { Assignment, PartitionTable } from '../../../source/clients/types.ts';
import { WireConsumer } from '../../../source/clients/wire/consumer.ts';
import type { OffsetRange, RangeQuery } from '../../../source/clients/wire/offset-range.ts';
import { unsecured } from '../../../source/clients/wire/security.ts';
import { defaultPlan } from '../../support/default-plan.ts';
import { platformaticEncode, records, resign } from './support/batches.ts';
import { FakeDirectory, FakeSocket } from './support/fakes.ts';
import { type PartitionAnswer, writeFetchAnswer } from './support/fetch-protocol.ts';
import { RecordingSink } from './support/recording-sink.ts';

const tuning = defaultPlan.tuning;
const knobs = { fetchMaxWaitMs: 500, fetchMinBytes: 1, fetchMaxBytes: 52_428_800, maxPartitionFetchBytes: 1_048_576 };

/** A consumer of `leaders.length` partitions of topic t, with a clock, sockets and look-ups in the test's hands. */
class Bench {
  nowMs = 1000;
  readonly sink = new RecordingSink();
  readonly directory: FakeDirectory;
  readonly sockets: FakeSocket[] = [];
  readonly lookedUp: RangeQuery[][] = [];
  range: () => Promise<OffsetRange> = () => Promise.reject(new Error('no range is known'));
  readonly consumer: WireConsumer;

  constructor(leaders: readonly number[]) {
    const partitions: PartitionTable = leaders.map((_, partition) => ({ topic: 't', partition }));
    this.directory = new FakeDirectory(leaders);
    this.consumer = new WireConsumer(
      { clientId: 'test', tuning, partitions, knobs, sink: this.sink, nowNs: () => this.nowMs * 1e6 },
      this.directory,
      unsecured,
      (options) => {
        const socket = new FakeSocket(options);
        this.sockets.push(socket);
        return socket;
      },
      async (_address, _caller, _timeoutMs, queries) => {
        this.lookedUp.push([...queries]);
        const range = await this.range();
        return queries.map(() => range);
      },
    );
  }

  /** The latest socket to a broker. */
  socket(brokerId = 1): FakeSocket {
    const found = this.sockets.findLast((socket) => socket.brokerId === brokerId);
    if (found === undefined) throw new Error(`no socket to broker ${brokerId}`);
    return found;
  }

  /** Assigns and opens all sockets. */
  start(assignments: readonly Assignment[]): FakeSocket {
    this.consumer.assign(assignments);
    for (const socket of this.sockets) socket.open();
    return this.socket();
  }

  later(ms: number): void {
    this.nowMs += ms;
    this.consumer.poll(this.nowMs * 1e6);
  }
}

const at = (partitionIndex: number, position: number): Assignment => ({ partitionIndex, position });
const batchOf = (partition: number, baseOffset: number, count: number): PartitionAnswer => ({
  partition,
  highWatermark: 1000,
  records: platformaticEncode(records(count), baseOffset),
});
const offsets = (socket: FakeSocket) => socket.last.partitions.map(({ partition, offset }) => [partition, offset]);
/** Lets what was promised happen. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('WireConsumer', () => {
  it('asks with its knobs and the leader epoch, and reads what comes', () => {
    const bench = new Bench([1, 1]);
    bench.directory.epochs.set(1, 4);
    const socket = bench.start([at(0, 5), at(1, 0)]);
    expect(socket.last).toMatchObject({ clientId: 'test', maxWaitMs: 500, minBytes: 1, maxBytes: 52_428_800 });
    expect(socket.last).toMatchObject({ sessionId: 0, sessionEpoch: -1, isolation: 0 });
    expect(socket.last.partitions).toEqual([
      { topic: 't', partition: 0, leaderEpoch: -1, offset: 5, maxBytes: 1_048_576 },
      { topic: 't', partition: 1, leaderEpoch: 4, offset: 0, maxBytes: 1_048_576 },
    ]);
    socket.answer({ partitions: [batchOf(0, 5, 3), { partition: 1, highWatermark: 7 }] });
    expect(bench.sink.valuesOf(0)).toEqual(records(3).map(({ value }) => value));
    expect(bench.sink.batches[0]).toMatchObject({ partitionIndex: 0, baseOffset: 5, count: 3, nowNs: 1e9 });
    expect(bench.sink.positions.get(0)).toEqual({ nextOffset: 8, highWatermark: 1000 });
    expect(bench.sink.positions.get(1)).toEqual({ nextOffset: 0, highWatermark: 7 });
    expect(bench.consumer.positions()).toEqual([at(0, 8), at(1, 0)]);
  });

  it('sends the next fetch before it walks the records', () => {
    const bench = new Bench([1]);
    const socket = bench.start([at(0, 0)]);
    const askedAtRecord: number[] = [];
    bench.sink.onRecord = () => askedAtRecord.push(socket.last.partitions[0]?.offset ?? -1);
    socket.answer({ partitions: [batchOf(0, 0, 2)] });
    expect(askedAtRecord).toEqual([2, 2]);
    expect(socket.asked.length).toBe(2);
  });

  it('begins the next request after the partition that was served last', () => {
    const bench = new Bench([1, 1, 1, 1]);
    const socket = bench.start([at(3, 0), at(1, 0), at(0, 0), at(2, 0)]);
    expect(offsets(socket).map(([partition]) => partition)).toEqual([0, 1, 2, 3]);
    socket.answer({ partitions: [batchOf(0, 0, 1), batchOf(1, 0, 1), { partition: 2 }, { partition: 3 }] });
    expect(offsets(socket)).toEqual([
      [2, 0],
      [3, 0],
      [0, 1],
      [1, 1],
    ]);
    socket.answer({ partitions: [batchOf(3, 0, 1)] });
    expect(offsets(socket).map(([partition]) => partition)).toEqual([0, 1, 2, 3]);
  });

  it('ignores an answer for a partition given up meanwhile, and for one taken again since', () => {
    const bench = new Bench([1, 1]);
    const socket = bench.start([at(0, 10), at(1, 0)]);
    expect(bench.consumer.revoke([0, 1])).toEqual([at(0, 10), at(1, 0)]);
    bench.consumer.assign([at(1, 0)]);
    socket.answer({ partitions: [batchOf(0, 10, 5), batchOf(1, 0, 5)] });
    expect(bench.sink.records.length).toBe(0);
    expect(bench.sink.positions.size).toBe(0);
    expect(offsets(socket)).toEqual([[1, 0]]);
    socket.answer({ partitions: [batchOf(1, 0, 5)] });
    expect(bench.sink.valuesOf(1).length).toBe(5);
    expect(bench.consumer.revoke([1, 0])).toEqual([at(1, 5)]);
  });

  it('stops in the middle of an answer where the sink gives the partition up', () => {
    const bench = new Bench([1, 1]);
    const socket = bench.start([at(0, 0), at(1, 0)]);
    const gaveUp: (readonly Assignment[])[] = [];
    bench.sink.onPosition = () => {
      if (gaveUp.length === 0) gaveUp.push(bench.consumer.revoke([0, 1]));
    };
    const two = Buffer.concat([platformaticEncode(records(2)), platformaticEncode(records(2), 2)]);
    socket.answer({ partitions: [{ partition: 0, records: two }, batchOf(1, 0, 3)] });
    expect(gaveUp).toEqual([[at(0, 2), at(1, 0)]]);
    expect(bench.sink.records.length).toBe(2);
  });

  it('drops what comes during a pause and reads it after', () => {
    const bench = new Bench([1]);
    const socket = bench.start([at(0, 0)]);
    bench.consumer.pause();
    socket.answer({ partitions: [batchOf(0, 0, 4)] });
    bench.later(1000);
    expect(bench.sink.records.length).toBe(0);
    expect(socket.asked.length).toBe(1);
    bench.consumer.configure({ ...knobs, maxPartitionFetchBytes: 2000, fetchMinBytes: 7 });
    bench.consumer.resume();
    expect(socket.last).toMatchObject({ minBytes: 7, partitions: [{ offset: 0, maxBytes: 2000 }] });
    // A pause that ends before the answer comes loses nothing.
    bench.consumer.pause();
    bench.consumer.resume();
    expect(socket.asked.length).toBe(2);
    socket.answer({ partitions: [batchOf(0, 0, 4)] });
    expect(bench.sink.records.length).toBe(4);
  });

  it('refuses to be assigned a partition twice', () => {
    const bench = new Bench([1]);
    bench.start([at(0, 0)]);
    expect(() => bench.consumer.assign([at(0, 3)])).toThrow('assigned twice');
  });

  it('waits for a partition without a leader and follows leaders that move', () => {
    const bench = new Bench([1, 1]);
    bench.directory.leaders.set(1, -1);
    const first = bench.start([at(0, 0), at(1, 3)]);
    expect(offsets(first)).toEqual([[0, 0]]);
    expect(bench.directory.refreshes.length).toBe(1);
    bench.directory.move(1, 2);
    bench.socket(2).open();
    expect(offsets(bench.socket(2))).toEqual([[1, 3]]);
    expect(bench.sink.eventsOf('leader-moved')).toEqual([]);

    // The old leader's answer is late: the new one was asked from the same place already.
    bench.directory.move(0, 2);
    first.answer({ partitions: [batchOf(0, 0, 9)] });
    expect(bench.sink.records.length).toBe(0);
    bench.socket(2).answer({ partitions: [{ partition: 1 }] });
    expect(offsets(bench.socket(2))).toEqual([
      [0, 0],
      [1, 3],
    ]);
    expect(bench.sink.eventsOf('leader-moved')).toEqual([{ kind: 'leader-moved', partitionIndex: 0, from: 1, to: 2 }]);
    expect(first.asked.length).toBe(1);
    // An unused connection that closes is not missed.
    first.fail('idle');
    bench.later(60_000);
    expect(bench.sink.eventsOf('disconnected').filter(({ brokerId }) => brokerId === 1)).toEqual([]);
  });

  it('does not take an answer that was asked for before a leader went away and came back', () => {
    const bench = new Bench([1]);
    const socket = bench.start([at(0, 0)]);
    bench.directory.move(0, 2);
    bench.directory.move(0, 1);
    socket.answer({ partitions: [batchOf(0, 0, 2)] });
    expect(bench.sink.records.length).toBe(0);
    socket.answer({ partitions: [batchOf(0, 0, 2)] });
    expect(bench.sink.records.length).toBe(2);
  });

  it.each([3, 5, 6, 74, 75])('refreshes metadata and tries again after error %i', (errorCode) => {
    const bench = new Bench([1, 1]);
    const socket = bench.start([at(0, 0), at(1, 0)]);
    socket.answer({ partitions: [{ partition: 0, errorCode }, { partition: 1 }] });
    expect(bench.directory.refreshes.length).toBe(1);
    expect(offsets(socket)).toEqual([[1, 0]]);
    bench.later(200);
    socket.answer({ partitions: [{ partition: 1 }] });
    expect(offsets(socket)).toEqual([
      [0, 0],
      [1, 0],
    ]);
    expect(bench.sink.events).toEqual([]);
    // A new epoch ends the wait.
    socket.answer({ partitions: [{ partition: 0, errorCode }, { partition: 1 }] });
    bench.directory.move(0, 1, 9);
    socket.answer({ partitions: [{ partition: 1 }] });
    expect(socket.last.partitions).toMatchObject([{ partition: 0, leaderEpoch: 9 }, { partition: 1 }]);
  });

  it('tells of an error once a burst, and backs off', () => {
    const bench = new Bench([1]);
    const socket = bench.start([at(0, 0)]);
    let asked = 0;
    for (let ms = 0; ms < 10_000; ms += 10) {
      if (socket.asked.length > asked) {
        asked = socket.asked.length;
        socket.answer({ partitions: [{ partition: 0, errorCode: 29 }] });
      }
      bench.later(10);
    }
    expect(asked).toBeGreaterThan(8);
    expect(asked).toBeLessThan(30);
    expect(bench.sink.eventsOf('error').map(({ errorCode, partitionIndex }) => [errorCode, partitionIndex])).toEqual([
      [29, 0],
    ]);
    expect(bench.sink.eventsOf('error')[0]?.message).toContain('TOPIC_AUTHORIZATION_FAILED');
  });

  it('goes to the start of a log that has moved past it, and counts what expired', async () => {
    const bench = new Bench([1]);
    bench.range = async () => ({ errorCode: 0, start: 40, end: 90 });
    const socket = bench.start([at(0, 10)]);
    socket.answer({ partitions: [{ partition: 0, errorCode: 1 }] });
    bench.later(5);
    await settle();
    expect(bench.lookedUp).toEqual([[{ topic: 't', partition: 0, leaderEpoch: -1 }]]);
    expect(bench.sink.expiredCounts.get(0)).toBe(30);
    expect(bench.sink.positions.get(0)).toEqual({ nextOffset: 40, highWatermark: 90 });
    expect(offsets(socket)).toEqual([[0, 40]]);
    expect(bench.sink.events).toEqual([]);
  });

  it('goes to the end of a log that was truncated, and says so', async () => {
    const bench = new Bench([1]);
    bench.range = async () => ({ errorCode: 0, start: 0, end: 90 });
    const socket = bench.start([at(0, 100)]);
    socket.answer({ partitions: [{ partition: 0, errorCode: 1 }] });
    bench.later(5);
    await settle();
    expect(bench.sink.events).toEqual([{ kind: 'truncated', partitionIndex: 0, from: 100, to: 90 }]);
    expect(offsets(socket)).toEqual([[0, 90]]);
    expect(bench.sink.expiredCounts.size).toBe(0);
  });

  it('keeps its position where the range cannot be learnt, holds it or the partition is given up', async () => {
    const bench = new Bench([1, 1]);
    const socket = bench.start([at(0, 10), at(1, 0)]);
    socket.answer({ partitions: [{ partition: 0, errorCode: 1 }] });
    bench.later(5);
    await settle();
    expect(bench.sink.eventsOf('error').length).toBe(1);
    const answers: OffsetRange[] = [
      { errorCode: 6, start: -1, end: -1 },
      { errorCode: 0, start: 10, end: 10 },
      { errorCode: 0, start: 40, end: 90 },
    ];
    for (const range of answers) {
      bench.range = async () => range;
      bench.later(2000);
      socket.answer({ partitions: [{ partition: 1 }] });
      expect(offsets(socket)).toEqual([
        [0, 10],
        [1, 0],
      ]);
      socket.answer({ partitions: [{ partition: 0, errorCode: 1 }] });
      if (range.start === 40) bench.consumer.revoke([0]);
      bench.later(5);
      await settle();
    }
    expect(bench.sink.expiredCounts.size).toBe(0);
    expect(bench.sink.eventsOf('truncated')).toEqual([]);
    expect(bench.sink.eventsOf('error').length).toBe(1);
  });

  it('times a fetch out, reconnects with growing back-off and tells once', () => {
    const bench = new Bench([1]);
    const socket = bench.start([at(0, 3)]);
    bench.later(knobs.fetchMaxWaitMs + tuning.requestTimeoutMs - 1);
    expect(socket.state).toBe('ready');
    bench.later(2);
    expect(socket.state).toBe('closed');
    expect(bench.sink.eventsOf('disconnected')).toEqual([
      { kind: 'disconnected', brokerId: 1, address: '127.0.0.1:9001', reason: expect.stringContaining('no answer') },
    ]);
    expect(bench.directory.refreshes.length).toBe(1);
    const triedAtMs: number[] = [];
    for (let ms = 0; ms < 5000; ms++) {
      const before = bench.sockets.length;
      bench.later(1);
      if (bench.sockets.length === before) continue;
      triedAtMs.push(ms);
      bench.socket().fail('refused');
    }
    expect(triedAtMs.length).toBeGreaterThan(4);
    expect(triedAtMs.length).toBeLessThan(16);
    bench.later(2000);
    expect([socket.asking, bench.socket().asking]).toEqual([false, true]);
    bench.socket().open();
    expect(bench.sink.eventsOf('disconnected').length).toBe(1);
    expect(bench.sink.eventsOf('reconnected')).toEqual([
      { kind: 'reconnected', brokerId: 1, address: '127.0.0.1:9001' },
    ]);
    expect(offsets(bench.socket())).toEqual([[0, 3]]);
  });

  it('reads on from where it stood after a connection broke in between', () => {
    const bench = new Bench([1]);
    const first = bench.start([at(0, 0)]);
    first.answer({ partitions: [batchOf(0, 0, 4)] });
    first.fail('reset');
    bench.later(2000);
    bench.socket().open();
    expect(offsets(bench.socket())).toEqual([[0, 4]]);
    bench.socket().answer({ partitions: [batchOf(0, 0, 6)] });
    expect(bench.sink.records.length).toBe(6);
  });

  it('breaks with a broker whose answer makes no sense, and takes nothing of it', () => {
    const bench = new Bench([1]);
    bench.start([at(0, 0)]);
    bench.socket().answer({ partitions: [batchOf(0, 0, 4)] }, 99_999);
    bench.later(2000);
    bench.socket().open();
    bench.socket().answerBytes(Buffer.from('0000000000000000000000000001000174', 'hex'));
    bench.later(4000);
    bench.socket().open();
    expect(bench.sockets.length).toBe(3);
    expect(bench.sink.records.length).toBe(0);
    expect(bench.sink.eventsOf('disconnected').length).toBe(2);
    expect(offsets(bench.socket())).toEqual([[0, 0]]);
  });

  it('takes nothing of an answer whose second half makes no sense', () => {
    const bench = new Bench([1, 1]);
    bench.start([at(0, 0), at(1, 0)]);
    const body = writeFetchAnswer({ partitions: [batchOf(0, 0, 4), batchOf(1, 0, 4)] });
    bench.socket().answerBytes(body.subarray(0, body.length - 20));
    expect(bench.sink.records.length).toBe(0);
    bench.later(2000);
    bench.socket().open();
    expect(offsets(bench.socket())).toEqual([
      [0, 0],
      [1, 0],
    ]);
    bench.socket().answerBytes(body);
    expect(bench.sink.records.length).toBe(8);
  });

  it('tells once a second of being throttled, and gives the answer that much more time', () => {
    const bench = new Bench([1]);
    const socket = bench.start([at(0, 0)]);
    for (let i = 0; i < 5; i++) socket.answer({ throttleMs: 60_000, partitions: [{ partition: 0 }] });
    expect(bench.sink.events).toEqual([{ kind: 'throttled', brokerId: 1, throttleMs: 60_000 }]);
    bench.later(knobs.fetchMaxWaitMs + tuning.requestTimeoutMs + 59_000);
    expect(socket.state).toBe('ready');
    bench.later(2000);
    expect(socket.state).toBe('closed');
  });

  it('backs off from a partition whose batch never comes whole', () => {
    const bench = new Bench([1]);
    const socket = bench.start([at(0, 0)]);
    const cut = platformaticEncode(records(4)).subarray(0, 80);
    socket.answer({ partitions: [{ partition: 0, records: cut }] });
    expect(socket.asked.length).toBe(1);
    expect(bench.sink.eventsOf('error').length).toBe(1);
    bench.later(2000);
    expect(offsets(socket)).toEqual([[0, 0]]);
  });

  it('skips a corrupt batch and goes on', () => {
    const bench = new Bench([1]);
    const socket = bench.start([at(0, 0)]);
    const bad = platformaticEncode(records(4));
    bad[90] = (bad[90] ?? 0) ^ 1;
    socket.answer({ partitions: [{ partition: 0, records: Buffer.concat([bad, platformaticEncode(records(2), 4)]) }] });
    expect(bench.sink.corrupted.get(0)).toBe(4);
    expect(bench.sink.records.length).toBe(2);
    expect(bench.consumer.positions()).toEqual([at(0, 6)]);
  });

  it('counts batches that no codec can read, and tells once', () => {
    const bench = new Bench([1]);
    const socket = bench.start([at(0, 0)]);
    for (let i = 0; i < 5; i++) {
      const unknown = platformaticEncode(records(3), i * 3);
      unknown.writeInt16BE(7, 21);
      socket.answer({ partitions: [{ partition: 0, records: resign(unknown) }] });
    }
    expect(bench.sink.corrupted.get(0)).toBe(15);
    expect(bench.sink.eventsOf('error').length).toBe(1);
    expect(offsets(socket)).toEqual([[0, 15]]);
  });

  it('holds off after a request that was refused as a whole', () => {
    const bench = new Bench([1]);
    const socket = bench.start([at(0, 0)]);
    socket.answer({ errorCode: 56 });
    expect(socket.asked.length).toBe(1);
    expect(bench.sink.eventsOf('error').length).toBe(1);
    bench.later(1000);
    expect(socket.asked.length).toBe(2);
  });

  it('says and asks nothing after it was closed', async () => {
    const bench = new Bench([1]);
    const socket = bench.start([at(0, 0)]);
    await bench.consumer.close();
    expect(socket.state).toBe('closed');
    bench.later(60_000);
    bench.directory.move(0, 2);
    expect(bench.sockets.length).toBe(1);
    expect(bench.sink.events).toEqual([]);
  });
});

describe('fetch sessions', () => {
  const many = 1200;
  const all = Array.from({ length: many }, (_, i) => at(i, 0));
  const started = (): { bench: Bench; socket: FakeSocket } => {
    const bench = new Bench(Array.from({ length: many }, () => 1));
    return { bench, socket: bench.start(all) };
  };

  it('begin with a full request and go on with what changed', () => {
    const { bench, socket } = started();
    expect(socket.last).toMatchObject({ sessionId: 0, sessionEpoch: 0, partitions: { length: many } });
    socket.answer({ sessionId: 42, partitions: all.map(({ partitionIndex }) => ({ partition: partitionIndex })) });
    expect(socket.last).toMatchObject({ sessionId: 42, sessionEpoch: 1, partitions: [], forgotten: [] });
    socket.answer({ sessionId: 42, partitions: [batchOf(700, 0, 3)] });
    expect(socket.last).toMatchObject({ sessionEpoch: 2, partitions: [{ partition: 700, offset: 3 }] });
    bench.consumer.revoke([5, 700]);
    bench.consumer.assign([at(700, 9)]);
    // What the session still gives for a partition that went and came back does not count.
    socket.answer({ sessionId: 42, partitions: [batchOf(700, 3, 3), batchOf(5, 0, 1), batchOf(6, 0, 2)] });
    expect(bench.sink.records.length).toBe(5);
    expect(socket.last.sessionEpoch).toBe(3);
    expect(socket.last.partitions).toMatchObject([
      { partition: 6, offset: 2 },
      { partition: 700, offset: 9 },
    ]);
    expect(socket.last.forgotten).toEqual([{ topic: 't', partition: 5 }]);
    bench.consumer.configure({ ...knobs, maxPartitionFetchBytes: 5000 });
    socket.answer({ sessionId: 42 });
    expect(socket.last).toMatchObject({ sessionEpoch: 4, forgotten: [], partitions: { length: many - 1 } });
  });

  it('forget what was given up while the full request was under way', () => {
    const { bench, socket } = started();
    bench.consumer.revoke([7]);
    socket.answer({ sessionId: 42, partitions: [batchOf(7, 0, 3)] });
    expect(socket.last).toMatchObject({ sessionEpoch: 1, partitions: [], forgotten: [{ partition: 7 }] });
    socket.answer({ sessionId: 42 });
    expect(socket.last.forgotten).toEqual([]);
    expect(bench.sink.records.length).toBe(0);
  });

  it('take a failing partition out and in again', () => {
    const { bench, socket } = started();
    socket.answer({ sessionId: 42 });
    socket.answer({ sessionId: 42, partitions: [{ partition: 3, errorCode: 6 }] });
    expect(socket.last).toMatchObject({ partitions: [], forgotten: [{ partition: 3 }] });
    bench.later(1000);
    socket.answer({ sessionId: 42 });
    expect(socket.last).toMatchObject({ partitions: [{ partition: 3, offset: 0 }], forgotten: [] });
  });

  it.each([
    [70, 0],
    [71, 42],
  ])('start anew after error %i', (errorCode, sessionId) => {
    const { bench, socket } = started();
    socket.answer({ sessionId: 42 });
    socket.answer({ errorCode });
    expect(socket.last).toMatchObject({ sessionId, sessionEpoch: 0, partitions: { length: many } });
    socket.answer({ errorCode });
    expect(socket.asked.length).toBe(3);
    bench.later(1000);
    expect(socket.asked.length).toBe(4);
    socket.answer({ sessionId: 43 });
    expect(socket.last).toMatchObject({ sessionId: 43, sessionEpoch: 1, partitions: [] });
  });

  it('stay full requests where the broker has no room for a session', () => {
    const { socket } = started();
    socket.answer({ sessionId: 0 });
    expect(socket.last).toMatchObject({ sessionId: 0, sessionEpoch: 0, partitions: { length: many }, forgotten: [] });
  });

  it('start anew after a dropped answer and after a lost connection', () => {
    const { bench, socket } = started();
    socket.answer({ sessionId: 42 });
    bench.consumer.pause();
    socket.answer({ sessionId: 42, partitions: [batchOf(8, 0, 1)] });
    bench.consumer.resume();
    expect(socket.last).toMatchObject({ sessionId: 42, sessionEpoch: 0, partitions: { length: many } });
    socket.fail('reset');
    bench.later(2000);
    bench.socket().open();
    expect(bench.socket().last).toMatchObject({ sessionId: 0, sessionEpoch: 0, partitions: { length: many } });
  });

  it('end when there are fewer partitions', () => {
    const { bench, socket } = started();
    socket.answer({ sessionId: 42 });
    bench.consumer.revoke(all.slice(10).map(({ partitionIndex }) => partitionIndex));
    socket.answer({ sessionId: 42 });
    expect(socket.last).toMatchObject({ sessionId: 42, sessionEpoch: -1, forgotten: [], partitions: { length: 10 } });
    socket.answer({ sessionId: 0, partitions: [batchOf(9, 0, 2)] });
    expect(socket.last).toMatchObject({ sessionId: 0, sessionEpoch: -1 });
    expect(bench.sink.records.length).toBe(2);
  });
});
