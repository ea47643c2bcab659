import { describe, expect, it } from 'vitest';
import { type Legend, placeLegends, rankedByValue } from '../../source/ui/panels/chart-frame.ts';

const rows = 7;
/** A value's row is the value. */
const scale = { rowOf: (value: number) => value, labels: new Map<number, string>() };

function legend(text: string, value: number | null, rank?: number): Legend {
  return { text, role: 'plain', value, ...(rank === undefined ? {} : { rank }) };
}

/** Texts from top to bottom, a dot for a row that is free. */
function placed(...legends: readonly Legend[]): string {
  const byRow = placeLegends(legends, scale, rows);
  return Array.from({ length: rows }, (_, row) => byRow.get(rows - 1 - row)?.text ?? '.').join(' ');
}

describe('legends', () => {
  it('stand at their values, or next to them', () => {
    expect(placed(legend('a', 5), legend('b', 1), legend('c', 1), legend('d', 1))).toBe('. a . . c b d');
    expect(placed(legend('a', 6), legend('b', 0), legend('c', null))).toBe('a c . . . . b');
  });

  it.each([
    [null, null, null, 'p99.9 p99 p50 . . . .'],
    [1, null, null, 'p99.9 p99 . . . p50 .'],
    [6, null, null, 'p99.9 p99 p50 . . . .'],
    [1, 3, null, 'p99.9 . . p99 . p50 .'],
    [1, 6, null, 'p99.9 p99 . . . p50 .'],
    [3, 3, 3, '. . p99.9 p99 p50 . .'],
    [0, 0, 0, '. . . . p99.9 p99 p50'],
    [6, 6, 6, 'p99.9 p99 p50 . . . .'],
    // Of another window, so that it may be less.
    [1, 4, 2, '. p99.9 p99 . . p50 .'],
    [5, 2, 6, 'p99.9 . . . p99 p50 .'],
  ])('with ranks keep their order: p50 %s, p99 %s, p99.9 %s', (p50, p99, p999, expected) => {
    expect(placed(legend('p99', p99, 1), legend('p50', p50, 0), legend('p99.9', p999, 2))).toBe(expected);
  });

  it('with ranks leave the others where there is room', () => {
    expect(placed(legend('p99', 3, 1), legend('p50', 1, 0), legend('p99.9', 6, 2), legend('SLO', 3))).toBe(
      'p99.9 . SLO p99 . p50 .',
    );
  });

  it.each([
    [4, 4, 4, '. . a b c . .'],
    // Within a row of each other: as they come, whichever is ahead.
    [3.9, 4.4, 4.1, '. . a b c . .'],
    [0, 0, 0, '. . . . a b c'],
    [2, 5, 2, '. b . . a c .'],
    [1, 5, 6, 'c b . . . a .'],
  ])('ranked by value swap places only for a whole row: a %s, b %s, c %s', (a, b, c, expected) => {
    expect(placed(...rankedByValue([legend('a', a), legend('b', b), legend('c', c)], scale))).toBe(expected);
  });
});
