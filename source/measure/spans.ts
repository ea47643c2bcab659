/**
 * Intervals. A message belongs to the second, phase and epoch of its intended time. Time is cut into spans (a new one
 * at each change of phase, epoch or pause) and a span into seconds from its start (into halves of them where a verdict is
 * wanted soon); intervals are numbered through, so that every thread finds a message's interval by arithmetic from one
 * small shared table. Main writes, threads read.
 */
export type SpanPhase = 'before' | 'warm-up' | 'measuring' | 'draining';
export const spanPhases = ['before', 'warm-up', 'measuring', 'draining'] as const satisfies readonly SpanPhase[];

export interface Span {
  readonly startNs: number;
  readonly firstInterval: number;
  readonly epoch: number;
  readonly phase: SpanPhase;
  readonly intervalNs: number;
}

/** Length of an interval, unless a span has its own. */
export const usualIntervalNs = 1e9;
const fields = 5;
/** More changes than anybody makes by hand; a run that exceeds it goes on in its last span. */
export const spanCapacity = 65_536;

export type SpanBuffer = SharedArrayBuffer;

export function createSpanBuffer(): SpanBuffer {
  return new SharedArrayBuffer(8 + spanCapacity * fields * 8);
}

/** How many intervals `span` has, when the next one starts at `endNs`. */
function intervalsIn({ startNs, intervalNs }: Span, endNs: number): number {
  return Math.max(1, Math.ceil((endNs - startNs) / intervalNs));
}

/** The one writer of the span table. */
export class SpanTable {
  readonly #length: Int32Array;
  readonly #rows: Float64Array;
  readonly #spans: Span[] = [];

  constructor(buffer: SpanBuffer) {
    this.#length = new Int32Array(buffer, 0, 2);
    this.#rows = new Float64Array(buffer, 8);
  }

  /** Opens a span from `startNs` (later than the last span's start) on. Answers null once the table is full. */
  open(startNs: number, epoch: number, phase: SpanPhase, intervalNs = usualIntervalNs): Span | null {
    const last = this.#spans.at(-1);
    if (last !== undefined && startNs <= last.startNs) throw new RangeError('a span starts after the one before it');
    if (this.#spans.length === spanCapacity) return null;
    const firstInterval = last === undefined ? 0 : last.firstInterval + intervalsIn(last, startNs);
    const span: Span = { startNs, firstInterval, epoch, phase, intervalNs };
    const at = this.#spans.length * fields;
    this.#rows[at] = startNs;
    this.#rows[at + 1] = firstInterval;
    this.#rows[at + 2] = epoch;
    this.#rows[at + 3] = spanPhases.indexOf(phase);
    this.#rows[at + 4] = intervalNs;
    this.#spans.push(span);
    Atomics.store(this.#length, 0, this.#spans.length);
    return span;
  }

  get spans(): readonly Span[] {
    return this.#spans;
  }

  get last(): Span {
    const span = this.#spans.at(-1);
    if (span === undefined) throw new RangeError('no span is open yet');
    return span;
  }

  /** Number of the interval that `timeNs` falls into. */
  intervalAt(timeNs: number): number {
    const place = this.#placeOf(timeNs);
    return place.firstInterval + Math.max(0, Math.floor((timeNs - place.startNs) / place.intervalNs));
  }

  /** The span of an interval and where the interval lies in time. `endNs` of the open interval is its full length away. */
  describe(interval: number): { readonly span: Span; readonly startNs: number; readonly endNs: number } {
    let index = this.#spans.length - 1;
    while (index > 0 && (this.#spans[index]?.firstInterval ?? 0) > interval) index--;
    const span = this.#spans[index] ?? this.last;
    const startNs = span.startNs + (interval - span.firstInterval) * span.intervalNs;
    const nextStartNs = this.#spans[index + 1]?.startNs ?? Number.POSITIVE_INFINITY;
    return { span, startNs, endNs: Math.min(startNs + span.intervalNs, nextStartNs) };
  }

  #placeOf(timeNs: number): Span {
    let index = this.#spans.length - 1;
    while (index > 0 && (this.#spans[index]?.startNs ?? 0) > timeNs) index--;
    return this.#spans[index] ?? this.last;
  }
}

/**
 * A thread's reader. `locate` finds the interval of an intended time and remembers its bounds, so that a run of
 * messages costs one comparison each.
 */
export class SpanCursor {
  readonly #length: Int32Array;
  readonly #rows: Float64Array;
  #seen = 0;
  /** Bounds and number of the interval found last: from ≤ t < to. */
  fromNs = Number.POSITIVE_INFINITY;
  toNs = Number.NEGATIVE_INFINITY;
  interval = 0;

  constructor(buffer: SpanBuffer) {
    this.#length = new Int32Array(buffer, 0, 2);
    this.#rows = new Float64Array(buffer, 8);
  }

  /** Interval of `timeNs`. Times before the first span belong to the first interval. */
  locate(timeNs: number): number {
    const length = Atomics.load(this.#length, 0);
    if (timeNs >= this.fromNs && timeNs < this.toNs && length === this.#seen) return this.interval;
    this.#seen = length;
    const rows = this.#rows;
    let index = length - 1;
    while (index > 0 && (rows[index * fields] ?? 0) > timeNs) index--;
    const startNs = rows[index * fields] ?? 0;
    const intervalNs = rows[index * fields + 4] ?? usualIntervalNs;
    const place = Math.max(0, Math.floor((timeNs - startNs) / intervalNs));
    this.interval = (rows[index * fields + 1] ?? 0) + place;
    this.fromNs = place === 0 && index === 0 ? Number.NEGATIVE_INFINITY : startNs + place * intervalNs;
    const nextNs = index + 1 < length ? (rows[(index + 1) * fields] ?? 0) : Number.POSITIVE_INFINITY;
    this.toNs = Math.min(startNs + (place + 1) * intervalNs, nextNs);
    return this.interval;
  }

  /** Start of the first span that begins after `timeNs`; Infinity: none does, as far as is known. */
  nextStartNs(timeNs: number): number {
    const rows = this.#rows;
    let nextNs = Number.POSITIVE_INFINITY;
    for (let index = Atomics.load(this.#length, 0) - 1; index >= 0; index--) {
      const startNs = rows[index * fields] ?? 0;
      if (startNs <= timeNs) break;
      nextNs = startNs;
    }
    return nextNs;
  }

  /** A new span was opened since the last `locate`: remembered bounds may be stale. One atomic read. */
  get stale(): boolean {
    return Atomics.load(this.#length, 0) !== this.#seen;
  }
}
