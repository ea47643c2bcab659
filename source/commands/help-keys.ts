/** `loadtui help keys`: the tables that the screen's own dispatch and footer are made from. */
import { keyTable } from '../ui/keys.ts';
import { replayRows } from '../ui/replay-keys.ts';

/** Keys by section, one a line. `ascii`: labels without other glyphs. */
export function keysHelpText(ascii: boolean): string {
  const table = [...keyTable, ...replayRows];
  const sections = [...new Set(table.map((row) => row.section))];
  const labelOf = (row: (typeof keyTable)[number]): string => (ascii ? row.asciiLabel : row.label);
  const width = Math.max(...table.map((row) => labelOf(row).length)) + 2;
  const blocks = sections.map((section) => {
    const rows = table.filter((row) => row.section === section);
    return [section, ...rows.map((row) => `  ${labelOf(row).padEnd(width)}${row.help}`)].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}
