/** Kafka's `client.properties` files and `-X name=value`: what the client does not honour is refused, never dropped. */
import { usageError } from '../errors.ts';
import { type Layer, type Origin, putProperty, valueError } from './layers.ts';
import { didYouMean } from './nearest-name.ts';
import type { PlanSource } from './plan.ts';
import type { SettingKey } from './settings/setting.ts';
import { settingKeys, settings } from './settings.ts';

export interface Property {
  readonly name: string;
  readonly value: string;
  /** Line of the name; starts at 1. */
  readonly line: number;
  readonly column: number;
}

const escapes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescapeText(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, code: string | undefined, letter: string | undefined) =>
    code === undefined ? (escapes[letter ?? ''] ?? letter ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** A line that ends in an odd number of backslashes goes on in the next. */
function goesOn(line: string): boolean {
  return (/\\+$/.exec(line)?.[0].length ?? 0) % 2 === 1;
}

/** Parses the format of java.util.Properties: `#` and `!` comments, `=`, `:` or blank as separator, line continuation. */
export function parseProperties(text: string): readonly Property[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const properties: Property[] = [];
  for (let index = 0; index < lines.length; index++) {
    const first = lines[index] ?? '';
    let logical = first.trimStart();
    const line = index + 1;
    if (logical === '' || logical.startsWith('#') || logical.startsWith('!')) {
      continue;
    }
    while (goesOn(logical) && index + 1 < lines.length) {
      index++;
      logical = logical.slice(0, -1) + (lines[index] ?? '').trimStart();
    }
    const [, name = '', value = ''] = /^((?:\\.|[^\\=:\s])*)\s*[=:]?\s*(.*)$/s.exec(logical) ?? [];
    const column = first.length - first.trimStart().length + 1;
    properties.push({ name: unescapeText(name), value: unescapeText(value), line, column });
  }
  return properties;
}

/** Kafka's names of what the client honours. */
export const propertyKeys: ReadonlyMap<string, SettingKey> = new Map(
  settingKeys.flatMap((key) => {
    const name = settings[key].property;
    return name === undefined ? [] : [[name, key] as const];
  }),
);

const knownProperties: readonly string[] = [...propertyKeys.keys(), 'security.protocol'];

function refuseSecurity(name: string, value: string, origin: Origin): boolean {
  if (name === 'security.protocol') {
    if (value.trim().toUpperCase() === 'PLAINTEXT') {
      return true;
    }
    const message = `${value.trim() || 'an empty protocol'} is not supported yet, only PLAINTEXT`;
    throw valueError(origin, message, 'Use a PLAINTEXT listener; TLS and SASL come in a later version.');
  }
  if (/^(sasl|ssl)\./.test(name)) {
    throw valueError(
      origin,
      'TLS and SASL are not supported yet',
      'Use a PLAINTEXT listener and remove this property.',
    );
  }
  return false;
}

/** Properties that no client on this platform can honour, and why. */
const beyondUs: Readonly<Record<string, string>> = {
  'send.buffer.bytes': 'Node has no call for the size of a socket buffer',
  'receive.buffer.bytes': 'Node has no call for the size of a socket buffer',
};

/** Takes one property into a layer; one that the client does not honour throws. */
export function takeProperty(layer: Layer, name: string, value: string, origin: Origin): void {
  if (refuseSecurity(name, value, origin)) {
    return;
  }
  const why = beyondUs[name];
  if (why !== undefined) {
    throw valueError(origin, why, 'Remove this property: the operating system sizes its buffers itself.');
  }
  const key = propertyKeys.get(name);
  if (key === undefined) {
    const fallback = 'loadtui help units lists the properties that it honours.';
    throw usageError(
      `${origin.label}: this client does not honour the property "${name}"`,
      didYouMean(name, knownProperties, fallback),
      origin.at,
    );
  }
  putProperty(layer, key, value, origin);
}

/** `-X name=value`, said by a flag or the environment. */
export function takePropertyText(layer: Layer, text: string, source: PlanSource, label: string): void {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(at, 0)).trim();
  if (name === '') {
    throw usageError(`${label}: "${text}" is not a property`, 'Write it as name=value, e.g. linger.ms=5.');
  }
  takeProperty(layer, name, text.slice(at + 1), { source, label: `${label} ${name}` });
}

/** A whole properties file. Errors carry file, line and column. */
export function takeProperties(layer: Layer, text: string, file: string, source: PlanSource): void {
  for (const { name, value, line, column } of parseProperties(text)) {
    takeProperty(layer, name, value, { source, label: name, at: { file, line, column } });
  }
}
