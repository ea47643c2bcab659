/**
 * Glyphs beyond ASCII. Everything is drawn with the Unicode ones, each one cell wide; `toAscii` puts a twin of the
 * same width in place of each, so that the layout is the same either way.
 */

const circled = '①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳';
const asciiMarks = '123456789abcdefghijk';

/** The sign of a numbered mark (1, 2, 3 …): after twenty the signs begin anew. */
export function markGlyph(mark: number): string {
  return circled.charAt((mark - 1) % circled.length);
}

export const blocks = '▁▂▃▄▅▆▇█';

/** Pairs of a glyph and its twin, one after the other. */
const twins: ReadonlyMap<string, string> = new Map([
  ...zip(circled, asciiMarks),
  ...zip(blocks, '.:-=+*#@'),
  ...zip('─│╭╮╰╯┤┼└┴├┌┐┘', "-|..''|++++++"),
  ...zip('╌┄┈┆┊╎', '=.,:;:'),
  ...zip('▸◂●✔✘…×→←↑↓·—–−≤≥±µμ½', '><*+x~x><^v.---<>~uu?'),
  ...zip('▏⏎⌫⇥⇧', '|#<>^'),
  ...zip('○⊗◉□◆', 'oX@c#'),
  ...zip('░▒▓', '.:%'),
  ...zip('‘’“”', `''""`),
]);

function zip(glyphs: string, ascii: string): readonly (readonly [string, string])[] {
  return [...glyphs].map((glyph, index) => [glyph, ascii.charAt(index) || '?'] as const);
}

/** The same text in ASCII, character for character. */
export function toAscii(text: string): string {
  return text.replace(/\P{ASCII}/gu, (glyph) => twins.get(glyph) ?? '?');
}

/**
 * Text from outside (topic names, error messages) made safe to draw: one line, no control characters, nothing that is
 * not one cell wide.
 */
export function cleanText(text: string): string {
  return text.replace(/[^\u0020-\u007E]/gu, (character) => {
    if (twins.has(character) || /[\u00A1-\u00AC\u00AE-\u02FF\u0370-\u03FF\u0400-\u04FF]/u.test(character)) {
      return character;
    }
    return /\s/u.test(character) ? ' ' : '?';
  });
}
