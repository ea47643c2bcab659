import { expect, test } from 'vitest';
import { shellQuote } from '../../source/config/shell-quote.ts';
import { shellWords } from './support.ts';

test.each([
  ['a:1,b', 'a:1,b'],
  ['b1:9092,b2:9092', 'b1:9092,b2:9092'],
  ['p99<10ms', "'p99<10ms'"],
  ['$HOME', "'$HOME'"],
  ["it's", "'it'\\''s'"],
  ['', "''"],
  ['{key}', "'{key}'"],
])('%s', (word, quoted) => {
  expect(shellQuote(word)).toBe(quoted);
  expect(shellWords(quoted)).toEqual([word]);
});
