/** From the words of a command line to the command that is meant. */
import { existsSync } from 'node:fs';
import type { CommandLine } from '../config/flags.ts';
import { nearestName } from '../config/nearest-name.ts';
import { presetNames } from '../config/presets.ts';
import { usageError } from '../errors.ts';
import { type CommandName, commandNames, laterCommands } from './names.ts';

/** The command and what follows it. A first word that is no command's name is a plan file. Throws usage errors. */
export function commandOf({ positionals }: CommandLine): {
  readonly name: CommandName;
  readonly operands: readonly string[];
} {
  const [first, ...rest] = positionals;
  if (first === undefined) {
    return { name: 'run', operands: [] };
  }
  const name = commandNames.find((command) => command === first);
  if (name !== undefined) {
    return { name, operands: rest };
  }
  if (laterCommands.includes(first)) {
    throw usageError(`loadtui ${first} comes in a later version`, 'loadtui --help lists what there is.');
  }
  if (first !== '-' && !/[./\\]/.test(first) && !existsSync(first)) {
    const nearest = nearestName(first, [...commandNames, ...presetNames()]);
    const words = commandNames.some((command) => command === nearest) ? nearest : `--preset ${nearest}`;
    const next = nearest === null ? 'loadtui --help lists what there is.' : `Did you mean loadtui ${words}?`;
    throw usageError(`"${first}" is neither a command nor a plan file`, next);
  }
  return { name: 'run', operands: positionals };
}
