/** What a key does while something is asked. Pure: the outcome says what is to be done. */
import { knobs } from '../config/knobs.ts';
import { themeNames } from '../config/themes.ts';
import { type Command, parseCommand } from '../session/commands.ts';
import { completeCommand } from '../session/complete-command.ts';
import { type KnobValues, parseKnobValue } from '../session/knob-value.ts';
import { editLine, insertText, lineOf } from './line-editor.ts';
import type { Prompt } from './state.ts';

export type PromptOutcome =
  | { readonly kind: 'open'; readonly prompt: Prompt }
  | { readonly kind: 'cancelled' }
  /** `typed`: a line for the history. */
  | { readonly kind: 'run'; readonly command: Command; readonly confirmed: boolean; readonly typed: string | null }
  /** What was typed cannot be read. `typed`: a line for the history, so that ↑ brings it back. */
  | { readonly kind: 'mistake'; readonly message: string; readonly typed: string }
  | { readonly kind: 'filtered'; readonly filter: string };

/** One key by its name. `history` is oldest first. */
export function promptKey(prompt: Prompt, key: string, history: readonly string[], view: KnobValues): PromptOutcome {
  if (key === 'escape') {
    return prompt.kind === 'filter' ? { kind: 'filtered', filter: '' } : { kind: 'cancelled' };
  }
  switch (prompt.kind) {
    case 'command':
      return commandKey(prompt, key, history, view);
    case 'knob':
      return knobKey(prompt, key, view);
    case 'filter': {
      const line = editLine(prompt.line, key);
      return key === 'return'
        ? { kind: 'filtered', filter: prompt.line.text.trim() }
        : open({ ...prompt, line: line ?? prompt.line });
    }
    case 'chooser':
      return chooserKey(prompt, key);
    case 'suggestion': {
      const { knob, to } = prompt.suggestion;
      const command = { kind: 'knob', name: knob, value: to } as const;
      return key === 'return' ? { kind: 'run', command, confirmed: false, typed: null } : { kind: 'cancelled' };
    }
    case 'confirm':
      return key === 'return'
        ? { kind: 'run', command: prompt.again, confirmed: true, typed: null }
        : { kind: 'cancelled' };
  }
}

/** Pasted text: goes into a line, and nowhere else. */
export function promptPaste(prompt: Prompt, text: string): Prompt {
  return prompt.kind === 'chooser' || prompt.kind === 'confirm' || prompt.kind === 'suggestion'
    ? prompt
    : { ...prompt, line: insertText(prompt.line, text) };
}

function open(prompt: Prompt): PromptOutcome {
  return { kind: 'open', prompt };
}

function commandKey(
  prompt: Extract<Prompt, { kind: 'command' }>,
  key: string,
  history: readonly string[],
  view: KnobValues,
): PromptOutcome {
  switch (key) {
    case 'return': {
      const typed = prompt.line.text.trim();
      if (typed === '') {
        return { kind: 'cancelled' };
      }
      const command = parseCommand(typed, view);
      return command.kind === 'invalid'
        ? { kind: 'mistake', message: command.message, typed }
        : { kind: 'run', command, confirmed: false, typed };
    }
    case 'tab':
      return open(completed(prompt));
    case 'up':
      return open(recalled(prompt, history, 1));
    case 'down':
      return open(recalled(prompt, history, -1));
    case 'backspace':
      if (prompt.line.text === '') {
        return { kind: 'cancelled' };
      }
      break;
    default:
  }
  return open({ ...prompt, line: editLine(prompt.line, key) ?? prompt.line });
}

/** The last word grows to what all candidates share; a single one is followed by a blank, unless a value follows at once. */
function completed(prompt: Extract<Prompt, { kind: 'command' }>): Prompt {
  const { text } = prompt.line;
  const candidates = completeCommand(text, themeNames);
  const first = candidates[0];
  if (first === undefined) {
    return prompt;
  }
  let shared = first;
  while (!candidates.every((candidate) => candidate.startsWith(shared))) {
    shared = shared.slice(0, -1);
  }
  const start = text.length - (text.split(/\s+/).at(-1)?.length ?? 0);
  const gap = candidates.length === 1 && !shared.endsWith('=') ? ' ' : '';
  return { ...prompt, line: lineOf(text.slice(0, start) + shared + gap) };
}

function recalled(prompt: Extract<Prompt, { kind: 'command' }>, history: readonly string[], delta: 1 | -1): Prompt {
  const at = (prompt.historyAt ?? -1) + delta;
  if (at < 0) {
    return { ...prompt, historyAt: null, line: lineOf('') };
  }
  const entry = history[history.length - 1 - at];
  return entry === undefined ? prompt : { ...prompt, historyAt: at, line: lineOf(entry) };
}

function knobKey(prompt: Extract<Prompt, { kind: 'knob' }>, key: string, view: KnobValues): PromptOutcome {
  if (key !== 'return') {
    return open({ ...prompt, line: editLine(prompt.line, key) ?? prompt.line });
  }
  const text = prompt.line.text.replaceAll(' ', '');
  if (text === '') {
    return { kind: 'cancelled' };
  }
  const parsed = parseKnobValue(knobs[prompt.name], text, view);
  return parsed.ok
    ? {
        kind: 'run',
        command: { kind: 'knob', name: prompt.name, value: parsed.value },
        confirmed: false,
        typed: `${knobs[prompt.name].flag} ${text}`,
      }
    : { kind: 'mistake', message: parsed.message, typed: `${knobs[prompt.name].flag} ${text}` };
}

function chooserKey(prompt: Extract<Prompt, { kind: 'chooser' }>, key: string): PromptOutcome {
  const choices = knobs[prompt.name].choices ?? [];
  const moved = (index: number) => open({ ...prompt, index: Math.min(choices.length - 1, Math.max(0, index)) });
  switch (key) {
    case 'up':
    case 'left':
    case 'k':
      return moved(prompt.index - 1);
    case 'down':
    case 'right':
    case 'j':
      return moved(prompt.index + 1);
    case 'return': {
      const value = choices[prompt.index];
      return value === undefined
        ? { kind: 'cancelled' }
        : { kind: 'run', command: { kind: 'knob', name: prompt.name, value }, confirmed: false, typed: null };
    }
    // Every other key is swallowed, q too: were it closed in the middle of a word, the rest would turn knobs.
    default:
      return open(prompt);
  }
}
