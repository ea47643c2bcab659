/** From Kafka's `ssl.*` properties to certificates, keys and versions, read and ready. */
import { ownNames } from './flags.ts';
import { readKeystore, readTruststore, type StoreType, storeTypeOf } from './keystore.ts';
import type { TlsMaterial } from './material.ts';
import { inLines } from './pem.ts';
import type { SaidProperties } from './said-properties.ts';

/** The properties that are read here. */
export const tlsNames: readonly string[] = [
  ...['truststore.location', 'truststore.type', 'truststore.password', 'truststore.certificates'].map(ssl),
  ...['keystore.location', 'keystore.type', 'keystore.password', 'keystore.key', 'keystore.certificate.chain'].map(ssl),
  ...['key.password', 'endpoint.identification.algorithm', 'enabled.protocols', 'protocol', 'cipher.suites'].map(ssl),
];

function ssl(name: string): string {
  return `ssl.${name}`;
}

/** Reads a file; throws LoadtuiError. */
export type ReadBytes = (path: string) => Buffer;

/** Throws a usage error with the name and place of what is wrong. */
export function tlsOf(said: SaidProperties, read: ReadBytes): TlsMaterial {
  return {
    ca: caOf(said, read),
    ...keysOf(said, read),
    ...identityOf(said),
    ...versionsOf(said),
    ciphers: ciphersOf(said),
  };
}

const algorithmName = 'ssl.endpoint.identification.algorithm';

/** Whose certificate is believed. */
function identityOf(said: SaidProperties): Pick<TlsMaterial, 'verifies' | 'serverName'> {
  const algorithm = said.secret(algorithmName)?.trim() ?? null;
  if (algorithm !== null && !['', 'https'].includes(algorithm.toLowerCase())) {
    throw said.wrong(algorithmName, `"${algorithm}" is not known`, 'Write https, or nothing.');
  }
  const asked = said.choice(ownNames.verify, ['FULL', 'CHAIN', 'NONE']);
  const isAskedLast = asked !== null && said.strength(ownNames.verify) >= said.strength(algorithmName);
  const verify = isAskedLast ? asked : algorithm === '' ? 'CHAIN' : 'FULL';
  const serverName = said.text(ownNames.serverName);
  if (verify === 'CHAIN' && serverName !== null && asked === 'CHAIN') {
    throw said.wrong(ownNames.serverName, 'with --tls-verify chain a certificate may have any name', 'Leave one out.');
  }
  return { verifies: verify !== 'NONE', serverName: verify === 'CHAIN' ? '' : serverName };
}

const enabledName = 'ssl.enabled.protocols';
const protocolName = 'ssl.protocol';
const older = 'Older versions of TLS are not safe.';

/** `ssl.protocol` bounds the versions from above, as the context of that name does in Java; `TLS` leaves them all. */
function versionsOf(said: SaidProperties): Pick<TlsMaterial, 'leastVersion' | 'mostVersion'> {
  const bound = said.choice(protocolName, ['TLS', 'TLSv1.3', 'TLSv1.2']);
  const text = said.text(enabledName);
  if (text === null) return { leastVersion: null, mostVersion: bound === 'TLSv1.2' ? 'TLSv1.2' : null };
  const versions = text.split(/\s*,\s*/).map((version) => {
    if (version === 'TLSv1.2' || version === 'TLSv1.3') return version;
    throw said.wrong(enabledName, `"${version}" is not one of TLSv1.2, TLSv1.3`, older);
  });
  const usable = bound === 'TLSv1.2' ? versions.filter((version) => version === 'TLSv1.2') : versions;
  if (usable.length === 0) throw said.wrong(enabledName, `none of them is allowed by ${protocolName}=TLSv1.2`);
  return {
    leastVersion: usable.includes('TLSv1.2') ? 'TLSv1.2' : 'TLSv1.3',
    mostVersion: usable.includes('TLSv1.3') ? 'TLSv1.3' : 'TLSv1.2',
  };
}

function ciphersOf(said: SaidProperties): string | null {
  const names = said.text('ssl.cipher.suites')?.split(/\s*,\s*/);
  return names === undefined ? null : names.map(cipherName).join(':');
}

/** IANA's names, which Java uses, as OpenSSL has them: those of TLS 1.3 are the same. */
function cipherName(name: string): string {
  if (!name.startsWith('TLS_') || !name.includes('_WITH_')) return name;
  const [exchange = '', cipher = ''] = name.slice('TLS_'.length).split('_WITH_');
  const openSsl = cipher
    .replace('_128', '128')
    .replace('_256', '256')
    .replaceAll('_', '-')
    .replace('-CBC', '')
    .replace('POLY1305-SHA256', 'POLY1305');
  return `${exchange === 'RSA' ? '' : `${exchange.replaceAll('_', '-')}-`}${openSsl}`;
}

function caOf(said: SaidProperties, read: ReadBytes): readonly string[] | null {
  const location = 'ssl.truststore.location';
  const name = said.strongestOf(['ssl.truststore.certificates', location]);
  if (name === null) return null;
  if (name !== location) {
    return said.told(name, () => readTruststore(Buffer.from(said.secret(name) ?? ''), 'PEM', null));
  }
  const path = said.text(location);
  if (path === null) return null;
  return said.told(location, () => {
    const bytes = read(path);
    const password = said.secret('ssl.truststore.password');
    return readTruststore(bytes, typeOf(said, 'ssl.truststore.type', location, bytes), password);
  });
}

type KeyMaterial = Pick<TlsMaterial, 'certificateChain' | 'key' | 'keyPassword'>;

const storeName = 'ssl.keystore.location';
const chainName = 'ssl.keystore.certificate.chain';
const keyName = 'ssl.keystore.key';

function keysOf(said: SaidProperties, read: ReadBytes): KeyMaterial {
  const keyPassword = said.secret('ssl.key.password');
  // A store of a weaker source than the certificate is not even looked at.
  const path = said.strength(storeName) < said.strength(chainName) ? null : said.text(storeName);
  const bytes = path === null ? null : said.told(storeName, () => read(path));
  // A store with a key in it that a stronger source names is the whole answer.
  const isStronger = [chainName, keyName].every((name) => said.strength(storeName) > said.strength(name));
  const isWhole =
    bytes !== null && (!said.has(keyName) || storeTypeOf(bytes) !== 'PEM' || bytes.includes('PRIVATE KEY'));
  if (bytes !== null && isStronger && isWhole) return storeKeys(said, bytes, keyPassword);
  const key = pemOf(said, keyName);
  const chain = pemOf(said, chainName);
  if (key === null && chain === null) return { certificateChain: null, key: null, keyPassword: null };
  if (key === null) throw said.wrong(chainName, 'a certificate without its key', `Name the key too: ${keyName}.`);
  // A key that stands by itself is of a certificate that does, too: --tls-cert and --tls-key.
  const name = said.strongestOf([chainName, storeName]);
  if (name === null) {
    throw said.wrong(keyName, 'a key without its certificate', `Name the certificate too: ${chainName}.`);
  }
  const certificateChain = name === chainName || bytes === null ? chain : certificatesOf(said, bytes);
  return { certificateChain, key, keyPassword };
}

function pemOf(said: SaidProperties, name: string): string | null {
  const text = said.secret(name);
  return text === null ? null : inLines(text);
}

function certificatesOf(said: SaidProperties, bytes: Buffer): string {
  if (storeTypeOf(bytes) === 'PEM') return inLines(bytes.toString('utf8'));
  throw said.wrong(keyName, `${storeName} is a store, which has a key of its own`, 'Leave one of the two out.');
}

function storeKeys(said: SaidProperties, bytes: Buffer, keyPassword: string | null): KeyMaterial {
  return said.told(storeName, () => {
    const type = typeOf(said, 'ssl.keystore.type', storeName, bytes);
    return readKeystore(bytes, type, said.secret('ssl.keystore.password'), keyPassword);
  });
}

/** The type that a weaker source says is of another store. */
function typeOf(said: SaidProperties, name: string, location: string, bytes: Buffer): StoreType {
  const type = said.choice(name, ['PEM', 'PKCS12', 'JKS']);
  return type === null || said.strength(name) < said.strength(location) ? storeTypeOf(bytes) : type;
}
