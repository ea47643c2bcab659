/** The help overlay, made from the key table and the list of commands. */
import { commandDefinitions } from '../../session/commands.ts';
import { fitLeft, widthOf } from '../cells.ts';
import type { DrawContext, PanelContent } from '../draw-context.ts';
import type { KeyRow } from '../keys.ts';
import { shownKeys } from '../replay-keys.ts';

const sections = [
  'Replay',
  'Knobs',
  'Load',
  'View',
  'Panels',
  'Session',
] as const satisfies readonly KeyRow['section'][];

/** Cells of a command with its argument, and of the whole column beside the keys. */
const usageWidth = 30;
const secondColumn = usageWidth + 1 + 47;

/** Every line of the help for a panel `width` wide: two columns where there is room. */
export function helpLines({ paint, ascii, state, live }: DrawContext, width: number): readonly string[] {
  const table = shownKeys(live.replay !== undefined);
  const keys = sections.flatMap((section) => {
    const rows = table.filter((row) => row.section === section);
    const lines = rows.map((row) => `${paint('accent', fitLeft(ascii ? row.asciiLabel : row.label, 17))} ${row.help}`);
    return rows.length === 0 ? [] : [paint('bold', section), ...lines, ''];
  });
  const commands = [
    paint('bold', 'Commands'),
    ...commandDefinitions.flatMap(({ name, argument, help }) => {
      const usage = `:${name} ${argument}`;
      // A long one has a row of its own.
      return usage.length > usageWidth
        ? [paint('accent', usage), `${' '.repeat(usageWidth)} ${help}`]
        : [`${paint('accent', fitLeft(usage, usageWidth))} ${help}`];
    }),
    '',
    paint('bold', 'Reading the charts'),
    'a column shows the worst second of its percentiles',
    'a dash: too few samples; >x: the true figure is larger',
  ];
  const left = Math.max(...keys.map(widthOf)) + 2;
  if (width < left + secondColumn) {
    const lists = state.helpFirst === 'keys' ? [...keys, ...commands] : [...commands, '', ...keys];
    return lists.map((line) => ` ${line}`);
  }
  const rows = Math.max(keys.length, commands.length);
  return Array.from({ length: rows }, (_, row) => ` ${fitLeft(keys[row] ?? '', left)} ${commands[row] ?? ''}`);
}

/** `width` and `height` are the panel's inside. */
export function drawHelp(context: DrawContext, width: number, height: number): PanelContent {
  const lines = helpLines(context, width);
  const first = Math.min(context.state.helpScroll, Math.max(0, lines.length - height));
  const more =
    lines.length > height ? `${first + 1}–${Math.min(lines.length, first + height)} of ${lines.length}, ` : '';
  return {
    title: 'Help',
    right: `${more}${context.ascii ? 'up down' : '↑↓'} PgUp PgDn, esc`,
    lines: lines.slice(first, first + height),
  };
}
