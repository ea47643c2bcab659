/**
 * Phases, epochs and the schedule of a session over time. Every change takes hold at one moment a little ahead of now,
 * so that all threads know of it before it comes; what was intended before that moment is never moved.
 */
import type { KnobName, KnobValue } from '../config/knobs.ts';
import type { Plan } from '../config/plan.ts';
import {
  DrawnCount,
  dueBefore,
  intendedNsOf,
  isSilent,
  messagesWithin,
  nextSegment,
  rateAfter,
  type Segment,
  type Slope,
} from '../load/schedule.ts';
import { createSpanBuffer, type SpanBuffer, type SpanPhase, SpanTable, usualIntervalNs } from '../measure/spans.ts';

/** How far ahead of now a change takes hold: time for a message to reach every thread. */
const leadNs = 20e6;
const apartNs = 1e6;

export interface Epoch {
  readonly index: number;
  readonly startNs: number;
  knobs: Record<KnobName, { readonly requested: KnobValue; readonly applied: KnobValue }>;
}

export interface ScheduleChange {
  /** Messages per second; null: unthrottled. */
  readonly rateHz?: number | null;
  /** Where the rate goes from `rateHz`; left out: nowhere. */
  readonly slope?: Slope | null;
  /** Length of the intervals from then on; left out: a second. */
  readonly intervalNs?: number;
  readonly producers?: number;
  readonly phase?: SpanPhase;
  /** Knobs of a new epoch; left out: the epoch goes on. */
  readonly epochKnobs?: Epoch['knobs'];
}

export class Timeline {
  readonly buffer: SpanBuffer = createSpanBuffer();
  readonly spans = new SpanTable(this.buffer);
  readonly epochs: Epoch[] = [];
  readonly #flavour: Pick<Plan, 'arrivals' | 'limiter'>;
  readonly #limit: number | null;
  /** By the start of their span; the first span has none. */
  readonly #segments = new Map<number, Segment>();
  #segment: Segment | null = null;
  /** Of the present segment, where there is a limit of messages and chance decides when they come. */
  #drawn: DrawnCount | null = null;

  constructor({ arrivals, limiter, messages }: Pick<Plan, 'arrivals' | 'limiter' | 'messages'>, knobs: Epoch['knobs']) {
    this.#limit = messages;
    this.#flavour = { arrivals, limiter };
    this.spans.open(0, 0, 'before');
    this.epochs.push({ index: 0, startNs: 0, knobs });
  }

  get segment(): Segment | null {
    return this.#segment;
  }

  /** Messages a second asked for at `nowNs`; null: unthrottled. */
  rateAt(nowNs: number): number | null {
    const span = this.spans.spans.findLast(({ startNs }) => startNs <= nowNs);
    const segment = span === undefined ? undefined : this.#segments.get(span.startNs);
    if (segment === undefined) return 0;
    return segment.rateHz === null ? null : rateAfter(segment, segment.rateHz, nowNs - segment.startNs);
  }

  get epoch(): Epoch {
    const epoch = this.epochs.at(-1);
    if (epoch === undefined) throw new Error('a timeline has an epoch from the start');
    return epoch;
  }

  get phase(): SpanPhase {
    return this.spans.last.phase;
  }

  /** Producers that have a share of the load. */
  get producers(): number {
    return this.#segment?.producers ?? 1;
  }

  /** The moment at which a change asked for now takes hold. */
  moment(nowNs: number): number {
    return Math.ceil(Math.max(nowNs + leadNs, this.spans.last.startNs + apartNs));
  }

  /** A moment at `atNs`, which may be past: nothing is due from then on, so that no thread need know of it in time. */
  momentAfter(atNs: number): number {
    return Math.ceil(Math.max(atNs, this.spans.last.startNs + apartNs));
  }

  /** Changes the schedule, the phase or the epoch at `atNs` (see `moment`). Answers the segment that all threads must get. */
  change(atNs: number, change: ScheduleChange): Segment {
    if (change.epochKnobs !== undefined) {
      this.epochs.push({ index: this.epochs.length, startNs: atNs, knobs: change.epochKnobs });
    }
    const phase = change.phase ?? this.phase;
    const next = {
      ...(change.rateHz === undefined ? this.#goingOn(atNs) : { rateHz: change.rateHz, slope: change.slope ?? null }),
      producers: change.producers ?? this.producers,
      epoch: this.epoch.index,
      ...this.#flavour,
      seed: this.spans.spans.length,
      counted: phase !== 'warm-up',
    };
    const segment = nextSegment(this.#segment, atNs, next, this.#drawn?.before(atNs) ?? null);
    this.#segment = segment;
    const drawn = segment.arrivals === 'poisson' && segment.counted && this.#limit !== null;
    this.#drawn = drawn ? new DrawnCount(segment, this.#limit) : null;
    const { intervalNs } = this.spans.last;
    this.spans.open(
      atNs,
      this.epoch.index,
      phase,
      change.intervalNs ?? (change.rateHz === undefined ? intervalNs : usualIntervalNs),
    );
    this.#segments.set(atNs, segment);
    return segment;
  }

  /** The rate as it would be from `atNs` on, and what is left of its slope. */
  #goingOn(atNs: number): Pick<Segment, 'rateHz' | 'slope'> {
    const segment = this.#segment;
    if (segment === null) return { rateHz: 0, slope: null };
    const { rateHz, slope, startNs } = segment;
    if (rateHz === null || slope === null) return { rateHz, slope: null };
    const leftNs = slope.forNs - (atNs - startNs);
    return leftNs <= 0
      ? { rateHz: slope.toHz, slope: null }
      : { rateHz: rateAfter(segment, rateHz, atNs - startNs), slope: { ...slope, forNs: leftNs } };
  }

  /** When what is asked for changed last: knobs or a pause, but no phase. A rate that moves changes until it has arrived. */
  changedNs(nowNs: number): number {
    const spans = this.spans.spans;
    for (let at = spans.length - 1; at > 0; at--) {
      const span = spans[at];
      const before = spans[at - 1];
      if (span === undefined || before === undefined) break;
      const began = before.phase === 'before';
      const slope = this.#segments.get(span.startNs)?.slope ?? null;
      if (slope !== null) return Math.max(span.startNs, Math.min(nowNs, span.startNs + slope.forNs));
      const rateMoved = this.#endRate(span.startNs) !== this.#endRate(before.startNs);
      if (began || span.epoch !== before.epoch || rateMoved) return span.startNs;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Messages a second asked for within [fromNs, toNs) of the span that starts at `spanStartNs`, on average; null: unthrottled. */
  targetRate(spanStartNs: number, fromNs: number, toNs: number): number | null {
    const segment = this.#segments.get(spanStartNs);
    if (segment === undefined) return 0;
    const { rateHz, slope } = segment;
    if (rateHz === null || slope === null) return rateHz;
    if (toNs <= fromNs) return rateAfter(segment, rateHz, fromNs - spanStartNs);
    return (this.#asked(segment, rateHz, fromNs, toNs) * 1e9) / (toNs - fromNs);
  }

  /** The rate that a span comes to. */
  #endRate(spanStartNs: number): number | null {
    const segment = this.#segments.get(spanStartNs);
    return segment === undefined ? 0 : (segment.slope?.toHz ?? segment.rateHz);
  }

  #asked(segment: Segment, rateHz: number, fromNs: number, toNs: number): number {
    const { startNs } = segment;
    return messagesWithin(segment, rateHz, toNs - startNs) - messagesWithin(segment, rateHz, fromNs - startNs);
  }

  /** Messages due until `nowNs` (which never falls) since the warm-up; unthrottled stretches count none. */
  dueUntil(nowNs: number): number {
    if (this.#segment === null) return 0;
    return this.#segment.firstMessage + (this.#drawn?.before(nowNs) ?? dueBefore(this.#segment, nowNs));
  }

  /**
   * When the last message of the limit is due and the gap after it is over, as far as is known at `nowNs` (which never
   * falls): so many messages took so long. Up to `aheadNs` where arrivals are even; those drawn by chance are drawn as they
   * come. null: later, or no limit, or the threads alone know.
   */
  limitDueNs(nowNs: number, aheadNs: number): number | null {
    const segment = this.#segment;
    const limit = this.#limit;
    if (segment === null || limit === null || segment.rateHz === null || isSilent(segment)) return null;
    // One that begins at 0 has the gap of where it goes.
    const gapNs = 1e9 / (this.rateAt(nowNs) || (segment.slope?.toHz ?? segment.rateHz));
    if (this.#drawn !== null) return this.dueUntil(nowNs) < limit ? null : this.#drawn.lastNs + gapNs;
    if (!segment.counted || this.dueUntil(aheadNs) < limit) return null;
    return intendedNsOf(segment, segment.rateHz, Math.max(0, limit - segment.firstMessage - 1)) + gapNs;
  }

  /** Messages asked for in a phase until `nowNs`; null where a part of it was unthrottled. */
  askedIn(phase: SpanPhase, nowNs: number): number | null {
    let asked = 0;
    for (const [index, span] of this.spans.spans.entries()) {
      if (span.phase !== phase) continue;
      const segment = this.#segments.get(span.startNs);
      if (segment === undefined || span.startNs >= nowNs) continue;
      if (segment.rateHz === null) return null;
      const endNs = Math.min(nowNs, this.spans.spans[index + 1]?.startNs ?? Number.POSITIVE_INFINITY);
      asked += segment.burst + this.#asked(segment, segment.rateHz, span.startNs, endNs);
    }
    return asked;
  }

  /** When a phase began; null: it has not. */
  startOf(phase: SpanPhase): number | null {
    return this.spans.spans.find((span) => span.phase === phase)?.startNs ?? null;
  }
}
