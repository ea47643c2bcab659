import { describe, expect, it } from 'vitest';
import { parseStat } from '../../bench/support/process-stat.ts';

describe('parseStat', () => {
  it('tells the time of a process and of its ended children, whatever the command is called', () => {
    const line = '4242 (a) R (name) S 1 4242 4242 0 -1 4194560 1 2 3 4 700 800 56 44 20 0 12 0 99';
    expect(parseStat(line)).toEqual({ ownMs: 15_000, childrenMs: 1000 });
  });
});
