import { createPrivateKey } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { connectionSecurity } from '../../../source/clients/wire/security.ts';
import type { TlsMaterial } from '../../../source/config/security/material.ts';
import { makeCertificates, type SandboxCertificates } from '../../../source/sandbox/security/certificates.ts';
import { refusalOf } from '../../config/support.ts';

let made: SandboxCertificates;
let locked = '';
beforeAll(async () => {
  made = await makeCertificates(['localhost'], Date.now());
  const locks = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'hidden-one' } as const;
  locked = createPrivateKey(made.client.key).export(locks).toString();
});

const none = { ca: null, certificateChain: null, key: null, keyPassword: null, verifies: true, serverName: null };
const limits = { leastVersion: null, mostVersion: null, ciphers: null };

describe('certificates and keys', () => {
  it.each<[string, () => Partial<TlsMaterial>, string]>([
    ['a key with its password', () => ({ key: locked, keyPassword: 'hidden-one' }), 'accepted'],
    [
      'a key with another',
      () => ({ key: locked, keyPassword: 'hidden-other' }),
      'the password of the TLS key is another one',
    ],
    ['a key without one', () => ({ key: locked }), 'the TLS key wants a password | Say it in LOADTUI_TLS_KEY_PASSWORD'],
    ["somebody else's key", () => ({ key: made.broker.key }), 'the TLS key is not that of the certificate'],
    ['no key at all', () => ({ key: 'hidden' }), 'TLS cannot be set up'],
    ['a cipher that there is not', () => ({ key: made.client.key, ciphers: 'NONE-SUCH' }), 'TLS cannot be set up'],
  ])('%s', (_what, changes, message) => {
    const tls: TlsMaterial = { ...none, ...limits, certificateChain: made.client.certificate, ...changes() };
    const refusal = refusalOf(() => connectionSecurity({ tls, login: null }));
    expect(refusal).toContain(message);
    expect(refusal).not.toContain('hidden');
  });
});
