/** Points of a dimension as lines of text. */
import { numberText } from '../report.ts';
import { shortText } from './charts.ts';
import type { Point } from './dimension.ts';
import type { PointResult } from './results.ts';

/** One line a point, with the reason of its verdict where that is not the plain one. */
export function pointText(result: PointResult): string {
  const { askedPerSecond, heldPerSecond, processNs, producersNs, consumersNs, rssBytes, exitCode, reasons } = result;
  const held = askedPerSecond === null ? '' : ` (${((heldPerSecond / askedPerSecond) * 100).toFixed(1)} %)`;
  const cells = [
    nameOf(result).padEnd(26),
    `${shortText(heldPerSecond)}/s${held}`.padStart(20),
    `process ${nsText(processNs)}`,
    `producers ${nsText(producersNs)}`,
    `consumers ${nsText(consumersNs)}`,
    rssBytes === null ? 'memory -' : `${numberText(rssBytes / 1e6)} MB`,
    ...(exitCode === 0 ? [] : [`exit ${exitCode}: ${reasons[0] ?? result.verdict}`]),
  ];
  return `  ${cells.join('  ')}`;
}

export function failureText(point: Point, message: string): string {
  return `  ${nameOf(point)} failed (${point.flags.join(' ')}): ${message}`;
}

function nameOf({ series, x }: Pick<Point, 'series' | 'x'>): string {
  return `${series}, ${x === null ? 'max' : shortText(x)}`;
}

function nsText(ns: number | null): string {
  return ns === null ? '-' : `${numberText(ns)} ns`;
}
