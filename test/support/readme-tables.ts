/** The tables and lists of README.md that the code knows better: made from the code, so that the page cannot lag behind it. */
import { hintKinds } from '../../source/analysis/hint-kinds.ts';
import { hintNames } from '../../source/analysis/hint-reading.ts';
import { presetNames, presetSummary } from '../../source/config/presets.ts';
import { fateText, propertyFates } from '../../source/config/property-fates.ts';
import { commandDefinitions } from '../../source/session/commands.ts';
import { keyTable } from '../../source/ui/keys.ts';

export type TableName = 'presets' | 'keys' | 'commands' | 'hints' | 'properties';

/** Where each stands. */
export const pages: readonly (readonly [page: string, tables: readonly TableName[]])[] = [
  ['README.md', ['presets', 'keys', 'commands', 'hints']],
  ['docs/properties.md', ['properties']],
];

/** What stands between `<!-- NAME -->` and `<!-- /NAME -->`, without the marks; null: no such marks. */
export function sectionOf(page: string, name: string): string | null {
  const match = new RegExp(`<!-- ${name} -->\n([\\s\\S]*?)\n<!-- /${name} -->`).exec(page);
  return match?.[1] ?? null;
}

/** Columns of one width, as a formatter lays them out. */
function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heading.map((_, column) => Math.max(...[heading, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(heading), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** A cell in code type; a bar inside would end the cell. */
function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

function plain(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

/** The table as it must stand in the page. */
export function tableOf(name: TableName): string {
  switch (name) {
    case 'presets':
      return table(
        ['preset', 'what it is for'],
        presetNames().map((preset) => [code(preset), plain(presetSummary(preset))]),
      );
    case 'keys':
      return table(
        ['key', 'does'],
        keyTable.map((row) => [code(row.label), plain(row.help)]),
      );
    case 'hints':
      return hintNames
        .map((name) => {
          const { restsOn, suggests } = hintKinds[name];
          return `- **${name}**: ${plain(restsOn)}.${suggests === null ? '' : ` Suggests ${suggests}.`}`;
        })
        .join('\n');
    case 'properties':
      return table(
        ['property', 'what becomes of it'],
        [...propertyFates].map(([property, fate]) => [code(property), plain(fateText(fate))]),
      );
    case 'commands':
      return table(
        ['command', 'does'],
        commandDefinitions.map(({ name: word, argument, help, screenOnly }) => [
          code(`:${argument === '' ? word : `${word} ${argument}`}`),
          plain(screenOnly ? `${help} (screen only)` : help),
        ]),
      );
  }
}
