/**
 * What users write for amounts, and back: counts `50k`, bytes `64KiB`, durations `5ms`, rates `50k`, `50MB/s`, `max`.
 * Parsers throw LoadtuiError (`USAGE`) whose message says what was written and what was expected. Formatters are
 * canonical: what they print parses back to the very same number.
 */
import { usageError } from '../errors.ts';

interface Amount {
  /** Decimal digits as written, so that a decimal unit can move the point without rounding. */
  readonly digits: string;
  readonly unit: string;
}

const amountPattern = /^([0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*([a-zA-Zµμ/]*)$/;

function splitAmount(text: string): Amount | null {
  const match = amountPattern.exec(text.trim().replaceAll('_', ''));
  return match?.[1] === undefined ? null : { digits: match[1], unit: match[2] ?? '' };
}

/** `digits` × 10^exponent, rounded once. */
function decimal(digits: string, exponent: number): number {
  return Number(`${digits}e${exponent}`);
}

const countExponents: Readonly<Record<string, number>> = { '': 0, k: 3, K: 3, M: 6, G: 9 };

/** `16`, `50k`, `1.2M`: a whole number ≥ 0. */
export function parseCount(text: string): number {
  const amount = splitAmount(text);
  const exponent = amount === null ? undefined : countExponents[amount.unit];
  if (amount === null || exponent === undefined) {
    throw usageError(`"${text}" is not a count`, 'Write a count as 16, 50k or 1.2M.');
  }
  const count = decimal(amount.digits, exponent);
  if (!Number.isSafeInteger(count)) {
    throw usageError(`"${text}" is not a whole number`, 'Write a count as 16, 50k or 1.2M.');
  }
  return count;
}

const byteUnits: Readonly<Record<string, number>> = { '': 1, b: 1, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 };
const decimalByteUnits: Readonly<Record<string, number>> = { k: 3, kb: 3, m: 6, mb: 6, g: 9, gb: 9 };
const binaryTwins: Readonly<Record<string, string>> = { k: 'KiB', m: 'MiB', g: 'GiB' };
const byteHelp = 'Write bytes as 100B, 64KiB or 1MiB.';

/** `100`, `100B`, `64KiB`, `1MiB`, `1GiB`: whole bytes. `64KB` is refused: it is read in two ways. */
export function parseBytes(text: string): number {
  const amount = splitAmount(text);
  if (amount === null) {
    throw usageError(`"${text}" is not a number of bytes`, byteHelp);
  }
  const unit = amount.unit.toLowerCase();
  const factor = byteUnits[unit];
  if (factor === undefined) {
    const exponent = decimalByteUnits[unit];
    if (exponent === undefined) {
      throw usageError(`"${text}" has an unknown unit "${amount.unit}"`, byteHelp);
    }
    const binary = `${amount.digits}${binaryTwins[unit.charAt(0)] ?? ''}`;
    throw usageError(
      `"${text}" is read as ${decimal(amount.digits, exponent)} bytes by some and as ${binary} by others`,
      `Did you mean ${binary}? Otherwise write ${decimal(amount.digits, exponent)}B.`,
    );
  }
  const bytes = Number(amount.digits) * factor;
  if (!Number.isSafeInteger(bytes)) {
    throw usageError(`"${text}" is not a whole number of bytes`, byteHelp);
  }
  return bytes;
}

/** Milliseconds of a unit as factor × 10^exponent, so that decimal units do not round twice. */
const durationUnits: Readonly<Record<string, { readonly factor: number; readonly exponent: number }>> = {
  us: { factor: 1, exponent: -3 },
  µs: { factor: 1, exponent: -3 },
  μs: { factor: 1, exponent: -3 },
  ms: { factor: 1, exponent: 0 },
  s: { factor: 1, exponent: 3 },
  m: { factor: 60, exponent: 3 },
  min: { factor: 60, exponent: 3 },
  h: { factor: 3600, exponent: 3 },
};
const durationHelp = 'Write a duration as 500us, 5ms, 30s or 10m.';

/**
 * `500us`, `5ms`, `30s`, `10m`, `1h` in milliseconds (fractions allowed). A bare number is refused, except 0;
 * `suggestedUnit` is what "did you mean" offers.
 */
export function parseDurationMs(text: string, suggestedUnit: 'ms' | 's' = 's'): number {
  const amount = splitAmount(text);
  if (amount === null) {
    throw usageError(`"${text}" is not a duration`, durationHelp);
  }
  if (amount.unit === '') {
    if (Number(amount.digits) === 0) {
      return 0;
    }
    throw usageError(`"${text}" has no unit: did you mean ${amount.digits}${suggestedUnit}?`, durationHelp);
  }
  const unit = durationUnits[amount.unit];
  if (unit === undefined) {
    throw usageError(`"${text}" has an unknown unit "${amount.unit}"`, durationHelp);
  }
  return decimal(amount.digits, unit.exponent) * unit.factor;
}

const rateByteUnits: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};
const rateHelp = 'Write a rate as 50k, 1.2M (messages per second), 50MB/s, or max for no limit.';

/** Messages per second; null: unthrottled (`max`, `-1`). A rate of bytes (`50MB/s`) is divided by the message size. */
export function parseRate(text: string, messageSizeBytes: number): number | null {
  const trimmed = text.trim();
  if (trimmed === 'max' || trimmed === '-1') {
    return null;
  }
  const amount = splitAmount(trimmed);
  if (amount === null) {
    throw usageError(`"${text}" is not a rate`, rateHelp);
  }
  const perSecond = amount.unit.endsWith('/s');
  const unit = perSecond ? amount.unit.slice(0, -2) : amount.unit;
  const exponent = countExponents[unit];
  if (exponent !== undefined) {
    return decimal(amount.digits, exponent);
  }
  const byteFactor = rateByteUnits[unit];
  if (byteFactor === undefined) {
    throw usageError(`"${text}" has an unknown unit "${amount.unit}"`, rateHelp);
  }
  if (!perSecond) {
    throw usageError(`"${text}" is not a rate: did you mean ${amount.digits}${unit}/s?`, rateHelp);
  }
  if (messageSizeBytes <= 0) {
    throw usageError(`"${text}" needs a message size above 0`, 'Give the rate in messages per second, as 50k.');
  }
  return (Number(amount.digits) * byteFactor) / messageSizeBytes;
}

/** Messages per second where there is no message size to divide by, and no limit is no answer. 0 is allowed. */
export function parseMessageRate(text: string): number {
  const rate = /B\/s$/.test(text.trim()) ? null : parseRate(text, 1);
  if (rate === null) throw usageError(`"${text}" is no rate of messages`, 'Write messages per second, such as 50k.');
  return rate;
}

/** The same, above 0. */
export function parseSomeMessageRate(text: string): number {
  const rate = parseMessageRate(text);
  if (rate <= 0) throw usageError(`"${text}" sends nothing`, 'Write messages per second, such as 50k.');
  return rate;
}

/** `5%`, `0.1%` as a fraction (0.05, 0.001). */
export function parsePercent(text: string): number {
  const match = /^([0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*%$/.exec(text.trim());
  if (match?.[1] === undefined) {
    throw usageError(`"${text}" is not a percentage`, 'Write a percentage as 0.1% or 99%.');
  }
  return decimal(match[1], -2);
}

/** A number's digits with the decimal point moved, without binary rounding; plain notation only. */
function shifted(value: number, exponent: number): number {
  return Number(`${value}e${exponent}`);
}

/** The first candidate that reads back as the same number, shortest first; `fallback` otherwise. */
function faithful(
  value: number,
  candidates: readonly string[],
  parse: (text: string) => number | null,
  fallback: string,
): string {
  const good = candidates.filter((text) => !text.includes('e') && !text.includes('N') && parse(text) === value);
  return good.reduce((best, text) => (text.length < best.length ? text : best), good[0] ?? fallback);
}

/** An amount in M, in k and as it is, as far as the number before the unit is at least 1: `500k`, never `0.5M`. */
function decimalCandidates(value: number): readonly string[] {
  return [
    ...(value >= 1e6 ? [`${shifted(value, -6)}M`] : []),
    ...(value >= 1e3 ? [`${shifted(value, -3)}k`] : []),
    `${value}`,
  ];
}

/** `16`, `50k`, `1.2M`. */
export function formatCount(count: number): string {
  return faithful(count, decimalCandidates(count), parseCount, `${count}`);
}

/** `50k`, `58.7k`, `1.2M`, `max`: messages per second. */
export function formatRate(rate: number | null): string {
  if (rate === null) {
    return 'max';
  }
  return faithful(rate, decimalCandidates(rate), (text) => parseRate(text, 1), `${rate}`);
}

/** `100B`, `64KiB`, `1MiB`: the largest unit of which it is a whole number. */
export function formatBytes(bytes: number): string {
  for (const [unit, factor] of [
    ['GiB', 2 ** 30],
    ['MiB', 2 ** 20],
    ['KiB', 2 ** 10],
  ] as const) {
    if (bytes >= factor && bytes % factor === 0) {
      return `${bytes / factor}${unit}`;
    }
  }
  return `${bytes}B`;
}

/** `500us`, `5ms`, `30s`, `10m`, `1h`: the largest unit of which it is a whole number. */
export function formatDuration(ms: number): string {
  if (ms === 0) {
    return '0ms';
  }
  for (const [unit, factor] of [
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ] as const) {
    if (ms >= factor && ms % factor === 0) {
      return `${ms / factor}${unit}`;
    }
  }
  if (Number.isInteger(ms)) {
    return `${ms}ms`;
  }
  return faithful(ms, [`${shifted(ms, 3)}us`, `${ms}ms`], parseDurationMs, `${ms.toFixed(9)}ms`);
}

/** `0.1%`, `99%`. */
export function formatPercent(fraction: number): string {
  const text = `${shifted(fraction, 2)}%`;
  return text.includes('N') ? `${fraction * 100}%` : text;
}
