import { describe, expect, it } from 'vitest';
import { ackedPerSecond } from '../../../bench/beside/produce-turn.ts';
import type { IntervalRow } from '../../../source/session/document-schema.ts';

type Rate = Pick<IntervalRow, 'timeMs' | 'durationMs' | 'ackedRate'>;

const intervals: readonly Rate[] = [
  { timeMs: 1000, durationMs: 1000, ackedRate: 50 },
  { timeMs: 2000, durationMs: 1000, ackedRate: 100 },
  { timeMs: 3000, durationMs: 500, ackedRate: 400 },
];

describe('ackedPerSecond', () => {
  it.each([
    ['a whole interval', 2000, 3000, 100],
    ['parts of two', 1500, 2500, 75],
    ['of a short one', 2750, 3500, 300],
    ['what is covered of a longer time', 0, 9000, 140],
    ['nothing where there is none', 4000, 5000, null],
  ])('%s', (_, fromMs, toMs, expected) => {
    expect(ackedPerSecond(intervals, fromMs, toMs)).toBe(expected);
  });
});
