/** How numbers look on the screen: three significant digits, binary sizes, a dash where there is no figure. */
import type { KnobDefinition, KnobValue } from '../config/knobs.ts';
import type { ShownPercentile } from '../session/view.ts';

export const dash = '—';

/** At least three significant digits, without exponent: `4.77`, `12.7`, `127`, `0.99`, `0.012`. */
export function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size === 0) {
    return '0';
  }
  if (size < 0.0995) {
    return value.toFixed(3);
  }
  return value.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
}

/** Divides by `step` until three digits are left of the point at most; answers the number and how often it divided. */
function scaled(value: number, step: number, most: number): { readonly text: string; readonly power: number } {
  let rest = value;
  let power = 0;
  while (Math.abs(rest) >= (step === 1000 ? 999.5 : 1023.5) && power < most) {
    rest /= step;
    power++;
  }
  return { text: power === 0 && Number.isInteger(rest) ? String(rest) : threeDigits(rest), power };
}

const countUnits = ['', 'k', 'M', 'G'] as const;

/** `50.0 k/s`, `500 /s`, `1.20 M/s`; null: `max`. */
export function formatRate(perSecond: number | null): string {
  if (perSecond === null) {
    return 'max';
  }
  const { text, power } = scaled(perSecond, 1000, 3);
  return `${text} ${countUnits[power] ?? ''}/s`;
}

/** `412`, `12.3k`, `1.20M`: for narrow places; null: a dash. */
export function formatShort(count: number | null): string {
  if (count === null) {
    return dash;
  }
  const { text, power } = scaled(count, 1000, 3);
  return `${text}${countUnits[power] ?? ''}`;
}

/** An axis label in at most four characters: `60k`, `2.5k`, `0`. */
export function formatAxis(value: number): string {
  const { text, power } = scaled(value, 1000, 3);
  return `${Number(text)}${countUnits[power] ?? ''}`;
}

/** `1,204,881`; null: a dash. */
export function formatCount(count: number | null): string {
  return count === null ? dash : Math.round(count).toLocaleString('en-US');
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `64.0 KiB`, `4.77 MiB`, `100 B`; null: a dash. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) {
    return dash;
  }
  const { text, power } = scaled(bytes, 1024, 4);
  return `${power === 0 ? Math.round(bytes) : text} ${byteUnits[power] ?? ''}`;
}

/** `4.77 MiB/s`; null: a dash. */
export function formatByteRate(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? dash : `${formatBytes(bytesPerSecond)}/s`;
}

/** Milliseconds without their unit: `0.99`, `12.7`, `1234`; from 10 s on `12.3s`. null: a dash. */
export function formatMs(ms: number | null): string {
  if (ms === null) {
    return dash;
  }
  return ms >= 9999.5 ? `${threeDigits(ms / 1000)}s` : threeDigits(ms);
}

/** A length of time in its own unit: `8 ms`, `1.25 s`, `3.5 min`; null: a dash. */
export function formatSpan(ms: number | null): string {
  if (ms === null) {
    return dash;
  }
  if (ms < 999.5) {
    return `${ms >= 10 || Number.isInteger(ms) ? Math.round(ms) : threeDigits(ms)} ms`;
  }
  return ms < 120_000 ? `${threeDigits(ms / 1000)} s` : `${threeDigits(ms / 60_000)} min`;
}

function twoDigits(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}

/** Time of day: `12:04:31`, local time. */
export function formatClock(unixMs: number): string {
  const time = new Date(unixMs);
  return `${twoDigits(time.getHours())}:${twoDigits(time.getMinutes())}:${twoDigits(time.getSeconds())}`;
}

/** A stopwatch: `01:42`, `1:01:42`. */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  const rest = `${twoDigits((seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
  return seconds >= 3600 ? `${Math.floor(seconds / 3600)}:${rest}` : rest;
}

/** `100.0%` of a fraction; null: a dash. */
export function formatPercent(fraction: number | null): string {
  return fraction === null ? dash : `${(fraction * 100).toFixed(1)}%`;
}

/** `12.7`, `> 12.7` where the true figure is larger, a dash where there is none; the window is named unless it is 1 s. */
export function formatPercentile(shown: ShownPercentile): { readonly value: string; readonly window: string } {
  const value = formatMs(shown.valueMs);
  return {
    value: shown.atLeast && shown.valueMs !== null ? `> ${value}` : value,
    window: shown.valueMs === null || shown.windowS === 1 ? '' : `(${shown.windowS} s)`,
  };
}

/** A knob's value, exactly: `50.0 k/s`, `64 KiB`, `1500 B`, `5 ms`, `4`, `all`, `max`. */
export function formatKnob(definition: KnobDefinition, value: KnobValue): string {
  if (typeof value !== 'number') {
    return value === null ? 'max' : value;
  }
  switch (definition.unit) {
    case 'rate':
      return formatRate(value);
    case 'bytes':
      return exactBytes(value);
    case 'ms':
      return `${value} ms`;
    case 'count':
    case 'choice':
      return String(value);
  }
}

function exactBytes(bytes: number): string {
  let rest = bytes;
  let power = 0;
  while (rest >= 1024 && rest % 1024 === 0 && power < 3) {
    rest /= 1024;
    power++;
  }
  return `${rest} ${byteUnits[power] ?? 'B'}`;
}
