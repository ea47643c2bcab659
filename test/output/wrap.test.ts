import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { wrapCommand, wrapWords } from '../../source/output/wrap.ts';

test.each([
  ['short', 10, 2, ['short']],
  ['', 10, 2, ['']],
  ['one two three', 9, 2, ['one two', '  three']],
  ['  row  a', 10, 2, ['  row  a']],
  ['abcdefghijkl mn', 6, 2, ['abcd', '  efgh', '  ijkl', '  mn']],
])('%j at %d columns', (text, columns, indent, expected) => {
  expect(wrapWords(text, columns, indent)).toEqual(expected);
});

test('no line is wider than asked for', () => {
  const text = 'a'.repeat(300).replaceAll(/(.{37})/g, '$1 ');
  for (const columns of [20, 40, 80]) {
    expect(Math.max(...wrapWords(text, columns, 4).map((line) => line.length))).toBeLessThanOrEqual(columns);
  }
});

const command = `loadtui -b b1:9092,b2:9092 -t orders-load -r 50k --slo 'p99<10ms and more' --topic 'it'\\''s' --yes -d 60s`;

test('a wrapped command keeps flags beside their values and fits', () => {
  const lines = wrapCommand(command, 40, 2);
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.slice(0, -1).every((line) => line.endsWith(' \\'))).toBe(true);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
  expect(lines.some((line) => /-t orders-load/.test(line))).toBe(true);
});

test.each([1, 30, 60, 500])('a shell reads a command wrapped at %d columns as the same arguments', (columns) => {
  const argumentsOf = (text: string) =>
    execFileSync('/bin/sh', ['-c', text.replace('loadtui', `printf '%s\\n'`)], { encoding: 'utf8' });
  expect(argumentsOf(wrapCommand(command, columns, 2).join('\n'))).toBe(argumentsOf(command));
});
