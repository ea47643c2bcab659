/** Charts that every dimension has: CPU a message, memory, and how much of the rate was held. */
import type { Axis } from './axis.ts';
import type { ChartPlan, DimensionName } from './dimension.ts';
import type { Line } from './plot.ts';
import type { PointResult } from './results.ts';

type Value = (result: PointResult) => number | null;

export const countText = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 2 });

/** 50k, 1.5M: as flags say it. */
export function shortText(value: number): string {
  if (value >= 1e6) return `${countText(value / 1e6)}M`;
  return value >= 1e3 ? `${countText(value / 1e3)}k` : countText(value);
}

/** Points of which either figure is not known are left out. */
export function lineOf(name: string, results: readonly PointResult[], x: Value, y: Value): Line {
  return {
    name,
    points: results.flatMap((result) => {
      const place = { x: x(result), y: y(result) };
      return place.x === null || place.y === null ? [] : [{ x: place.x, y: place.y }];
    }),
  };
}

/** One line a series. */
export function linesBySeries(results: readonly PointResult[], x: Value, y: Value): Line[] {
  const names = [...new Set(results.map(({ series }) => series))];
  return names.map((name) =>
    lineOf(
      name,
      results.filter(({ series }) => series === name),
      x,
      y,
    ),
  );
}

/** CPU a message: of all, of the threads that produce and of those that consume. Of one series. */
export function costChart(name: DimensionName, by: string, x: Axis, scale: Axis['scale']): ChartPlan {
  return {
    file: name,
    title: `CPU a message, by ${by}`,
    x,
    y: { label: 'CPU, ns a message', scale, format: countText },
    limit: null,
    isCost: true,
    lines: (results) => [
      lineOf('process', results, xOf, ({ processNs }) => processNs),
      lineOf('producer threads', results, xOf, ({ producersNs }) => producersNs),
      lineOf('consumer threads', results, xOf, ({ consumersNs }) => consumersNs),
    ],
  };
}

export function memoryChart(name: DimensionName, by: string, x: Axis): ChartPlan {
  return {
    file: `${name}-memory`,
    title: `Memory of the process, by ${by}`,
    x,
    y: { label: 'resident, MB', scale: 'linear', format: countText },
    limit: null,
    isCost: false,
    lines: (results) => linesBySeries(results, xOf, ({ rssBytes }) => (rssBytes === null ? null : rssBytes / 1e6)),
  };
}

export function heldChart(name: DimensionName, by: string, x: Axis): ChartPlan {
  return {
    file: `${name}-held`,
    title: `Share of the rate that was held, by ${by}`,
    x,
    y: { label: 'acknowledged, % of what was asked for', scale: 'linear', format: countText },
    limit: null,
    isCost: false,
    lines: (results) =>
      linesBySeries(results, xOf, ({ askedPerSecond, heldPerSecond }) =>
        askedPerSecond === null ? null : (heldPerSecond / askedPerSecond) * 100,
      ),
  };
}

function xOf({ x }: PointResult): number | null {
  return x;
}
