/** Comparisons as a table or as JSON. */
import type { Comparison, Machine } from './baseline.ts';
import { spread } from './statistics.ts';

/** Three or four digits that mean something, thousands apart. */
export function numberText(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

const heading = ['figure', 'measured', 'baseline', 'ratio', 'spread', ''] as const;

/** One line a figure, under the name of its bench. Ratios above 1 are more, better or not: the last column judges. */
export function tableText(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map(({ bench, figure, value, baseline, ratio, standing, isDisturbed }) => ({
    bench,
    cells: [
      figure.name,
      `${numberText(value)} ${figure.unit}`,
      baseline === null ? '-' : numberText(baseline),
      ratio === null ? '-' : ratio.toFixed(2),
      figure.rounds.length < 2 ? '-' : `${Math.round(spread(figure.rounds) * 100)} %`,
      [standing === 'same' || standing === 'new' ? '' : standing, isDisturbed ? 'disturbed' : '']
        .filter((word) => word !== '')
        .join(', '),
    ],
  }));
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...rows.map(({ cells }) => (cells[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}`.trimEnd();
  const lines = [line(heading)];
  let group = '';
  for (const { bench, cells } of rows) {
    if (bench !== group) lines.push(bench);
    group = bench;
    lines.push(line(cells));
  }
  return `${lines.join('\n')}\n`;
}

export function jsonText(
  machine: Machine,
  comparisons: readonly Comparison[],
  failed: readonly { readonly bench: string; readonly message: string }[],
): string {
  const figures = comparisons.map(({ bench, figure, value, baseline, ratio, standing, isDisturbed }) => {
    const { name, unit, better, rounds } = figure;
    return { bench, name, unit, better, value, baseline, ratio, standing, isDisturbed, rounds };
  });
  return `${JSON.stringify({ machine, figures, failed }, null, 2)}\n`;
}
