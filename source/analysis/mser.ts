/**
 * Where a series settles: MSER-5 (White 1997), the cut that leaves the mean of the rest most certain. Pure.
 * It looks at means of five points; the last batches, of which too little would be left to judge, are no cut.
 */

const batchSize = 5;
const fewestLeft = 5;

export interface SteadyCut {
  /** Points to leave out from the start. */
  readonly cutPoints: number;
  /** Mean of the batch means that are left. */
  readonly mean: number;
  /** False: more than half had to go, so nothing says that the rest is settled. */
  readonly valid: boolean;
  readonly batchMeans: readonly number[];
}

/** null: fewer points than make two batches. What does not fill the last batch is left out. */
export function mser5(points: readonly number[]): SteadyCut | null {
  const batchMeans = meansOf(points);
  const count = batchMeans.length;
  if (count < 2) return null;
  const lastCut = count - 1 - Math.min(fewestLeft, Math.floor(count / 4));
  let best = Number.POSITIVE_INFINITY;
  let cut = 0;
  // From the end, each batch added to what is left: one pass with Welford's update.
  let mean = 0;
  let squares = 0;
  let left = 0;
  let bestMean = 0;
  for (let from = count - 1; from >= 0; from--) {
    const value = batchMeans[from] ?? 0;
    left++;
    const difference = value - mean;
    mean += difference / left;
    squares += difference * (value - mean);
    if (from > lastCut) continue;
    const uncertainty = squares / left ** 2;
    if (uncertainty > best) continue;
    best = uncertainty;
    cut = from;
    bestMean = mean;
  }
  return { cutPoints: cut * batchSize, mean: bestMean, valid: cut <= count / 2, batchMeans };
}

function meansOf(points: readonly number[]): number[] {
  const means: number[] = [];
  for (let at = 0; at + batchSize <= points.length; at += batchSize) {
    let sum = 0;
    for (let i = at; i < at + batchSize; i++) sum += points[i] ?? 0;
    means.push(sum / batchSize);
  }
  return means;
}
