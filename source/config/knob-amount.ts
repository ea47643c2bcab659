/** A knob's value as users write it: an amount with its unit, or one of a few words. */
import { usageError } from '../errors.ts';
import type { KnobDefinition, KnobValue } from './knobs.ts';
import { nearestName } from './nearest-name.ts';
import {
  formatBytes,
  formatDuration,
  formatRate,
  parseBytes,
  parseCount,
  parseDurationMs,
  parseRate,
} from './units.ts';

/** One of the knob's choices. Throws LoadtuiError. */
export function parseChoice(definition: KnobDefinition, text: string): KnobValue {
  const choices = definition.choices ?? [];
  const found = choices.find((choice) => String(choice) === text);
  if (found === undefined) {
    const nearest = nearestName(text, choices.map(String));
    const hint = nearest === null ? `one of ${choices.join(', ')}` : `did you mean ${nearest}?`;
    throw usageError(`${definition.flag} cannot be "${text}": ${hint}`);
  }
  return found;
}

/** `messageSizeBytes`: what a rate of bytes is divided by. null: unthrottled. Throws LoadtuiError. */
export function parseKnobAmount(definition: KnobDefinition, text: string, messageSizeBytes: number): number | null {
  switch (definition.unit) {
    case 'rate':
      return parseRate(text, messageSizeBytes);
    case 'bytes':
      return parseBytes(text);
    case 'ms':
      return parseDurationMs(text, 'ms');
    case 'count':
    case 'choice':
      return parseCount(text);
  }
}

/** Refuses what is beyond a knob's ends. */
export function checkKnobRange(definition: KnobDefinition, value: number): void {
  const { flag, minimum, maximum } = definition;
  if (value >= minimum && value <= maximum) return;
  throw usageError(`${flag} must be between ${withUnit(definition, minimum)} and ${withUnit(definition, maximum)}`);
}

function withUnit(definition: KnobDefinition, value: number): string {
  const units = { rate: '/s', bytes: ' B', ms: ' ms', count: '', choice: '' } as const;
  return `${value}${units[definition.unit]}`;
}

/** As it is written in flags: reads back as the same value. */
export function writeKnobValue({ unit }: KnobDefinition, value: KnobValue): string {
  if (typeof value === 'string') return value;
  switch (unit) {
    case 'rate':
      return formatRate(value);
    case 'bytes':
      return formatBytes(value ?? 0);
    case 'ms':
      return formatDuration(value ?? 0);
    case 'count':
    case 'choice':
      return String(value);
  }
}
