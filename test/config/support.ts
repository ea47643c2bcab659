/** Plans from what a user would write, and errors as one text. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { readEnvironment } from '../../source/config/environment.ts';
import { parseCommandLine } from '../../source/config/flags.ts';
import type { AskedPlan, OutputOptions } from '../../source/config/plan.ts';
import { resolvePlan } from '../../source/config/resolve-plan.ts';
import { LoadtuiError } from '../../source/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'loadtui-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

/** A file with this text; gone after the test file. */
export function fileWith(text: string, extension = 'yaml'): string {
  const path = join(folder, `${files++}.${extension}`);
  writeFileSync(path, text);
  return path;
}

export interface Written {
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly plan?: string;
  readonly config?: string;
  readonly style?: OutputOptions['style'];
}

/** Resolves what was written in flags, variables, a plan file and a properties file. */
export function resolveWritten({ args = [], environment = {}, plan, config, style = 'plain' }: Written): AskedPlan {
  const configArgs = config === undefined ? [] : ['--config', fileWith(config, 'properties')];
  const line = parseCommandLine([...args, ...configArgs]);
  const variables = readEnvironment(environment);
  return resolvePlan({
    given: [...line.given, ...variables.given],
    planPath: plan === undefined ? null : fileWith(plan),
    style,
    warnings: variables.warnings,
    secrets: variables.secrets,
    cores: 4,
  });
}

/** Message, next step and place of the usage error that `run` ends with; "accepted" where it does not. */
export function refusalOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof LoadtuiError && error.exitCode === 2) {
      const { at } = error;
      const place = at === undefined ? '' : ` @${at.line ?? '?'}:${at.column ?? '?'}`;
      return `${error.message} | ${error.next ?? ''}${place}`;
    }
    throw error;
  }
  return 'accepted';
}

/** The words of a command line, as a POSIX shell splits it. */
export function shellWords(command: string): readonly string[] {
  const words: string[] = [];
  for (const match of command.matchAll(/(?:[^\s'\\]+|'[^']*'|\\.)+/g)) {
    words.push(
      match[0].replace(
        /'([^']*)'|\\(.)/g,
        (_, quoted: string | undefined, one: string | undefined) => quoted ?? one ?? '',
      ),
    );
  }
  return words;
}
