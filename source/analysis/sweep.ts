/**
 * Sweeps: every combination of some knobs' values, measured in random order, several times. What is to be measured when, and
 * what came of it. Pure.
 */

/** One run of a sweep: which combination, and the how-manieth time, both from 0. */
export interface SweepTurn {
  readonly combination: number;
  readonly repeat: number;
}

/**
 * All turns: each combination once before any comes a second time, in an order of its own each time, so that what drifts
 * while a sweep goes on falls on all alike. The same seed gives the same order.
 */
export function sweepOrder(combinations: number, repeats: number, seed: number): readonly SweepTurn[] {
  const random = seededRandom(seed);
  return Array.from({ length: repeats }, (_, repeat) => {
    const order = Array.from({ length: combinations }, (__, combination) => ({ combination, repeat }));
    for (let at = order.length - 1; at > 0; at--) {
      const other = Math.floor(random() * (at + 1));
      const [one, two] = [order[at], order[other]];
      if (one === undefined || two === undefined) continue;
      order[at] = two;
      order[other] = one;
    }
    return order;
  }).flat();
}

/** Where the search of a turn begins, as a factor of the first rate, 1 … 2: so that not all searches test the same rates. */
export function startFactor(seed: number, turn: number): number {
  return 2 ** seededRandom(seed ^ Math.imul(turn + 1, 0x9e3779b1))();
}

/** Numbers from 0 to 1 that are the same each time (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What one run came to. */
export interface SweepFigures {
  readonly combination: number;
  /** Messages a second asked for; null: unthrottled, or searched for. */
  readonly targetRate: number | null;
  /** Messages a second: acknowledged, or, where it was searched for, the highest that holds. null: none was found. */
  readonly rate: number | null;
  /** null: nothing was answered, or the percentile falls among what never was. */
  readonly p99Ms: number | null;
}

/** Of all runs of a combination. `median` null: more than half of them have no figure, which counts as the worst. */
export interface Spread {
  readonly median: number | null;
  /** Lowest and highest figure there is; null: none. */
  readonly low: number | null;
  readonly high: number | null;
}

export interface SweepResult {
  readonly combination: number;
  readonly runs: number;
  readonly rate: Spread;
  readonly p99Ms: Spread;
  /** No other combination is better in one of throughput and p99 without being worse in the other. */
  readonly pareto: boolean;
}

/** Closer throughputs are the same: a clock's jitter at one target rate is no merit. */
const sameRate = 0.995;
/** Of the target: a combination that gets less did not keep up. */
const keptUp = 0.99;

/**
 * The combinations, best first. Where rates were searched for, by the rate that was found. Else those that kept up with
 * their target before those that did not; then the higher target; at the same target by p99, and unthrottled by
 * throughput.
 */
export function sweepResults(runs: readonly SweepFigures[], searched: boolean): readonly SweepResult[] {
  const groups = [...Map.groupBy(runs, ({ combination }) => combination).values()];
  const all = groups.map((group) => {
    const rate = spreadOf(
      group.map((one) => one.rate),
      'highest',
    );
    const p99Ms = spreadOf(
      group.map((one) => one.p99Ms),
      'lowest',
    );
    const { combination = 0, targetRate = null } = group[0] ?? {};
    return { combination, runs: group.length, targetRate, rate, p99Ms };
  });
  const points = all.map(({ rate, p99Ms }) => ({ rate: rate.median, p99Ms: p99Ms.median }));
  return all
    .map((result, at) => ({ ...result, pareto: onFront(points[at], points) }))
    .sort((a, b) => (searched ? byFoundRate(a, b) : byMeasurement(a, b)))
    .map(({ combination, runs: count, rate, p99Ms, pareto }) => ({ combination, runs: count, rate, p99Ms, pareto }));
}

type Ranked = Omit<SweepResult, 'pareto'> & Pick<SweepFigures, 'targetRate'>;

function byFoundRate(a: Ranked, b: Ranked): number {
  return descending(a.rate.median, b.rate.median) || ascending(a.p99Ms.median, b.p99Ms.median);
}

function byMeasurement(a: Ranked, b: Ranked): number {
  const keptUpOf = ({ targetRate, rate }: Ranked): number =>
    targetRate === null || (rate.median ?? 0) >= targetRate * keptUp ? 1 : 0;
  const kept = keptUpOf(b) - keptUpOf(a);
  if (kept !== 0) return kept;
  if (a.targetRate === null && b.targetRate === null) return byFoundRate(a, b);
  if (a.targetRate === null) return -1;
  if (b.targetRate === null) return 1;
  return (
    b.targetRate - a.targetRate || ascending(a.p99Ms.median, b.p99Ms.median) || descending(a.rate.median, b.rate.median)
  );
}

/** Without a figure last. */
function ascending(a: number | null, b: number | null): number {
  if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0);
  return a - b;
}

function descending(a: number | null, b: number | null): number {
  return a === null || b === null ? ascending(a, b) : b - a;
}

interface Point {
  readonly rate: number | null;
  readonly p99Ms: number | null;
}

/** Whether no other point is better in one and no worse in the other; one without both figures is on no front. */
function onFront(point: Point | undefined, points: readonly Point[]): boolean {
  if (point === undefined || point.rate === null || point.p99Ms === null) return false;
  const { rate, p99Ms } = point;
  return !points.some((other) => {
    if (other.rate === null || other.p99Ms === null) return false;
    const faster = other.p99Ms < p99Ms && other.rate >= rate * sameRate;
    const more = other.rate * sameRate > rate && other.p99Ms <= p99Ms;
    return faster || more;
  });
}

/** `best`: which end is better; what has no figure stands beyond the other end. */
function spreadOf(values: readonly (number | null)[], best: 'lowest' | 'highest'): Spread {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  const worst = best === 'lowest' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const median = medianOf(values.map((value) => value ?? worst));
  return {
    median: Number.isFinite(median) ? median : null,
    low: known[0] ?? null,
    high: known.at(-1) ?? null,
  };
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (lower + upper) / 2;
}
