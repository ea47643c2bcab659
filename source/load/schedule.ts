/**
 * The schedule N(t) = ∫ rate dt and every message's own intended time (method: "Pacing and recording"). Pure: the
 * same segments give the same times on every thread, and a later segment never moves a time that came before it.
 *
 * A segment shares its messages over `producers` slots: slot p has messages g = p, p + producers, p + 2·producers …
 *
 * The limiter says what becomes of a time at rate 0 (a pause). `smooth`: nothing, N stands still. `bursty`: it is saved,
 * up to the last second of it; once a rate r follows, N jumps by r × the time saved, all due at that moment. Nothing else
 * saves anything: how slow client or broker are moves no intended time, and a change from one rate to another leaves none.
 */
import type { Arrivals, Limiter } from '../config/plan.ts';

/** How a segment's rate moves from `rateHz` at its start to `toHz`, which holds once `forNs` are over. */
export interface Slope {
  readonly toHz: number;
  readonly forNs: number;
  /** `geometric`: by the same factor in the same time; both ends above 0. */
  readonly shape: 'linear' | 'geometric';
}

export interface Segment {
  /** Run-relative ns, whole, from which the segment holds until the next one's start. */
  readonly startNs: number;
  /** Messages per second of all producers; 0: nothing is due; null: unthrottled. At the start, where it has a slope. */
  readonly rateHz: number | null;
  /** null: the rate stays. */
  readonly slope: Slope | null;
  /** Fraction of a message already due at the start, in (0, 1]: message g is due once N reaches g + 1. */
  readonly carry: number;
  /** Messages due at the start, all at once, before those that follow at the rate: what a bursty limiter had saved. */
  readonly burst: number;
  /** Time at rate 0 that a bursty limiter has saved up to the start and not spent yet, ns. */
  readonly savedNs: number;
  readonly producers: number;
  /** Messages of all counted segments before. Unthrottled segments count none: only the threads know. */
  readonly firstMessage: number;
  /** Its messages count towards `--messages`; those of the warm-up do not. */
  readonly counted: boolean;
  readonly epoch: number;
  readonly arrivals: Arrivals;
  readonly limiter: Limiter;
  readonly seed: number;
}

/** A bursty limiter saves no more than this. */
const mostSavedNs = 1e9;

/** Messages that come due within `elapsedNs` of a segment's start, by the integral of its rate; what it began with apart. */
export function messagesWithin({ slope }: Pick<Segment, 'slope'>, rateHz: number, elapsedNs: number): number {
  const seconds = elapsedNs / 1e9;
  if (slope === null || seconds <= 0) return seconds * rateHz;
  const slopeS = slope.forNs / 1e9;
  const within = Math.min(seconds, slopeS);
  const after = (seconds - within) * slope.toHz;
  if (slope.shape === 'linear') return within * (rateHz + ((slope.toHz - rateHz) * within) / slopeS / 2) + after;
  const growth = Math.log(slope.toHz / rateHz) / slopeS;
  return (growth === 0 ? within * rateHz : (rateHz * Math.expm1(growth * within)) / growth) + after;
}

/** The rate so long after a segment's start, messages a second. */
export function rateAfter({ slope }: Pick<Segment, 'slope'>, rateHz: number, elapsedNs: number): number {
  if (slope === null || elapsedNs <= 0) return rateHz;
  if (elapsedNs >= slope.forNs) return slope.toHz;
  const share = elapsedNs / slope.forNs;
  return slope.shape === 'linear' ? rateHz + (slope.toHz - rateHz) * share : rateHz * (slope.toHz / rateHz) ** share;
}

/** The reverse of `messagesWithin`: after how many ns so many messages have come due. */
function elapsedNsOf(slope: Slope | null, rateHz: number, messages: number): number {
  if (slope === null) return (messages / rateHz) * 1e9;
  if (messages <= 0) return 0;
  const slopeS = slope.forNs / 1e9;
  const growth = slope.shape === 'linear' ? (slope.toHz - rateHz) / slopeS : Math.log(slope.toHz / rateHz) / slopeS;
  const all = messagesWithin({ slope }, rateHz, slope.forNs);
  // Infinity where the rate has fallen to 0: no more come.
  if (messages > all) return slope.forNs + ((messages - all) / slope.toHz) * 1e9;
  if (growth === 0) return (messages / rateHz) * 1e9;
  if (slope.shape === 'geometric') return (Math.log1p((growth * messages) / rateHz) / growth) * 1e9;
  // The root that stays exact where the slope is nearly flat.
  return ((2 * messages) / (rateHz + Math.sqrt(Math.max(0, rateHz * rateHz + 2 * growth * messages)))) * 1e9;
}

/**
 * Intended time of message `index` of a uniform segment with a rate. Whole nanoseconds, as in the stamp: both sides book
 * a message at the edge of two intervals into the same one.
 */
export function intendedNsOf(segment: Segment, rateHz: number, index: number): number {
  const { startNs, burst, carry, slope } = segment;
  if (index < burst) return startNs;
  const after = index - burst + 1 - carry;
  // Nearly all segments are even: no call for them.
  return Math.round(startNs + (slope === null ? (after / rateHz) * 1e9 : elapsedNsOf(slope, rateHz, after)));
}

/** Nothing is due, however long the segment lasts. */
export function isSilent({ rateHz, slope }: Segment): boolean {
  return rateHz === 0 && (slope === null || slope.toHz === 0);
}

/** How many messages of the segment are due before `endNs`; with Poisson arrivals, how many are expected to be. */
export function dueBefore(segment: Segment, endNs: number): number {
  const { rateHz, startNs, burst, carry } = segment;
  if (rateHz === null || isSilent(segment) || endNs <= startNs) return 0;
  let count = burst + Math.max(0, Math.ceil(messagesWithin(segment, rateHz, endNs - startNs) - 1 + carry));
  // The same floating-point comparison as the threads make, so that both count the same messages.
  while (count > burst && intendedNsOf(segment, rateHz, count - 1) >= endNs) count--;
  while (intendedNsOf(segment, rateHz, count) < endNs) count++;
  return count;
}

/**
 * The segment that follows `before` at `startNs`: the fraction of a message that was due goes on, and so does what a
 * bursty limiter has saved, until a rate spends it. `drawn`: messages of `before` that are due until then, where chance
 * has it (see `DrawnCount`).
 */
export function nextSegment(
  before: Segment | null,
  startNs: number,
  change: Pick<Segment, 'rateHz' | 'slope' | 'producers' | 'epoch' | 'arrivals' | 'limiter' | 'seed' | 'counted'>,
  drawn: number | null = null,
): Segment {
  if (before === null) return { ...change, startNs, carry: 1, burst: 0, savedNs: 0, firstMessage: 0 };
  const due = dueBefore(before, startNs);
  const { rateHz } = before;
  const elapsed = rateHz === null ? 0 : messagesWithin(before, rateHz, startNs - before.startNs);
  const carry = Math.min(1, Math.max(Number.EPSILON, before.carry + before.burst + elapsed - due));
  const firstMessage = before.counted ? before.firstMessage + (drawn ?? due) : 0;
  const savedNs = savedBy(before, startNs, change.limiter);
  if (change.rateHz === 0 && change.slope === null)
    return { ...change, startNs, carry, burst: 0, savedNs, firstMessage };
  const permits = carry + ((change.rateHz ?? 0) * savedNs) / 1e9;
  const burst = Math.ceil(permits) - 1;
  return { ...change, startNs, carry: permits - burst, burst, savedNs: 0, firstMessage };
}

/** Time at rate 0 that is saved when `before` ends at `endNs`. */
function savedBy(before: Segment, endNs: number, limiter: Limiter): number {
  if (limiter === 'smooth' || !isSilent(before)) return 0;
  return Math.min(mostSavedNs, before.savedNs + endNs - before.startNs);
}

/** Small seeded generator (mulberry32), one per producer slot, for Poisson arrivals. Answers numbers in (0, 1]. */
export function seededUniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 1) / 4294967296;
  };
}

/** One producer slot's walk through its share of the schedule. */
export class ArrivalCursor {
  readonly #slot: number;
  readonly #segments: Segment[] = [];
  #index = 0;
  #uniform = seededUniform(0);
  #lastNs = Number.NEGATIVE_INFINITY;
  /** Intended time of the next message; Infinity: none is due any more; NaN: unthrottled, whenever there is room. */
  nextNs = Number.POSITIVE_INFINITY;
  /** Number of the next message within the whole schedule; −1 where unthrottled. */
  nextMessage = -1;
  /** Counted messages with this number and above are not sent (`--messages`). */
  readonly #limit: number;

  constructor(slot: number, limit: number | null) {
    this.#slot = slot;
    this.#limit = limit ?? Number.POSITIVE_INFINITY;
  }

  /** Adds a segment, before the walk has come to its start; the present one ends there. */
  add(segment: Segment): void {
    this.#segments.push(segment);
    if (this.#segments.length === 1) this.#enter();
    else this.#settle();
  }

  get segment(): Segment | undefined {
    return this.#segments[0];
  }

  /** Time at which the present segment ends; Infinity while no other follows. */
  get segmentEndNs(): number {
    return this.#segments[1]?.startNs ?? Number.POSITIVE_INFINITY;
  }

  /** This slot sends in the segment. */
  mine(segment: Segment): boolean {
    return this.#slot < segment.producers;
  }

  /** Goes on to the next message. */
  advance(): void {
    const segment = this.#segments[0];
    if (segment === undefined || segment.rateHz === null) return;
    this.#lastNs = this.nextNs;
    this.#index += segment.producers;
    this.#aim(segment);
    this.#settle();
  }

  /** Leaves an unthrottled or silent segment once its end has come. Called at each tick. */
  pass(nowNs: number): void {
    let segment = this.#segments[0];
    while (segment !== undefined && (segment.rateHz === null || this.nextNs === Number.POSITIVE_INFINITY)) {
      const end = this.segmentEndNs;
      if (end > nowNs) return;
      this.#segments.shift();
      this.#enter();
      segment = this.#segments[0];
    }
  }

  #enter(): void {
    const segment = this.#segments[0];
    if (segment === undefined) return;
    this.#index = this.#slot;
    this.#uniform = seededUniform(segment.seed * 65_537 + this.#slot + 1);
    this.#aim(segment);
    this.#settle();
  }

  #aim(segment: Segment): void {
    this.nextMessage = -1;
    if (this.#slot >= segment.producers || isSilent(segment)) {
      this.nextNs = Number.POSITIVE_INFINITY;
    } else if (segment.rateHz === null) {
      this.nextNs = Number.NaN;
    } else if (segment.counted && segment.firstMessage + this.#index >= this.#limit) {
      this.nextNs = Number.POSITIVE_INFINITY;
    } else {
      this.nextMessage = segment.firstMessage + this.#index;
      if (segment.arrivals === 'uniform' || this.#index < segment.burst) {
        this.nextNs = intendedNsOf(segment, segment.rateHz, this.#index);
      } else {
        this.nextNs = this.#drawn(segment, segment.rateHz);
      }
    }
  }

  /** By chance: so much of the integral of the rate lies between two arrivals of a slot, on average its share of one message. */
  #drawn(segment: Segment, rateHz: number): number {
    const { slope, startNs, producers } = segment;
    const fromNs = Math.max(this.#lastNs, startNs);
    const messages = -Math.log(this.#uniform()) * producers;
    if (slope === null) return Math.ceil(fromNs + (messages * 1e9) / rateHz);
    const before = messagesWithin(segment, rateHz, fromNs - startNs);
    return Math.ceil(startNs + elapsedNsOf(slope, rateHz, before + messages));
  }

  /** Moves on to the next segment while the next message would fall behind the present one's end. */
  #settle(): void {
    while (this.nextNs >= this.segmentEndNs && this.#segments[0]?.rateHz !== null && this.#segments.length > 1) {
      this.#segments.shift();
      this.#enter();
    }
  }
}

/**
 * Counts the messages of a segment that are due, all producers together, by drawing them as the producers do: only so is it
 * known how many of a limited number are left where arrivals are random. Each question goes on from the last one.
 */
export class DrawnCount {
  readonly #cursors: readonly ArrivalCursor[];
  #count = 0;
  /** Intended time of the latest message counted so far. */
  lastNs: number;

  constructor(segment: Segment, limit: number) {
    this.lastNs = segment.startNs;
    this.#cursors = Array.from({ length: segment.producers }, (_, slot) => {
      const cursor = new ArrivalCursor(slot, limit);
      cursor.add(segment);
      return cursor;
    });
  }

  /** Messages due before `endNs`, which never falls; unthrottled ones count none. */
  before(endNs: number): number {
    for (const cursor of this.#cursors) {
      while (cursor.nextNs < endNs) {
        this.#count++;
        this.lastNs = Math.max(this.lastNs, cursor.nextNs);
        cursor.advance();
      }
    }
    return this.#count;
  }
}
