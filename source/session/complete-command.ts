/** What could be typed next in a `:` command: for completion, and for the hint beside what is typed. Pure. */
import type { KnobDefinition } from '../config/knobs.ts';
import { formatBytes, formatDuration } from '../config/units.ts';
import { wordsAfter } from './automation/request-words.ts';
import { isAutomationWord } from './automation/requests.ts';
import { commandDefinitions, knobByFlag, plainCommands } from './commands.ts';

/** What could stand in place of the last word of `text`: whole words, best known order. */
export function completeCommand(text: string, themes: readonly string[]): readonly string[] {
  const words = text.trimStart().replace(/^:\s*/, '').split(/\s+/);
  const last = words.at(-1) ?? '';
  return wordsAt(words, themes).filter((word) => word.startsWith(last));
}

/** What a command takes, where nothing follows its name yet: `p99<10ms [from 1k] …`; else nothing. Of a knob all values are words. */
export function argumentAfter(text: string): string {
  const [name, rest, ...more] = text.trimStart().replace(/^:\s*/, '').split(/\s+/);
  if (rest !== '' || more.length > 0) return '';
  return plainCommands.find((command) => command.name === name)?.argument ?? '';
}

function wordsAt(words: readonly string[], themes: readonly string[]): readonly string[] {
  const name = words[0] ?? '';
  if (words.length === 1) {
    return commandDefinitions.map((command) => command.name);
  }
  if (isAutomationWord(name)) {
    return wordsAfter(name, words.slice(1, -1));
  }
  if (name === 'save') {
    return words.slice(0, -1).includes('--force') ? [] : ['--force'];
  }
  if (words.length > 2) {
    return [];
  }
  switch (name) {
    case 'pause':
    case 'resume':
      return ['consumers'];
    case 'theme':
      return themes;
    case 'graph':
      return ['block', 'braille', 'ascii'];
    case 'mouse':
      return ['on', 'off'];
    default: {
      const knob = knobByFlag.get(name);
      return knob === undefined ? [] : valuesOf(knob);
    }
  }
}

/** Values worth offering: all of a choice, the steps of the keys, changes of a rate. Any other may be typed. */
function valuesOf({ choices, steps, unit }: KnobDefinition): readonly string[] {
  if (choices !== null) {
    return choices.map(String);
  }
  const written = { bytes: formatBytes, ms: formatDuration, count: String, choice: String } as const;
  return unit === 'rate' ? ['max', '*2', '*0.5', '+10%', '-10%'] : (steps ?? []).map(written[unit]);
}
