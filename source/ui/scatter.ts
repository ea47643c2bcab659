/** Points of latency by rate, both on logarithmic scales: signs on a grid of cells, with a limit and a label. Pure. */
import { fitRight, spread } from './cells.ts';
import { type Cell, paintRow } from './line-chart.ts';
import type { Paint, Role } from './paint.ts';
import { labelWidth, logScale, type Scale } from './scales.ts';

export interface ScatterPoint {
  readonly rateHz: number;
  /** null: larger than can be told, drawn at the top. */
  readonly ms: number | null;
  readonly sign: string;
  readonly role: Role;
  /** Its rate should stand at the axis, the largest first; left out: it need not. */
  readonly tick?: number;
  /** One of many: text may cover it. */
  readonly faint?: boolean;
}

export interface Scatter {
  /** Later ones lie over earlier ones. */
  readonly points: readonly ScatterPoint[];
  readonly limit: { readonly ms: number; readonly text: string } | null;
  /** Stands at its place with a sign of its own, the text beside it where it hides nothing. */
  readonly label: { readonly rateHz: number; readonly ms: number | null; readonly text: string } | null;
}

export const labelSign = '◆';
const gutter = labelWidth + 1;
/** Cells beside the outermost points, for half of their ticks. */
const margin = 2;
const roomAbove = 1.25;

/** `height` lines of at most `width` cells: the plot, its axis, and rates under it. */
export function drawScatter(paint: Paint, width: number, height: number, scatter: Scatter): readonly string[] {
  const { points, limit, label } = scatter;
  const columns = Math.max(1, width - gutter - 1);
  const rows = Math.max(1, height - 2);
  const columnOf = rateScale(
    points.map(({ rateHz }) => rateHz),
    columns,
  );
  const all = [...points.map(({ ms }) => ms), limit?.ms ?? null].flatMap((ms) => (ms === null || ms <= 0 ? [] : [ms]));
  const known = all.length === 0 ? [1] : all;
  // What is over the limit stands over it, not on it.
  const scale = logScale(Math.min(...known), Math.max(...known) * roomAbove, rows);
  const grid = new Grid(columns, rows);
  if (limit !== null) {
    const row = rowOf(scale, limit.ms, rows);
    for (let column = 0; column < columns; column++) grid.put(column, row, '╌', 'warn');
  }
  for (const { faint, rateHz, ms, sign, role } of points)
    grid.put(columnOf(rateHz), rowOf(scale, ms, rows), sign, role, faint !== true);
  if (limit !== null) grid.writeBefore(columns, rowOf(scale, limit.ms, rows), ` ${limit.text} `, 'warn');
  if (label !== null) grid.label(columnOf(label.rateHz), rowOf(scale, label.ms, rows), label.text);
  const lines = grid.lines(paint).map((line, index) => {
    const row = rows - 1 - index;
    const value = scale.labels.get(row);
    const axis = row === 0 ? '┼' : value === undefined ? '│' : '┤';
    return `${fitRight(value ?? '', labelWidth)}${paint('dim', axis)}${line}`;
  });
  const { axis, rates } = ticksOf(points, columnOf, columns);
  return [
    ...lines,
    `${' '.repeat(labelWidth)}${paint('dim', `└${axis}`)}`,
    `${' '.repeat(gutter)}${paint('dim', rates)}`,
  ].map((line) => spread(line, '', width));
}

function rowOf(scale: Scale, ms: number | null, rows: number): number {
  return ms === null ? rows - 1 : Math.min(rows - 1, Math.max(0, Math.round(scale.rowOf(ms) ?? 0)));
}

/** From the lowest to the highest rate, a doubling at least. */
function rateScale(rates: readonly number[], columns: number): (rateHz: number) => number {
  const positive = rates.filter((rate) => rate > 0);
  const low = Math.min(...positive);
  const high = Math.max(...positive, low * 2);
  const room = Math.max(0, columns - 1 - 2 * margin);
  return (rateHz) => {
    const place = Math.log(rateHz / low) / Math.log(high / low);
    return Math.min(columns - 1, margin + Math.round(room * Math.min(1, Math.max(0, place))));
  };
}

/** Rates under the axis, those that should stand there first, each where it touches no other. */
function ticksOf(
  points: readonly ScatterPoint[],
  columnOf: (rateHz: number) => number,
  columns: number,
): { readonly axis: string; readonly rates: string } {
  const axis = Array.from({ length: columns }, () => '─');
  const rates = Array.from({ length: columns }, () => ' ');
  const wanted = points.flatMap(({ rateHz, tick }) => (tick === undefined ? [] : [{ rateHz, tick }]));
  for (const { rateHz } of wanted.sort((a, b) => b.tick - a.tick)) {
    const column = columnOf(rateHz);
    axis[column] = '┴';
    const text = shortRate(rateHz);
    const start = Math.min(columns - text.length, Math.max(0, column - Math.floor(text.length / 2)));
    const around = rates.slice(Math.max(0, start - 1), start + text.length + 1);
    if (start >= 0 && around.every((cell) => cell === ' ')) rates.splice(start, text.length, ...text);
  }
  return { axis: axis.join(''), rates: rates.join('') };
}

/** `500`, `1k`, `1.5k`, `45k`, `128k`, `2.4M`: two digits, or those before the point. */
function shortRate(rateHz: number): string {
  const [divisor, unit] = rateHz >= 999_500 ? [1e6, 'M'] : rateHz >= 999.5 ? [1e3, 'k'] : [1, ''];
  const value = rateHz / divisor;
  return `${value >= 10 ? Math.round(value) : Number(value.toPrecision(2))}${unit}`;
}

class Grid {
  readonly #cells: Cell[][];
  /** Cells that text must not cover. */
  readonly #taken = new Set<number>();
  readonly #columns: number;
  readonly #rows: number;

  constructor(columns: number, rows: number) {
    this.#columns = columns;
    this.#rows = rows;
    this.#cells = Array.from({ length: rows }, () =>
      Array.from({ length: columns }, (): Cell => ({ char: ' ', role: 'plain' })),
    );
  }

  /** Rows count from 0 at the bottom. */
  put(column: number, row: number, char: string, role: Role, taken = false): void {
    const cell = this.#cells[this.#rows - 1 - row]?.[column];
    if (cell === undefined) return;
    cell.char = char;
    cell.role = role;
    if (taken) this.#taken.add(row * this.#columns + column);
  }

  write(column: number, row: number, text: string, role: Role): void {
    for (const [index, char] of [...text].entries()) this.put(column + index, row, char, role, true);
  }

  /** As far right as it hides nothing, ending before `end`; left out where there is no room. */
  writeBefore(end: number, row: number, text: string, role: Role): void {
    let start = end - text.length;
    while (start >= 0 && !this.#isFree(start, row, text.length)) start--;
    if (start >= 0) this.write(start, row, text, role);
  }

  /** The sign at its place, unless a point is there, and the text as near to it as it hides nothing. */
  label(column: number, row: number, text: string): void {
    if (this.#isFree(column, row, 1)) this.put(column, row, labelSign, 'accent', true);
    const withSign = `${labelSign} ${text}`;
    for (let distance = 0; distance < this.#rows; distance++) {
      for (const at of distance === 0 ? [row] : [row - distance, row + distance]) {
        const beside =
          distance === 0 ? [{ start: column + 1, shown: ` ${text}` }] : [{ start: column, shown: withSign }];
        const before = { start: column - withSign.length, shown: distance === 0 ? `${text} ` : withSign };
        const last = { start: this.#columns - withSign.length, shown: withSign };
        const place = [...beside, before, ...(distance === 0 ? [] : [last])].find(({ start, shown }) =>
          this.#isFree(start, at, shown.length),
        );
        if (place === undefined) continue;
        this.write(place.start, at, place.shown, 'accent');
        return;
      }
    }
  }

  #isFree(start: number, row: number, length: number): boolean {
    if (row < 0 || row >= this.#rows || start < 0 || start + length > this.#columns) return false;
    for (let column = start; column < start + length; column++) {
      if (this.#taken.has(row * this.#columns + column)) return false;
    }
    return true;
  }

  lines(paint: Paint): readonly string[] {
    return this.#cells.map((row) => paintRow(paint, row));
  }
}
