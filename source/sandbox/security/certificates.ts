/** Certificates of the sandbox's own making, good for some days: a CA, a broker's that it signed, and one for a client. */
import { generateKeyPair } from 'node:crypto';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import forge from 'node-forge';

export interface Certificate {
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
}

export interface SandboxCertificates {
  readonly ca: Certificate;
  readonly broker: Certificate;
  readonly client: Certificate;
}

const validDays = 7;
const dayMs = 86_400_000;
const keyBits = 2048;
const generate = promisify(generateKeyPair);

/** `hosts`: names and addresses that the broker is reached by; `now`: Unix ms. */
export async function makeCertificates(hosts: readonly string[], now: number): Promise<SandboxCertificates> {
  const [caKey, brokerKey, clientKey] = await Promise.all([newKey(), newKey(), newKey()]);
  const ca = sign({
    name: 'loadtui sandbox CA',
    key: caKey,
    now,
    serial: '01',
    extensions: [{ name: 'basicConstraints', cA: true }],
  });
  const issued = { issuer: 'loadtui sandbox CA', issuerKey: caKey, now };
  const altNames = hosts.map((host) => (isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host }));
  const broker = sign({
    ...issued,
    name: 'loadtui sandbox',
    key: brokerKey,
    serial: '02',
    extensions: [{ name: 'subjectAltName', altNames }],
  });
  const client = sign({ ...issued, name: 'loadtui', key: clientKey, serial: '03', extensions: [] });
  return {
    ca: { certificate: ca, key: caKey },
    broker: { certificate: broker, key: brokerKey },
    client: { certificate: client, key: clientKey },
  };
}

async function newKey(): Promise<string> {
  const { privateKey } = await generate('rsa', {
    modulusLength: keyBits,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return privateKey;
}

interface Wish {
  readonly name: string;
  readonly key: string;
  /** Left out: it signs itself. */
  readonly issuer?: string;
  readonly issuerKey?: string;
  readonly serial: string;
  readonly now: number;
  readonly extensions: readonly object[];
}

function sign({ name, key, issuer = name, issuerKey = key, serial, now, extensions }: Wish): string {
  const own = forge.pki.privateKeyFromPem(key);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(own.n, own.e);
  certificate.serialNumber = serial;
  certificate.validity.notBefore = new Date(now - dayMs);
  certificate.validity.notAfter = new Date(now + validDays * dayMs);
  certificate.setSubject([{ name: 'commonName', value: name }]);
  certificate.setIssuer([{ name: 'commonName', value: issuer }]);
  certificate.setExtensions([...extensions]);
  certificate.sign(forge.pki.privateKeyFromPem(issuerKey), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}
