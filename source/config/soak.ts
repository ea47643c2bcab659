/** A soak: a long load at a share of the rate that a search found, or at a rate of its own. */
import { usageError } from '../errors.ts';
import { formatDuration, formatPercent, parseDurationMs, parsePercent, parseSomeMessageRate } from './units.ts';

export type SoakRate =
  | { readonly kind: 'share'; readonly fraction: number }
  | { readonly kind: 'rate'; readonly rateHz: number };

export interface SoakWish {
  readonly fraction: number;
  readonly forMs: number;
}

const help = 'Write a share of what is found and a time: --soak 80%:30m.';

/** `80%` or `40k`. Throws LoadtuiError. */
export function parseSoakRate(text: string): SoakRate {
  if (text.endsWith('%')) {
    const fraction = parsePercent(text);
    if (fraction <= 0 || fraction > 2) throw usageError(`"${text}" of what was found is no load to soak at`, help);
    return { kind: 'share', fraction };
  }
  return { kind: 'rate', rateHz: parseSomeMessageRate(text) };
}

/** `80%:30m`; `none`: no soak. Throws LoadtuiError. */
export function parseSoak(text: string): SoakWish | null {
  if (text.trim() === 'none') return null;
  const [share = '', time = '', ...more] = text.trim().split(':');
  const at = parseSoakRate(share);
  if (more.length > 0 || at.kind !== 'share') throw usageError(`"${text}" is no soak`, help);
  const forMs = parseDurationMs(time, 's');
  if (forMs <= 0) throw usageError(`"${text}" soaks for no time`, help);
  return { fraction: at.fraction, forMs };
}

export function formatSoak(wish: SoakWish | null): string {
  return wish === null ? 'none' : `${formatPercent(wish.fraction)}:${formatDuration(wish.forMs)}`;
}
