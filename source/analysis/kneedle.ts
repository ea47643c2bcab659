/**
 * Kneedle (Satopää, Albrecht, Irwin, Raghavan 2011: Finding a "Kneedle" in a Haystack), with S = 1 and without smoothing:
 * the point of a rising curve that is farthest from the line between its ends, once the curve has come back towards that
 * line by a mean step. Pure.
 */

export interface XY {
  readonly x: number;
  readonly y: number;
}

/** Concave: it rises ever less, as throughput by load. Convex: ever more, as latency by rate. */
export type Bend = 'concave' | 'convex';

const sensitivity = 1;
const fewestPoints = 3;

/** The x of the first knee; null: there is none. Points may come in any order; those at one x count as their mean. */
export function kneedle(points: readonly XY[], bend: Bend): number | null {
  const curve = byX(points);
  const first = curve[0];
  const last = curve.at(-1);
  if (curve.length < fewestPoints || first === undefined || last === undefined) return null;
  const ys = curve.map(({ y }) => y);
  const lowest = Math.min(...ys);
  const height = Math.max(...ys) - lowest;
  if (height === 0) return null;
  const unit = curve.map(({ x, y }) => ({ at: x, x: (x - first.x) / (last.x - first.x), y: (y - lowest) / height }));
  // A convex rising curve turned by half a circle is a concave rising one: x is flipped as well as y.
  const concave = bend === 'concave' ? unit : unit.map(({ at, x, y }) => ({ at, x: 1 - x, y: 1 - y })).reverse();
  return firstKnee(concave.map(({ at, x, y }) => ({ x: at, y: y - x })));
}

/** On the difference curve, y − x of the unit square: the first inner peak after which it falls below its threshold. */
function firstKnee(difference: readonly XY[]): number | null {
  const meanStep = 1 / (difference.length - 1);
  let knee: number | null = null;
  let threshold = Number.NEGATIVE_INFINITY;
  for (let i = 1; i < difference.length - 1; i++) {
    const [before, here, after] = difference.slice(i - 1, i + 2);
    if (before === undefined || here === undefined || after === undefined) break;
    if (here.y >= before.y && here.y >= after.y) {
      knee = here.x;
      threshold = here.y - sensitivity * meanStep;
    } else if (here.y <= before.y && here.y <= after.y) threshold = 0;
    if (knee !== null && after.y < threshold) return knee;
  }
  return null;
}

function byX(points: readonly XY[]): XY[] {
  const groups = Map.groupBy(
    points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)),
    ({ x }) => x,
  );
  return [...groups]
    .map(([x, group]) => ({ x, y: group.reduce((sum, { y }) => sum + y, 0) / group.length }))
    .sort((a, b) => a.x - b.x);
}
