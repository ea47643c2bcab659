/**
 * Line charts on a grid of cells. `block` draws lines with box characters, `braille` with 2 × 4 dots a cell; ASCII is
 * made from the former by glyphs.ts. (asciichart throws on empty series and gaps, and knows one line style.)
 */
import type { Paint, Role } from './paint.ts';

export interface LineStyle {
  readonly horizontal: string;
  readonly vertical: string;
  readonly role: Role;
}

export interface Series {
  /** One row a column (0 = bottom, may be a fraction), null: a gap. */
  readonly rows: readonly (number | null)[];
  readonly style: LineStyle;
}

export interface Cell {
  char: string;
  role: Role;
}

export type ChartDrawing = 'block' | 'braille';

/** `height` rows of `width` cells, top first; later series lie over earlier ones. */
export function drawLines(
  paint: Paint,
  width: number,
  height: number,
  series: readonly Series[],
  drawing: ChartDrawing,
): string[] {
  const grid: Cell[][] = Array.from({ length: height }, () =>
    Array.from({ length: width }, (): Cell => ({ char: ' ', role: 'plain' })),
  );
  const put = (column: number, row: number, char: string, role: Role) => {
    const cell = grid[height - 1 - row]?.[column];
    if (cell !== undefined) {
      cell.char = char;
      cell.role = role;
    }
  };
  for (const line of series) {
    if (drawing === 'braille') {
      drawBraille(line, height, grid);
    } else {
      drawBox(line, height, put);
    }
  }
  return grid.map((row) => paintRow(paint, row));
}

function drawBox(
  { rows, style }: Series,
  height: number,
  put: (column: number, row: number, char: string, role: Role) => void,
): void {
  let previous: number | null = null;
  for (const [column, value] of rows.entries()) {
    if (value === null) {
      previous = null;
      continue;
    }
    const row = clampRow(Math.round(value), height);
    if (previous === null || previous === row) {
      put(column, row, style.horizontal, style.role);
    } else {
      const rises = row > previous;
      put(column, previous, rises ? '╯' : '╮', style.role);
      put(column, row, rises ? '╭' : '╰', style.role);
      for (let between = Math.min(previous, row) + 1; between < Math.max(previous, row); between++) {
        put(column, between, style.vertical, style.role);
      }
    }
    previous = row;
  }
}

/** Bits of the dots of a braille cell, [column][row from the bottom]. */
const dots = [
  [0x40, 0x04, 0x02, 0x01],
  [0x80, 0x20, 0x10, 0x08],
] as const;

function drawBraille({ rows, style }: Series, height: number, grid: Cell[][]): void {
  const dotHeight = height * 4;
  const dotRow = (value: number) => clampRow(Math.round(((value + 0.5) / height) * dotHeight - 0.5), dotHeight);
  let previous: number | null = null;
  for (const [column, value] of rows.entries()) {
    if (value === null) {
      previous = null;
      continue;
    }
    const row = dotRow(value);
    const from = previous ?? row;
    for (let dot = Math.min(from, row); dot <= Math.max(from, row); dot++) {
      setDot(grid, height, column, 0, dot, style.role);
    }
    setDot(grid, height, column, 1, row, style.role);
    previous = row;
  }
}

function setDot(grid: Cell[][], height: number, column: number, side: 0 | 1, dot: number, role: Role): void {
  const cell = grid[height - 1 - Math.floor(dot / 4)]?.[column];
  if (cell === undefined) {
    return;
  }
  const code = cell.char.charCodeAt(0);
  const present = code >= 0x2800 && code <= 0x28ff ? code - 0x2800 : 0;
  cell.char = String.fromCharCode(0x2800 + (present | (dots[side][dot % 4] ?? 0)));
  cell.role = role;
}

function clampRow(row: number, height: number): number {
  return Math.min(height - 1, Math.max(0, row));
}

/** Joins cells, with one pair of codes for a run of the same role. */
export function paintRow(paint: Paint, row: readonly Cell[]): string {
  let text = '';
  let run = '';
  let role: Role = 'plain';
  for (const cell of row) {
    if (cell.role !== role && cell.char !== ' ') {
      text += paint(role, run);
      run = '';
      role = cell.role;
    }
    run += cell.char;
  }
  return text + paint(role, run);
}
