import { describe, expect, it } from 'vitest';
import { typedSecretWarning } from '../../source/commands/hide-secrets.ts';

describe('what is said to who types secrets', () => {
  it.each<[string, string[], string | null]>([
    ['nothing to who types none', ['-r', '5k', '--sasl-password-file', 'x', '--header', 'x-token=1'], null],
    [
      'where a login is better said',
      ['-X', 'sasl.jaas.config=a.PlainLoginModule required password="x";'],
      "sasl.jaas.config: the shell's history still has the secret that was typed; say it in LOADTUI_SASL_PASSWORD or --config FILE",
    ],
    [
      'where passwords are',
      ['-X', 'ssl.key.password=x', '-X', 'ssl.truststore.password=y'],
      "ssl.key.password, ssl.truststore.password: the shell's history still has the secret that was typed; say it in LOADTUI_TLS_KEY_PASSWORD or LOADTUI_TLS_CA_PASSWORD or --config FILE",
    ],
    [
      'where a key is',
      ['-X', 'ssl.keystore.key=x'],
      "ssl.keystore.key: the shell's history still has the secret that was typed; say it in --tls-key FILE or --config FILE",
    ],
    [
      'nothing of a login that has no secret',
      ['-X', 'sasl.jaas.config=a.PlainLoginModule required username="x";'],
      null,
    ],
  ])('%s', (_what, args, warning) => {
    expect(typedSecretWarning(args)).toBe(warning);
  });
});
