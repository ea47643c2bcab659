import { X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import { beforeAll, describe, expect, it } from 'vitest';
import { readKeystore, readTruststore, storeTypeOf } from '../../../source/config/security/keystore.ts';
import { makeCertificates, type SandboxCertificates } from '../../../source/sandbox/security/certificates.ts';

let made: SandboxCertificates;
beforeAll(async () => {
  made = await makeCertificates(['localhost'], Date.UTC(2026, 10, 1));
});

const bytes = (der: string): Buffer => Buffer.from(der, 'latin1');

/** `chain`: in that order. */
function pkcs12(password: string, pems = [made.client.certificate, made.ca.certificate]): Buffer {
  const key = forge.pki.privateKeyFromPem(made.client.key);
  const chain = pems.map((pem) => forge.pki.certificateFromPem(pem));
  return bytes(forge.asn1.toDer(forge.pkcs12.toPkcs12Asn1(key, chain, password, { algorithm: 'aes256' })).getBytes());
}

const subjects = (pems: readonly string[]): readonly string[] => pems.map((pem) => new X509Certificate(pem).subject);

describe('a truststore', () => {
  it('is read from PEM', () => {
    const pem = Buffer.from(`# whom we trust\n${made.ca.certificate}`);
    expect(storeTypeOf(pem)).toBe('PEM');
    expect(subjects(readTruststore(pem, 'PEM', null))).toEqual(['CN=loadtui sandbox CA']);
  });

  it('is read from PKCS12, also where it is said to be JKS, as Java does', () => {
    const store = pkcs12('open');
    expect(storeTypeOf(store)).toBe('PKCS12');
    expect(subjects(readTruststore(store, 'PKCS12', 'open'))).toContain('CN=loadtui sandbox CA');
    expect(subjects(readTruststore(store, 'JKS', 'open'))).toContain('CN=loadtui sandbox CA');
  });

  it.each<readonly [() => Buffer, 'PEM' | 'PKCS12' | 'JKS', string | null, string]>([
    [() => pkcs12('open'), 'PKCS12', 'shut', 'its password is another one'],
    [() => pkcs12('open'), 'PKCS12', null, 'it wants a password'],
    [() => pkcs12('open'), 'PEM', null, 'it is no PEM file'],
    [() => Buffer.from('hello'), 'PKCS12', null, 'it is neither PEM nor PKCS12'],
    [() => Buffer.from(made.ca.key), 'PEM', null, 'it holds no certificate'],
    [() => Buffer.from([0xfe, 0xed, 0xfe, 0xed, 0, 0]), 'JKS', 'x', 'keytool -importkeystore -srckeystore'],
  ])('that cannot be read is told (%#)', (store, type, password, message) => {
    expect(() => readTruststore(store(), type, password)).toThrow(message);
  });
});

describe('a keystore', () => {
  it('holds the key and the chain, in PEM', () => {
    const pem = Buffer.from(`${made.client.certificate}${made.client.key}${made.ca.certificate}`);
    const { certificateChain, key, keyPassword } = readKeystore(pem, 'PEM', null, null);
    expect(new X509Certificate(certificateChain).subject).toBe('CN=loadtui');
    expect(certificateChain.match(/BEGIN/g)).toHaveLength(2);
    expect(key.trim()).toBe(made.client.key.trim());
    expect(keyPassword).toBeNull();
  });

  it('holds the key and the chain, in PKCS12', () => {
    const { certificateChain, key } = readKeystore(pkcs12('open'), 'PKCS12', 'open', null);
    const certificate = new X509Certificate(certificateChain);
    expect(certificate.subject).toBe('CN=loadtui');
    expect(key).toContain('PRIVATE KEY');
  });

  it('in PKCS12 has its own certificate first, then who signed it, and no other', () => {
    const { ca, client, broker } = made;
    const store = pkcs12('open', [broker.certificate, ca.certificate, client.certificate]);
    const { certificateChain } = readKeystore(store, 'PKCS12', 'open', null);
    const pems = certificateChain.match(/-----BEGIN[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
    expect(subjects(pems)).toEqual(['CN=loadtui', 'CN=loadtui sandbox CA']);
    const others = pkcs12('open', [broker.certificate, ca.certificate]);
    expect(() => readKeystore(others, 'PKCS12', 'open', null)).toThrow('it holds no certificate of its private key');
  });

  it('without a key is told', () => {
    expect(() => readKeystore(Buffer.from(made.ca.certificate), 'PEM', null, null)).toThrow('it holds no private key');
    expect(() => readKeystore(Buffer.from(made.ca.key), 'PEM', null, null)).toThrow('it holds no certificate');
  });
});
