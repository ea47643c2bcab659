/**
 * Which security protocol holds: the one that is said, and what the flags and properties ask for that need TLS or a login.
 * Of two that contradict each other the stronger source wins; who asks for TLS gets no plain text unawares.
 */
import { ownNames } from './flags.ts';
import { jaasName } from './jaas.ts';
import { type SecurityProtocol, securityProtocols } from './material.ts';
import type { SaidProperties } from './said-properties.ts';

/** Whoever says one of these means TLS. */
const namesOfTls = [
  ...[ownNames.verify, ownNames.serverName, 'ssl.truststore.location', 'ssl.truststore.certificates'],
  ...['ssl.keystore.location', 'ssl.keystore.certificate.chain', 'ssl.keystore.key'],
];
const namesOfLogins = ['sasl.mechanism', jaasName, ownNames.username, ownNames.tokenFile];

export interface Layers {
  readonly tls: boolean;
  readonly login: boolean;
}

/** Throws where two that are equally strong contradict each other. */
export function layersOf(said: SaidProperties): Layers {
  const protocol = said.choice('security.protocol', securityProtocols);
  return {
    tls: hasLayer(said, protocol === null ? null : isTls(protocol), wishOfTls(said)),
    login: hasLayer(said, protocol === null ? null : isLogin(protocol), wishOfLogin(said)),
  };
}

function isTls(protocol: SecurityProtocol): boolean {
  return protocol === 'SSL' || protocol === 'SASL_SSL';
}

function isLogin(protocol: SecurityProtocol): boolean {
  return protocol === 'SASL_PLAINTEXT' || protocol === 'SASL_SSL';
}

/** What a name asks for besides the protocol. */
interface Wish {
  readonly name: string;
  readonly on: boolean;
}

/** `--tls` says it outright, and counts before names of its strength that only let it be understood. */
function wishOfTls(said: SaidProperties): Wish | null {
  const understood = wish(said, namesOfTls);
  if (!said.has(ownNames.tls)) return understood;
  const outright = { name: ownNames.tls, on: said.text(ownNames.tls) === 'true' };
  const isWeaker = understood !== null && said.strength(understood.name) > said.strength(ownNames.tls);
  return isWeaker ? understood : outright;
}

/** A password, or its file, in a variable may be meant for other runs; a flag is meant for this one. */
function wishOfLogin(said: SaidProperties): Wish | null {
  return wish(said, said.isTyped(ownNames.password) ? [...namesOfLogins, ownNames.password] : namesOfLogins);
}

function wish(said: SaidProperties, names: readonly string[]): Wish | null {
  const [name] = names.filter((one) => said.has(one)).sort((a, b) => said.strength(b) - said.strength(a));
  return name === undefined ? null : { name, on: true };
}

/** `byProtocol`: what the protocol says; null: nobody said one. */
function hasLayer(said: SaidProperties, byProtocol: boolean | null, wished: Wish | null): boolean {
  if (byProtocol === null) return wished?.on === true;
  if (wished === null || wished.on === byProtocol) return byProtocol;
  const over = said.strength(wished.name) - said.strength('security.protocol');
  if (over > 0) return wished.on;
  // Beside a protocol of the same file Java does not look at what it has no use for.
  const contradicts = over === 0 && said.isByFlag(wished.name);
  const isUnawares = wished.name === ownNames.tls && wished.on;
  if (!contradicts && !isUnawares) return byProtocol;
  const protocol = said.text('security.protocol') ?? '';
  throw said.wrong(wished.name, `contradicts security.protocol=${protocol}`, 'Leave one of the two out.');
}
