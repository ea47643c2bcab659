import { describe, expect, it } from 'vitest';
import type { ClientEvent } from '../../../source/clients/types.ts';
import { Batch, type ProducerState } from '../../../source/clients/wire/batch.ts';
import { BatchFates } from '../../../source/clients/wire/batch-fates.ts';
import { batchOffsets } from '../../../source/clients/wire/batch-header.ts';
import { BatchTemplate } from '../../../source/clients/wire/batch-template.ts';
import type { BrokerLane } from '../../../source/clients/wire/broker-lane.ts';
import { noCodec } from '../../../source/clients/wire/codecs.ts';
import { PartitionQueue } from '../../../source/clients/wire/partition-queue.ts';
import { RunZero } from '../../../source/clients/wire/run-zero.ts';
import { nextSequence } from '../../../source/clients/wire/sequence.ts';
import { errorName } from '../../../source/protocol/error-names.ts';
import { FakeDirectory } from './support/fakes.ts';
import { makeRun, plainShape, stamp } from './support/making.ts';

const outOfOrder = 45;
const duplicate = 46;
const zero = new RunZero(stamp);
const template = new BatchTemplate({
  shape: plainShape(50),
  batchSizeBytes: 2_000,
  prefixRoom: 100,
  runId: stamp.runId,
});

/** One partition's queue, and answers given by hand. Messages come in batches of three. */
class Rig {
  readonly queue = new PartitionQueue<BrokerLane>(0, Buffer.from('t'), 0);
  readonly events: ClientEvent[] = [];
  readonly completed: Batch[] = [];
  identity: ProducerState;
  readonly #fates: BatchFates;
  #messages = 0;

  constructor(epoch = 0) {
    this.identity = { idHigh: 0, idLow: 77, epoch };
    this.#fates = new BatchFates({
      queueOf: () => this.queue,
      directory: new FakeDirectory([1]),
      tuning: { retryBackoffMs: 0, retryBackoffMaxMs: 0 },
      nowNs: () => 0,
      completed: (batch) => this.completed.push(batch),
      event: (event) => this.events.push(event),
    });
  }

  add(count = 3): Batch {
    const batch = new Batch(template);
    batch.reset(0, 0, this.#messages, { acks: 'all', idempotent: true, codec: noCodec });
    batch.append(makeRun({ count, firstSequence: this.#messages }), 0, count, zero);
    batch.deliveryDeadlineNs = Number.POSITIVE_INFINITY;
    this.#messages += count;
    this.queue.add(batch);
    return batch;
  }

  /** Sends what may be sent; answers what is in flight, as the broker reads it: epoch and first sequence. */
  send(): (readonly [epoch: number, sequence: number])[] {
    for (;;) {
      const head = this.queue.waiting[0];
      if (head === undefined || this.queue.holds(head, this.identity)) break;
      this.queue.depart(this.identity, zero);
    }
    return this.queue.inFlight.map(
      ({ view, template: { batchAt } }) =>
        [
          view.getInt16(batchAt + batchOffsets.producerEpoch),
          view.getInt32(batchAt + batchOffsets.baseSequence),
        ] as const,
    );
  }

  answer(batch: Batch, errorCode = 0): void {
    this.#fates.answered(batch, errorCode, 0, -1);
  }

  lose(batch: Batch): void {
    this.#fates.lost(batch, false);
  }

  giveUp(batch: Batch): void {
    this.#fates.giveUp(this.queue, batch);
  }

  /** How often numbering was started again. */
  get restarts(): number {
    return this.events.filter(({ kind }) => kind === 'producer-id').length;
  }
}

/** A producer whom the broker knows, with so many batches in flight. */
function flying(batches: number): { rig: Rig; sent: Batch[] } {
  const rig = new Rig();
  const first = rig.add();
  rig.send();
  rig.answer(first);
  const sent = Array.from({ length: batches }, () => rig.add());
  expect(rig.send()).toEqual(sent.map((_, at) => [0, 3 + 3 * at]));
  return { rig, sent };
}

describe('an error', () => {
  it('that can be survived is told with its partition and its messages; the last word on a batch is told by that', () => {
    const { rig, sent } = flying(2);
    const [first, second] = sent;
    if (first === undefined || second === undefined) throw new Error('two were sent');
    rig.answer(first, 19);
    const event = { kind: 'error', errorCode: 19, partitionIndex: 0, messages: 3, message: 'NOT_ENOUGH_REPLICAS' };
    expect(rig.events).toEqual([event]);
    rig.answer(second, 10);
    expect(rig.events).toEqual([event]);
    expect(rig.completed.at(-1)).toMatchObject({ fate: 'failed', errorCode: 10 });
  });
});

describe('an idempotent producer that the broker finds out of sequence', () => {
  it('sends one batch alone until the broker knows it', () => {
    const rig = new Rig();
    const [first] = [rig.add(), rig.add()];
    expect(rig.send()).toEqual([[0, 0]]);
    rig.answer(first);
    expect(rig.send()).toEqual([[0, 3]]);
  });

  it.each([
    ['OUT_OF_ORDER_SEQUENCE_NUMBER', 45],
    ['INVALID_PRODUCER_EPOCH', 47],
    ['UNKNOWN_PRODUCER_ID', 59],
  ])('numbers all again under the next epoch, once, where the first in line has %s (%i)', (_, errorCode) => {
    const { rig, sent } = flying(5);
    for (const batch of sent) rig.answer(batch, errorCode);
    expect(rig.restarts).toBe(1);
    expect(rig.completed).toHaveLength(1);
    // Alone again, until the broker knows the new epoch; then the others, in order.
    expect(rig.send()).toEqual([[1, 0]]);
    const [first, ...others] = sent;
    if (first === undefined) throw new Error('five were sent');
    expect(rig.queue.inFlight).toEqual([first]);
    rig.answer(first);
    for (const [at, batch] of others.entries()) {
      expect(rig.send()[0]).toEqual([1, 3 + 3 * at]);
      expect(rig.queue.inFlight[0]).toBe(batch);
      rig.answer(batch);
    }
    expect(rig.completed.slice(1)).toEqual(sent);
    expect(sent.every(({ fate }) => fate === 'acked')).toBe(true);
    expect(rig.restarts).toBe(1);
  });

  it.each([45, 47, 59])('only sends later ones again while an earlier one is unsettled (%i)', (errorCode) => {
    const { rig, sent } = flying(3);
    const [first, second, third] = sent;
    if (first === undefined || second === undefined || third === undefined) throw new Error('three were sent');
    rig.answer(third, errorCode);
    rig.answer(second, errorCode);
    expect(rig.restarts).toBe(0);
    expect(rig.queue.waiting).toEqual([second, third]);
    expect(rig.send()).toEqual([[0, 3]]);
    rig.answer(first);
    expect(rig.send()[0]).toEqual([0, 6]);
    rig.answer(second);
    expect(rig.send()).toEqual([[0, 9]]);
    rig.answer(third);
    expect(rig.restarts).toBe(0);
    expect(rig.completed.slice(1)).toEqual(sent);
  });

  it('takes a duplicate for what it is: stored by an attempt whose answer was lost', () => {
    const { rig, sent } = flying(1);
    const [batch] = sent;
    if (batch === undefined) throw new Error('one was sent');
    rig.lose(batch);
    expect(rig.send()).toEqual([[0, 3]]);
    rig.answer(batch, duplicate);
    expect(batch).toMatchObject({ fate: 'acked', attempts: 2, errorCode: 0 });
    expect(rig.restarts).toBe(0);
  });

  it('needs another producer id when the epochs of its own are used up', () => {
    const rig = new Rig(32_767);
    const batch = rig.add();
    expect(rig.send()).toEqual([[32_767, 0]]);
    rig.answer(batch, outOfOrder);
    expect(rig.queue.needsNewIdentity(rig.identity)).toBe(true);
    expect(rig.send()).toEqual([]);
    rig.identity = { idHigh: 0, idLow: 78, epoch: 4 };
    expect(rig.queue.needsNewIdentity(rig.identity)).toBe(false);
    expect(rig.send()).toEqual([[4, 0]]);
    expect(batch.view.getInt32(template.batchAt + batchOffsets.producerId + 4)).toBe(78);
  });
});

describe('sequence numbers', () => {
  const last = 2 ** 31 - 1;

  it.each([
    [0, 5, 5],
    [last - 5, 5, last],
    [last - 4, 5, 0],
    [last, 1, 0],
    [last - 1, 3, 1],
    [last, 1000, 999],
  ])('%i and %i records: %i comes next', (sequence, count, next) => {
    expect(nextSequence(sequence, count)).toBe(next);
  });

  it('go on from 0 after 2³¹ − 1, in the middle of a batch too', () => {
    const rig = new Rig();
    const long = rig.add();
    // As if this one batch were all the messages of weeks.
    long.count = last - 1;
    rig.send();
    rig.answer(long);
    rig.add();
    rig.add();
    expect(rig.send()).toEqual([
      [0, last - 1],
      [0, 1],
    ]);
  });
});

describe('what is given up at the end', () => {
  it('has a reason each: never sent, refused before, or without an answer', () => {
    const notLeader = 6;
    const { rig, sent } = flying(2);
    const [refused, open] = sent;
    if (refused === undefined || open === undefined) throw new Error('two are in flight');
    rig.answer(refused, notLeader);
    const waiting = rig.add();
    for (const batch of [refused, open, waiting]) rig.giveUp(batch);
    expect(rig.completed.slice(1).map(({ fate, errorCode }) => [fate, errorName(errorCode)])).toEqual([
      ['failed', 'NOT_LEADER_OR_FOLLOWER'],
      ['unknown', 'CONNECTION_LOST'],
      ['failed', 'NEVER_SENT'],
    ]);
  });
});
