import { describe, expect, it } from 'vitest';
import { inOrderOf } from '../../../bench/beside/pace.ts';

describe('inOrderOf', () => {
  it.each([
    [0, ['a', 'b', 'c']],
    [1, ['b', 'c', 'a']],
    [2, ['c', 'a', 'b']],
    [3, ['a', 'b', 'c']],
  ])('round %i', (round, order) => {
    expect(inOrderOf(round, ['a', 'b', 'c'])).toEqual(order);
  });

  it('of nobody is nobody', () => {
    expect(inOrderOf(1, [])).toEqual([]);
  });
});
