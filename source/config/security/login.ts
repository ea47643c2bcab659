/** From Kafka's `sasl.*` properties and loadtui's own to who logs in, and with what. */
import { ownNames } from './flags.ts';
import { type JaasLogin, jaasName, parseJaas } from './jaas.ts';
import { type LoginMaterial, type Mechanism, mechanisms } from './material.ts';
import type { SaidProperties } from './said-properties.ts';
import { tokenNames, tokenOf } from './token.ts';

const mechanismName = 'sasl.mechanism';

/** The properties that are read here. */
export const loginNames: readonly string[] = [mechanismName, jaasName, ...tokenNames];

const loginModules: ReadonlyMap<string, readonly Mechanism[]> = new Map([
  ['PlainLoginModule', ['PLAIN']],
  ['ScramLoginModule', ['SCRAM-SHA-256', 'SCRAM-SHA-512']],
  ['OAuthBearerLoginModule', ['OAUTHBEARER']],
]);
/** Of a class; whatever else stands in its place may be a secret. */
const className = /^(?:[a-z_]\w*\.)+[A-Z]\w*$/;

/** A login for which nobody has said the password: somebody may be there to be asked. */
export class PasswordMissing extends Error {
  override readonly name = 'PasswordMissing';
  readonly username: string;

  constructor(username: string) {
    super(`the password of ${username} is not said`);
    this.username = username;
  }
}

/** Throws a usage error with the name and place of what is wrong, and `PasswordMissing`. */
export function loginOf(said: SaidProperties): LoginMaterial {
  const written = jaasOf(said);
  const mechanism = mechanismOf(said, written);
  // A mechanism that a stronger source says sets aside a login of another one.
  const jaas = written?.mechanisms.includes(mechanism) === true ? written.login : null;
  refuseIdle(said, mechanism);
  if (mechanism === 'OAUTHBEARER') {
    return { mechanism, token: tokenOf(said, jaas), extensions: extensionsOf(jaas) };
  }
  if (jaas?.options.tokenauth?.toLowerCase() === 'true') {
    throw said.wrong(jaasName, 'delegation tokens are not spoken here', 'Leave tokenauth out, and log in as a user.');
  }
  return { mechanism, ...userOf(said, jaas, mechanism) };
}

/** Flags that say nothing to a run with this login; null: nobody logs in. */
export function idleNames(mechanism: Mechanism | null): readonly string[] {
  switch (mechanism) {
    case null:
      return [mechanismName, ownNames.username, ownNames.password, ownNames.tokenFile];
    case 'OAUTHBEARER':
      return [ownNames.username, ownNames.password];
    case 'PLAIN':
    case 'SCRAM-SHA-256':
    case 'SCRAM-SHA-512':
      return [ownNames.tokenFile];
  }
}

/** Such a flag, unless a stronger source said the mechanism. A password in a variable may be meant for other runs. */
function refuseIdle(said: SaidProperties, mechanism: Mechanism): void {
  const isByToken = mechanism === 'OAUTHBEARER';
  const deciding = [mechanismName, jaasName, ...(isByToken ? [ownNames.tokenFile] : [])];
  const decided = Math.max(...deciding.map((name) => said.strength(name)));
  const idle = idleNames(mechanism).find((name) => {
    if (said.isTyped(name)) return said.strength(name) >= decided;
    return name !== ownNames.password && said.isByFlag(name) && said.strength(name) > decided;
  });
  if (idle === undefined) return;
  const how = isByToken ? 'by a token, not as a user' : 'as a user, not by a token';
  const isOpen = said.strength(mechanismName) < said.strength(idle);
  throw said.wrong(idle, `${mechanism} logs in ${how}`, isOpen ? 'Leave it out, or say --sasl.' : 'Leave it out.');
}

interface WrittenLogin {
  readonly login: JaasLogin;
  /** What its module is for. */
  readonly mechanisms: readonly Mechanism[];
}

function jaasOf(said: SaidProperties): WrittenLogin | null {
  const text = said.text(jaasName);
  if (text === null) return null;
  const login = said.told(jaasName, () => parseJaas(text));
  const possible = loginModules.get(login.module.split('.').at(-1) ?? login.module);
  if (possible === undefined) {
    const named = className.test(login.module) ? ` ${login.module}` : '';
    const known = `Known are ${[...loginModules.keys()].join(', ')}.`;
    throw said.wrong(jaasName, `the login module${named} is not known`, known);
  }
  return { login, mechanisms: possible };
}

function mechanismOf(said: SaidProperties, written: WrittenLogin | null): Mechanism {
  const wished = said.choice(mechanismName, [...mechanisms, 'GSSAPI']);
  if (wished === 'GSSAPI') {
    throw said.wrong(mechanismName, 'Kerberos is not spoken here', `Use one of ${mechanisms.join(', ')}.`);
  }
  const tokenStrength = said.strength(ownNames.tokenFile);
  // Who names a token means to log in with it.
  if (tokenStrength > Math.max(said.strength(mechanismName), said.strength(jaasName))) return 'OAUTHBEARER';
  const possible = written?.mechanisms ?? mechanisms;
  if (wished !== null && possible.includes(wished)) return wished;
  const over = wished === null ? -1 : said.strength(mechanismName) - said.strength(jaasName);
  if (wished !== null && (written === null || over > 0)) return wished;
  if (wished !== null && over === 0) {
    const message = `${wished} is not what the login module in ${jaasName} is for (${possible.join(', ')})`;
    throw said.wrong(mechanismName, message);
  }
  const [only, ...others] = possible;
  if (only !== undefined && others.length === 0) return only;
  throw said.incomplete(mechanismName, 'which mechanism?', `Say one of ${possible.join(', ')}.`);
}

function userOf(
  said: SaidProperties,
  jaas: JaasLogin | null,
  mechanism: Mechanism,
): { readonly username: string; readonly password: string } {
  const { username: writtenUser = null, password: writtenPassword = null } = jaas?.options ?? {};
  const isOver = (name: string): boolean => said.has(name) && said.strength(name) >= said.strength(jaasName);
  const ownUser = said.text(ownNames.username);
  const username = writtenUser === null || isOver(ownNames.username) ? (ownUser ?? writtenUser) : writtenUser;
  if (username === null) {
    throw said.incomplete(mechanismName, `${mechanism} needs a user`, 'Say --sasl-username, or sasl.jaas.config.');
  }
  // A password that is written down with another user is not this one's.
  const ofUser = username === writtenUser ? writtenPassword : null;
  const ownPassword = said.secret(ownNames.password);
  const password = ofUser === null || isOver(ownNames.password) ? (ownPassword ?? ofUser) : ofUser;
  if (password === null) throw new PasswordMissing(username);
  return { username, password };
}

function extensionsOf(jaas: JaasLogin | null): Readonly<Record<string, string>> {
  const prefix = 'extension_';
  const entries = Object.entries(jaas?.options ?? {}).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), value]));
}
