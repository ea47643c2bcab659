/** The line in which something is typed or asked. What is typed stays in view around its cursor, and so do the keys that answer. */
import { knobs } from '../../config/knobs.ts';
import { themeNames } from '../../config/themes.ts';
import { argumentAfter, completeCommand } from '../../session/complete-command.ts';
import { wishText } from '../../session/hint-rows.ts';
import { knobText } from '../../session/knob-text.ts';
import type { SessionView } from '../../session/view.ts';
import { takesText } from '../asks.ts';
import { fitted, widthOf } from '../cells.ts';
import type { DrawContext } from '../draw-context.ts';
import { cleanText } from '../glyphs.ts';
import type { LineState } from '../line-editor.ts';
import type { Paint } from '../paint.ts';
import type { Prompt } from '../state.ts';

/** Less of a hint says nothing. */
const leastHint = 8;

/** At most `columns` cells. */
export function promptLine(context: DrawContext, prompt: Prompt, columns: number): string {
  const { paint, view, ascii } = context;
  const enter = ascii ? 'enter' : '⏎';
  switch (prompt.kind) {
    case 'command':
      return typedLine(paint, ':', prompt.line, commandHint(prompt.line.text, view, enter), columns);
    case 'knob': {
      const definition = knobs[prompt.name];
      const knob = view.knobs.find((candidate) => candidate.name === prompt.name);
      const now = knob === undefined ? '' : `now ${knobText(prompt.name, knob.requested)}, `;
      const hint = `${now}${definition.help}   ${enter} sets, esc`;
      return typedLine(paint, `${definition.label}: `, prompt.line, hint, columns);
    }
    case 'filter': {
      const hint = `${enter} keeps, esc clears; words or types: ${eventTypesOf(view).join(' ')}`;
      return typedLine(paint, 'filter events: ', prompt.line, hint, columns);
    }
    case 'chooser':
      return ` ${paint('bold', `${knobs[prompt.name].label}:`)} ${knobs[prompt.name].help}`;
    case 'suggestion':
      return ` ${paint('bold', `${wishText(prompt.suggestion)}? ${enter}`)}  esc   ${paint('dim', prompt.hint)}`;
    case 'confirm': {
      const keys = prompt.question.endsWith('?') ? `${enter}, esc` : `${enter} again, esc`;
      const question = fitted(cleanText(prompt.question), columns - keys.length - 2);
      return ` ${paint('warn', question)} ${paint('bold', keys)}`;
    }
  }
}

/** How long it takes or how it goes on, then the words that could follow and are not in there. */
function commandHint(text: string, view: SessionView, enter: string): string {
  const first = takesText(text, view, enter) ?? argumentAfter(text);
  const last = text.split(/\s+/).at(-1);
  const words = completeCommand(text, themeNames).filter((word) => word !== last && !first.includes(word));
  return [first, words.join('  ')].filter((part) => part !== '').join('   ');
}

/** The types of the events that there are. */
function eventTypesOf({ events }: SessionView): readonly string[] {
  return [...new Set(events.map(({ type }) => type))];
}

/** A label, what is typed, and a hint where there is room for one. */
function typedLine(paint: Paint, label: string, line: LineState, hint: string, columns: number): string {
  const typed = ` ${paint('bold', label)}${editedText(paint, line, columns - label.length - 1)}`;
  const room = columns - widthOf(typed) - 4;
  return room < leastHint || hint === '' ? typed : `${typed}   ${paint('dim', fitted(hint, room))}`;
}

/** The text with its cursor in reverse video; of a long one so many cells around the cursor. */
function editedText(paint: Paint, { text, cursor }: LineState, width: number): string {
  // The cursor may stand behind the last character.
  const cells = `${text} `;
  const start = Math.max(0, Math.min(cursor - Math.floor(width / 2), cells.length - width));
  const shown = cells.slice(start, start + width);
  const head = `${start > 0 ? '…' : shown.slice(0, 1)}${shown.slice(1)}`;
  const whole = start + width < cells.length ? `${head.slice(0, -1)}…` : head;
  const at = cursor - start;
  return `${whole.slice(0, at)}${paint('reverse', whole.charAt(at))}${whole.slice(at + 1)}`;
}
