/** History as a row of blocks (a value a cell) or of braille (two values a cell), or as several rows. */
import { blocks } from './glyphs.ts';
import type { ChartDrawing } from './line-chart.ts';

/** The latest values, right-aligned in `width` cells, between 0 and `most` (null: a quarter above the largest shown). Gaps are blank. */
export function sparkline(
  values: readonly (number | null)[],
  width: number,
  most: number | null,
  drawing: ChartDrawing,
): string {
  return sparkRows(values, width, 1, most, drawing)[0] ?? '';
}

/** The same, `height` rows high, top first. */
export function sparkRows(
  values: readonly (number | null)[],
  width: number,
  height: number,
  most: number | null,
  drawing: ChartDrawing,
): readonly string[] {
  if (width <= 0) {
    return Array.from({ length: height }, () => '');
  }
  const shown = values.slice(drawing === 'braille' ? -2 * width : -width);
  const known = shown.filter((value) => value !== null);
  const top = most ?? Math.max(...known, 0) * 1.25;
  const ofRow = drawing === 'braille' ? 4 : blocks.length;
  const levels = ofRow * height;
  const heights = shown.map((value) =>
    value === null || !Number.isFinite(value)
      ? 0
      : 1 + Math.min(levels - 1, Math.max(0, Math.floor((top > 0 ? value / top : 0) * (levels - 0.001)))),
  );
  return Array.from({ length: height }, (_, index) => {
    const below = ofRow * (height - 1 - index);
    const parts = heights.map((level) => Math.min(ofRow, Math.max(0, level - below)));
    return (drawing === 'braille' ? brailleRow(parts) : parts.map(blockAt).join('')).padStart(width);
  });
}

function blockAt(height: number): string {
  return height === 0 ? ' ' : blocks.charAt(height - 1);
}

const leftBits = [0, 0x40, 0x44, 0x46, 0x47] as const;
const rightBits = [0, 0x80, 0xa0, 0xb0, 0xb8] as const;

function brailleRow(heights: readonly number[]): string {
  // The latest value always ends the row, so an odd one stands alone at the beginning.
  const even = heights.length % 2 === 0 ? heights : [0, ...heights];
  let text = '';
  for (let index = 0; index < even.length; index += 2) {
    const bits = (leftBits[even[index] ?? 0] ?? 0) | (rightBits[even[index + 1] ?? 0] ?? 0);
    text += bits === 0 ? ' ' : String.fromCharCode(0x2800 + bits);
  }
  return text;
}
