/** The load of a session: producer and consumer crews on a timeline, from the first probe to the closing account. */

import { offeredToleranceMs } from '../analysis/client-verdict.ts';
import { type ClosingAccount, closeAccount } from '../analysis/closing-account.ts';
import { closePipelineAccount } from '../analysis/pipeline-account.ts';
import type { ConsumerKnobs, PartitionTable, ProducerKnobs, StampIdentity } from '../clients/types.ts';
import type { Plan } from '../config/plan.ts';
import type { SecurityMaterial } from '../config/security/material.ts';
import { tightestLimitMs } from '../config/slo.ts';
import { messageOf } from '../errors.ts';
import { consumerTags } from '../load/consumer-accounting.ts';
import { producerTags } from '../load/lane-ledger.ts';
import { choosePacing } from '../load/pacer.ts';
import type { GivenUp, ProducerSetup } from '../load/protocol.ts';
import { createReadLimit, ReadCount } from '../load/read-count.ts';
import { countedSequences } from '../load/seen-sequences.ts';
import { anyProducerId } from '../load/sequence-tracker.ts';
import type { AckedOffsetsBuffer } from '../measure/acked-offsets.ts';
import type { ClockAnchor } from '../measure/clock.ts';
import { createFiguresBuffer, type FiguresBuffer } from '../measure/figures.ts';
import { closeFigures } from '../measure/last-word.ts';
import { createSkewBuffer, type SkewBuffer } from '../measure/skew-figures.ts';
import type { SpanBuffer } from '../measure/spans.ts';
import { ConsumerCrew } from './consumer-crew.ts';
import type { KnobBoard } from './knob-board.ts';
import { type LoadThread, type LoadThreadListener, orderAll } from './load-thread.ts';
import { Probes } from './probes.ts';
import { ProducerCrew } from './producer-crew.ts';
import { within } from './wait.ts';

export interface LoadSideOptions {
  readonly plan: Plan;
  readonly cores: number;
  readonly bootstrap: readonly string[];
  readonly security: SecurityMaterial;
  /** That are written to. */
  readonly partitions: PartitionTable;
  /** That are read: the same, or those behind a pipeline. */
  readonly readPartitions: PartitionTable;
  readonly stamp: StampIdentity;
  readonly anchor: ClockAnchor;
  readonly spans: SpanBuffer;
  readonly board: KnobBoard;
  /** Offset of the next record by partition index, at the start. */
  readonly startPositions: readonly number[];
  /** Shared with the observer. */
  readonly positions: SharedArrayBuffer;
  /** Shared with the observer, a row a producer thread. */
  readonly acked: AckedOffsetsBuffer;
  readonly listener: LoadThreadListener;
  /** What went wrong last, as far as is known. */
  lastTrouble(): string | null;
  /** A thread's figures exist from now on. */
  published(thread: number, figures: FiguresBuffer): void;
  /** What a producer thread has acknowledged by partition and by broker exists from now on. */
  publishedSkew(skew: SkewBuffer): void;
}

/** What producers and consumers said at the end. */
export interface FinalAccount {
  readonly account: ClosingAccount;
  readonly givenUp: readonly GivenUp[];
  readonly givenUpOverflow: number;
}

/** Probe messages that were sent, and those that came back. */
export interface ProbeResult {
  readonly sent: number;
  readonly seen: number;
}

/** How long probes through a pipeline are waited for. */
export const pipelineProbeMs = 10_000;
/** None has come for so long after one that did: the others may be filtered. */
const pipelineQuietMs = 2_000;

/** More partitions than this are not probed one by one: every consumer's first ones are. */
const maxProbes = 2_000;

/** A thread that is to end and has not is left alone. */
const endWaitMs = 3_000;

export class LoadSide {
  readonly producers: ProducerCrew;
  readonly consumers: ConsumerCrew;
  readonly pacing: 'timer' | 'spin';
  readonly highWatermarks: Float64Array;
  /** Records read towards `--messages`; null: reading has no limit. */
  readonly readCount: ReadCount | null;
  readonly #options: LoadSideOptions;
  readonly #figures = new Map<number, FiguresBuffer>();
  readonly #claimed = new SharedArrayBuffer(8);
  readonly #probes: Probes;
  #threads = 0;
  #ackedRows = 0;

  constructor(options: LoadSideOptions) {
    this.#options = options;
    const { plan, board, partitions, readPartitions } = options;
    const throughPipeline = plan.consumeTopic !== null;
    this.#probes = new Probes(partitions);
    const maxThreads = plan.threads;
    this.pacing = choosePacing(plan.pacing, options.cores, Math.min(maxThreads, plan.producers));
    const watermarks = new SharedArrayBuffer(Math.max(8, readPartitions.length * 8));
    this.highWatermarks = new Float64Array(watermarks).fill(Number.NaN);
    const listener: LoadThreadListener = {
      report: (thread, report) => {
        if (report.kind === 'probe-seen') this.#probes.saw(report.partitionIndex);
        else if (report.kind === 'probe-refused') this.#probes.refused(report.partitionIndex, report.errorCode);
        else options.listener.report(thread, report);
      },
      died: (thread, error) => options.listener.died(thread, error),
    };
    this.producers = new ProducerCrew(
      {
        maxThreads,
        listener,
        setup: () => ({
          ...this.#setup('producers'),
          partitions,
          role: 'producers',
          knobs: producerKnobs(plan, board),
          pacing: this.pacing,
          maxBehindNs: plan.maxBehindMs * 1e6,
          offeredLateNs: offeredToleranceMs(tightestLimitMs(plan.slos)) * 1e6,
          messageLimit: plan.messages,
          maxRateHz: plan.maxRate,
          claimed: this.#claimed,
          acked: this.#ackedRow(),
          skew: this.#skew(),
        }),
      },
      producerKnobs(plan, board),
    );
    // Who only consumes stops by what was read; else producers stop, and all they sent is read.
    const readLimit = plan.mode === 'consume-only' && plan.messages !== null ? createReadLimit(plan.messages) : null;
    this.readCount = readLimit === null ? null : new ReadCount(readLimit);
    this.consumers = new ConsumerCrew(
      {
        // What came of a producer's messages is in any partition there: one account knows of all of them.
        maxThreads: throughPipeline ? 1 : maxThreads,
        partitions: readPartitions.length,
        listener,
        setup: () => ({
          ...this.#setup('consumers'),
          partitions: readPartitions,
          role: 'consumers',
          knobs: consumerKnobs(plan, board),
          stampIn: plan.stamp,
          throughPipeline,
          positions: options.positions,
          highWatermarks: watermarks,
          readLimit,
        }),
      },
      consumerKnobs(plan, board),
      options.startPositions.map((position, partitionIndex) => ({ partitionIndex, position })),
    );
  }

  get threads(): readonly LoadThread[] {
    return [...this.producers.threads, ...this.consumers.threads];
  }

  /** Opens consumers and producers; resolves when all are connected. */
  async open(): Promise<void> {
    const { board } = this.#options;
    await Promise.all([this.consumers.set(board.number('consumers')), this.producers.open(board.number('producers'))]);
  }

  /**
   * Shows that consumers read: a probe message to the partitions, awaited. What a pipeline does with it nobody knows: there
   * it is awaited for a while, and no longer.
   */
  async probe(): Promise<ProbeResult> {
    const { board, partitions, plan } = this.#options;
    if (board.number('producers') === 0 || board.number('consumers') === 0) return { sent: 0, seen: 0 };
    const probed = Math.min(partitions.length, Math.max(maxProbes, board.number('consumers')));
    const indexes = Array.from({ length: probed }, (_, index) => index);
    const seen =
      plan.consumeTopic === null
        ? this.#probes.await(indexes, () => this.#options.lastTrouble()).then(() => probed)
        : this.#probes.awaitFor(indexes, pipelineProbeMs, pipelineQuietMs);
    const [, came] = await Promise.all([this.producers.probe(indexes), seen]);
    return { sent: probed, seen: came };
  }

  /** Before the load begins: what beginning took is not collected while it is measured. Never rejects. */
  async collectGarbage(note: (message: string) => void): Promise<void> {
    const collected = orderAll(this.threads, () => ({ kind: 'collect-garbage' }));
    await within(collected, endWaitMs, 'a load thread does not answer').catch((error: unknown) => {
      note(messageOf(error));
    });
  }

  /**
   * Ends all producers and asks both sides for their books. `caughtUp` resolves once consumers have read all, or get no
   * further, with the number of records that lie beyond each partition's position.
   */
  async finish(waitMs: number, caughtUp: () => Promise<readonly number[]>): Promise<FinalAccount> {
    const finished = await this.producers.finish(waitMs);
    const beyond = await caughtUp();
    const { trackers: states, seen } = await this.consumers.account();
    await this.#closeForDead();
    const trackers = states.filter(({ producerId }) => producerId !== anyProducerId);
    const expired = states
      .filter(({ producerId }) => producerId === anyProducerId)
      .map(({ partitionIndex, next }) => ({ partitionIndex, count: next }));
    const givenUp = finished.flatMap((answer) => answer.givenUp);
    const acked = finished.flatMap((answer) =>
      answer.tails.flatMap(({ producerId, partitionIndexes, lastAcked }) =>
        partitionIndexes.map((partitionIndex, at) => ({ producerId, partitionIndex, lastAcked: lastAcked[at] ?? -1 })),
      ),
    );
    const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);
    const account =
      this.#options.plan.consumeTopic === null
        ? closeAccount(acked, givenUp, trackers, expired, beyond)
        : closePipelineAccount(
            acked,
            givenUp,
            seen.map(countedSequences),
            sum(expired.map(({ count }) => count)),
            sum(beyond),
          );
    return {
      account,
      givenUp,
      givenUpOverflow: finished.reduce((sum, answer) => sum + answer.givenUpOverflow, 0),
    };
  }

  /** Ends all threads; rejects where one cannot be ended. */
  async stop(): Promise<void> {
    const stopped = Promise.all([this.producers.stop(), this.consumers.stop()]);
    await within(stopped, endWaitMs, 'a load thread does not end');
  }

  /** What was open with threads that died has nobody else to give it a fate. */
  async #closeForDead(): Promise<void> {
    for (const thread of this.threads) {
      const figures = this.#figures.get(thread.number);
      if (!thread.dead || figures === undefined) continue;
      const ended = thread.ended.then(() => closeFigures(figures));
      await Promise.race([ended, new Promise((goOn) => setTimeout(goOn, endWaitMs))]);
    }
  }

  /** null for one that takes the place of a dead thread: its row has had its writer. */
  #ackedRow(): ProducerSetup['acked'] {
    const { acked } = this.#options;
    const row = this.#ackedRows++;
    return row < acked.writers ? { table: acked, row } : null;
  }

  #skew(): SkewBuffer {
    const skew = createSkewBuffer(this.#options.partitions.length);
    this.#options.publishedSkew(skew);
    return skew;
  }

  #setup(role: 'producers' | 'consumers') {
    const { plan, bootstrap, security, stamp, anchor, spans } = this.#options;
    const thread = this.#threads++;
    const figures = createFiguresBuffer(role === 'producers' ? producerTags : consumerTags);
    this.#figures.set(thread, figures);
    this.#options.published(thread, figures);
    return { thread, client: plan.client, bootstrap, security, tuning: plan.tuning, stamp, anchor, spans, figures };
  }
}

/** Producer settings as the board has them now. */
export function producerKnobs(plan: Plan, board: KnobBoard): ProducerKnobs {
  return {
    batchSizeBytes: board.number('batchSize'),
    lingerNs: board.number('lingerMs') * 1e6,
    acks: board.acks,
    compression: board.compression,
    maxInFlight: board.number('inFlight'),
    shape: {
      messageSizeBytes: board.number('messageSize'),
      payloadEntropy: plan.payloadEntropy,
      keys: plan.keys,
      headers: plan.headers,
      stamp: plan.stamp,
    },
  };
}

export function consumerKnobs(plan: Plan, board: KnobBoard): ConsumerKnobs {
  return {
    fetchMinBytes: board.number('fetchMinBytes'),
    fetchMaxWaitMs: board.number('fetchMaxWaitMs'),
    fetchMaxBytes: plan.tuning.fetchMaxBytes,
    maxPartitionFetchBytes: board.number('maxPartitionFetch'),
  };
}
