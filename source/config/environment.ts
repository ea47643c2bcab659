/** `LOADTUI_*`: every flag as an environment variable, e.g. LOADTUI_BROKERS, LOADTUI_BATCH_SIZE. */
import { type Flag, flags, type GivenFlag } from './flags.ts';
import { nearestName } from './nearest-name.ts';
import { type GivenSecret, secretVariables } from './security/flags.ts';

const prefix = 'LOADTUI_';

/** The variable of a flag. */
export function variableOf(flag: Pick<Flag, 'name'>): string {
  return `${prefix}${flag.name.replaceAll('-', '_').toUpperCase()}`;
}

const byVariable: ReadonlyMap<string, Flag> = new Map(
  flags.filter((flag) => flag.group !== 'Help').map((flag) => [variableOf(flag), flag]),
);

export interface EnvironmentReading {
  readonly given: readonly GivenFlag[];
  readonly warnings: readonly string[];
  readonly secrets: readonly GivenSecret[];
}

/**
 * Reads the environment. Flags that may be repeated take one value a line. An empty variable counts as not set, except
 * LOADTUI_BROKERS: an empty address must never mean the sandbox by accident.
 */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): EnvironmentReading {
  const given: GivenFlag[] = [];
  const warnings: string[] = [];
  const secrets: GivenSecret[] = [];
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith(prefix) || text === undefined) {
      continue;
    }
    if (Object.hasOwn(secretVariables, variable)) {
      if (text !== '') secrets.push({ variable, value: text });
      continue;
    }
    const flag = byVariable.get(variable);
    if (flag === undefined) {
      const words = [...byVariable.keys(), ...Object.keys(secretVariables)].map((known) => known.slice(prefix.length));
      const nearest = nearestName(variable.slice(prefix.length), words);
      warnings.push(`unknown variable ${variable}${nearest === null ? '' : `: did you mean ${prefix}${nearest}?`}`);
    } else if (text !== '' || flag.name === 'brokers') {
      const texts = flag.repeat ? text.split('\n').filter((line) => line.trim() !== '') : [text];
      given.push(...texts.map((one) => ({ flag, text: one, source: 'environment' as const, label: variable })));
    }
  }
  return { given, warnings, secrets };
}
