/** How `loadtui sandbox` is secured: what its flags ask for, and the files by which a client gets in. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { GivenFlag, Options } from '../config/flags.ts';
import { javaPropertyLine } from '../config/java-properties.ts';
import { readAt } from '../config/layers.ts';
import { readSwitch } from '../config/readers.ts';
import { jaasText } from '../config/security/jaas.ts';
import type { Mechanism } from '../config/security/material.ts';
import { parseDurationMs } from '../config/units.ts';
import { usageError } from '../errors.ts';
import type { LoginRules } from '../sandbox/security/login.ts';
import type { SandboxOptions } from '../sandbox/types.ts';

/** What is asked for. */
export interface SandboxSecurityWish {
  readonly tls: boolean;
  /** None: nobody logs in. The last is the one that the written properties name. */
  readonly mechanisms: readonly Mechanism[];
  readonly users: Readonly<Record<string, string>>;
  /** 0: a login holds for as long as its connection. */
  readonly reauthenticateMs: number;
}

/** A secured sandbox, and how to get into it. */
export interface SandboxSecurity {
  readonly options: Pick<SandboxOptions, 'tls' | 'logins'>;
  /** Holds the files that a client needs. */
  readonly folder: string;
  readonly propertiesPath: string;
  /** "SASL_SSL, SCRAM-SHA-512 as loadtui". */
  readonly summary: string;
  /** Removes the folder, at once: the process may be about to end. */
  remove(): void;
}

const mechanismsOf: ReadonlyMap<string, readonly Mechanism[]> = new Map([
  ['plain', ['PLAIN']],
  ['scram', ['SCRAM-SHA-256', 'SCRAM-SHA-512']],
  ['scram-sha-256', ['SCRAM-SHA-256']],
  ['scram-sha-512', ['SCRAM-SHA-512']],
  ['oauthbearer', ['OAUTHBEARER']],
]);
const loginModules: Readonly<Record<Mechanism, string>> = {
  PLAIN: 'plain.PlainLoginModule',
  'SCRAM-SHA-256': 'scram.ScramLoginModule',
  'SCRAM-SHA-512': 'scram.ScramLoginModule',
  OAUTHBEARER: 'oauthbearer.OAuthBearerLoginModule',
};
const defaultUser = { loadtui: 'sandbox' };
const ownerOnly = 0o600;

/** null: the sandbox speaks plain text, and lets everybody in. */
export function sandboxSecurityOf(options: Options): SandboxSecurityWish | null {
  const tls = typed(options, 'tls');
  const sasl = typed(options, 'sasl');
  const mechanisms = sasl === null ? [] : readAt(originOf(sasl), () => readMechanisms(sasl.text));
  const isTls = tls !== null && readAt(originOf(tls), () => readSwitch(tls.text));
  const users = Object.fromEntries(
    options.all('sasl-user').map((one) => readAt(originOf(one), () => readUser(one.text))),
  );
  const reauthenticate = options.one('max-reauth');
  if (mechanisms.length === 0) {
    const idle = [...options.all('sasl-user'), ...options.all('max-reauth')].find(({ source }) => source === 'flag');
    if (idle !== undefined) throw usageError(`${idle.label}: nobody logs in`, 'Add --sasl scram.');
  }
  if (!isTls && mechanisms.length === 0) return null;
  return {
    tls: isTls,
    mechanisms,
    users: Object.keys(users).length === 0 ? defaultUser : users,
    reauthenticateMs:
      reauthenticate === null ? 0 : readAt(originOf(reauthenticate), () => readReauthentication(reauthenticate.text)),
  };
}

/** Variables of these names say how clusters are reached. */
function typed(options: Options, name: 'tls' | 'sasl'): GivenFlag | null {
  const given = options.one(name);
  return given?.source === 'flag' ? given : null;
}

function originOf({ source, label }: GivenFlag): Pick<GivenFlag, 'source' | 'label'> {
  return { source, label };
}

function readMechanisms(text: string): readonly Mechanism[] {
  const found = mechanismsOf.get(text.trim().toLowerCase());
  if (found === undefined) {
    throw usageError(
      `"${text}" is not one of ${[...mechanismsOf.keys()].join(', ')}`,
      'scram offers both of its kind.',
    );
  }
  return found;
}

/** It is not quoted: whatever it is, it may hold a password. */
function readUser(text: string): readonly [string, string] {
  const at = text.indexOf(':');
  if (at < 1 || at === text.length - 1)
    throw usageError('this is no user with a password', 'Write it as NAME:PASSWORD.');
  return [text.slice(0, at), text.slice(at + 1)];
}

function readReauthentication(text: string): number {
  const ms = parseDurationMs(text, 'ms');
  if (ms < 100) throw usageError('a login cannot be renewed so often', 'Choose 100ms or more.');
  return ms;
}

/**
 * Makes certificates and a token where they are asked for, and writes what a client needs into a folder that nobody else may
 * read. `host`: where the sandbox listens.
 */
export async function secureSandbox(wish: SandboxSecurityWish, host: string): Promise<SandboxSecurity> {
  const folder = await mkdtemp(join(tmpdir(), 'loadtui-sandbox-'));
  try {
    return await fillFolder(folder, wish, host);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function fillFolder(folder: string, wish: SandboxSecurityWish, host: string): Promise<SandboxSecurity> {
  const { tls, mechanisms, users, reauthenticateMs } = wish;
  const write = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text, { mode: ownerOnly });
    return path;
  };
  const mechanism = mechanisms.at(-1) ?? null;
  const properties: [string, string][] = [];
  let broker: SandboxOptions['tls'] = null;
  let token: string | null = null;
  if (tls) {
    const { makeCertificates } = await import('../sandbox/security/certificates.ts');
    const names = [...new Set(['localhost', '127.0.0.1', '::1', host])];
    const made = await makeCertificates(names, Date.now());
    broker = made.broker;
    properties.push(
      ['ssl.truststore.type', 'PEM'],
      ['ssl.truststore.location', await write('ca.pem', made.ca.certificate)],
    );
  }
  const [[username, password] = ['', '']] = Object.entries(users);
  if (mechanism !== null) {
    const login = mechanism === 'OAUTHBEARER' ? {} : { username, password };
    if (mechanism === 'OAUTHBEARER') {
      token = makeToken(username, Date.now());
      const { href } = pathToFileURL(await write('token', token));
      properties.push(['sasl.oauthbearer.token.endpoint.url', href]);
    }
    const module = `org.apache.kafka.common.security.${loginModules[mechanism]}`;
    properties.push(['sasl.mechanism', mechanism], ['sasl.jaas.config', jaasText({ module, options: login })]);
  }
  const protocol = `${mechanism === null ? '' : 'SASL_'}${tls ? 'SSL' : 'PLAINTEXT'}`;
  const lines = [['security.protocol', protocol] as const, ...properties].map(([name, value]) =>
    javaPropertyLine(name, value),
  );
  const rules: LoginRules = { mechanisms, users, tokens: token === null ? [] : [token], reauthenticateMs };
  const who = mechanism === 'OAUTHBEARER' ? 'with a token' : `as ${Object.keys(users).join(' or ')}`;
  return {
    options: { tls: broker, logins: mechanism === null ? null : rules },
    folder,
    propertiesPath: await write('client.properties', lines.join('')),
    summary: mechanism === null ? protocol : `${protocol}, ${mechanisms.join(' or ')} ${who}`,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Of the form that clients look for (a JSON Web Token); who signed it nobody can check, and the sandbox knows it by heart. */
function makeToken(subject: string, nowMs: number): string {
  const issuedAt = Math.floor(nowMs / 1000);
  const part = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64url');
  const claims = { sub: subject, scope: 'kafka', iat: issuedAt, exp: issuedAt + 7 * 86_400 };
  return [part({ alg: 'HS256', typ: 'JWT' }), part(claims), randomBytes(32).toString('base64url')].join('.');
}
