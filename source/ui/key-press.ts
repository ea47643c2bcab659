/**
 * Names of keys. ink hands over either one special key or a run of characters that came in one read; both become a
 * list of names: `r`, `R`, `space`, `return`, `shift-left`, `ctrl-c` …
 */
import type { Key } from 'ink';
import { actionOf } from './keys.ts';
import { endedReport, isBegunReport, mouseNames } from './mouse.ts';

type Flags = Pick<
  Key,
  | 'upArrow'
  | 'downArrow'
  | 'leftArrow'
  | 'rightArrow'
  | 'pageUp'
  | 'pageDown'
  | 'home'
  | 'end'
  | 'return'
  | 'escape'
  | 'tab'
  | 'backspace'
  | 'delete'
  | 'shift'
  | 'ctrl'
  | 'meta'
>;

const special = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'return'],
  ['escape', 'escape'],
  ['tab', 'tab'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
] as const satisfies readonly (readonly [keyof Flags, string])[];

const shiftable: ReadonlySet<string> = new Set(['left', 'right', 'tab']);

const namedCharacters: Readonly<Record<string, string>> = {
  ' ': 'space',
  '\r': 'return',
  '\n': 'return',
  '\t': 'tab',
  '\u007F': 'backspace',
  '\b': 'backspace',
  '\u001B': 'escape',
};

/**
 * Reads what calls of ink's input handler bring. A report of the mouse that comes in pieces is put together: taken for keys
 * its `M` would turn a knob.
 */
export function createKeyReader(): (input: string, key: Flags) => readonly string[] {
  let begun = '';
  return (input, key) => {
    const before = begun;
    begun = input === '' ? '' : ([before + input, input].find(isBegunReport) ?? '');
    if (begun !== '') return [];
    const ended = before === '' ? null : endedReport(before, input);
    // What never got its end was no key either.
    if (ended === null) return keyNames(input, key);
    return [...(mouseNames(ended.report) ?? []), ...(ended.rest === '' ? [] : keyNames(ended.rest, key))];
  };
}

/** Names of what one call of ink's input handler brings. */
export function keyNames(input: string, key: Flags): readonly string[] {
  const mouse = mouseNames(input);
  if (mouse !== null) {
    return mouse;
  }
  const found = special.find(([flag]) => key[flag]);
  if (found !== undefined) {
    return [key.shift && shiftable.has(found[1]) ? `shift-${found[1]}` : found[1]];
  }
  if (key.ctrl) {
    return input.length === 1 ? [`ctrl-${input}`] : input === 'space' ? ['space'] : [];
  }
  // Escape and a quick second key look like alt and that key; alt alone means nothing here.
  return [...(key.meta ? ['escape'] : []), ...[...input].flatMap(characterName)];
}

function characterName(character: string): readonly string[] {
  const named = namedCharacters[character];
  if (named !== undefined) {
    return [named];
  }
  const code = character.codePointAt(0) ?? 0;
  return code < 32 ? [`ctrl-${String.fromCharCode(code + 96)}`] : [character];
}

/** Keys of one read with repeats of an upward step made one: a key held down must not run away with the load. */
export function collapseRepeats(keys: readonly string[]): readonly string[] {
  return keys.filter((key, index) => key !== keys[index - 1] || !stepsUp(key));
}

function stepsUp(key: string): boolean {
  const action = actionOf(key);
  return (action?.kind === 'step' || action?.kind === 'sideways') && action.direction === 'up';
}
