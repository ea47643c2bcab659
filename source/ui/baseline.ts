/** A moment that was pinned, and how the present differs from it. Pure. */
import type { SessionView } from '../session/view.ts';
import { meanOf } from './time-window.ts';

export interface Baseline {
  readonly atMs: number;
  /** Mean of the last 10 s, messages per second. */
  readonly ackedRate: number;
  /** As they were shown: each of its own window. Percentiles have no mean. */
  readonly latency: SessionView['latency'];
}

const rateWindowMs = 10_000;

/** What a view says now. */
export function baselineOf({ nowMs, points, ackedRate, latency }: SessionView): Baseline {
  const recent = points.filter(({ timeMs }) => timeMs >= nowMs - rateWindowMs);
  return { atMs: nowMs, ackedRate: meanOf(recent, (point) => point.ackedRate) ?? ackedRate, latency };
}

/** Cells of the longest change. */
export const changeWidth = '(+999 %)'.length;

/** `(−12 %)`; nothing where there is nothing to compare. */
export function changeText(now: number | null, before: number | null): string {
  if (now === null || before === null || before <= 0) return '';
  const percent = Math.round((now / before - 1) * 100);
  if (percent > 999) return '(>×10)';
  return `(${percent > 0 ? '+' : percent < 0 ? '−' : ''}${Math.abs(percent)} %)`;
}
