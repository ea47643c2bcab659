/** What only the screen writes: a dash where there is no figure, the time of day, percentiles with their window. */
import { msText } from '../session/figures-text.ts';
import type { ShownPercentile } from '../session/view.ts';

export const dash = '—';

/** The value in words; a dash where there is none. */
export function orDash(value: number | null, text: (value: number) => string): string {
  return value === null ? dash : text(value);
}

/** Time of day: `12:04:31`, local time. */
export function clockText(unixMs: number): string {
  const time = new Date(unixMs);
  return [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((value) => String(value).padStart(2, '0'))
    .join(':');
}

/** `12.7`, `>12.7` where the true figure is larger, a dash where there is none; the window is named unless it is 1 s. */
export function percentileText(shown: ShownPercentile): { readonly value: string; readonly window: string } {
  const value = orDash(shown.valueMs, msText);
  return {
    value: shown.atLeast && shown.valueMs !== null ? `>${value}` : value,
    window: shown.valueMs === null || shown.windowS === 1 ? '' : `(${shown.windowS} s)`,
  };
}
