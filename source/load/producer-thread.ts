/** A producer thread: hosts lanes, drives them with a pacer, answers commands. Entry point of a worker. */
import type { ClientFactory, ProducerGauges, ProducerKnobs } from '../clients/types.ts';
import { wireFactory } from '../clients/wire/factory.ts';
import { AckedOffsets } from '../measure/acked-offsets.ts';
import { realClock } from '../measure/clock.ts';
import { Figures, totalAt } from '../measure/figures.ts';
import { Recorder } from '../measure/recorder.ts';
import { SkewFigures } from '../measure/skew-figures.ts';
import { SpanCursor } from '../measure/spans.ts';
import { ErrorTallies } from './error-tallies.ts';
import { LaneLedger, type LedgerHost } from './lane-ledger.ts';
import { startPacer } from './pacer.ts';
import { type LaneHost, ProducerLane } from './producer-lane.ts';
import type { AckedTail, Answer, ErrorTally, GivenUp, KnobsOfEpoch, LanePlace, ProducerSetup } from './protocol.ts';
import type { Segment } from './schedule.ts';
import { ThreadHealth } from './thread-health.ts';
import { type Reporter, serveThread, type ThreadCommand } from './thread-port.ts';
import { TickLog } from './tick-log.ts';
import { UnderWay } from './under-way.ts';

const gaugeEveryNs = 10e6;

export class ProducerThread {
  readonly #setup: ProducerSetup;
  readonly #factory: ClientFactory;
  readonly #figures: Figures;
  readonly #host: LaneHost & LedgerHost;
  readonly #ticks = new TickLog();
  readonly #underWay = new UnderWay();
  readonly #health: ThreadHealth;
  readonly #tallies: ErrorTallies;
  readonly #lanes = new Map<number, ProducerLane>();
  readonly #tails: AckedTail[] = [];
  readonly #givenUp: GivenUp[] = [];
  readonly #nowNs: () => number;
  readonly #report: Reporter;
  #segments: readonly Segment[] = [];
  #givenUpOverflow = 0;
  #knobs: readonly KnobsOfEpoch[];
  #nextGaugesNs = 0;
  /** When the send buffers were looked at last. */
  #queueLookNs = Number.NaN;
  #missedSinceReport = 0;
  #nextMissedReportNs = 0;

  constructor(setup: ProducerSetup, report: Reporter) {
    this.#setup = setup;
    this.#report = report;
    this.#knobs = [{ knobs: setup.knobs, epoch: 0, atNs: 0 }];
    const clock = realClock(setup.anchor);
    this.#nowNs = clock.nowNs;
    this.#figures = new Figures(setup.figures);
    this.#health = new ThreadHealth(this.#figures.totals, clock, setup.pacing === 'spin');
    this.#tallies = new ErrorTallies((ns) => clock.toUnixMs(ns));
    this.#factory = wireFactory({
      bootstrap: setup.bootstrap,
      clientId: setup.tuning.clientId,
      security: setup.security,
      tuning: setup.tuning,
      partitions: setup.partitions,
    });
    const spans = new SpanCursor(setup.spans);
    const acked = setup.acked === null ? null : new AckedOffsets(setup.acked.table);
    const row = setup.acked?.row ?? 0;
    this.#host = {
      figures: this.#figures,
      recorder: new Recorder(this.#figures, spans, totalAt.lostIntervals),
      underWay: this.#underWay,
      skew: new SkewFigures(setup.skew),
      ticks: this.#ticks,
      partitions: setup.partitions,
      maxBehindNs: setup.maxBehindNs,
      messageLimit: setup.messageLimit,
      maxRateHz: setup.maxRateHz,
      claimed: new BigInt64Array(setup.claimed),
      offeredLateNs: setup.offeredLateNs,
      nowNs: clock.nowNs,
      nextChangeNs: (afterNs) => spans.nextStartNs(afterNs),
      event: (event) => {
        report({ kind: 'event', atNs: this.#nowNs(), source: `producer thread ${setup.thread}`, event });
      },
      failed: ({ errorCode, partitionIndex, count, doneNs }, fate) => {
        this.#tallies.add(errorCode, 'givenUp', count, doneNs);
        report({ kind: 'failed-batches', atNs: doneNs, errorCode, partitionIndex, messages: count, fate });
      },
      retried: ({ errorCode, count }) => this.#tallies.add(errorCode, 'retried', count, this.#nowNs()),
      acked: (partitionIndex, baseOffset, count, firstNs, lastNs) =>
        acked?.note(row, partitionIndex, baseOffset, count, firstNs, lastNs),
      probeRefused: (partitionIndex, errorCode) => report({ kind: 'probe-refused', partitionIndex, errorCode }),
      missed: (messages, nowNs) => {
        this.#missedSinceReport += messages;
        if (nowNs >= this.#nextMissedReportNs) this.#reportMissed(nowNs);
      },
    };
    startPacer(setup.pacing, () => this.#tick());
  }

  /** Answers whether more is due already. */
  #tick(): boolean {
    const nowNs = this.#nowNs();
    this.#ticks.note(nowNs);
    let blocked = 0;
    let more = false;
    for (const lane of this.#lanes.values()) {
      if (lane.tick(nowNs)) more = true;
      if (lane.blocked) blocked++;
    }
    if (blocked === 0) this.#ticks.clear();
    if (more) this.#letNextBegin();
    this.#health.tick(nowNs);
    if (nowNs >= this.#nextGaugesNs) {
      this.#nextGaugesNs = nowNs + gaugeEveryNs;
      this.#publishGauges(nowNs, blocked);
      this.#reportErrors(this.#tallies.due(nowNs));
    }
    return more;
  }

  /** Lanes share a turn's time; where it does not do, another one begins the next turn. */
  #letNextBegin(): void {
    for (const [slot, lane] of this.#lanes) {
      this.#lanes.delete(slot);
      this.#lanes.set(slot, lane);
      return;
    }
  }

  /** At most once a second while it lasts, and once at the end. */
  #reportMissed(nowNs: number): void {
    if (this.#missedSinceReport === 0) return;
    this.#nextMissedReportNs = nowNs + 1e9;
    this.#report({ kind: 'missed', atNs: nowNs, messages: this.#missedSinceReport });
    this.#missedSinceReport = 0;
  }

  #reportErrors(tallies: readonly ErrorTally[] | null): void {
    if (tallies !== null) this.#report({ kind: 'errors', tallies });
  }

  #publishGauges(nowNs: number, blocked: number): void {
    const { totals } = this.#figures;
    let inFlight = 0;
    let buffered = 0;
    let queued = 0;
    let oldest = Number.NaN;
    for (const lane of this.#lanes.values()) {
      const gauges = lane.client.gauges();
      inFlight += gauges.inFlightMessages;
      buffered += gauges.bufferedBytes;
      queued += gauges.sendQueueBytes;
      this.#noteKind(gauges);
      const due = lane.oldestDueNs(nowNs);
      if (!Number.isNaN(due) && !(due >= oldest)) oldest = due;
    }
    totals[totalAt.inFlight] = inFlight;
    totals[totalAt.underWayNs] = this.#underWay.integralNs(nowNs);
    totals[totalAt.buffered] = buffered;
    totals[totalAt.blocked] = blocked;
    totals[totalAt.oldestDueNs] = oldest;
    // What waits now has waited for half of the time since the last look, as a rule, and goes on for half of the next.
    const sinceNs = Number.isNaN(this.#queueLookNs) ? 0 : nowNs - this.#queueLookNs;
    this.#queueLookNs = nowNs;
    totals[totalAt.sendQueueByteNs] = (totals[totalAt.sendQueueByteNs] ?? 0) + queued * sinceNs;
  }

  /** A run is idempotent when every producer it ever had was. */
  #noteKind(gauges: ProducerGauges): void {
    if (!gauges.idempotent) this.#figures.totals[totalAt.notIdempotent] = 1;
  }

  async handle(command: ThreadCommand): Promise<Answer> {
    switch (command.kind) {
      case 'open-lanes':
        await this.#openAll(command.lanes);
        return { kind: 'nothing' };
      case 'close-lanes':
        await this.#close(command.slots, command.waitMs);
        return { kind: 'nothing' };
      case 'segment':
        this.#segments = [...this.#fromNow(this.#segments, startOf), command.segment];
        for (const lane of this.#lanes.values()) lane.addSegment(command.segment);
        return { kind: 'nothing' };
      case 'producer-knobs':
        this.#knobs = [...this.#fromNow(this.#knobs, beginOf), command.change];
        for (const lane of this.#lanes.values()) lane.configure(command.change);
        return { kind: 'nothing' };
      case 'probe':
        await this.#probe(command.slot, command.partitionIndexes);
        return { kind: 'nothing' };
      case 'finish-producers':
        return this.#finish(command.waitMs);
      case 'open-consumers':
      case 'close-consumers':
      case 'assign':
      case 'revoke':
      case 'pause-consumers':
      case 'resume-consumers':
      case 'consumer-knobs':
      case 'account':
        throw new Error(`a producer thread does not know "${command.kind}"`);
    }
  }

  /** Answers when nothing is on its way any more: what did open can be closed where another lane could not. */
  async #openAll(places: readonly LanePlace[]): Promise<void> {
    const opened = await Promise.allSettled(places.map((place) => this.#open(place)));
    for (const lane of opened) if (lane.status === 'rejected') throw lane.reason;
  }

  async #open(place: LanePlace): Promise<void> {
    const ledger = new LaneLedger(this.#host, place.producerId, this.#setup.partitions.length);
    const client = this.#factory.producer({
      clientId: `${this.#setup.tuning.clientId}-p${place.producerId}`,
      tuning: this.#setup.tuning,
      partitions: this.#setup.partitions,
      stamp: this.#setup.stamp,
      knobs: this.#knobsNow().inForce,
      listener: ledger,
      nowNs: this.#nowNs,
    });
    try {
      await client.connect();
    } catch (error) {
      await client.close();
      throw error;
    }
    // Knobs may have moved while it connected.
    const { inForce, toCome } = this.#knobsNow();
    client.configure(inForce);
    const lane = new ProducerLane(this.#host, place, inForce.shape, ledger, client);
    for (const change of toCome) lane.configure(change);
    for (const segment of this.#fromNow(this.#segments, startOf)) lane.addSegment(segment);
    this.#lanes.set(place.slot, lane);
  }

  /** Of segments or knobs, the one in force and those to come. */
  #fromNow<Change>(changes: readonly Change[], startNsOf: (change: Change) => number): readonly Change[] {
    const nowNs = this.#nowNs();
    const current = changes.findLastIndex((change) => startNsOf(change) <= nowNs);
    return changes.slice(Math.max(0, current));
  }

  #knobsNow(): { readonly inForce: ProducerKnobs; readonly toCome: readonly KnobsOfEpoch[] } {
    const [now, ...toCome] = this.#fromNow(this.#knobs, beginOf);
    return { inForce: now?.knobs ?? this.#setup.knobs, toCome };
  }

  /** Waits until the lanes' last messages are answered (they get no new ones any more), then closes them. */
  async #close(slots: readonly number[], waitMs: number): Promise<void> {
    const lanes = slots.flatMap((slot) => this.#lanes.get(slot) ?? []);
    for (const lane of lanes) lane.client.flush();
    await this.#until(() => lanes.every((lane) => this.#idle(lane)), waitMs);
    for (const slot of slots) {
      const lane = this.#lanes.get(slot);
      if (lane === undefined) continue;
      lane.giveUp(this.#nowNs());
      this.#lanes.delete(slot);
      await lane.client.close();
      this.#remember(lane);
    }
  }

  async #probe(slot: number, partitionIndexes: readonly number[]): Promise<void> {
    const lane = this.#lanes.get(slot);
    if (lane === undefined) throw new Error(`there is no producer in slot ${slot} to send probes`);
    let left = lane.probe(partitionIndexes, this.#nowNs());
    while (left.length > 0) {
      await nextTurn();
      left = lane.probe(left, this.#nowNs());
    }
  }

  async #finish(waitMs: number): Promise<Answer> {
    await this.#until(() => [...this.#lanes.values()].every((lane) => this.#idle(lane)), waitMs);
    for (const lane of this.#lanes.values()) {
      lane.giveUp(this.#nowNs());
      await lane.client.close();
      this.#remember(lane);
    }
    this.#lanes.clear();
    this.#publishGauges(this.#nowNs(), 0);
    this.#reportMissed(this.#nowNs());
    this.#reportErrors(this.#tallies.rest(this.#nowNs()));
    this.#health.stop();
    await this.#factory.close();
    return {
      kind: 'finished',
      tails: this.#tails,
      givenUp: this.#givenUp,
      givenUpOverflow: this.#givenUpOverflow,
    };
  }

  #idle(lane: ProducerLane): boolean {
    // Linger is for batches that may still grow; at the end none does.
    lane.client.flush();
    return Number.isNaN(lane.oldestDueNs(this.#nowNs())) && lane.client.gauges().inFlightMessages === 0;
  }

  #remember(lane: ProducerLane): void {
    const { ledger } = lane;
    // A lane may come and go between two looks at the gauges.
    this.#noteKind(lane.client.gauges());
    this.#tails.push(ledger.tail());
    for (const range of ledger.givenUp) this.#givenUp.push(range);
    this.#givenUpOverflow += ledger.givenUpOverflow;
  }

  async #until(condition: () => boolean, waitMs: number): Promise<void> {
    const endNs = this.#nowNs() + waitMs * 1e6;
    while (!condition() && this.#nowNs() < endNs) await nextTurn();
  }
}

const startOf = ({ startNs }: Segment): number => startNs;
const beginOf = ({ atNs }: KnobsOfEpoch): number => atNs;

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

serveThread((setup: ProducerSetup, report) => new ProducerThread(setup, report));
