/**
 * A real Kafka with a listener for each way to secure it, and what a client says to come in by each. Users of PLAIN and
 * SCRAM, and of tokens: alice, who may do everything, and bob, who may do nothing.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { storePassword } from './certificates.ts';
import { RealKafka } from './kafka.ts';
import type { ListenerSettings } from './server-properties.ts';

export const passwords = { alice: 'alice-secret', bob: 'bob-secret' } as const;
/** Logins are good for so long. */
export const loginLifetimeMs = 3000;

const security = 'org.apache.kafka.common.security';
const scramModule = `${security}.scram.ScramLoginModule required;`;
const users = Object.entries(passwords).map(([name, password]) => `user_${name}="${password}"`);

/** Mechanisms of passwords. */
const byPassword: Readonly<Record<string, string>> = {
  'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
  'plain.sasl.jaas.config': `${security}.plain.PlainLoginModule required ${users.join(' ')};`,
  'scram-sha-256.sasl.jaas.config': scramModule,
  'scram-sha-512.sasl.jaas.config': scramModule,
};

const unsecured = `${security}.oauthbearer.internals.unsecured`;
/** Kafka's handlers for tokens that nobody signed. */
const byToken: Readonly<Record<string, string>> = {
  'sasl.enabled.mechanisms': `${byPassword['sasl.enabled.mechanisms']},OAUTHBEARER`,
  'oauthbearer.sasl.jaas.config': `${security}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
  'oauthbearer.sasl.login.callback.handler.class': `${unsecured}.OAuthBearerUnsecuredLoginCallbackHandler`,
  'oauthbearer.sasl.server.callback.handler.class': `${unsecured}.OAuthBearerUnsecuredValidatorCallbackHandler`,
};

const listeners: readonly ListenerSettings[] = [
  { name: 'SSL', protocol: 'SSL', advertisedHost: 'localhost' },
  { name: 'MTLS', protocol: 'SSL', advertisedHost: 'localhost', properties: { 'ssl.client.auth': 'required' } },
  { name: 'SASL_PLAINTEXT', protocol: 'SASL_PLAINTEXT', properties: { ...byPassword, ...byToken } },
  { name: 'SASL_SSL', protocol: 'SASL_SSL', advertisedHost: 'localhost', properties: byPassword },
  { name: 'LOST', protocol: 'PLAINTEXT', advertisedHost: 'kafka-1.invalid' },
];

export function startSecured(): Promise<RealKafka> {
  return RealKafka.start({
    listeners,
    scramUsers: passwords,
    properties: {
      'connections.max.reauth.ms': String(loginLifetimeMs),
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS;User:alice;User:CN=client',
    },
  });
}

/** What a user of loadtui writes into files, and the words that name them. */
export class Credentials {
  readonly #kafka: RealKafka;
  readonly #folder: string;
  #logins = 0;

  constructor(kafka: RealKafka, folder: string) {
    this.#kafka = kafka;
    this.#folder = folder;
  }

  /** `-c FILE` with these lines. */
  async properties(name: string, lines: readonly string[]): Promise<readonly string[]> {
    return ['-c', await this.#file(`${name}.properties`, `${lines.join('\n')}\n`)];
  }

  /** As Java's clients are told of both stores. */
  get clientStores(): readonly string[] {
    const { client } = this.#certificates;
    return [
      ...this.trustedStore,
      ...[`ssl.keystore.location=${client}`, 'ssl.keystore.type=PKCS12', `ssl.keystore.password=${storePassword}`],
    ];
  }

  get trustedStore(): readonly string[] {
    const { truststore } = this.#certificates;
    return [`ssl.truststore.location=${truststore}`, `ssl.truststore.password=${storePassword}`];
  }

  get ca(): string {
    return this.#certificates.ca;
  }

  /** A CA that signed nothing here. */
  get stranger(): string {
    return this.#certificates.stranger;
  }

  /** `--sasl` by a password in a file. */
  async login(mechanism: string, user: string, password: string): Promise<readonly string[]> {
    // Paths are no secret: what they lead to must not be told by them.
    const file = await this.#file(`password-${++this.#logins}`, `${password}\n`);
    return ['--sasl', mechanism, '--sasl-username', user, '--sasl-password-file', file];
  }

  /** `--sasl OAUTHBEARER` by a token that nobody signed. */
  async token(user: string, validForS: number): Promise<readonly string[]> {
    const file = await this.#file(`token-${user}-${validForS}`, unsignedToken(user, validForS));
    return ['--sasl', 'OAUTHBEARER', '--oauth-token-file', file];
  }

  async #file(name: string, text: string): Promise<string> {
    const path = join(this.#folder, name);
    await writeFile(path, text);
    return path;
  }

  get #certificates(): NonNullable<RealKafka['certificates']> {
    const { certificates } = this.#kafka;
    if (certificates === null) throw new Error('a Kafka without certificates');
    return certificates;
  }
}

/** A JWT (RFC 7519) without a signature. */
function unsignedToken(subject: string, validForS: number): string {
  const nowS = Math.floor(Date.now() / 1000);
  const parts = [{ alg: 'none' }, { sub: subject, iat: nowS - 60, exp: nowS + validForS }];
  return `${parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;
}
