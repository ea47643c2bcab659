/**
 * How figures read wherever people meet them, on the screen, in lines and in summaries: three significant digits, no
 * exponents, binary sizes. (What reads back as the very same number stands in config/units.ts.)
 */

/** Three significant digits: `0.012`, `0.99`, `12.7`, `4,810`. */
export function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.0995) return value.toFixed(3);
  if (size < 9.995) return value.toFixed(2);
  if (size < 99.95) return value.toFixed(1);
  return wholeNumber(value);
}

/** `12,604,112`. */
export function wholeNumber(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** A larger unit is kept until a figure is this far below the edge at which it began. */
const keptDownTo = 0.9;
const mostPower = 4;

/**
 * The place of a figure's unit (0: none, 1: k or Ki …): such that at most three digits stand left of the point, or, where
 * the figure was shown in the next larger unit (`held`) and is hardly below it, still that: so that a figure that
 * wobbles about 1,000 does not change its unit all the time.
 */
export function unitPlace(value: number, step: 1000 | 1024, held = 0): number {
  let place = 0;
  let edge = 999.5;
  while (Math.abs(value) >= edge && place < mostPower) {
    place++;
    edge *= step;
  }
  return held === place + 1 && Math.abs(value) >= edge * keptDownTo ? held : place;
}

/** Divided so that it stands before its unit. */
function scaled<Unit extends string>(
  value: number,
  step: 1000 | 1024,
  units: readonly Unit[],
  held: number | undefined,
): readonly [string, Unit] {
  const place = Math.min(units.length - 1, unitPlace(value, step, held));
  const unit = units[place];
  if (unit === undefined) throw new RangeError('figures need a unit');
  const rest = value / step ** place;
  return [place === 0 && Number.isInteger(rest) ? wholeNumber(rest) : threeDigits(rest), unit];
}

/** `412`, `12.3k`, `1.20M`: a count for a narrow place. `held`: see `unitPlace`. */
export function shortCount(count: number, held?: number): string {
  return scaled(count, 1000, ['', 'k', 'M', 'G'], held).join('');
}

/** Messages per second: `500/s`, `50.0 k/s`, `1.20 M/s`; null: `max`. `held`: see `unitPlace`. */
export function rateText(perSecond: number | null, held?: number): string {
  return perSecond === null ? 'max' : scaled(perSecond, 1000, ['/s', ' k/s', ' M/s', ' G/s'], held).join('');
}

/** `100 B`, `64.0 KiB`, `4.77 MiB`. `held`: see `unitPlace`. */
export function bytesText(bytes: number, held?: number): string {
  const [text, unit] = scaled(Math.round(bytes), 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB'], held);
  return `${text} ${unit}`;
}

/** `4.77 MiB/s`. */
export function byteRateText(bytesPerSecond: number, held?: number): string {
  return `${bytesText(bytesPerSecond, held)}/s`;
}

/** Milliseconds without their unit: `3.97`, `12.7`, `1,234`; from 10 s on `12.3s`. At most five characters. */
export function msText(ms: number): string {
  return ms >= 9999.5 ? `${threeDigits(ms / 1000)}s` : threeDigits(ms);
}

/** The same with its unit: `3.97 ms`, `1,234 ms`; from 10 s on `12.3 s`. */
export function msUnitText(ms: number): string {
  return ms >= 9999.5 ? `${threeDigits(ms / 1000)} s` : `${threeDigits(ms)} ms`;
}

const secondsFromMs = 999.5;
const minutesFromMs = 120_000;

/** The place of a span's unit (ms, s, min), as `unitPlace` has it. */
export function spanPlace(ms: number, held = 0): number {
  const kept = (fromMs: number, place: number): boolean => ms >= fromMs * (held === place ? keptDownTo : 1);
  return kept(minutesFromMs, 2) ? 2 : kept(secondsFromMs, 1) ? 1 : 0;
}

/** A short length of time in its own unit: `8 ms`, `1.25 s`, `3.50 min`. `held`: see `unitPlace`. */
export function spanText(ms: number, held?: number): string {
  const place = spanPlace(ms, held);
  if (place === 0) return `${ms >= 10 || Number.isInteger(ms) ? Math.round(ms) : threeDigits(ms)} ms`;
  return place === 1 ? `${threeDigits(ms / 1000)} s` : `${threeDigits(ms / 60_000)} min`;
}

/** A stopwatch, full seconds: `01:42`, `1:01:42`. */
export function stopwatch(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds >= 3600 ? `${Math.floor(seconds / 3600)}:${rest}` : rest;
}

/** Time left, begun seconds in full: `01:42`. */
export function countdown(ms: number): string {
  return stopwatch(Math.ceil(ms / 1000) * 1000);
}

/** `100.0 %` of a fraction; never rounded up to a figure that was not reached. */
export function percentText(fraction: number): string {
  return `${(Math.floor(fraction * 1000 + 1e-9) / 10).toFixed(1)} %`;
}

/** `1.02×`, `3.1×`, `85×`: how many times smaller. */
export function ratioText(ratio: number): string {
  return `${ratio < 1.995 ? ratio.toFixed(2) : ratio < 9.95 ? ratio.toFixed(1) : wholeNumber(ratio)}×`;
}

/** `1 broker`, `3 brokers`. */
export function plural(count: number, noun: string): string {
  return `${wholeNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}
