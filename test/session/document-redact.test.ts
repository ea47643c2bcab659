import { expect, test } from 'vitest';
import { commandLineText, isSecretName, redact } from '../../source/session/document-redact.ts';

test.each([
  ['ssl.key.password', true],
  ['sasl.jaas.config', true],
  ['clientSecret', true],
  ['access_token', true],
  ['linger.ms', false],
  ['topic', false],
])('%s names a secret: %s', (name, expected) => {
  expect(isSecretName(name)).toBe(expected);
});

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
  [['loadtui', '--sasl-password', 'a', '-r', '5'], "loadtui --sasl-password '(redacted)' -r 5"],
  [['loadtui', '--sasl-password=a'], "loadtui '--sasl-password=(redacted)'"],
  [['loadtui', '-t', "it's"], "loadtui -t 'it'\\''s'"],
  [['loadtui', ''], "loadtui ''"],
])('%j reads %s', (args, expected) => {
  expect(commandLineText(args)).toBe(expected);
});
