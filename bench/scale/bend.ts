/** Where a cost leaves its best: the nearest points on either side of the least that cost much more. */

/** Above this share of its least, a cost counts as bent. */
export const bendRatio = 1.5;

export interface CostPoint {
  readonly x: number;
  readonly cost: number;
}

export interface BendEnd extends CostPoint {
  /** Its cost over the least. */
  readonly ratio: number;
  /** The last point before it, seen from the least, that was still within. */
  readonly lastWithin: number;
}

export interface Bend {
  readonly least: CostPoint;
  /** The first point with a larger x than that of the least that is over; null: none is. */
  readonly above: BendEnd | null;
  /** The same towards a smaller x: where fixed costs are shared by few. */
  readonly below: BendEnd | null;
}

/** null where there are fewer than two points: nothing can bend. */
export function bendOf(points: readonly CostPoint[]): Bend | null {
  const sorted = points.toSorted((one, other) => one.x - other.x);
  const [first] = sorted;
  if (first === undefined || sorted.length < 2) return null;
  const least = sorted.reduce((best, point) => (point.cost < best.cost ? point : best), first);
  const at = sorted.indexOf(least);
  return {
    least,
    above: firstOver(sorted.slice(at + 1), least),
    below: firstOver(sorted.slice(0, at).reverse(), least),
  };
}

function firstOver(awayFromLeast: readonly CostPoint[], least: CostPoint): BendEnd | null {
  const index = awayFromLeast.findIndex(({ cost }) => cost > bendRatio * least.cost);
  const found = awayFromLeast[index];
  if (found === undefined) return null;
  return { ...found, ratio: found.cost / least.cost, lastWithin: (awayFromLeast[index - 1] ?? least).x };
}

export interface BendWords {
  x(value: number): string;
  cost(value: number): string;
}

/** One sentence without the reason, which a run cannot know. */
export function bendText({ least, above, below }: Bend, { x, cost }: BendWords): string {
  const end = (one: BendEnd): string =>
    `bends at ${x(one.x)}: ${cost(one.cost)}, ${one.ratio.toFixed(2)} × its least (still within at ${x(one.lastWithin)})`;
  const ends = [above, below].filter((one) => one !== null).map(end);
  const from = `least at ${x(least.x)}: ${cost(least.cost)}`;
  return ends.length === 0 ? `${from}; never above ${bendRatio} × that` : `${from}; ${ends.join('; ')}`;
}
