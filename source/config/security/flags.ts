/**
 * Short names for what secures a connection: each stands for one of Kafka's properties, or for one of loadtui's own beside
 * them. Secrets have no flag, since everybody on a machine sees command lines: they come from the environment or a file.
 */
import type { Flag, GivenFlag, OptionName } from '../flags.ts';
import { type Layer, type Origin, putSecurity, readAt } from '../layers.ts';
import { readSwitch } from '../readers.ts';

/** loadtui's own properties; `-X` does not take them. */
export const ownNames = {
  tls: 'loadtui.tls',
  serverName: 'loadtui.tls.server.name',
  verify: 'loadtui.tls.verify',
  sasl: 'loadtui.sasl',
  username: 'loadtui.sasl.username',
  password: 'loadtui.sasl.password',
  token: 'loadtui.oauth.token',
  tokenFile: 'loadtui.oauth.token.file',
} as const;

/** Variables that hold secrets, and the property that each stands for. */
export const secretVariables: Readonly<Record<string, string>> = {
  LOADTUI_SASL_PASSWORD: ownNames.password,
  LOADTUI_OAUTH_TOKEN: ownNames.token,
  LOADTUI_OAUTH_CLIENT_SECRET: 'sasl.oauthbearer.client.credentials.client.secret',
  LOADTUI_TLS_CA_PASSWORD: 'ssl.truststore.password',
  LOADTUI_TLS_CERT_PASSWORD: 'ssl.keystore.password',
  LOADTUI_TLS_KEY_PASSWORD: 'ssl.key.password',
};

/** A secret of the environment. */
export interface GivenSecret {
  readonly variable: string;
  readonly value: string;
}

type Taker = (text: string, read: (path: string) => string) => readonly (readonly [string, string])[];
const as =
  (name: string): Taker =>
  (text) => [[name, text]];

/** What each option says, in properties. */
const takers: Partial<Record<OptionName, Taker>> = {
  tls: (text) => [[ownNames.tls, String(readSwitch(text))]],
  'tls-ca': as('ssl.truststore.location'),
  'tls-cert': as('ssl.keystore.location'),
  'tls-key': (path, read) => [['ssl.keystore.key', read(path)]],
  'tls-server-name': as(ownNames.serverName),
  'tls-verify': as(ownNames.verify),
  sasl: as('sasl.mechanism'),
  'sasl-username': as(ownNames.username),
  'sasl-password-file': (path, read) => [[ownNames.password, read(path).replace(/\r?\n$/, '')]],
  'oauth-token-file': as(ownNames.tokenFile),
};

/** Puts what flags of one source say of security into its layer. `read`: a text file; throws LoadtuiError. */
export function takeSecurityFlags(layer: Layer, given: readonly GivenFlag[], read: (path: string) => string): void {
  for (const { flag, text, source, label } of given) {
    const taker = flag.means.kind === 'option' ? takers[flag.means.option] : undefined;
    if (taker === undefined) continue;
    const origin: Origin = { source, label };
    const words = wordsOf(flag, text);
    for (const [name, value] of readAt(origin, () => taker(text, read))) {
      putSecurity(layer, name, { value, origin, words });
    }
  }
}

function wordsOf({ name, takes }: Flag, text: string): readonly string[] {
  if (takes !== null) return [`--${name}`, text];
  return [text === '' ? `--${name}` : `--${name}=${text}`];
}

export function takeSecrets(layer: Layer, secrets: readonly GivenSecret[]): void {
  for (const { variable, value } of secrets) {
    const name = secretVariables[variable];
    if (name !== undefined) putSecurity(layer, name, { value, origin: { source: 'environment', label: variable } });
  }
}
