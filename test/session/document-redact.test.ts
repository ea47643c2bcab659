import { expect, test } from 'vitest';
import { commandLineText, redact } from '../../source/session/document-redact.ts';

test('replaces secrets at any depth and nothing else', () => {
  const input = {
    rate: 5,
    tls: { keyPassword: 'a', caFile: 'ca.pem' },
    headers: [
      { name: 'x-token', value: 'b' },
      { name: 'region', value: 'eu' },
    ],
    token: null,
  };
  expect(redact(input)).toEqual({
    rate: 5,
    tls: { keyPassword: '(redacted)', caFile: 'ca.pem' },
    headers: [
      { name: 'x-token', value: '(redacted)' },
      { name: 'region', value: 'eu' },
    ],
    token: null,
  });
  expect(redact('c', 'password')).toBe('(redacted)');
});

test.each([
  [['loadtui', '-r', '50k'], 'loadtui -r 50k'],
  [['loadtui', '--slo', 'p99<10ms'], "loadtui --slo 'p99<10ms'"],
  [['loadtui', '-X', 'ssl.key.password=a b'], "loadtui -X 'ssl.key.password=(redacted)'"],
  [['loadtui', '-t', "it's"], "loadtui -t 'it'\\''s'"],
  [['loadtui', ''], "loadtui ''"],
])('%j reads %s', (args, expected) => {
  expect(commandLineText(args)).toBe(expected);
});
