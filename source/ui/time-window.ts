/** The time axis that both charts share: which stretch of time, in how many columns, and what falls into each. */
import type { ChartPoint, SessionView } from '../session/view.ts';

/** Seconds a column stands for, by zoom level; level 0 is the closest look. */
export const zoomSeconds = [1, 2, 5, 10, 20, 30, 60, 120, 300] as const;
export const startZoom = 1;

export interface TimeWindow {
  readonly startMs: number;
  readonly columnMs: number;
  readonly columns: number;
  /** What is drawn reaches so far: the end of the last column, or of the newest point while it is not full. */
  readonly reachMs: number;
}

/**
 * The window ends with the column of the newest point (of `nowMs` where there is none), `scroll` columns earlier.
 * Columns never shift within their time.
 */
export function timeWindow(
  { points, nowMs }: Pick<SessionView, 'points' | 'nowMs'>,
  columns: number,
  zoom: number,
  scroll: number,
): TimeWindow {
  const columnMs = (zoomSeconds[zoom] ?? zoomSeconds[startZoom]) * 1000;
  const newest = points.at(-1);
  const newestMs = newest === undefined ? nowMs : middleOf(newest);
  const endMs = (Math.floor(newestMs / columnMs) + 1 - scroll) * columnMs;
  const figuresEndMs = newest === undefined ? nowMs : newest.timeMs + newest.durationMs;
  return { startMs: endMs - columns * columnMs, columnMs, columns, reachMs: Math.min(endMs, figuresEndMs) };
}

function endOf(window: TimeWindow): number {
  return window.startMs + window.columns * window.columnMs;
}

/** A point belongs to the column of this time. */
function middleOf(point: ChartPoint): number {
  return point.timeMs + point.durationMs / 2;
}

/**
 * The points of each column, oldest column first. A point belongs to the column of its middle; a column that would
 * stay empty although a point lasts through it gets that one.
 */
export function pointsByColumn(points: readonly ChartPoint[], window: TimeWindow): readonly (readonly ChartPoint[])[] {
  const columns: ChartPoint[][] = Array.from({ length: window.columns }, () => []);
  const visible = points.filter(
    (point) => point.timeMs + point.durationMs > window.startMs && point.timeMs < endOf(window),
  );
  const columnAt = (timeMs: number) => Math.floor((timeMs - window.startMs) / window.columnMs);
  for (const point of visible) {
    columns[columnAt(middleOf(point))]?.push(point);
  }
  for (const point of visible) {
    const last = columnAt(point.timeMs + point.durationMs - 1);
    for (let column = Math.max(0, columnAt(point.timeMs)); column <= last; column++) {
      if (columns[column]?.length === 0 && lastsThrough(point, window, column)) {
        columns[column] = [point];
      }
    }
  }
  return columns;
}

function lastsThrough(point: ChartPoint, window: TimeWindow, column: number): boolean {
  const middleMs = window.startMs + (column + 0.5) * window.columnMs;
  return middleMs >= point.timeMs && middleMs < point.timeMs + point.durationMs;
}

/** A rate of a column: its points' mean, weighted by their lengths; null where there is none. */
export function meanOf(points: readonly ChartPoint[], read: (point: ChartPoint) => number | null): number | null {
  let weighted = 0;
  let durationMs = 0;
  for (const point of points) {
    const value = read(point);
    if (value !== null && Number.isFinite(value)) {
      weighted += value * point.durationMs;
      durationMs += point.durationMs;
    }
  }
  return durationMs > 0 ? weighted / durationMs : null;
}

/** A percentile of a column: its worst second, since percentiles are never averaged; null where there is none. */
export function worstOf(points: readonly ChartPoint[], read: (point: ChartPoint) => number | null): number | null {
  let worst: number | null = null;
  for (const point of points) {
    const value = read(point);
    if (value !== null && Number.isFinite(value) && (worst === null || value > worst)) {
      worst = value;
    }
  }
  return worst;
}

/** How many columns a mark may stand from its own. */
const farthestMark = 6;

/**
 * Marks by column, in order of time from left to right: one that finds its column taken stands right of those before
 * it; at the right edge they make room to the left.
 */
export function marksByColumn(points: readonly ChartPoint[], window: TimeWindow): ReadonlyMap<number, number> {
  const marks = points
    .flatMap((point) => {
      const home = Math.floor((middleOf(point) - window.startMs) / window.columnMs);
      return point.marks.map((mark) => ({ mark, home, column: home }));
    })
    .filter(({ home }) => home >= 0 && home < window.columns);
  let free = 0;
  for (const placed of marks) {
    placed.column = Math.max(placed.home, free);
    free = placed.column + 1;
  }
  let last = window.columns - 1;
  for (const placed of marks.toReversed()) {
    placed.column = Math.min(placed.column, last);
    last = placed.column - 1;
  }
  return new Map(
    marks
      .filter(({ column, home }) => column >= 0 && Math.abs(column - home) <= farthestMark)
      .map(({ column, mark }) => [column, mark]),
  );
}
