import { describe, expect, it } from 'vitest';
import { closeAccount } from '../../source/analysis/closing-account.ts';
import {
  probeProducerId,
  stampBytes,
  stampHeaderName,
  writeStamp,
  writeStampConstants,
} from '../../source/clients/stamp.ts';
import type { ClientEvent } from '../../source/clients/types.ts';
import { ConsumerAccounting, consumerTags } from '../../source/load/consumer-accounting.ts';
import { countedSequences } from '../../source/load/seen-sequences.ts';
import { totalAt } from '../../source/measure/figures.ts';
import { IntervalBook } from '../../source/session/interval-book.ts';
import { recordingThread, spanTable } from '../measure/support/figures-rig.ts';
import { random, seeds } from '../measure/support/random.ts';

const second = 1e9;
const runId = '0123456789abcdef';
const zero = { epochZeroHigh: 0x17_a0_00_01, epochZeroLow: 0xff_ff_ff_00 };

interface Message {
  readonly producerId?: number;
  /** That it was sent to. */
  readonly partition?: number;
  readonly sequence: number;
  readonly intendedNs?: number;
  readonly runId?: string;
}

function stampOf({ producerId = 1, partition = 0, sequence, intendedNs = 0, runId: run = runId }: Message): Buffer {
  const bytes = Buffer.alloc(stampBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, stampBytes);
  writeStampConstants(view, 0, run);
  writeStamp(view, 0, 3, producerId, partition, sequence, intendedNs, zero.epochZeroHigh, zero.epochZeroLow);
  return bytes;
}

/** A consumer thread's accounting that is handed records as a record walker does. */
function rig({ partitions = 4, stampIn = 'value' as 'value' | 'header', throughPipeline = false } = {}) {
  const { buffer, table } = spanTable();
  const book = new IntervalBook(table);
  const thread = () => {
    const { shared, figures, recorder } = recordingThread(buffer, consumerTags);
    const positions = new Float64Array(partitions);
    const highWatermarks = new Float64Array(partitions);
    const probes: number[] = [];
    const events: ClientEvent[] = [];
    let booked = 0;
    const accounting = new ConsumerAccounting({
      figures,
      recorder,
      stamp: { runId, ...zero },
      stampIn,
      throughPipeline,
      positions,
      highWatermarks,
      nowNs: () => 7.5 * second,
      read: (records) => {
        booked += records;
      },
      probeSeen: (partitionIndex) => probes.push(partitionIndex),
      event: (event) => events.push(event),
    });
    return {
      accounting,
      positions,
      highWatermarks,
      probes,
      events,
      shared,
      booked: () => booked,
      total: (field: keyof typeof totalAt) => figures.totals[totalAt[field]] ?? 0,
      /** A batch of messages with values of `valueBytes`, all read at one time. */
      read: (partition: number, messages: readonly Message[], nowNs = second, valueBytes = 100) => {
        accounting.batch(partition, 0, messages.length, 1_000, nowNs);
        for (const message of messages) {
          const bytes = Buffer.concat([Buffer.alloc(3), stampOf(message), Buffer.alloc(valueBytes - stampBytes + 1)]);
          accounting.record(bytes, 3, valueBytes, 3 + valueBytes, bytes.length);
        }
        accounting.position(partition, messages.length, messages.length + 5);
      },
    };
  };
  const first = thread();
  book.addThread(0, first.shared);
  return {
    ...first,
    another: () => {
      const more = thread();
      book.addThread(1, more.shared);
      return more;
    },
    tally: () => {
      book.refresh();
      return book.merge(0, 10_000);
    },
    interval: (number: number) => {
      book.refresh();
      return book.interval(number);
    },
  };
}

const messages = (from: number, to: number, changes: Partial<Message> = {}): Message[] =>
  Array.from({ length: to - from }, (_, at) => ({ sequence: from + at, ...changes }));

describe('a message of this run', () => {
  it('is counted under its intended time, and its age is end-to-end latency', () => {
    const { read, interval, total, positions, highWatermarks } = rig();
    read(2, messages(0, 10, { intendedNs: 3.25 * second }), 4 * second);
    read(2, messages(10, 15, { intendedNs: 4.5 * second }), 4.75 * second, 40);
    expect(interval(3)?.counts).toMatchObject({ consumed: 10, bytesConsumed: 1_000 });
    expect(interval(3)?.latencies.e2e).toMatchObject({ count: 10, minNs: 0.75 * second, maxNs: 0.75 * second });
    expect(interval(4)?.counts).toMatchObject({ consumed: 5, bytesConsumed: 200 });
    expect(interval(4)?.latencies.e2e.maxNs).toBe(0.25 * second);
    expect(total('consumed')).toBe(15);
    expect(total('bytesConsumed')).toBe(1_200);
    expect([positions[2], highWatermarks[2]]).toEqual([5, 10]);
  });

  it.each([0, -1, -5e6])('that is read %d ns after it was due is recorded as 1 ns and counted', (ageNs) => {
    const { read, tally, total } = rig();
    read(0, messages(0, 3, { intendedNs: 2 * second }), 2 * second + ageNs);
    expect(tally().counts.consumed).toBe(3);
    expect([total('negativeE2e'), total('lowestE2eNs')]).toEqual([3, ageNs]);
    expect(tally().latencies.e2e).toMatchObject({ count: 3, minNs: 1, maxNs: 1 });
  });

  it('is read early by the most of any, and not at all where it is late', () => {
    const { read, total } = rig();
    read(0, messages(0, 3, { intendedNs: 2 * second }), 3 * second);
    expect([total('negativeE2e'), total('lowestE2eNs')]).toEqual([0, 0]);
    for (const [at, earlyNs] of [7, 9_000, 20].entries())
      read(0, messages(3 + at, 4 + at, { intendedNs: 3 * second + earlyNs }), 3 * second);
    expect([total('negativeE2e'), total('lowestE2eNs')]).toEqual([3, -9_000]);
  });

  it('is found in its header where stamps travel there', () => {
    const { accounting, tally } = rig({ stampIn: 'header' });
    const stamp = stampOf({ sequence: 0, intendedNs: 5 });
    const name = Buffer.from(stampHeaderName);
    const headers = Buffer.concat([Buffer.from([2, name.length * 2]), name, Buffer.from([stampBytes * 2]), stamp]);
    const value = Buffer.from('short');
    accounting.batch(0, 0, 1, 100, 1_000);
    accounting.record(Buffer.concat([value, headers]), 0, value.length, value.length, value.length + headers.length);
    accounting.position(0, 1, 1);
    expect(tally().counts).toMatchObject({ consumed: 1, bytesConsumed: 5, foreign: 0 });
  });

  it('is one of many: as many as one likes are booked in one batch', () => {
    const { read, tally, total, accounting } = rig();
    read(0, messages(0, 10_000, { intendedNs: 10 }));
    expect(tally().counts.consumed).toBe(10_000);
    expect(tally().latencies.e2e.count).toBe(10_000);
    expect(total('consumed')).toBe(10_000);
    expect(accounting.trackers()).toEqual([
      { producerId: 1, partitionIndex: 0, next: 10_000, gaps: [], expired: [], passedOver: false, overflow: 0 },
    ]);
  });

  it('may have a sequence number beyond 32 bits', () => {
    const { read, accounting } = rig();
    accounting.adopt([
      { producerId: 1, partitionIndex: 0, next: 2 ** 40, gaps: [], expired: [], passedOver: false, overflow: 0 },
    ]);
    read(0, messages(2 ** 40, 2 ** 40 + 3));
    expect(accounting.trackers()).toMatchObject([{ next: 2 ** 40 + 3, gaps: [] }]);
  });
});

describe('what is not of this run', () => {
  it('is foreign, never an error, and happens when it is read', () => {
    const { accounting, booked, read, interval, total } = rig();
    read(0, [{ sequence: 0, runId: 'ffffffffffffffff' }, { sequence: 0, runId: '0123456789abcdee' }, { sequence: 0 }]);
    accounting.batch(0, 0, 2, 10, second);
    accounting.record(Buffer.from('no stamp of ours, but long enough'), 0, 33, 33, 33);
    accounting.record(Buffer.alloc(1), 0, -1, 0, 1);
    accounting.position(0, 5, 5);
    expect(total('foreign')).toBe(4);
    expect(booked()).toBe(5);
    expect(interval(7)?.counts).toMatchObject({ foreign: 4, consumed: 0 });
    expect(interval(0)?.counts).toMatchObject({ foreign: 0, consumed: 1 });
  });

  it('is a probe where it says so: told, and outside every other count', () => {
    const { read, probes, total, tally, accounting } = rig();
    read(3, messages(0, 2, { producerId: probeProducerId }));
    expect(probes).toEqual([3, 3]);
    expect(total('probesConsumed')).toBe(2);
    expect(tally().counts).toMatchObject({ consumed: 0, foreign: 0 });
    expect(accounting.trackers()).toEqual([]);
  });

  it('is corrupt or expired as the client says', () => {
    const { accounting, interval, total, events } = rig();
    accounting.corrupt(1, 20);
    accounting.expired(1, 300);
    accounting.event({ kind: 'producer-id', message: 'x' });
    expect(interval(7)?.counts).toMatchObject({ corrupt: 20, expired: 300 });
    expect([total('corrupt'), total('expired')]).toEqual([20, 300]);
    expect(events).toHaveLength(1);
  });
});

describe('what retention removed', () => {
  it('is told apart from what is lost, by partition, for producers seen before and after', () => {
    const one = rig();
    one.read(0, messages(0, 3));
    one.read(1, messages(0, 3));
    one.accounting.expired(0, 40);
    one.read(0, [{ sequence: 10 }, { sequence: 12 }, { sequence: 7, producerId: 2 }]);
    one.read(1, [{ sequence: 4 }]);
    const own = { producerId: -1, partitionIndex: 0, next: 40, gaps: [], expired: [], passedOver: false, overflow: 0 };
    expect(one.accounting.trackers()).toEqual([
      own,
      { producerId: 1, partitionIndex: 0, next: 13, gaps: [11, 12], expired: [3, 10], passedOver: false, overflow: 0 },
      { producerId: 1, partitionIndex: 1, next: 5, gaps: [3, 4], expired: [], passedOver: false, overflow: 0 },
      { producerId: 2, partitionIndex: 0, next: 8, gaps: [], expired: [0, 7], passedOver: false, overflow: 0 },
    ]);
    expect(one.total('gapMessages')).toBe(2);
    const two = one.another();
    two.accounting.adopt(structuredClone(one.accounting.release([0])));
    expect(one.accounting.trackers()).toMatchObject([{ producerId: 1, partitionIndex: 1 }]);
    two.accounting.expired(0, 2);
    expect(two.accounting.trackers()[0]).toEqual({ ...own, next: 42 });
    expect(two.accounting.trackers()).toMatchObject([{}, { passedOver: true }, { passedOver: true }]);
  });
});

describe('order', () => {
  it('is kept by producer and partition: gaps, duplicates and swaps', () => {
    const { read, tally, total, accounting } = rig();
    const of = (...sequences: number[]): Message[] => sequences.map((sequence) => ({ sequence }));
    read(0, of(0, 1, 1, 4, 3, 5));
    read(1, of(0, 1, 2));
    read(0, messages(0, 2, { producerId: 2 }));
    expect(tally().counts).toMatchObject({ consumed: 11, duplicated: 1, reordered: 1 });
    expect(total('gapMessages')).toBe(1);
    expect(accounting.trackers()).toEqual([
      { producerId: 1, partitionIndex: 0, next: 6, gaps: [2, 3], expired: [], passedOver: false, overflow: 0 },
      { producerId: 1, partitionIndex: 1, next: 3, gaps: [], expired: [], passedOver: false, overflow: 0 },
      { producerId: 2, partitionIndex: 0, next: 2, gaps: [], expired: [], passedOver: false, overflow: 0 },
    ]);
  });

  it('moves with a partition from one thread to another', () => {
    const one = rig();
    const two = one.another();
    one.read(0, [{ sequence: 3 }, { sequence: 1 }]);
    one.read(1, messages(0, 4));
    one.read(0, messages(0, 2, { producerId: 9 }));
    const states = one.accounting.release([0]);
    expect(one.total('gapMessages')).toBe(0);
    expect(one.accounting.trackers()).toMatchObject([{ partitionIndex: 1 }]);
    two.accounting.adopt(structuredClone(states));
    expect(two.total('gapMessages')).toBe(2);
    two.read(0, [{ sequence: 0 }, { sequence: 3 }, { sequence: 4 }]);
    expect(two.total('gapMessages')).toBe(1);
    expect(two.accounting.trackers()).toEqual([
      { producerId: 1, partitionIndex: 0, next: 5, gaps: [2, 3], expired: [], passedOver: false, overflow: 0 },
      { producerId: 9, partitionIndex: 0, next: 2, gaps: [], expired: [], passedOver: false, overflow: 0 },
    ]);
    expect(one.tally().counts).toMatchObject({ consumed: 11, duplicated: 1, reordered: 2 });
    expect(one.accounting.release([0, 3])).toEqual([]);
  });

  it('closes the account: what was dropped on the way is missing, exactly, however partitions wander', () => {
    for (const seed of seeds) {
      const { whole } = random(seed);
      const one = rig();
      const two = one.another();
      const owners = [one, two, one, two];
      const next = new Map<string, number>();
      let dropped = 0;
      let doubled = 0;
      let written = 0;
      for (let turn = 0; turn < 200; turn++) {
        const partition = whole(0, 3);
        const producerId = whole(1, 3);
        const key = `${producerId} ${partition}`;
        const from = next.get(key) ?? 0;
        const to = from + whole(1, 20);
        next.set(key, to);
        written += to - from;
        let batch = messages(from, to, { producerId });
        if (whole(1, 5) === 1) {
          const lost = whole(1, batch.length);
          batch = batch.slice(lost);
          dropped += lost;
        }
        if (whole(1, 5) === 1) {
          doubled += batch.length;
          batch = [...batch, ...batch];
        }
        if (whole(1, 5) === 1 && batch.length > 1) batch.push(...batch.splice(0, 1));
        owners[partition]?.read(partition, batch);
        if (whole(1, 10) === 1) {
          const moving = whole(0, 3);
          const [from, to] = owners[moving] === one ? [one, two] : [two, one];
          to.accounting.adopt(from.accounting.release([moving]));
          owners[moving] = to;
        }
      }
      const acked = [...next].map(([key, end]) => {
        const [producerId = 0, partitionIndex = 0] = key.split(' ').map(Number);
        return { producerId, partitionIndex, lastAcked: end - 1 };
      });
      const trackers = [...one.accounting.trackers(), ...two.accounting.trackers()];
      expect(closeAccount(acked, [], trackers).missing).toBe(dropped);
      const { consumed, duplicated } = one.tally().counts;
      expect(duplicated).toBe(doubled);
      expect(consumed - duplicated).toBe(written - dropped);
      expect(one.total('consumed') + two.total('consumed')).toBe(consumed);
    }
  });
});

describe('messages that come through a pipeline', () => {
  const pipeline = () => rig({ throughPipeline: true });
  const seenIn = (accounting: ConsumerAccounting) =>
    accounting
      .seen()
      .map(countedSequences)
      .map(({ producerId, partitionIndex, countIn }) => [producerId, partitionIndex, countIn(0, 1_000)]);

  it('are told apart by the partition that they were sent to, wherever they are read', () => {
    const { accounting, read, tally, total } = pipeline();
    // Two input partitions, dealt over two of the output in turn.
    const odd = (partition: number) => messages(0, 20, { partition }).filter(({ sequence }) => sequence % 2 === 1);
    const even = (partition: number) => messages(0, 20, { partition }).filter(({ sequence }) => sequence % 2 === 0);
    read(0, [...odd(5), ...even(9)]);
    read(1, [...odd(9), ...even(5)]);
    expect(tally().counts).toMatchObject({ consumed: 40, duplicated: 0, reordered: 0 });
    expect(seenIn(accounting)).toEqual([
      [1, 5, 20],
      [1, 9, 20],
    ]);
    expect([total('gapMessages'), accounting.trackers()]).toEqual([0, []]);
  });

  it('are duplicated where they come again, reordered where a later one came before in the same partition', () => {
    const { read, tally, total } = pipeline();
    read(0, [{ sequence: 0 }, { sequence: 2 }, { sequence: 1 }]);
    read(3, [{ sequence: 1 }, { sequence: 3 }]);
    expect(tally().counts).toMatchObject({ consumed: 5, duplicated: 1, reordered: 1 });
    expect([total('duplicated'), total('reordered')]).toEqual([1, 1]);
  });

  it('are booked each in its own second, though those of several producers are mixed', () => {
    const { read, interval } = pipeline();
    const times = [1.5, 3.5, 1.6, 2.5, 1.7].map((at) => at * second);
    read(
      0,
      times.map((intendedNs, sequence) => ({ sequence, intendedNs })),
      9 * second,
    );
    expect([1, 2, 3].map((number) => interval(number)?.counts.consumed)).toEqual([3, 1, 1]);
    expect([1, 2, 3].map((number) => interval(number)?.latencies.e2e.count)).toEqual([3, 1, 1]);
  });

  it('leave their account where it is when a partition changes hands, but for what retention removed', () => {
    const { accounting, read } = pipeline();
    read(0, messages(0, 5));
    accounting.expired(0, 7);
    expect(accounting.release([0])).toEqual([expect.objectContaining({ producerId: -1, partitionIndex: 0, next: 7 })]);
    expect(seenIn(accounting)).toEqual([[1, 0, 5]]);
  });

  it('show that a probe came from the partition that it was sent to', () => {
    const { probes, read, booked } = pipeline();
    read(2, [{ producerId: probeProducerId, partition: 11, sequence: 0 }]);
    expect(probes).toEqual([11]);
    expect(booked()).toBe(0);
  });
});
