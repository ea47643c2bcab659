/**
 * One producer's way from the schedule to the client: takes what is due, chooses partition and sequence number, and
 * offers it in runs. A slot of the schedule; its thread calls `tick`, its ledger keeps the books.
 */
import { probeProducerId } from '../clients/stamp.ts';
import type { MessageRun, PartitionTable, ProducerClient, ProducerKnobs } from '../clients/types.ts';
import { type Chooser, chooserFor, type Pending } from './chooser.ts';
import type { LaneLedger } from './lane-ledger.ts';
import type { KnobsOfEpoch } from './protocol.ts';
import { RateCap } from './rate-cap.ts';
import { ArrivalCursor, type Segment } from './schedule.ts';
import type { TickLog } from './tick-log.ts';

const runCapacity = 2048;
const longestTickNs = 1e6;
/** Each probe takes a batch of its own: ten thousand partitions at once would take all the memory there is. */
const mostProbesUnderWay = 256;
/** Also while a load is under way. */
const leastProbesATurn = 16;

export interface LaneHost {
  readonly ticks: TickLog;
  readonly partitions: PartitionTable;
  readonly maxBehindNs: number;
  readonly messageLimit: number | null;
  /** Most messages a second of all unthrottled producers together; null: no limit. */
  readonly maxRateHz: number | null;
  /** Messages claimed by all producers of the run, towards `messageLimit`. */
  readonly claimed: BigInt64Array;
  readonly nowNs: () => number;
  /** When the schedule changes next after a time. Every thread knows at once; word of the segment may come later. */
  nextChangeNs(afterNs: number): number;
}

export class ProducerLane {
  readonly producerId: number;
  readonly ledger: LaneLedger;
  readonly client: ProducerClient;
  readonly #host: LaneHost;
  readonly #cursor: ArrivalCursor;
  readonly #intendedNs = new Float64Array(runCapacity);
  readonly #offeredNs = new Float64Array(runCapacity);
  readonly #keyIndex = new Int32Array(runCapacity);
  readonly #pending: Pending = { intendedNs: this.#intendedNs, offeredNs: this.#offeredNs, keyIndex: this.#keyIndex };
  readonly #run: MessageRun;
  readonly #nextSequence: Float64Array;
  readonly #nextProbe: Float64Array;
  readonly #chooser: Chooser;
  readonly #cap: RateCap | null;
  /** Not in force yet for messages, oldest first. */
  #toCome: readonly KnobsOfEpoch[] = [];
  /** What was taken of them last, but for the shape of messages; null: nothing yet. */
  #taken: KnobsOfEpoch | null = null;
  #shape: ProducerKnobs['shape'];
  /** Messages taken from the schedule and not yet by the client: [#head, #tail) of the arrays. */
  #head = 0;
  #tail = 0;
  #epochOfPending = 0;
  /** Start of the last segment that this lane has heard of. */
  #heardNs = 0;
  #unthrottled = false;
  /** What is pending counts towards the limit of messages. */
  #counted = false;
  #blocked = false;

  constructor(
    host: LaneHost,
    place: { slot: number; producerId: number },
    shape: ProducerKnobs['shape'],
    ledger: LaneLedger,
    client: ProducerClient,
  ) {
    this.#host = host;
    this.producerId = place.producerId;
    this.ledger = ledger;
    this.client = client;
    this.#cursor = new ArrivalCursor(place.slot, host.messageLimit);
    this.#nextSequence = new Float64Array(host.partitions.length);
    this.#nextProbe = new Float64Array(host.partitions.length);
    this.#shape = shape;
    this.#chooser = chooserFor(shape.keys, host.partitions, place.producerId);
    this.#cap = host.maxRateHz === null ? null : new RateCap(host.maxRateHz);
    this.#run = {
      partitionIndex: 0,
      firstSequence: 0,
      intendedNs: this.#intendedNs,
      start: 0,
      count: 0,
      offeredNs: this.#offeredNs,
      keyIndex: shape.keys.kind === 'none' ? null : this.#keyIndex,
      epoch: 0,
      producerId: place.producerId,
    };
  }

  addSegment(segment: Segment): void {
    this.#heardNs = segment.startNs;
    this.#cursor.add(segment);
  }

  /**
   * The client's knobs from an epoch on. Messages have the size of their own epoch, however late they are offered; what is
   * of requests and batches holds from the moment the epoch begins, for a buffer that is full, too.
   */
  configure(change: KnobsOfEpoch): void {
    this.#toCome = [...this.#toCome, change];
  }

  /** Intended time of the oldest message that is due and not taken by the client; NaN: none. */
  oldestDueNs(nowNs: number): number {
    if (this.#head < this.#tail) {
      // They may stand by partition, not by time.
      let oldest = Number.POSITIVE_INFINITY;
      for (let i = this.#head; i < this.#tail; i++) oldest = Math.min(oldest, this.#intendedNs[i] ?? oldest);
      return oldest;
    }
    return this.#cursor.nextNs <= nowNs ? this.#cursor.nextNs : Number.NaN;
  }

  /** The client refused messages for lack of buffer, and those that came due since have not all been taken. */
  get blocked(): boolean {
    return this.#blocked;
  }

  /**
   * Offers what is due, for about a millisecond: after an outage there may be seconds' worth, and the schedule must be
   * looked at meanwhile. Answers whether more is due: call again at the next turn.
   */
  tick(nowNs: number): boolean {
    this.#cursor.pass(nowNs);
    if (this.#toCome.length > 0) this.#turnKnobs(nowNs);
    const more = this.#offerDue(nowNs);
    // Linger counts from the offer, a little after `nowNs`: by that time a batch without linger would wait for the next turn.
    this.client.poll(this.#host.nowNs());
    return more;
  }

  /** One probe message to each of the partitions, which have sequence numbers and counts of their own. Answers those left. */
  probe(partitionIndexes: readonly number[], nowNs: number): readonly number[] {
    const refused: number[] = [];
    let room = Math.max(leastProbesATurn, mostProbesUnderWay - this.client.gauges().inFlightMessages);
    for (const partitionIndex of partitionIndexes) {
      if (room-- <= 0) {
        refused.push(partitionIndex);
        continue;
      }
      const firstSequence = this.#nextProbe[partitionIndex] ?? 0;
      const probe: MessageRun = {
        ...this.#run,
        partitionIndex,
        firstSequence,
        intendedNs: Float64Array.of(Math.floor(nowNs)),
        offeredNs: Float64Array.of(nowNs),
        keyIndex: null,
        start: 0,
        count: 1,
        epoch: 0,
        producerId: probeProducerId,
      };
      if (this.client.offer(probe) === 1) this.#nextProbe[partitionIndex] = firstSequence + 1;
      else refused.push(partitionIndex);
    }
    this.client.flush();
    this.client.poll(nowNs);
    return refused;
  }

  /** Gives up everything due that the client has not taken: it becomes `missed`. */
  giveUp(nowNs: number): void {
    if (!this.#unthrottled) this.ledger.missed(this.#intendedNs, this.#head, this.#tail - this.#head, nowNs);
    this.#head = this.#tail;
    this.#missBefore(nowNs, nowNs);
  }

  #offerDue(nowNs: number): boolean {
    for (;;) {
      if (this.#host.nowNs() - nowNs > longestTickNs) return true;
      if (this.#head === this.#tail) this.#fill(nowNs);
      if (this.#head === this.#tail) {
        this.#blocked = false;
        return false;
      }
      if (this.#offer()) continue;
      if (this.#unthrottled) {
        this.#unclaim(this.#tail - this.#head);
        this.#tail = this.#head;
      } else {
        this.#blocked = true;
        this.#dropTooOld(nowNs);
      }
      return false;
    }
  }

  /**
   * Up to when this lane knows the schedule: a change whose segment has not come yet. A thread that is late would else go
   * on at the old rate, and send what other producers send in its place.
   */
  get #knownNs(): number {
    return this.#host.nextChangeNs(this.#heardNs);
  }

  /** Takes due messages from the schedule into the arrays, up to a change of segment. */
  #fill(nowNs: number): void {
    const cursor = this.#cursor;
    this.#head = 0;
    this.#tail = 0;
    this.#missBefore(nowNs - this.#host.maxBehindNs, nowNs);
    const { segment } = cursor;
    const knownNs = this.#knownNs;
    if (segment === undefined || nowNs < segment.startNs) return;
    this.#epochOfPending = segment.epoch;
    this.#unthrottled = segment.rateHz === null;
    this.#counted = segment.counted;
    if (this.#unthrottled) {
      if (nowNs < knownNs) this.#fillUnthrottled(nowNs, segment);
      return;
    }
    let count = 0;
    while (count < runCapacity && cursor.nextNs <= nowNs && cursor.nextNs < knownNs && cursor.segment === segment) {
      const intended = cursor.nextNs;
      this.#intendedNs[count] = intended;
      this.#offeredNs[count] = this.#blocked ? this.#host.ticks.firstAtOrAfter(intended, nowNs) : nowNs;
      this.#keyIndex[count] = this.#chooser.key();
      count++;
      cursor.advance();
    }
    // The schedule knows its own limit. Where a part of the load was unthrottled, only what was claimed tells of it.
    this.#tail = this.#claim(count, segment);
    if (this.#tail > 0) this.ledger.scheduled(this.#intendedNs, this.#offeredNs, 0, this.#tail);
    // While a full buffer is waited for, the oldest stands first: it is the next to be given up.
    if (!this.#blocked) this.#chooser.arrange(this.#pending, this.#tail);
  }

  /** Unthrottled messages are due when there is room for them: what finds none was never due. */
  #fillUnthrottled(nowNs: number, segment: Segment): void {
    if (nowNs >= this.#cursor.segmentEndNs || !this.#cursor.mine(segment)) return;
    const room = this.#claim(this.#cap?.room(nowNs, segment.producers) ?? runCapacity, segment);
    this.#intendedNs.fill(Math.floor(nowNs), 0, room);
    this.#offeredNs.fill(Math.floor(nowNs), 0, room);
    for (let i = 0; i < room; i++) this.#keyIndex[i] = this.#chooser.key();
    this.#tail = room;
    this.#chooser.arrange(this.#pending, room);
  }

  #turnKnobs(nowNs: number): void {
    const change = this.#toCome.findLast(({ atNs }) => atNs <= nowNs);
    if (change !== undefined) this.#take(change);
  }

  #take(change: KnobsOfEpoch): void {
    if (this.#taken !== null && change.epoch <= this.#taken.epoch) return;
    this.#taken = change;
    this.client.configure({ ...change.knobs, shape: this.#shape });
  }

  #changeShape(epoch: number): void {
    const change = this.#toCome.findLast((one) => one.epoch <= epoch);
    if (change === undefined) return;
    this.#toCome = this.#toCome.filter((one) => one.epoch > epoch);
    this.#shape = change.knobs.shape;
    if (this.#taken === null || change.epoch > this.#taken.epoch) this.#taken = change;
    this.client.configure({ ...this.#taken.knobs, shape: this.#shape });
  }

  /** Claims up to `most` (a run's worth at most) of the limited number of messages that all producers may send together. */
  #claim(most: number, { counted }: Segment): number {
    const { messageLimit, claimed } = this.#host;
    const wanted = Math.min(runCapacity, most);
    if (messageLimit === null || !counted) return wanted;
    const before = Number(Atomics.add(claimed, 0, BigInt(wanted)));
    const room = Math.max(0, Math.min(wanted, messageLimit - before));
    if (room < wanted) Atomics.sub(claimed, 0, BigInt(wanted - room));
    return room;
  }

  #unclaim(messages: number): void {
    const { messageLimit, claimed } = this.#host;
    if (messages > 0 && messageLimit !== null && this.#counted) Atomics.sub(claimed, 0, BigInt(messages));
  }

  /** Offers what is pending; false: the client is full. */
  #offer(): boolean {
    const run = this.#run;
    run.epoch = this.#epochOfPending;
    if (this.#toCome.length > 0) this.#changeShape(run.epoch);
    while (this.#head < this.#tail) {
      const { partitionIndex, count } = this.#chooser.next(this.#keyIndex, this.#head, this.#tail, this.client);
      run.partitionIndex = partitionIndex;
      run.firstSequence = this.#nextSequence[partitionIndex] ?? 0;
      run.start = this.#head;
      run.count = count;
      const taken = this.client.offer(run);
      if (taken > 0) {
        this.#nextSequence[partitionIndex] = run.firstSequence + taken;
        this.#chooser.took(taken);
        if (this.#unthrottled) {
          this.#cap?.take(taken);
          this.ledger.scheduled(this.#intendedNs, this.#offeredNs, this.#head, taken);
        }
        this.#head += taken;
      }
      if (taken < count) return false;
    }
    return true;
  }

  /** While a full buffer is waited for, messages grow too old: those taken from the schedule, then those still in it. */
  #dropTooOld(nowNs: number): void {
    const tooOldNs = nowNs - this.#host.maxBehindNs;
    let end = this.#head;
    while (end < this.#tail && (this.#intendedNs[end] ?? 0) < tooOldNs) end++;
    this.ledger.missed(this.#intendedNs, this.#head, end - this.#head, nowNs);
    this.#head = end;
    this.#missBefore(tooOldNs, nowNs);
  }

  /** Passes the messages of the schedule that were due before `timeNs` (where it is not unthrottled). */
  #missBefore(timeNs: number, nowNs: number): void {
    while (this.#cursor.nextNs < timeNs && this.#cursor.nextNs < this.#knownNs) {
      const { segment } = this.#cursor;
      if (segment !== undefined && this.#claim(1, segment) === 1) {
        this.ledger.scheduledAndMissed(this.#cursor.nextNs, nowNs, this.#blocked);
      }
      this.#cursor.advance();
    }
  }
}
