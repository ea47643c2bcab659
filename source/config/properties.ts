/** Kafka's `client.properties` files and `-X name=value`: what the client does not honour is refused, never dropped. */
import { usageError } from '../errors.ts';
import { parseJavaProperties } from './java-properties.ts';
import { type Layer, type Origin, putProperty, putSecurity, valueError } from './layers.ts';
import { didYouMean, nearestName } from './nearest-name.ts';
import type { PlanSource } from './plan.ts';
import { propertyFates } from './property-fates.ts';
import { withoutSecrets } from './security/secret-names.ts';

const next = 'Leave it out. loadtui help properties lists what becomes of each.';

/** Takes one property into a layer; one that cannot be honoured, or that Kafka does not know, throws. */
export function takeProperty(layer: Layer, name: string, value: string, origin: Origin): void {
  const fate = propertyFates.get(name);
  if (fate === undefined) throw unknownProperty(name, origin);
  switch (fate.kind) {
    case 'honoured':
      // Trimmed, as Kafka's ConfigDef takes them, passwords too.
      if (fate.by === null) putSecurity(layer, name, { value: value.trim(), origin });
      else putProperty(layer, fate.by, value, origin);
      return;
    case 'accepted':
      if (fate.values === null || fate.values.some((one) => isSame(one, value))) return;
      throw valueError(origin, `it can only be ${fate.values.join(' or ')} here: ${fate.because}`, next);
    case 'refused':
      throw valueError(origin, `not honoured: ${fate.because}`, next);
  }
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.trim().toLowerCase();
}

/** Short words in small letters, dots between them. */
const likeName = /^[a-z][a-z0-9_-]{0,24}(?:\.[a-z0-9_-]{1,24})+$/;
/** What is longer is no slip of the finger. */
const longestSlip = 32;

/**
 * What is no name is not shown: where a key in PEM has lost a backslash at a line's end, its next line reads as one.
 */
function unknownProperty(name: string, origin: Origin): Error {
  const names = [...propertyFates.keys()];
  const isSlip = name.length <= longestSlip && nearestName(name, names) !== null;
  if (likeName.test(name) || isSlip) {
    const fallback = 'loadtui help properties lists those that there are.';
    return usageError(`Kafka's clients have no property "${name}"`, didYouMean(name, names, fallback), origin.at);
  }
  const next = 'Write name=value; each line of a value but the last ends with a backslash.';
  return usageError('this is no property of Kafka', next, origin.at);
}

/** `-X name=value`, said by a flag or the environment. */
export function takePropertyText(layer: Layer, text: string, source: PlanSource, label: string): void {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(at, 0)).trim();
  if (name === '') {
    // What is written in another way may hold a secret all the same.
    const [shown = ''] = withoutSecrets([`-X${text}`]);
    const what = shown.slice('-X'.length);
    throw usageError(`${label}: "${what}" is not a property`, 'Write it as name=value, e.g. linger.ms=5.');
  }
  takeProperty(layer, name, text.slice(at + 1), { source, label: `${label} ${name}` });
}

/** A whole properties file; of a name that stands there more than once the last holds, as in Java. Errors carry file, line and column. */
export function takeProperties(layer: Layer, bytes: Uint8Array, file: string, source: PlanSource): void {
  const last = new Map(parseJavaProperties(bytes, file).map((property) => [property.name, property]));
  for (const { name, value, line, column } of last.values()) {
    takeProperty(layer, name, value, { source, label: name, at: { file, line, column } });
  }
}
