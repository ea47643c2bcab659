/** Editing one line of text. Pure. */

export interface LineState {
  readonly text: string;
  /** Characters left of the cursor. */
  readonly cursor: number;
}

export const emptyLine: LineState = { text: '', cursor: 0 };

export function lineOf(text: string): LineState {
  return { text, cursor: text.length };
}

/** What is typed or pasted goes in at the cursor; control characters and all after a line break do not. */
export function insertText({ text, cursor }: LineState, typed: string): LineState {
  const firstLine = typed.split(/[\r\n]/, 1)[0] ?? '';
  const clean = firstLine.replace(/[^\u0020-\u007E\u00A0-\u{10FFFF}]/gu, '');
  return { text: text.slice(0, cursor) + clean + text.slice(cursor), cursor: cursor + clean.length };
}

/** An editing key by its name (see keys.ts); null: not a key of the line. */
export function editLine(line: LineState, key: string): LineState | null {
  const { text, cursor } = line;
  switch (key) {
    case 'left':
      return { text, cursor: Math.max(0, cursor - 1) };
    case 'right':
      return { text, cursor: Math.min(text.length, cursor + 1) };
    case 'home':
    case 'ctrl-a':
      return { text, cursor: 0 };
    case 'end':
    case 'ctrl-e':
      return { text, cursor: text.length };
    case 'backspace':
      return cursor === 0 ? line : { text: text.slice(0, cursor - 1) + text.slice(cursor), cursor: cursor - 1 };
    case 'delete':
      return { text: text.slice(0, cursor) + text.slice(cursor + 1), cursor };
    case 'ctrl-u':
      return { text: text.slice(cursor), cursor: 0 };
    case 'ctrl-w': {
      const kept = text.slice(0, cursor).replace(/\S*\s*$/, '');
      return { text: kept + text.slice(cursor), cursor: kept.length };
    }
    case 'space':
      return insertText(line, ' ');
    default:
      return key.length === 1 ? insertText(line, key) : null;
  }
}
