/** The kinds of values a setting can have: how each is read from what users write, from Kafka's properties, and written back. */
import { usageError } from '../errors.ts';
import { readSwitch } from './readers.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  parseBytes,
  parseCount,
  parseDurationMs,
  parseRate,
} from './units.ts';

export interface Kind<T> {
  /** Placeholder in the help; null: a switch, which needs no value. */
  readonly takes: string | null;
  /** Reads what a user wrote. Throws LoadtuiError. */
  readonly read: (text: string) => T;
  /** The arguments that say this value, one for each time the flag is given; each reads back as it was. */
  readonly write: (value: T) => readonly string[];
  /** Turns the value of a Kafka property, whose unit is in its name, into what `read` takes. */
  readonly fromProperty: (value: string) => string;
  /** The value as a Kafka property; null: it cannot be said so. */
  readonly toProperty: (value: T) => string | null;
}

function wholeNumber(value: string, unit: string): string {
  if (!/^[0-9]+$/.test(value)) {
    throw usageError(`"${value}" is not a whole number`, `Kafka takes this property as a plain number${unit}.`);
  }
  return value;
}

export const milliseconds: Kind<number> = {
  takes: 'TIME',
  read: (text) => parseDurationMs(text, 'ms'),
  write: (value) => [formatDuration(value)],
  fromProperty: (value) => `${wholeNumber(value, ' of milliseconds')}ms`,
  toProperty: (value) => (Number.isInteger(value) ? String(value) : null),
};

export const seconds: Kind<number> = { ...milliseconds, read: (text) => parseDurationMs(text, 's') };

/** A duration of which 0 stands for "no end". */
export const endlessDuration: Kind<number | null> = {
  takes: 'TIME',
  read: (text) => {
    const ms = parseDurationMs(text, 's');
    return ms === 0 ? null : ms;
  },
  write: (value) => [value === null ? '0' : formatDuration(value)],
  fromProperty: milliseconds.fromProperty,
  toProperty: () => null,
};

export const size: Kind<number> = {
  takes: 'SIZE',
  read: parseBytes,
  write: (value) => [formatBytes(value)],
  fromProperty: (value) => `${wholeNumber(value, ' of bytes')}B`,
  toProperty: String,
};

export const count: Kind<number> = {
  takes: 'N',
  read: parseCount,
  write: (value) => [formatCount(value)],
  fromProperty: (value) => wholeNumber(value, ''),
  toProperty: String,
};

/** A whole number within limits that may be below 0. */
export function level(least: number, most: number): Kind<number> {
  const read = (text: string): number => {
    const value = Number(text.trim());
    if (!/^\s*-?\d+\s*$/.test(text) || value < least || value > most) {
      throw usageError(`"${text}" is no level`, `Write a whole number from ${least} to ${most}.`);
    }
    return value;
  };
  return { takes: 'N', read, write: (value) => [String(value)], fromProperty: (value) => value, toProperty: String };
}

/** From 0 to 1. */
export const share: Kind<number> = {
  takes: '0..1',
  read: (text) => {
    const value = Number(text);
    if (!/^\s*(\d+\.?\d*|\.\d+)(e-?\d+)?\s*$/i.test(text) || value > 1) {
      throw usageError(`"${text}" is no share`, 'Write a number from 0 to 1, e.g. 0.3.');
    }
    return value;
  },
  write: (value) => [String(value)],
  fromProperty: (value) => value,
  toProperty: () => null,
};

/** A count of at least 1, or a word for "not said". */
export function countOr(word: string): Kind<number | null> {
  return {
    takes: 'N',
    read: (text) => {
      if (text.trim() === word) {
        return null;
      }
      const value = parseCount(text);
      if (value < 1) {
        throw usageError(`"${text}" is below 1`, `Write 1 or more, or ${word}.`);
      }
      return value;
    },
    write: (value) => [value === null ? word : formatCount(value)],
    fromProperty: count.fromProperty,
    toProperty: () => null,
  };
}

export const toggle: Kind<boolean> = {
  takes: null,
  read: readSwitch,
  write: (value) => [value ? '' : 'false'],
  fromProperty: (value) => {
    if (value !== 'true' && value !== 'false') {
      throw usageError(`"${value}" is neither true nor false`, 'Write true or false.');
    }
    return value;
  },
  toProperty: String,
};

/** A switch whose flag says the opposite of the value (`--no-achieved-gate`). */
export const invertedToggle: Kind<boolean> = {
  ...toggle,
  read: (text) => !readSwitch(text),
  write: (value) => toggle.write(!value),
};

/** Anything that is a text with a reader and a writer of its own. */
export function words<T>(takes: string, read: (text: string) => T, write: (value: T) => readonly string[]): Kind<T> {
  return { takes, read, write, fromProperty: (value) => value, toProperty: () => null };
}

/** Stays text until the message size is known, as a rate may be one of bytes; it is checked at once. */
export const rateKind: Kind<string> = words('RATE', readRateText, same);

function readRateText(text: string): string {
  parseRate(text, 1);
  return text.trim();
}

/** Written as it is. */
export function same(value: string): readonly string[] {
  return [value];
}

/** Written as it is; null by leaving it out. */
export function orNothing(value: string | null): readonly string[] {
  return value === null ? [] : [value];
}
