/**
 * From Kafka's security properties to what secures the connections. Names and meanings are Java's; what loadtui has beside
 * them begins with "loadtui.". Of several names for one thing the stronger source wins, as it does for one name.
 */
import { loginNames, loginOf } from './login.ts';
import type { SecurityMaterial } from './material.ts';
import { layersOf } from './protocol.ts';
import { SaidProperties, type SecurityProperties } from './said-properties.ts';
import { type ReadBytes, tlsNames, tlsOf } from './tls.ts';

/** The properties that are read here. */
export const securityNames: readonly string[] = ['security.protocol', ...tlsNames, ...loginNames];

/** Throws a usage error with the name and place of what is wrong. */
export function resolveSecurity(properties: SecurityProperties, read: ReadBytes): SecurityMaterial {
  const said = new SaidProperties(properties);
  const { tls, login } = layersOf(said);
  return { tls: tls ? tlsOf(said, read) : null, login: login ? loginOf(said) : null };
}
