/** One thing that is made larger while the rest stays: its points as flags of `loadtui run`, and the pictures of them. */
import type { Axis } from './axis.ts';
import type { Chart, Line } from './plot.ts';
import type { PointResult } from './results.ts';

export const dimensionNames = ['rate', 'partitions', 'producers', 'size'] as const;
export type DimensionName = (typeof dimensionNames)[number];

export interface Point {
  /** Points of one series are on one line. */
  readonly series: string;
  /** null: not known beforehand; the point stands at the rate it held. */
  readonly x: number | null;
  readonly flags: readonly string[];
}

export interface ChartPlan {
  /** Of the file, without `.svg`. */
  readonly file: string;
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly limit: Chart['limit'];
  /** A cost in ns, whose bends are looked for. */
  readonly isCost: boolean;
  lines(results: readonly PointResult[]): readonly Line[];
}

export interface Dimension {
  readonly name: DimensionName;
  /** What stays the same, in a line. */
  readonly constant: string;
  readonly flags: readonly string[];
  /** A series' points from the least to the largest. */
  readonly points: readonly Point[];
  readonly charts: readonly ChartPlan[];
}

/** The first and the last point of each series: what breaks at scale breaks there. */
export function endsOf(points: readonly Point[]): readonly Point[] {
  return points.filter(
    ({ series }, index) => points[index - 1]?.series !== series || points[index + 1]?.series !== series,
  );
}
