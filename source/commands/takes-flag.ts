/** Which flags belong to which command. */
import type { Flag, OptionName } from '../config/flags.ts';
import type { CommandName } from './names.ts';

/** Flags of a run that `report` takes too, and those of both that `compare` takes. */
const reportOptions: readonly OptionName[] = ['out', 'force'];
const compareOptions: readonly OptionName[] = ['format', 'out', 'force', 'ascii'];
/** Flags of a group are for one command alone. */
const ownGroups: readonly Flag['group'][] = ['Sweep', 'topics', 'report', 'compare', 'sandbox'];

/** Flags of a run that `sandbox` takes too: what it is to ask of clients. */
const sandboxOptions: readonly OptionName[] = ['tls', 'sasl'];

/** Flags of a run's screen that `replay` takes too. */
export const replayOptions: readonly OptionName[] = ['no-color', 'ascii', 'theme', 'fps', 'mouse'];

/** Which flags a command takes; those of the environment are there for all and never refused. */
export function takesFlag(command: CommandName, flag: Flag): boolean {
  switch (command) {
    case 'run':
    case 'find':
    case 'check':
      return !ownGroups.includes(flag.group);
    case 'sweep':
      return flag.group === 'Sweep' || !ownGroups.includes(flag.group);
    case 'topics':
      return flag.group === 'topics' || !ownGroups.includes(flag.group);
    case 'report':
      return flag.group === 'report' || reportOptions.some((option) => option === flag.name);
    case 'replay':
      return replayOptions.some((option) => option === flag.name);
    case 'compare':
      return flag.group === 'compare' || compareOptions.some((option) => option === flag.name);
    case 'sandbox':
      return flag.group === 'sandbox' || sandboxOptions.some((option) => option === flag.name);
    case 'presets':
    case 'validate':
    case 'help':
    case 'completion':
      return false;
  }
}
