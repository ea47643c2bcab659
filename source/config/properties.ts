/** Kafka's `client.properties` files and `-X name=value`: what the client does not honour is refused, never dropped. */
import { usageError } from '../errors.ts';
import { parseJavaProperties } from './java-properties.ts';
import { type Layer, type Origin, putProperty, valueError } from './layers.ts';
import { didYouMean } from './nearest-name.ts';
import type { PlanSource } from './plan.ts';
import { securityNames } from './resolve-security.ts';
import type { SettingKey } from './settings/setting.ts';
import { settingKeys, settings } from './settings.ts';

/** Kafka's names of what the client honours. */
export const propertyKeys: ReadonlyMap<string, SettingKey> = new Map(
  settingKeys.flatMap((key) => {
    const name = settings[key].property;
    return name === undefined ? [] : [[name, key] as const];
  }),
);

const knownProperties: readonly string[] = [...propertyKeys.keys(), ...securityNames];

/** Properties that no client on this platform can honour, and why. */
const beyondUs: Readonly<Record<string, string>> = {
  'send.buffer.bytes': 'Node has no call for the size of a socket buffer',
  'receive.buffer.bytes': 'Node has no call for the size of a socket buffer',
};

/** Takes one property into a layer; one that the client does not honour throws. */
export function takeProperty(layer: Layer, name: string, value: string, origin: Origin): void {
  if (securityNames.includes(name)) {
    layer.security.set(name, { value, origin });
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
export function takeProperties(layer: Layer, bytes: Uint8Array, file: string, source: PlanSource): void {
  for (const { name, value, line, column } of parseJavaProperties(bytes, file)) {
    takeProperty(layer, name, value, { source, label: name, at: { file, line, column } });
  }
}
