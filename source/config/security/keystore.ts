/**
 * Certificates and keys out of PEM files and PKCS#12 stores, which Java's keytool makes. Java's own old format (JKS) is
 * refused with the command that converts it.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createRequire } from 'node:module';
import type Forge from 'node-forge';
import { inLines } from './pem.ts';

export type StoreType = 'PEM' | 'PKCS12' | 'JKS';

export interface Keys {
  /** PEM: that of the client first, then those who signed it. */
  readonly certificateChain: string;
  /** PEM. */
  readonly key: string;
  /** Opens the key; null: it is not locked. */
  readonly keyPassword: string | null;
}

const jksMagic = 0xfeedfeed;
const convert =
  'keytool -importkeystore -srckeystore OLD.jks -destkeystore NEW.p12 -deststoretype PKCS12 makes a PKCS12 store of it';

/** By its first bytes, as Java does where the name of a type and the file differ. */
export function storeTypeOf(bytes: Buffer): StoreType {
  if (bytes.length >= 4 && bytes.readUInt32BE(0) === jksMagic) return 'JKS';
  return bytes.includes('-----BEGIN') ? 'PEM' : 'PKCS12';
}

/** The certificates that are trusted, PEM. Throws in a sentence. */
export function readTruststore(bytes: Buffer, type: StoreType, password: string | null): readonly string[] {
  if (formatOf(bytes, type) === 'PEM') {
    const text = inLines(bytes.toString('utf8'));
    if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new Error('it holds no certificate');
    return [text];
  }
  const certificates = certificatesOf(openStore(bytes, password));
  if (certificates.length === 0) throw new Error('it holds no certificate');
  return certificates;
}

/** The client's own. `keyPassword`: of the key, where it has another than the store. Throws in a sentence. */
export function readKeystore(
  bytes: Buffer,
  type: StoreType,
  password: string | null,
  keyPassword: string | null,
): Keys {
  if (formatOf(bytes, type) === 'PEM') {
    const text = inLines(bytes.toString('utf8'));
    const key = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?-----END \1-----/.exec(text)?.[0];
    const certificates = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
    if (key === undefined) throw new Error('it holds no private key');
    if (certificates.length === 0) throw new Error('it holds no certificate');
    return { certificateChain: certificates.join('\n'), key, keyPassword: keyPassword ?? password };
  }
  const store = openStore(bytes, password);
  const { pkcs8ShroudedKeyBag, keyBag } = forge().pki.oids;
  const [bag] = [...bagsOf(store, pkcs8ShroudedKeyBag), ...bagsOf(store, keyBag)];
  if (bag === undefined) throw new Error('it holds no private key');
  const key = keyPem(bag);
  return { certificateChain: chainOf(key, certificatesOf(store)).join('\n'), key, keyPassword: null };
}

/** The certificate of a key, then who signed it, and so on: a store keeps them in any order, and others beside them. */
function chainOf(key: string, certificates: readonly string[]): readonly string[] {
  const privateKey = createPrivateKey(key);
  const left = certificates.map((pem) => new X509Certificate(pem));
  let next = left.findIndex((certificate) => certificate.checkPrivateKey(privateKey));
  if (next < 0) throw new Error('it holds no certificate of its private key');
  const chain: X509Certificate[] = [];
  while (next >= 0) {
    const [last] = left.splice(next, 1);
    if (last === undefined) break;
    chain.push(last);
    next = left.findIndex((certificate) => last.checkIssued(certificate));
  }
  return chain.map((certificate) => certificate.toString());
}

/** Many a file that is said to be JKS is PKCS#12: Java makes and reads them so since version 9. */
function formatOf(bytes: Buffer, type: StoreType): 'PEM' | 'PKCS12' {
  const found = storeTypeOf(bytes);
  if (found === 'JKS') throw new Error(`it is a JKS store, which only Java reads: ${convert}`);
  if (type === 'PEM' && found !== 'PEM') throw new Error('it is no PEM file');
  return found;
}

let loaded: typeof Forge | null = null;

/** Only who names a PKCS#12 store pays for loading what reads it. */
function forge(): typeof Forge {
  loaded ??= loadForge();
  return loaded;
}

function loadForge(): typeof Forge {
  const module: typeof Forge = createRequire(import.meta.url)('node-forge');
  return module;
}

type Bag = Forge.pkcs12.Bag;

function openStore(bytes: Buffer, password: string | null): Forge.pkcs12.Pkcs12Pfx {
  const { asn1, pkcs12 } = forge();
  let structure: Forge.asn1.Asn1;
  try {
    structure = asn1.fromDer(bytes.toString('latin1'));
  } catch {
    throw new Error('it is neither PEM nor PKCS12');
  }
  try {
    return pkcs12.pkcs12FromAsn1(structure, false, password ?? '');
  } catch (cause) {
    throw new Error(password === null ? 'it wants a password' : 'its password is another one', { cause });
  }
}

function bagsOf(store: Forge.pkcs12.Pkcs12Pfx, type: string | undefined): readonly Bag[] {
  return type === undefined ? [] : (store.getBags({ bagType: type })[type] ?? []);
}

function certificatesOf(store: Forge.pkcs12.Pkcs12Pfx): readonly string[] {
  const { asn1, pem, pki } = forge();
  return bagsOf(store, pki.oids.certBag).map((bag) => {
    const structure = bag.cert === undefined || bag.cert === null ? bag.asn1 : pki.certificateToAsn1(bag.cert);
    return pem.encode({ type: 'CERTIFICATE', body: asn1.toDer(structure).getBytes() });
  });
}

function keyPem(bag: Bag): string {
  const { asn1, pki } = forge();
  if (bag.key !== undefined && bag.key !== null) return pki.privateKeyToPem(bag.key);
  // Keys that forge does not know (elliptic curves) stand there as PKCS#8.
  const der = Buffer.from(asn1.toDer(bag.asn1).getBytes(), 'latin1');
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ format: 'pem', type: 'pkcs8' })
    .toString();
}
