import { describe, expect, it, test } from 'vitest';
import { isSecret, isSecretName, secretsIn, withoutSecrets } from '../../../source/config/security/secret-names.ts';

test.each([
  ['ssl.key.password', true],
  ['ssl.keystore.key', true],
  ['sasl.jaas.config', true],
  ['clientSecret', true],
  ['access_token', true],
  ['--sasl-user', true],
  ['--sasl-username', false],
  ['--sasl-password-file', false],
  ['--oauth-token-file', false],
  ['sasl.oauthbearer.token.endpoint.url', false],
  ['ssl.keystore.location', false],
  ['ssl.keystore.certificate.chain', false],
  ['linger.ms', false],
  ['topic', false],
])('%s names a secret: %s', (name, expected) => {
  expect(isSecretName(name)).toBe(expected);
});

test.each([
  ['sasl.jaas.config', 'a.PlainLoginModule required username="me" password="x";', true],
  ['sasl.jaas.config', 'a.PlainLoginModule required username="me";', false],
  ['sasl.oauthbearer.token.endpoint.url', 'https://host/token', false],
  ['sasl.oauthbearer.token.endpoint.url', 'https://me:x@host/token', true],
  ['sasl.mechanism', 'PLAIN', false],
])('%s=%s is a secret: %s', (name, value, expected) => {
  expect(isSecret(name, value)).toBe(expected);
});

describe('the words of a command line', () => {
  const jaas = 'sasl.jaas.config=a.PlainLoginModule required username="me" password="hunter2";';

  it.each<[string, string[], string[], string[]]>([
    ['nothing', ['-r', '50k', '--tls-ca', 'ca.pem'], ['-r', '50k', '--tls-ca', 'ca.pem'], []],
    ['a property', ['-X', 'ssl.key.password=hunter2'], ['-X', 'ssl.key.password=(redacted)'], ['ssl.key.password']],
    ['a login', ['-X', jaas, '-r', '5'], ['-X', 'sasl.jaas.config=(redacted)', '-r', '5'], ['sasl.jaas.config']],
    ['in one word', [`-X${jaas}`], ['-Xsasl.jaas.config=(redacted)'], ['sasl.jaas.config']],
    ['by its long name', [`--property=${jaas}`], ['--property=sasl.jaas.config=(redacted)'], ['sasl.jaas.config']],
    [
      'by its other name',
      ['--command-property', 'ssl.keystore.key=hunter2'],
      ['--command-property', 'ssl.keystore.key=(redacted)'],
      ['ssl.keystore.key'],
    ],
    ['blanks', ['-X', ' ssl.key.password = hunter2'], ['-X', ' ssl.key.password =(redacted)'], ['ssl.key.password']],
    ['a colon', ['-X', 'ssl.key.password:hunter2'], ['-X', 'ssl.key.password:(redacted)'], ['ssl.key.password']],
    ['no sign', ['-X', 'ssl.key.password hunter2'], ['-X', 'ssl.key.password (redacted)'], ['ssl.key.password']],
    ['behind another name', ['-X', 'sasl=x password="hunter2"'], ['-X', 'sasl=x password=(redacted)'], ['x password']],
    ['a flag that is none', ['--sasl-password', 'hunter2'], ['--sasl-password', '(redacted)'], ['--sasl-password']],
    ['the same', ['--sasl-password=hunter2'], ['--sasl-password=(redacted)'], ['--sasl-password']],
    ['who may log in', ['--sasl-user', 'me:hunter2'], ['--sasl-user', '(redacted)'], ['--sasl-user']],
    ['a header', ['--header=x-token=hunter2'], ['--header=x-token=(redacted)'], ['x-token']],
    ['where it lies', ['--sasl-password-file', 'secret'], ['--sasl-password-file', 'secret'], []],
    ['a flag after one', ['--sasl-password', '--plain'], ['--sasl-password', '--plain'], []],
  ])('%s', (_what, args, shown, secrets) => {
    expect(withoutSecrets(args)).toEqual(shown);
    expect(secretsIn(args)).toEqual(secrets);
    expect(JSON.stringify(withoutSecrets(args))).not.toContain('hunter2');
  });
});
