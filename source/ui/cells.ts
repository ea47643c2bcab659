/** Strings as rows of cells: widths, cutting, padding and boxes. All glyphs are one cell wide (see glyphs.ts). */
import type { Paint } from './paint.ts';

// Built from a character code so that no control character stands in a pattern.
const sgr = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
const reset = '\u001B[0m';

/** Cells a string takes, attributes left out. */
export function widthOf(text: string): number {
  return text.includes('\u001B') ? text.replace(sgr, '').length : text.length;
}

/** Exactly `width` cells: cut with an ellipsis or padded on the right. */
export function fitLeft(text: string, width: number): string {
  const present = widthOf(text);
  if (present <= width) {
    return text + ' '.repeat(width - present);
  }
  return width <= 0 ? '' : `${cut(text, width - 1)}…`;
}

/** Exactly `width` cells, padded on the left. */
export function fitRight(text: string, width: number): string {
  const present = widthOf(text);
  return present <= width ? ' '.repeat(width - present) + text : fitLeft(text, width);
}

/** The first `width` cells; attributes that are on at the cut are ended. */
export function cut(text: string, width: number): string {
  if (!text.includes('\u001B')) {
    return text.slice(0, Math.max(0, width));
  }
  let left = width;
  let result = '';
  for (const [index, part] of text.split(sgr).entries()) {
    if (index > 0) {
      result += text.match(sgr)?.[index - 1] ?? '';
    }
    result += part.slice(0, Math.max(0, left));
    left -= part.length;
    if (left <= 0) {
      break;
    }
  }
  return result + reset;
}

/** Two texts at the ends of a row of `width` cells; the left one gives way. */
export function spread(left: string, right: string, width: number): string {
  const rightWidth = Math.min(widthOf(right), width);
  return fitLeft(left, width - rightWidth) + fitLeft(right, rightWidth);
}

/** One field of a row: the least `rank` stays longest when there is not enough room. */
export interface Field {
  readonly text: string;
  readonly rank: number;
}

/** Fields in their order, `gap` apart, as many as fit in `width`. */
export function fieldsThatFit(fields: readonly Field[], width: number, gap: string): string {
  const kept = fields.filter((field) => field.text !== '');
  const total = () => kept.reduce((sum, field) => sum + widthOf(field.text), gap.length * Math.max(0, kept.length - 1));
  while (kept.length > 1 && total() > width) {
    const worst = kept.reduce((found, field) => (field.rank >= found.rank ? field : found));
    kept.splice(kept.indexOf(worst), 1);
  }
  return kept.map((field) => field.text).join(gap);
}

export interface BoxTitle {
  readonly title: string;
  /** At the right end of the border, e.g. keys; as much of it as there is room for beside the title. */
  readonly right: string | readonly Field[];
  readonly focused: boolean;
}

/** A box of exactly `width` × `height` cells around `lines`; the focused one is marked by a sign, not by colour alone. */
export function box(
  paint: Paint,
  width: number,
  height: number,
  { title, right, focused }: BoxTitle,
  lines: readonly string[],
): string[] {
  const edge = (text: string) => paint(focused ? 'accent' : 'dim', text);
  const inner = width - 2;
  const room = inner - 4;
  const shownTitle = fitted(title, room);
  const rightRoom = inner - widthOf(shownTitle) - 6;
  const rightText = typeof right === 'string' ? right : fieldsThatFit(right, rightRoom, '  ');
  const shownRight = widthOf(rightText) <= rightRoom ? rightText : '';
  const rule = inner - widthOf(shownTitle) - 2 - (shownRight === '' ? 0 : widthOf(shownRight) + 2);
  const head =
    edge(focused ? '╭▸' : '╭ ') +
    paint(focused ? 'bold' : 'plain', shownTitle) +
    edge(` ${'─'.repeat(Math.max(0, rule))}`) +
    (shownRight === '' ? '' : ` ${paint('dim', shownRight)} `) +
    edge('╮');
  const rows = [head];
  for (let row = 0; row < height - 2; row++) {
    rows.push(edge('│') + fitLeft(lines[row] ?? '', inner) + edge('│'));
  }
  rows.push(edge(`╰${'─'.repeat(inner)}╯`));
  return rows;
}

/** At most `width` cells, cut with an ellipsis. */
export function fitted(text: string, width: number): string {
  return widthOf(text) <= width ? text : fitLeft(text, width);
}
