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

/** Divides by `step` until at most three digits stand left of the point, or the units are used up. */
function scaled<Unit extends string>(
  value: number,
  step: 1000 | 1024,
  units: readonly Unit[],
): readonly [string, Unit] {
  let rest = value;
  let power = 0;
  while (Math.abs(rest) >= 999.5 && power < units.length - 1) {
    rest /= step;
    power++;
  }
  const unit = units[power];
  if (unit === undefined) throw new RangeError('figures need a unit');
  return [power === 0 && Number.isInteger(rest) ? wholeNumber(rest) : threeDigits(rest), unit];
}

/** `412`, `12.3k`, `1.20M`: a count for a narrow place. */
export function shortCount(count: number): string {
  return scaled(count, 1000, ['', 'k', 'M', 'G']).join('');
}

/** Messages per second: `500/s`, `50.0 k/s`, `1.20 M/s`; null: `max`. */
export function rateText(perSecond: number | null): string {
  return perSecond === null ? 'max' : scaled(perSecond, 1000, ['/s', ' k/s', ' M/s', ' G/s']).join('');
}

/** `100 B`, `64.0 KiB`, `4.77 MiB`. */
export function bytesText(bytes: number): string {
  const [text, unit] = scaled(Math.round(bytes), 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);
  return `${text} ${unit}`;
}

/** `4.77 MiB/s`. */
export function byteRateText(bytesPerSecond: number): string {
  return `${bytesText(bytesPerSecond)}/s`;
}

/** Milliseconds without their unit: `3.97`, `12.7`, `1,234`; from 10 s on `12.3s`. At most five characters. */
export function msText(ms: number): string {
  return ms >= 9999.5 ? `${threeDigits(ms / 1000)}s` : threeDigits(ms);
}

/** A short length of time in its own unit: `8 ms`, `1.25 s`, `3.50 min`. */
export function spanText(ms: number): string {
  if (ms < 999.5) return `${ms >= 10 || Number.isInteger(ms) ? Math.round(ms) : threeDigits(ms)} ms`;
  return ms < 120_000 ? `${threeDigits(ms / 1000)} s` : `${threeDigits(ms / 60_000)} min`;
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

/** `1 broker`, `3 brokers`. */
export function plural(count: number, noun: string): string {
  return `${wholeNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}
