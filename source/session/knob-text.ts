/** Knob values in words, and the question that an unusual rate must answer first. Pure. */
import { type KnobName, type KnobValue, knobs } from '../config/knobs.ts';
import { formatBytes, formatDuration, formatRate } from '../config/units.ts';

export function knobText(name: KnobName, value: KnobValue): string {
  if (value === null) return 'unthrottled';
  if (typeof value === 'string') return value;
  switch (knobs[name].unit) {
    case 'rate':
      return `${formatRate(value)}/s`;
    case 'bytes':
      return formatBytes(value);
    case 'ms':
      return formatDuration(value);
    case 'count':
    case 'choice':
      return String(value);
  }
}

/** Rates above this multiple of the highest that ran cleanly in the session are asked about. */
const unprovenMultiple = 2;

/** The question before a rate beyond what ran clean; null: nothing to ask. Lowering is never asked about. */
export function pastRails(value: KnobValue, before: KnobValue, cleanRate: number | null, messageBytes: number): string | null {
  if (value !== null && typeof value !== 'number') return null;
  if (before === null) return null;
  const from = Number(before);
  if (value === null) return `${formatRate(from)}/s → unthrottled: as fast as the cluster takes it`;
  const proven = cleanRate ?? from;
  if (value <= from || value <= unprovenMultiple * proven) return null;
  const bytes = formatBytes(value * messageBytes);
  return `${formatRate(from)}/s → ${formatRate(value)}/s is × ${(value / from).toPrecision(3)} (about ${bytes}/s)`;
}
