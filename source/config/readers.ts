/** Readers and writers of single values that are more than an amount: brokers, names, keys, headers, choices. */
import { usageError } from '../errors.ts';
import { formatAddress, parseAddress } from './address.ts';
import { didYouMean } from './nearest-name.ts';
import type { Acks, Header, Keys } from './plan.ts';
import { formatCount, parseCount } from './units.ts';

/** `host`, `host:port`, `[::1]:port`, comma-separated; each comes back as `host:port`. */
export function readBrokers(text: string): readonly string[] {
  if (text.trim() === '') {
    throw usageError('no broker is named', 'Name one as host:9092, or leave it out to use the embedded sandbox.');
  }
  return text.split(/[,\n]/).map((part) => formatAddress(parseAddress(part)));
}

/** A topic's name by Kafka's rules. */
export function readTopicName(text: string): string {
  if (!/^[a-zA-Z0-9._-]{1,249}$/.test(text) || text === '.' || text === '..') {
    throw usageError(
      `"${text}" is not a topic name`,
      'A name has 1 to 249 of: letters, digits, dot, dash, underscore.',
    );
  }
  return text;
}

/** Any text that is not empty. */
export function readName(text: string): string {
  if (text.trim() === '') {
    throw usageError('the name is empty', 'Leave it out for the default.');
  }
  return text;
}

/** Names, one a line, none of them twice. */
export function readNames(text: string): readonly string[] {
  const names = text.split('\n').map((line) => readName(line.trim()));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw usageError(`${twice} is named twice`, 'Keep one of them.');
  }
  return names;
}

export function readAcks(text: string): Acks {
  switch (text.trim().toLowerCase()) {
    case '0':
      return 0;
    case '1':
      return 1;
    case 'all':
    case '-1':
      return 'all';
    default:
      throw usageError(`"${text}" is not one of 0, 1, all`, 'acks is 0, 1 or all.');
  }
}

/** A reader for one of a few words. */
export function readChoice<T extends string>(choices: readonly T[]): (text: string) => T {
  return (text) => {
    const found = choices.find((choice) => choice === text.trim());
    if (found === undefined) {
      const all = choices.join(', ');
      throw usageError(`"${text}" is not one of ${all}`, didYouMean(text, choices, `Choose one of ${all}.`));
    }
    return found;
  };
}

/** A switch: nothing or `true` is on, `false` is off. */
export function readSwitch(text: string): boolean {
  switch (text.trim().toLowerCase()) {
    case '':
    case '1':
    case 'true':
    case 'yes':
    case 'on':
      return true;
    case '0':
    case 'false':
    case 'no':
    case 'off':
      return false;
    default:
      throw usageError(`"${text}" is neither true nor false`, 'Leave the value out, or write true or false.');
  }
}

/** `none`, `1000` (prefix `key-`), `sensor-:1000`, `sensor-:1000:random`, `sensor-:1000:zipf`, `sensor-:1000:zipf=1.2`. */
export function readKeys(text: string): Keys {
  if (text.trim() === 'none') {
    return { kind: 'none' };
  }
  const match = /^(?:(.*):)?([0-9][0-9._kM]*)(?::(random|round-robin|zipf)(?:=([^=]*))?)?$/.exec(text.trim());
  if (match?.[2] === undefined) {
    throw usageError(
      `"${text}" does not say what the keys are`,
      'Write none, 1000, sensor-:1000, sensor-:1000:random or sensor-:1000:zipf=1.2.',
    );
  }
  const count = parseCount(match[2]);
  if (count < 1 || count > 10_000_000) {
    throw usageError(`"${text}": a pool has 1 to 10M keys`, 'Write none for messages without a key.');
  }
  const pool = { kind: 'pool', prefix: match[1] ?? 'key-', count } as const;
  const [, , , order, exponent] = match;
  if (order === 'zipf') {
    return { ...pool, order, exponent: exponent === undefined ? 1 : readExponent(exponent) };
  }
  if (exponent !== undefined) {
    throw usageError(`"${text}": only zipf takes an exponent`, 'Write sensor-:1000:zipf=1.2.');
  }
  return { ...pool, order: order === 'random' ? 'random' : 'round-robin' };
}

/** Of a Zipf order: 0 is no skew at all, and above 10 nearly every message has the first key. */
function readExponent(text: string): number {
  const exponent = /^\d*\.?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(exponent >= 0 && exponent <= 10)) {
    throw usageError(`"${text}" is no exponent of a Zipf order`, 'It is a number from 0 to 10, such as zipf=1.2.');
  }
  return exponent;
}

export function writeKeys(keys: Keys): string {
  if (keys.kind === 'none') {
    return 'none';
  }
  const pool = `${keys.prefix}:${formatCount(keys.count)}`;
  switch (keys.order) {
    case 'round-robin':
      return pool;
    case 'random':
      return `${pool}:random`;
    case 'zipf':
      return `${pool}:zipf${keys.exponent === 1 ? '' : `=${keys.exponent}`}`;
  }
}

const headerSources = ['{key}', '{sendTimeMs}'] as const;

/** `name=text`, `name={key}`, `name={sendTimeMs}`, one a line; `none`. */
export function readHeaders(text: string): readonly Header[] {
  return readPairs(text, 'header').map(([name, value]) => {
    if (!value.startsWith('{')) {
      return { name, kind: 'text', value };
    }
    switch (value) {
      case '{key}':
        return { name, kind: 'key' };
      case '{sendTimeMs}':
        return { name, kind: 'sendTimeMs' };
      default:
        throw usageError(
          `header ${name}: "${value}" is not something a header can repeat`,
          didYouMean(value, headerSources, 'Write plain text, {key} or {sendTimeMs}.'),
        );
    }
  });
}

export function writeHeaders(headers: readonly Header[]): readonly string[] {
  const written = headers.map((header) => {
    return `${header.name}=${header.kind === 'text' ? header.value : `{${header.kind}}`}`;
  });
  return written.length === 0 ? ['none'] : written;
}

/** Lines of `name=value`; `none` is the empty list. */
export function readPairs(text: string, what: string): readonly (readonly [string, string])[] {
  if (text.trim() === 'none') {
    return [];
  }
  return text.split('\n').map((line) => {
    const at = line.indexOf('=');
    const name = line.slice(0, Math.max(at, 0)).trim();
    if (name === '') {
      throw usageError(`"${line}" is not a ${what}`, `Write a ${what} as name=value.`);
    }
    return [name, line.slice(at + 1)];
  });
}

export function readTopicConfig(text: string): Readonly<Record<string, string>> {
  const pairs = readPairs(text, 'topic setting');
  const twice = pairs.find(([name], index) => pairs.findIndex(([other]) => other === name) !== index);
  if (twice !== undefined) {
    throw usageError(`the topic setting ${twice[0]} is said twice`, 'Keep one of them.');
  }
  return Object.fromEntries(pairs.map(([name, value]) => [name, value.trim()]));
}

export function writeTopicConfig(config: Readonly<Record<string, string>>): readonly string[] {
  const written = Object.entries(config).map(([name, value]) => `${name}=${value}`);
  return written.length === 0 ? ['none'] : written;
}
