import { describe, expect, it } from 'vitest';
import type { ChartPoint } from '../../source/session/view.ts';
import { markGlyph, toAscii } from '../../source/ui/glyphs.ts';
import { drawLines } from '../../source/ui/line-chart.ts';
import { createPaint } from '../../source/ui/paint.ts';
import { sparkline } from '../../source/ui/sparkline.ts';
import { marksByColumn, meanOf, pointsByColumn, timeWindow, worstOf } from '../../source/ui/time-window.ts';
import { fakeView } from './fake-view.ts';

const paint = createPaint('default', false);
const style = { horizontal: '─', vertical: '│', role: 'plain' } as const;

describe('drawLines', () => {
  it('draws steps with box characters', () => {
    expect(drawLines(paint, 5, 3, [{ rows: [0, 0, 2, 2, 1], style }], 'block')).toEqual(['  ╭─╮', '  │ ╰', '──╯  ']);
  });

  it('leaves gaps and keeps to the grid', () => {
    expect(drawLines(paint, 5, 2, [{ rows: [null, 9, null, -9, null], style }], 'block')).toEqual([' ─   ', '   ─ ']);
  });

  it('draws nothing for an empty series', () => {
    expect(drawLines(paint, 3, 1, [{ rows: [], style }], 'block')).toEqual(['   ']);
  });

  it('puts later series on top', () => {
    const over = { ...style, horizontal: '┄' };
    expect(
      drawLines(
        paint,
        2,
        1,
        [
          { rows: [0, 0], style },
          { rows: [null, 0], style: over },
        ],
        'block',
      ),
    ).toEqual(['─┄']);
  });

  it('draws braille in as many cells', () => {
    const [top, bottom] = drawLines(paint, 4, 2, [{ rows: [0, 0, 1, 1], style }], 'braille');
    expect(top).toHaveLength(4);
    expect(`${top}${bottom}`).toMatch(/[\u2801-\u28FF]/);
  });
});

describe('sparkline', () => {
  it.each([
    [[0, 50, 100], 3, 100, '▁▄█'],
    [[0, 50, 100], 5, 100, '  ▁▄█'],
    [[1, 2, 3, 100], 2, 100, '▁█'],
    [[null, 100], 2, 100, ' █'],
    [[], 3, null, '   '],
    [[0, 0], 2, null, '▁▁'],
    [[5], 0, null, ''],
    [[500], 1, 100, '█'],
  ])('%j in %s cells', (values, width, most, expected) => {
    expect(sparkline(values, width, most, 'block')).toBe(expected);
  });

  it('puts two values into a braille cell', () => {
    expect(sparkline([0, 100, 100, 100], 3, 100, 'braille')).toBe(' ⣸⣿');
  });
});

function point(changes: Partial<ChartPoint>): ChartPoint {
  const [first] = fakeView().points;
  if (first === undefined) {
    throw new Error('the fake has points');
  }
  return { ...first, marks: [], ...changes };
}

/** Columns of a second from 0 on. */
const fromZero = (columns: number) => timeWindow({ points: [], nowMs: columns * 1000 - 1 }, columns, 0, 0);

describe('the time axis', () => {
  it.each([0, 1, 4])('moves on by whole columns as seconds become halves and whole again (zoom %d)', (zoom) => {
    const lengths = [...Array(20).fill(1000), 300, ...Array(41).fill(500), 700, ...Array(20).fill(1000)];
    let timeMs = 1_000_250;
    const points: ChartPoint[] = [];
    let before: number | null = null;
    for (const durationMs of lengths) {
      points.push(point({ timeMs, durationMs, targetRate: 1000 }));
      timeMs += durationMs;
      const { columnMs, startMs, reachMs } = timeWindow({ points, nowMs: timeMs }, 12, zoom, 0);
      expect(startMs % columnMs).toBe(0);
      if (before !== null) expect([0, columnMs]).toContain(startMs - before);
      expect(reachMs).toBeLessThanOrEqual(timeMs);
      before = startMs;
    }
    const window = timeWindow({ points, nowMs: timeMs }, 12, zoom, 0);
    const rates = pointsByColumn(points, window).map((column) => meanOf(column, ({ targetRate }) => targetRate));
    // No gap, and no rate that nobody asked for.
    const first = rates.findIndex((rate) => rate !== null);
    expect(first).toBeGreaterThanOrEqual(0);
    expect(rates.slice(first).every((rate) => rate === 1000)).toBe(true);
  });

  it('ends with the column of the newest point, and moves by whole columns', () => {
    const upTo = (endMs: number, scroll = 0) =>
      timeWindow({ points: [point({ timeMs: endMs - 1000, durationMs: 1000 })], nowMs: endMs + 900 }, 10, 1, scroll);
    expect(upTo(101_400)).toEqual({ startMs: 82_000, columnMs: 2000, columns: 10, reachMs: 101_400 });
    expect(upTo(102_400)).toEqual({ startMs: 82_000, columnMs: 2000, columns: 10, reachMs: 102_000 });
    expect(upTo(102_600)).toEqual({ startMs: 84_000, columnMs: 2000, columns: 10, reachMs: 102_600 });
    expect(upTo(102_600, 3)).toEqual({ startMs: 78_000, columnMs: 2000, columns: 10, reachMs: 98_000 });
  });

  it('ends now before there is any point', () => {
    expect(timeWindow({ points: [], nowMs: 100_500 }, 10, 1, 0)).toMatchObject({ startMs: 82_000, reachMs: 100_500 });
  });

  it('gives each point a column and closes gaps that only come from rounding', () => {
    const window = fromZero(4);
    const points = [0, 990, 2010, 3010].map((timeMs) => point({ timeMs, durationMs: 1010 }));
    expect(pointsByColumn(points, window).map((column) => column.length)).toEqual([1, 1, 1, 1]);
    expect(pointsByColumn([], window).map((column) => column.length)).toEqual([0, 0, 0, 0]);
    const hole = [point({ timeMs: 0, durationMs: 1000 }), point({ timeMs: 3000, durationMs: 1000 })];
    expect(pointsByColumn(hole, window).map((column) => column.length)).toEqual([1, 0, 0, 1]);
    const late = [point({ timeMs: 600, durationMs: 1900 })];
    expect(pointsByColumn(late, window).map((column) => column.length)).toEqual([0, 1, 0, 0]);
  });

  it('averages rates by length and takes the worst percentile', () => {
    const points = [point({ sentRate: 100, durationMs: 1000 }), point({ sentRate: 400, durationMs: 500 })];
    expect(meanOf(points, ({ sentRate }) => sentRate)).toBe(200);
    expect(meanOf(points, () => null)).toBeNull();
    expect(worstOf(points, ({ sentRate }) => sentRate)).toBe(400);
    expect(worstOf([], () => 1)).toBeNull();
    expect(worstOf(points, () => Number.NaN)).toBeNull();
  });

  it('places marks, each on a column of its own', () => {
    const window = fromZero(10);
    const points = [
      point({ timeMs: 2000, durationMs: 1000, marks: [1, 2, 3] }),
      point({ timeMs: 9000, durationMs: 1000, marks: [4] }),
      point({ timeMs: -5000, durationMs: 1000, marks: [5] }),
    ];
    expect([...marksByColumn(points, window)]).toEqual([
      [2, 1],
      [3, 2],
      [4, 3],
      [9, 4],
    ]);
  });

  it('places marks in order of time, next to each other and at the edge', () => {
    const window = fromZero(10);
    const points = [
      point({ timeMs: 3000, durationMs: 1000, marks: [1, 2] }),
      point({ timeMs: 4000, durationMs: 1000, marks: [3] }),
      point({ timeMs: 8000, durationMs: 1000, marks: [4] }),
      point({ timeMs: 9000, durationMs: 1000, marks: [5, 6] }),
    ];
    expect([...marksByColumn(points, window)]).toEqual([
      [3, 1],
      [4, 2],
      [5, 3],
      [7, 4],
      [8, 5],
      [9, 6],
    ]);
  });
});

describe('glyphs', () => {
  it('have twins of the same width', () => {
    expect(toAscii('①─╭╮│ 50 → 60 ×2 ✔ …')).toBe('1-..| 50 > 60 x2 + ~');
    expect(toAscii('漢')).toBe('?');
    expect(markGlyph(20)).toBe('⑳');
    expect(markGlyph(21)).toBe('①');
  });
});
