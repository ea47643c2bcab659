/** Knob values in words, and the question that an unusual rate must answer first. Pure. */
import { isIdempotent } from '../config/idempotence.ts';
import { type KnobName, type KnobValue, knobs } from '../config/knobs.ts';
import type { Acks, ClientTuning } from '../config/plan.ts';
import { formatBytes } from '../config/units.ts';
import { rateText, threeDigits } from './figures-text.ts';
import type { KnobChange } from './knob-board.ts';

/** A knob's value: `50.0 k/s`, `64 KiB`, `1500 B`, `5 ms`, `4`, `all`, `max`. Sizes and times to the last digit. */
export function knobText(name: KnobName, value: KnobValue): string {
  if (value === null) return 'max';
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

/** A change with what follows from it: `linger 5 ms → 20 ms`, `acks all → 1, idempotence off`. */
export function changeText({ name, from, to }: KnobChange, { idempotent }: Pick<ClientTuning, 'idempotent'>): string {
  const holds = (acks: KnobValue): boolean => isAcks(acks) && isIdempotent(idempotent, acks);
  const follows = name !== 'acks' || holds(from) === holds(to) ? '' : `, idempotence ${holds(to) ? 'on' : 'off'}`;
  return `${knobs[name].label} ${knobText(name, from)} → ${knobText(name, to)}${follows}`;
}

function isAcks(value: KnobValue): value is Acks {
  return value === 0 || value === 1 || value === 'all';
}

/** Rates above this multiple of the highest that ran cleanly in the session are asked about. */
export const unprovenMultiple = 2;

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
  if (value === null) return `${rateText(from)} → max: as fast as the cluster takes it`;
  const proven = cleanRate ?? from;
  if (value <= from || value <= unprovenMultiple * proven) return null;
  const megabytes = (value * messageBytes) / 1e6;
  return `${rateText(from)} → ${rateText(value)} is × ${threeDigits(value / from)} (about ${threeDigits(megabytes)} MB/s)`;
}
