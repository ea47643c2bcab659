/** A producer lane over a client that does as it is told and a clock that is moved by hand. */
import type {
  BatchResult,
  Fate,
  MessageRun,
  ProducerClient,
  ProducerKnobs,
  ProducerListener,
} from '../../../source/clients/types.ts';
import type { Keys } from '../../../source/config/plan.ts';
import { LaneLedger, type LedgerHost, producerTags } from '../../../source/load/lane-ledger.ts';
import { type LaneHost, ProducerLane } from '../../../source/load/producer-lane.ts';
import type { Segment } from '../../../source/load/schedule.ts';
import { TickLog } from '../../../source/load/tick-log.ts';
import { UnderWay } from '../../../source/load/under-way.ts';
import { totalAt } from '../../../source/measure/figures.ts';
import { createSkewBuffer, SkewFigures } from '../../../source/measure/skew-figures.ts';
import { SpanCursor } from '../../../source/measure/spans.ts';
import { IntervalBook, type Tally } from '../../../source/session/interval-book.ts';
import { plainShape } from '../../clients/wire/support/making.ts';
import { recordingThread, spanTable } from '../../measure/support/figures-rig.ts';

export const ms = 1e6;
export const second = 1e9;

/** A batch that the client took: one run each. */
export interface TakenRun {
  readonly partitionIndex: number;
  readonly producerId: number;
  readonly epoch: number;
  readonly firstSequence: number;
  readonly intendedNs: Float64Array;
  readonly offeredNs: Float64Array;
  readonly keys: readonly number[] | null;
}

/** Takes runs as far as its buffer goes, each as a batch; what becomes of them is up to the test. */
export class FakeProducer implements ProducerClient {
  readonly listener: ProducerListener;
  /** Taken and not answered, oldest first. */
  readonly open: TakenRun[] = [];
  readonly taken: TakenRun[] = [];
  capacity = 1_000;
  /** Messages that fit the buffer. */
  buffer = Number.POSITIVE_INFINITY;
  acks: 0 | 1 | 'all' = 'all';
  flushes = 0;
  sendQueueBytes = 0;
  lastPollNs = Number.NaN;
  /** Called at each offer. */
  offered = (): void => undefined;

  constructor(listener: ProducerListener) {
    this.listener = listener;
  }

  get inFlight(): number {
    return this.open.reduce((sum, { intendedNs }) => sum + intendedNs.length, 0);
  }

  async connect(): Promise<void> {}

  offer(run: MessageRun): number {
    this.offered();
    const count = Math.min(run.count, Math.max(0, this.buffer - this.inFlight));
    if (count === 0) return 0;
    const end = run.start + count;
    const taken: TakenRun = {
      partitionIndex: run.partitionIndex,
      producerId: run.producerId,
      epoch: run.epoch,
      firstSequence: run.firstSequence,
      intendedNs: run.intendedNs.slice(run.start, end),
      offeredNs: run.offeredNs.slice(run.start, end),
      keys: run.keyIndex === null ? null : [...run.keyIndex.slice(run.start, end)],
    };
    this.open.push(taken);
    this.taken.push(taken);
    return count;
  }

  poll(nowNs: number): void {
    this.lastPollNs = nowNs;
  }

  nextDeadlineNs(): number {
    return Number.POSITIVE_INFINITY;
  }

  /** What it was told, and how many messages it had taken before. */
  readonly configured: { readonly knobs: ProducerKnobs; readonly taken: number }[] = [];

  configure(knobs: ProducerKnobs): void {
    this.configured.push({ knobs, taken: this.taken.reduce((sum, { intendedNs }) => sum + intendedNs.length, 0) });
  }

  batchCapacity(): number {
    return this.capacity;
  }

  flush(): void {
    this.flushes++;
  }

  gauges() {
    return {
      inFlightMessages: this.inFlight,
      inFlightRequests: 0,
      bufferedBytes: 0,
      sendQueueBytes: this.sendQueueBytes,
      idempotent: true,
    };
  }

  async close(): Promise<void> {}

  /** Writes the oldest open batch and answers it. */
  answer(doneNs: number, fate: Fate = 'acked', changes: Partial<BatchResult> = {}): void {
    const run = this.open.shift();
    if (run === undefined) throw new Error('nothing is open');
    const result = this.#result(run, doneNs, fate, changes);
    if (!Number.isNaN(result.writtenNs)) this.listener.written(result);
    this.listener.completed(result);
  }

  /** Answers all open batches. */
  answerAll(doneNs: number, fate: Fate = 'acked', changes: Partial<BatchResult> = {}): void {
    while (this.open.length > 0) this.answer(doneNs, fate, changes);
  }

  retry(doneNs: number, errorCode = 0): void {
    const run = this.open[0];
    if (run !== undefined) this.listener.retried(this.#result(run, doneNs, 'acked', { attempts: 2, errorCode }));
  }

  #result(run: TakenRun, doneNs: number, fate: Fate, changes: Partial<BatchResult>): BatchResult {
    const count = run.intendedNs.length;
    return {
      partitionIndex: run.partitionIndex,
      brokerId: 1,
      connection: 1,
      producerId: run.producerId,
      firstSequence: run.firstSequence,
      count,
      bytes: count * 100 + 61,
      plainBytes: count * 100 + 61,
      valueBytes: 100,
      fill: 0.5,
      intendedNs: run.intendedNs,
      offeredNs: run.offeredNs,
      epochs: new Uint16Array(count).fill(run.epoch),
      writtenNs: run.offeredNs[0] ?? Number.NaN,
      doneNs,
      attempts: 1,
      throttleMs: 0,
      baseOffset: -1,
      logAppendTimeMs: -1,
      acks: this.acks,
      fate,
      errorCode: fate === 'acked' ? 0 : -2,
      ...changes,
    };
  }
}

export interface RigOptions {
  readonly partitions?: number;
  readonly maxBehindNs?: number;
  readonly messageLimit?: number | null;
  readonly maxRateHz?: number | null;
  readonly keys?: Keys;
  readonly slots?: number;
  readonly claimed?: BigInt64Array;
}

/** One thread with a lane for each slot. */
export function laneRig(options: RigOptions = {}) {
  const { buffer, table } = spanTable();
  const book = new IntervalBook(table);
  const { shared, figures, recorder } = recordingThread(buffer, producerTags);
  book.addThread(0, shared);
  const clock = { nowNs: 0 };
  const told = {
    missed: 0,
    acked: [] as (readonly number[])[],
    failed: [] as { errorCode: number; messages: number; fate: string }[],
    retried: [] as { errorCode: number; messages: number }[],
    probesRefused: [] as (readonly [partitionIndex: number, errorCode: number])[],
  };
  const ticks = new TickLog();
  const spans = new SpanCursor(buffer);
  const skew = new SkewFigures(createSkewBuffer(options.partitions ?? 1));
  const host: LaneHost & LedgerHost = {
    figures,
    recorder,
    underWay: new UnderWay(),
    skew,
    ticks,
    partitions: Array.from({ length: options.partitions ?? 1 }, (_, partition) => ({ topic: 't', partition })),
    maxBehindNs: options.maxBehindNs ?? 3_600e9,
    messageLimit: options.messageLimit ?? null,
    maxRateHz: options.maxRateHz ?? null,
    claimed: options.claimed ?? new BigInt64Array(new SharedArrayBuffer(8)),
    offeredLateNs: 5 * ms,
    nowNs: () => clock.nowNs,
    nextChangeNs: (afterNs) => spans.nextStartNs(afterNs),
    event: () => undefined,
    failed: ({ errorCode, count }, fate) => {
      told.failed.push({ errorCode, messages: count, fate });
    },
    retried: ({ errorCode, count }) => {
      told.retried.push({ errorCode, messages: count });
    },
    acked: (...batch) => {
      told.acked.push(batch);
    },
    missed: (messages) => {
      told.missed += messages;
    },
    probeRefused: (partitionIndex, errorCode) => {
      told.probesRefused.push([partitionIndex, errorCode]);
    },
  };
  const lanes = Array.from({ length: options.slots ?? 1 }, (_, slot) => {
    const producerId = 10 + slot;
    const ledger = new LaneLedger(host, producerId, host.partitions.length);
    const client = new FakeProducer(ledger);
    const shape = { ...plainShape(100), keys: options.keys ?? ({ kind: 'none' } as const) };
    const lane = new ProducerLane(host, { slot, producerId }, shape, ledger, client);
    return { lane, client, ledger };
  });
  const [first] = lanes;
  if (first === undefined) throw new Error('a rig has a lane');
  return {
    ...first,
    lanes,
    table,
    told,
    clock,
    host,
    skew,
    totals: figures.totals,
    total: (field: keyof typeof totalAt) => figures.totals[totalAt[field]] ?? 0,
    addSegment: (one: Segment) => {
      for (const { lane } of lanes) lane.addSegment(one);
    },
    /** What the thread does at every turn. Answers whether more is due. */
    tick: (nowNs: number): boolean => {
      clock.nowNs = nowNs;
      ticks.note(nowNs);
      const more = lanes.map(({ lane }) => lane.tick(nowNs));
      if (!lanes.some(({ lane }) => lane.blocked)) ticks.clear();
      return more.includes(true);
    },
    /** Everything recorded so far. */
    tally: (): Tally => {
      book.refresh();
      return book.merge(0, 100_000);
    },
    interval: (number: number): Tally | undefined => {
      book.refresh();
      return book.interval(number);
    },
  };
}

/** Intended times of everything that clients took, in order. */
export function takenTimes(...clients: readonly FakeProducer[]): number[] {
  return clients.flatMap(({ taken }) => taken.flatMap(({ intendedNs }) => [...intendedNs])).sort((a, b) => a - b);
}
