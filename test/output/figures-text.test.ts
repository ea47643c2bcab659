import { expect, test } from 'vitest';
import { asciiOnly, mebibytes, runTime } from '../../source/output/figures-text.ts';

test.each([
  [mebibytes(5_000_000), '4.77'],
  [runTime(42_000), '42 s'],
  [runTime(252_000), '4 min 12 s'],
  [runTime(7_500_000), '2 h 5 min'],
  [runTime(-5), '0 s'],
  [asciiOnly('0 → 5 ms ×12 — „q“'), '0 -> 5 ms x12 - ?q?'],
])('%s', (text, expected) => {
  expect(text).toBe(expected);
});
