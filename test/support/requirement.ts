/** Tests that need more than Node: left out with one line where it is missing, never in CI. */

export interface Need {
  /** What to install, in words: "Java 17 or newer". */
  readonly name: string;
  readonly present: () => boolean;
}

/** CI services set `CI=true`; an empty value or `false` means it is off. */
export function isCi(environment: NodeJS.ProcessEnv): boolean {
  const value = environment.CI;
  return value !== undefined && value !== '' && value !== 'false' && value !== '0';
}

/**
 * Says whether all needs are met. Where one is not: in CI an error, so that nothing is left out unseen; elsewhere one
 * line on the console, and `false` for `describe.runIf`.
 */
export function available(
  tests: string,
  needs: readonly Need[],
  environment: NodeJS.ProcessEnv = process.env,
  say: (line: string) => void = (line) => console.warn(line),
): boolean {
  const missing = needs.filter((need) => !need.present()).map((need) => need.name);
  if (missing.length === 0) return true;
  const line = `${tests} need ${missing.join(' and ')}`;
  if (isCi(environment)) throw new Error(`${line}: CI must install it`);
  say(`${line}: left out here`);
  return false;
}
