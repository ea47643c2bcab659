/** `loadtui help [TOPIC]`. */
import { nearestName } from '../config/nearest-name.ts';
import { localeIsUtf8 } from '../config/output-options.ts';
import { usageError } from '../errors.ts';
import { helpText, propertiesHelpText, sloHelpText, unitsHelpText } from './help.ts';
import { commandNames, helpTopics } from './names.ts';

/** `asked`: as it was typed; without it all commands and flags. Rejects with LoadtuiError (USAGE). */
export async function helpAbout(asked: string | undefined): Promise<string> {
  if (asked === undefined) return helpText();
  switch (helpTopics.find((topic) => topic === asked)) {
    case 'slo':
      return sloHelpText;
    case 'units':
      return unitsHelpText();
    case 'properties':
      return propertiesHelpText();
    case 'keys': {
      const { keysHelpText } = await import('./help-keys.ts');
      return keysHelpText(!localeIsUtf8(process.env));
    }
    case undefined:
      throw usageError(`there is no help about "${asked}"`, helpInstead(asked));
  }
}

/** Where to look instead: a command of that name has its help in the list of all flags. */
function helpInstead(asked: string): string {
  const topics = `There is help about ${helpTopics.join(', ')}; loadtui --help lists every command and flag.`;
  const nearest = nearestName(asked, [...helpTopics, ...commandNames]);
  if (nearest === null) return topics;
  const isTopic = helpTopics.some((topic) => topic === nearest);
  const words = isTopic ? `help ${nearest}` : nearest;
  return asked === nearest
    ? `loadtui --help tells what loadtui ${nearest} does.`
    : `Did you mean loadtui ${words}? ${topics}`;
}
