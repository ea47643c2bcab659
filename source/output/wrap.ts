/** Breaks text into lines of a width. */

/** Breaks at spaces, and within words wider than a line; lines after the first begin with `indent` spaces. */
export function wrapWords(text: string, columns: number, indent = 0): string[] {
  const room = columns - indent;
  const words = text.split(' ').flatMap((word) => {
    const pieces = Array.from({ length: Math.ceil(word.length / room) }, (_, i) =>
      word.slice(i * room, (i + 1) * room),
    );
    return pieces.length === 0 ? [''] : pieces;
  });
  return wrapped(words, columns, ' '.repeat(indent), '');
}

/**
 * Breaks a shell command between arguments, with a backslash at the end of each line but the last, so that it can be
 * pasted as it stands. Quoted arguments stay whole, and a flag keeps its value beside it.
 */
export function wrapCommand(command: string, columns: number, indent: number): string[] {
  const args = command.match(/(?:'[^']*'|\\.|[^\s'])+/g) ?? [];
  const groups: string[] = [];
  for (const arg of args) {
    const previous = groups.at(-1);
    if (previous?.startsWith('-') && !previous.includes(' ') && !arg.startsWith('-')) {
      groups[groups.length - 1] = `${previous} ${arg}`;
    } else groups.push(arg);
  }
  return wrapped(groups, columns, ' '.repeat(indent), ' \\');
}

function wrapped(words: readonly string[], columns: number, indent: string, continued: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const [index, word] of words.entries()) {
    const longer = index === 0 ? word : `${line} ${word}`;
    const room = columns - (index === words.length - 1 ? 0 : continued.length);
    if (index > 0 && longer.length > room && line.trim() !== '') {
      lines.push(line + continued);
      line = indent + word;
    } else line = longer;
  }
  return [...lines, line];
}
