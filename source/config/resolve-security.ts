/**
 * From Kafka's security properties to what secures the connections. Names and meanings are Java's; what loadtui has beside
 * them begins with "loadtui.". Values may be secrets: no error tells one.
 */

import { type JaasLogin, parseJaas } from './jaas.ts';
import { readKeystore, readTruststore, type StoreType, storeTypeOf } from './keystore.ts';
import { type Said, strength, valueError } from './layers.ts';
import {
  type LoginMaterial,
  type Mechanism,
  mechanisms,
  type SecurityMaterial,
  type SecurityProtocol,
  securityProtocols,
  type TlsMaterial,
  type TokenSource,
} from './security.ts';
import { ownNames } from './security-flags.ts';

/** The properties that are read here. */
export const securityNames: readonly string[] = [
  'security.protocol',
  ...['truststore.location', 'truststore.type', 'truststore.password', 'truststore.certificates'].map(ssl),
  ...['keystore.location', 'keystore.type', 'keystore.password', 'keystore.key', 'keystore.certificate.chain'].map(ssl),
  ...['key.password', 'endpoint.identification.algorithm', 'enabled.protocols', 'protocol', 'cipher.suites'].map(ssl),
  ...['sasl.mechanism', 'sasl.jaas.config', 'sasl.oauthbearer.token.endpoint.url', 'sasl.oauthbearer.scope'],
  'sasl.oauthbearer.client.credentials.client.id',
  'sasl.oauthbearer.client.credentials.client.secret',
  'sasl.oauthbearer.header.urlencode',
];

function ssl(name: string): string {
  return `ssl.${name}`;
}

/** By property name. */
export type SecurityProperties = ReadonlyMap<string, Said>;

/** Reads a file; throws LoadtuiError. */
export type ReadBytes = (path: string) => Buffer;

/** Throws a usage error with the name and place of what is wrong. */
export function resolveSecurity(said: SecurityProperties, read: ReadBytes): SecurityMaterial {
  const words = new Words(said);
  const protocol = protocolOf(words);
  return {
    tls: protocol === 'SSL' || protocol === 'SASL_SSL' ? tlsOf(words, read) : null,
    login: protocol === 'SASL_PLAINTEXT' || protocol === 'SASL_SSL' ? loginOf(words) : null,
  };
}

/** Properties as they are asked for. */
class Words {
  readonly #said: SecurityProperties;

  constructor(said: SecurityProperties) {
    this.#said = said;
  }

  has(name: string): boolean {
    return this.#said.has(name);
  }

  /** Trimmed; null: not said, or empty. */
  text(name: string): string | null {
    const value = this.#said.get(name)?.value.trim() ?? '';
    return value === '' ? null : value;
  }

  /** As it was said; null: not said. */
  secret(name: string): string | null {
    return this.#said.get(name)?.value ?? null;
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | null {
    const text = this.text(name);
    if (text === null) return null;
    const found = choices.find((choice) => choice === text.toUpperCase());
    if (found === undefined) throw this.wrong(name, `"${text}" is not one of ${choices.join(', ')}`);
    return found;
  }

  /** Of who said it. */
  strength(name: string): number {
    return strength(this.#said.get(name)?.origin);
  }

  wrong(name: string, message: string, next?: string): Error {
    const origin = this.#said.get(name)?.origin ?? { source: 'default', label: name };
    return valueError(origin, message, next);
  }
}

/** As it is said; else what follows from the other properties. */
function protocolOf(words: Words): SecurityProtocol {
  const said = words.choice('security.protocol', securityProtocols);
  if (said !== null) return withTlsFlag(words, said);
  const login = words.has('sasl.mechanism') || words.has('sasl.jaas.config') || words.has(ownNames.username);
  const tls = ['ssl.truststore.location', 'ssl.truststore.certificates', 'ssl.keystore.location'];
  const named = [...tls, 'ssl.keystore.certificate.chain'].some((name) => words.has(name));
  const secure = words.has(ownNames.tls) ? words.text(ownNames.tls) === 'true' : named;
  if (login) return secure ? 'SASL_SSL' : 'SASL_PLAINTEXT';
  return secure ? 'SSL' : 'PLAINTEXT';
}

/** `--tls` beside a protocol without it: who asks for TLS must not get plain text unawares. The stronger word holds. */
function withTlsFlag(words: Words, said: SecurityProtocol): SecurityProtocol {
  const isPlain = said === 'PLAINTEXT' || said === 'SASL_PLAINTEXT';
  if (!isPlain || words.text(ownNames.tls) !== 'true') return said;
  if (words.strength(ownNames.tls) > words.strength('security.protocol')) {
    return said === 'PLAINTEXT' ? 'SSL' : 'SASL_SSL';
  }
  throw words.wrong(ownNames.tls, `contradicts security.protocol=${said}`, 'Leave one of the two out.');
}

function tlsOf(words: Words, read: ReadBytes): TlsMaterial {
  const algorithm = words.secret('ssl.endpoint.identification.algorithm');
  if (algorithm !== null && !['', 'https'].includes(algorithm.trim().toLowerCase())) {
    throw words.wrong(
      'ssl.endpoint.identification.algorithm',
      `"${algorithm}" is not known`,
      'Write https, or nothing.',
    );
  }
  const verify = words.choice(ownNames.verify, ['FULL', 'CHAIN', 'NONE']);
  const versions = versionsOf(words);
  const keys = keysOf(words, read);
  return {
    ca: caOf(words, read),
    ...keys,
    verifies: verify !== 'NONE',
    serverName:
      verify === 'CHAIN' || (verify === null && algorithm?.trim() === '') ? '' : words.text(ownNames.serverName),
    ...versions,
    ciphers:
      words
        .text('ssl.cipher.suites')
        ?.split(/\s*,\s*/)
        .map(cipherName)
        .join(':') ?? null,
  };
}

/** IANA's names, which Java uses, as OpenSSL has them: those of TLS 1.3 are the same. */
function cipherName(name: string): string {
  if (!name.startsWith('TLS_') || !name.includes('_WITH_')) return name;
  const [exchange = '', cipher = ''] = name.slice(4).split('_WITH_');
  const openSsl = cipher.replace(/_128/, '128').replace(/_256/, '256').replaceAll('_', '-').replace('-CBC', '');
  const keyExchange = exchange === 'RSA' ? '' : `${exchange.replaceAll('_', '-')}-`;
  return `${keyExchange}${openSsl}`;
}

function versionsOf(words: Words): Pick<TlsMaterial, 'leastVersion' | 'mostVersion'> {
  const text = words.text('ssl.enabled.protocols') ?? words.text('ssl.protocol');
  if (text === null) return { leastVersion: null, mostVersion: null };
  const name = words.has('ssl.enabled.protocols') ? 'ssl.enabled.protocols' : 'ssl.protocol';
  const versions = text.split(/\s*,\s*/).map((version) => {
    if (version === 'TLSv1.2' || version === 'TLSv1.3') return version;
    if (version === 'TLS') return 'TLSv1.3';
    throw words.wrong(name, `"${version}" is not one of TLSv1.2, TLSv1.3`, 'Older versions of TLS are not safe.');
  });
  return {
    leastVersion: versions.includes('TLSv1.2') ? 'TLSv1.2' : 'TLSv1.3',
    mostVersion: versions.includes('TLSv1.3') ? 'TLSv1.3' : 'TLSv1.2',
  };
}

function caOf(words: Words, read: ReadBytes): readonly string[] | null {
  const inline = words.secret('ssl.truststore.certificates');
  if (inline !== null) return [inline];
  const path = words.text('ssl.truststore.location');
  if (path === null) return null;
  const name = 'ssl.truststore.location';
  const bytes = told(words, name, () => read(path));
  return told(words, name, () =>
    readTruststore(bytes, typeOf(words, 'ssl.truststore.type', bytes), words.secret('ssl.truststore.password')),
  );
}

function keysOf(words: Words, read: ReadBytes): Pick<TlsMaterial, 'certificateChain' | 'key' | 'keyPassword'> {
  const key = words.secret('ssl.keystore.key');
  const chain = words.secret('ssl.keystore.certificate.chain') ?? (key === null ? null : chainFile(words, read));
  const keyPassword = words.secret('ssl.key.password');
  if (chain !== null || key !== null) {
    if (chain === null)
      throw words.wrong(
        'ssl.keystore.key',
        'a key without its certificate',
        'Name the certificate too: ssl.keystore.certificate.chain.',
      );
    if (key === null)
      throw words.wrong(
        'ssl.keystore.certificate.chain',
        'a certificate without its key',
        'Name the key too: ssl.keystore.key.',
      );
    return { certificateChain: chain, key, keyPassword };
  }
  const path = words.text('ssl.keystore.location');
  if (path === null) return { certificateChain: null, key: null, keyPassword: null };
  const bytes = told(words, 'ssl.keystore.location', () => read(path));
  const type = typeOf(words, 'ssl.keystore.type', bytes);
  const password = words.secret('ssl.keystore.password');
  const found = told(words, 'ssl.keystore.location', () => readKeystore(bytes, type, password, keyPassword));
  return { certificateChain: found.certificateChain, key: found.key, keyPassword: found.keyPassword };
}

/** A key that stands by itself is of a certificate that does, too. */
function chainFile(words: Words, read: ReadBytes): string | null {
  const path = words.text('ssl.keystore.location');
  return path === null ? null : told(words, 'ssl.keystore.location', () => read(path).toString('utf8'));
}

/** What is wrong with a file is told with who named it. */
function told<T>(words: Words, name: string, readIt: () => T): T {
  try {
    return readIt();
  } catch (error) {
    throw words.wrong(name, error instanceof Error ? error.message : String(error));
  }
}

function typeOf(words: Words, name: string, bytes: Buffer): StoreType {
  return words.choice(name, ['PEM', 'PKCS12', 'JKS']) ?? storeTypeOf(bytes);
}

const loginModules: Readonly<Record<string, readonly Mechanism[]>> = {
  PlainLoginModule: ['PLAIN'],
  ScramLoginModule: ['SCRAM-SHA-256', 'SCRAM-SHA-512'],
  OAuthBearerLoginModule: ['OAUTHBEARER'],
};

function loginOf(words: Words): LoginMaterial {
  const jaasText = words.text('sasl.jaas.config');
  const jaas = jaasText === null ? null : told(words, 'sasl.jaas.config', () => parseJaas(jaasText));
  const possible = jaas === null ? mechanisms : mechanismsOf(words, jaas);
  const only = possible.length === 1 ? (possible[0] ?? null) : null;
  const mechanism = words.choice('sasl.mechanism', [...mechanisms, 'GSSAPI']) ?? only;
  if (mechanism === 'GSSAPI')
    throw words.wrong('sasl.mechanism', 'Kerberos is not spoken here', `Use one of ${mechanisms.join(', ')}.`);
  if (mechanism === null)
    throw words.wrong('sasl.mechanism', 'which mechanism?', `Say one of ${mechanisms.join(', ')}.`);
  if (!possible.includes(mechanism)) {
    throw words.wrong(
      'sasl.mechanism',
      `${mechanism} is not what the login module in sasl.jaas.config is for (${possible.join(', ')})`,
    );
  }
  if (mechanism === 'OAUTHBEARER') return { mechanism, token: tokenOf(words, jaas), extensions: extensionsOf(jaas) };
  const username = words.text(ownNames.username) ?? jaas?.options.username ?? null;
  const password = words.secret(ownNames.password) ?? jaas?.options.password ?? null;
  if (username === null)
    throw words.wrong('sasl.mechanism', `${mechanism} needs a user`, 'Say --sasl-username, or sasl.jaas.config.');
  if (password === null) throw new PasswordMissing(username);
  return { mechanism, username, password };
}

/** A login for which nobody has said the password: somebody may be there to be asked. */
export class PasswordMissing extends Error {
  override readonly name = 'PasswordMissing';
  readonly username: string;

  constructor(username: string) {
    super(`the password of ${username} is not said`);
    this.username = username;
  }
}

function mechanismsOf(words: Words, { module }: JaasLogin): readonly Mechanism[] {
  const name = module.split('.').at(-1) ?? module;
  const found = loginModules[name];
  if (found === undefined) {
    throw words.wrong(
      'sasl.jaas.config',
      `the login module ${module} is not known`,
      `Known are ${Object.keys(loginModules).join(', ')}.`,
    );
  }
  return found;
}

function tokenOf(words: Words, jaas: JaasLogin | null): TokenSource {
  const token = words.secret(ownNames.token);
  if (token !== null) return { kind: 'text', token: token.trim() };
  const path = words.text(ownNames.tokenFile);
  if (path !== null) return { kind: 'file', path };
  const url = words.text('sasl.oauthbearer.token.endpoint.url');
  if (url === null) {
    throw words.wrong(
      'sasl.mechanism',
      'OAUTHBEARER needs a token',
      'Say LOADTUI_OAUTH_TOKEN, --oauth-token-file, or sasl.oauthbearer.token.endpoint.url.',
    );
  }
  const { username: user, password } = URL.parse(url) ?? { username: null, password: null };
  if (user === null || user !== '' || password !== '') {
    throw words.wrong(
      'sasl.oauthbearer.token.endpoint.url',
      user === null ? 'this is no URL' : 'it says who asks, which would be shown with it',
      'Write https://HOST/PATH; clientId and clientSecret are of sasl.jaas.config.',
    );
  }
  if (/^file:/i.test(url)) return { kind: 'file', path: decodeURIComponent(new URL(url).pathname) };
  const clientId = words.text('sasl.oauthbearer.client.credentials.client.id') ?? jaas?.options.clientId ?? null;
  const clientSecret =
    words.secret('sasl.oauthbearer.client.credentials.client.secret') ?? jaas?.options.clientSecret ?? null;
  if (clientId === null || clientSecret === null) {
    throw words.wrong(
      'sasl.oauthbearer.token.endpoint.url',
      'the token server wants a client and its secret',
      'Say clientId and clientSecret in sasl.jaas.config.',
    );
  }
  const scope = words.text('sasl.oauthbearer.scope') ?? jaas?.options.scope ?? null;
  const urlEncodes = words.choice('sasl.oauthbearer.header.urlencode', ['TRUE', 'FALSE']) === 'TRUE';
  return { kind: 'client-credentials', url, clientId, clientSecret, scope, urlEncodes };
}

function extensionsOf(jaas: JaasLogin | null): Readonly<Record<string, string>> {
  const entries = Object.entries(jaas?.options ?? {}).flatMap(([name, value]) =>
    name.startsWith('extension_') ? [[name.slice('extension_'.length), value] as const] : [],
  );
  return Object.fromEntries(entries);
}
