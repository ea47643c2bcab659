/** `loadtui help keys`: the table that the screen's own dispatch and footer are made from. */
import { keyTable } from '../ui/keys.ts';

/** Keys by section, one a line. `ascii`: labels without other glyphs. */
export function keysHelpText(ascii: boolean): string {
  const sections = [...new Set(keyTable.map((row) => row.section))];
  const labelOf = (row: (typeof keyTable)[number]): string => (ascii ? row.asciiLabel : row.label);
  const width = Math.max(...keyTable.map((row) => labelOf(row).length)) + 2;
  const blocks = sections.map((section) => {
    const rows = keyTable.filter((row) => row.section === section);
    return [section, ...rows.map((row) => `  ${labelOf(row).padEnd(width)}${row.help}`)].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}
