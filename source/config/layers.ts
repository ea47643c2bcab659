/**
 * A layer is what one source (flags, environment, a properties file, a plan file, a preset) says. Layers are laid over
 * each other, the stronger source winning value by value.
 */
import { LoadtuiError, usageError } from '../errors.ts';
import type { PlanSource } from './plan.ts';
import { planSources } from './plan.ts';
import type { SettingKey, Values } from './settings/setting.ts';
import { settingKeys, settings } from './settings.ts';

/** Who said a value, as errors name it: "--linger", "LOADTUI_LINGER", "linger.ms", and where in which file. */
export interface Origin {
  readonly source: PlanSource;
  readonly label: string;
  readonly at?: LoadtuiError['at'];
}

export interface Layer {
  readonly values: { -readonly [K in SettingKey]?: Values[K] };
  readonly origins: Partial<Record<SettingKey, Origin>>;
  /** What it says of TLS and logins, by Kafka's property names. May be secret. */
  readonly security: Map<string, Said>;
}

/** What was said of one property, and by whom. */
export interface Said {
  readonly value: string;
  readonly origin: Origin;
  /** The flag of its own that said it, as words of a command line. */
  readonly words?: readonly string[];
}

export function emptyLayer(): Layer {
  return { values: {}, origins: {}, security: new Map() };
}

/** An error about a value: names who said it, and the place in its file. */
export function valueError(origin: Origin, message: string, next?: string): LoadtuiError {
  return usageError(`${origin.label}: ${message}`, next, origin.at);
}

/** Runs a reader; what it refuses is told with the name and place of who said it. */
export function readAt<T>(origin: Origin, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof LoadtuiError && error.at === undefined) {
      throw valueError(origin, error.message, error.next);
    }
    throw error;
  }
}

/** Reads a text into a layer. One setting said twice within a layer is an error that names both. */
export function put<K extends SettingKey>(layer: Layer, key: K, text: string, origin: Origin): void {
  refuseSecond(layer.origins[key], origin);
  const setting = settings[key];
  layer.values[key] = readAt(origin, () => setting.read(text));
  layer.origins[key] = origin;
}

/** What is said of TLS and logins, as it stands; `name`: Kafka's, or one of loadtui's own beside them. */
export function putSecurity(layer: Layer, name: string, said: Said): void {
  refuseSecond(layer.security.get(name)?.origin, said.origin);
  layer.security.set(name, said);
}

function refuseSecond(first: Origin | undefined, second: Origin): void {
  if (first === undefined) return;
  const message =
    first.label === second.label
      ? `${second.label} is said twice`
      : `${first.label} and ${second.label} say the same thing`;
  throw usageError(message, 'Keep one of them.', second.at);
}

/** Reads a Kafka property's value into a layer; its unit is in the property's name. */
export function putProperty(layer: Layer, key: SettingKey, value: string, origin: Origin): void {
  const text = readAt(origin, () => settings[key].fromProperty(value.trim()));
  put(layer, key, text, origin);
}

/** Every value with who said it last. */
export interface Combined {
  readonly values: Values;
  /** Missing: nobody said it, the default holds. */
  readonly origins: Partial<Record<SettingKey, Origin>>;
}

function copyKey<K extends SettingKey>(from: Layer['values'], to: { -readonly [P in SettingKey]: Values[P] }, key: K) {
  const value = from[key];
  if (value !== undefined) {
    to[key] = value;
  }
}

/** Lays `layers` over the defaults, weakest first. */
export function combine(defaults: Values, layers: readonly Layer[]): Combined {
  const values = { ...defaults };
  const origins: Partial<Record<SettingKey, Origin>> = {};
  for (const layer of layers) {
    for (const key of settingKeys) {
      const origin = layer.origins[key];
      if (origin !== undefined) {
        copyKey(layer.values, values, key);
        origins[key] = origin;
      }
    }
  }
  return { values, origins };
}

/** How strong a source is; the default has 0. */
export function strength(origin: Origin | undefined): number {
  return origin === undefined ? 0 : planSources.indexOf(origin.source);
}
