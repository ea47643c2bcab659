/**
 * How the command line that repeats a run says what secured it: files and names as they were given, and never a secret. Who
 * repeats it is asked for that, or has said it in a variable.
 */

import type { Layer, Said } from '../layers.ts';
import type { SettingKey } from '../settings/setting.ts';
import { settingKeys } from '../settings.ts';
import { ownNames } from './flags.ts';
import { jaasName, jaasText, parseJaas, withoutJaasSecrets } from './jaas.ts';
import { idleNames } from './login.ts';
import type { SecurityMaterial } from './material.ts';
import { isSecret } from './secret-names.ts';

export interface SecurityWords {
  /** Not yet quoted for a shell. */
  readonly words: readonly string[];
  /** What the properties file among the words says besides: flags must say it, too, be it the default or not. */
  readonly restated: readonly SettingKey[];
}

export const noSecurityWords: SecurityWords = { words: [], restated: [] };

interface Sayings {
  /** The properties file. */
  readonly config: Layer;
  readonly environment: Layer;
  readonly flags: Layer;
}

/**
 * `configPath`: where the properties file is; null: there is none. One that says nothing of security is left out, and so is
 * what says nothing to this run, of variables that are meant for others.
 */
export function securityWords(
  { config, environment, flags }: Sayings,
  configPath: string | null,
  { login }: SecurityMaterial,
): SecurityWords {
  const idle = idleNames(login?.mechanism ?? null);
  const said = [...new Map([...environment.security, ...flags.security])].flatMap(([name, one]) =>
    idle.includes(name) ? [] : wordsOf(name, one),
  );
  if (configPath === null || config.security.size === 0) return { words: said, restated: [] };
  const restated = settingKeys.filter((key) => config.origins[key] !== undefined);
  return { words: ['-c', configPath, ...said], restated };
}

const valuesOfOwn: readonly string[] = Object.values(ownNames);

function wordsOf(name: string, { value, words }: Said): readonly string[] {
  if (words !== undefined) return words;
  // Of loadtui's own only secrets have no flag.
  if (valuesOfOwn.includes(name)) return [];
  if (name === jaasName) return jaasWords(name, value);
  return isSecret(name, value) ? [] : ['-X', `${name}=${value}`];
}

function jaasWords(name: string, value: string): readonly string[] {
  try {
    return ['-X', `${name}=${jaasText(withoutJaasSecrets(parseJaas(value)))}`];
  } catch {
    // Nobody logs in with it: a run that does would have been refused.
    return [];
  }
}
