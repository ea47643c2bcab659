/** Knob values in words, and the question that an unusual rate must answer first. Pure. */
import { type KnobName, type KnobValue, knobs } from '../config/knobs.ts';
import { formatBytes } from '../config/units.ts';

export function knobText(name: KnobName, value: KnobValue): string {
  if (value === null) return 'unthrottled';
  if (typeof value === 'string') return value;
  switch (knobs[name].unit) {
    case 'rate':
      return rateText(value);
    case 'bytes':
      return formatBytes(value).replace(/(?=[KMG]?i?B$)/, ' ');
    case 'ms':
      return `${value} ms`;
    case 'count':
    case 'choice':
      return String(value);
  }
}

/** Three digits, as the screen's figures: 50.0 k/s. */
export function rateText(rateHz: number): string {
  if (rateHz >= 999_500) return `${(rateHz / 1e6).toPrecision(3)} M/s`;
  if (rateHz >= 999.5) return `${(rateHz / 1e3).toPrecision(3)} k/s`;
  return `${Number(rateHz.toPrecision(3))}/s`;
}

/** Rates above this multiple of the highest that ran cleanly in the session are asked about. */
const unprovenMultiple = 2;

/** The question before a rate beyond what ran clean; null: nothing to ask. Lowering is never asked about. */
export function pastRails(
  value: KnobValue,
  before: KnobValue,
  cleanRate: number | null,
  messageBytes: number,
): string | null {
  if (value !== null && typeof value !== 'number') return null;
  if (before === null) return null;
  const from = Number(before);
  if (value === null) return `${rateText(from)} → unthrottled: as fast as the cluster takes it`;
  const proven = cleanRate ?? from;
  if (value <= from || value <= unprovenMultiple * proven) return null;
  const megabytes = (value * messageBytes) / 1e6;
  return `${rateText(from)} → ${rateText(value)} is × ${(value / from).toPrecision(3)} (about ${megabytes.toPrecision(3)} MB/s)`;
}
