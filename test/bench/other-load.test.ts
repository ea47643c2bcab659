import { describe, expect, it } from 'vitest';
import { childrenMs } from '../../bench/support/other-load.ts';

describe('childrenMs', () => {
  it('adds what ended children used, whatever the command is called', () => {
    const stat = '4242 (a) R (name) S 1 4242 4242 0 -1 4194560 1 2 3 4 700 800 56 44 20 0 12 0 99';
    expect(childrenMs(stat)).toBe(1000);
  });
});
