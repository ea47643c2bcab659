/** Where the token of OAUTHBEARER comes from: a variable, a file, or a server. */
import { fileURLToPath } from 'node:url';
import { ownNames } from './flags.ts';
import { type JaasLogin, jaasName } from './jaas.ts';
import type { TokenSource } from './material.ts';
import type { SaidProperties } from './said-properties.ts';

const urlName = 'sasl.oauthbearer.token.endpoint.url';
const idName = 'sasl.oauthbearer.client.credentials.client.id';
const secretName = 'sasl.oauthbearer.client.credentials.client.secret';
const scopeName = 'sasl.oauthbearer.scope';
const urlEncodeName = 'sasl.oauthbearer.header.urlencode';

/** The properties that are read here. */
export const tokenNames: readonly string[] = [urlName, scopeName, idName, secretName, urlEncodeName];

/** Throws a usage error with the name and place of what is wrong. */
export function tokenOf(said: SaidProperties, jaas: JaasLogin | null): TokenSource {
  const name = said.strongestOf([ownNames.token, ownNames.tokenFile, urlName]);
  switch (name) {
    case null:
      throw said.incomplete(
        'sasl.mechanism',
        'OAUTHBEARER needs a token',
        `Say LOADTUI_OAUTH_TOKEN, --oauth-token-file, or ${urlName}.`,
      );
    case ownNames.token:
      return { kind: 'text', token: said.text(name) ?? '' };
    case ownNames.tokenFile:
      return { kind: 'file', path: said.text(name) ?? '' };
    case urlName:
      return ofServer(said, jaas);
  }
}

function ofServer(said: SaidProperties, jaas: JaasLogin | null): TokenSource {
  const url = URL.parse(said.text(urlName) ?? '');
  if (url === null) throw said.wrong(urlName, 'this is no URL', 'Write https://HOST/PATH.');
  if (url.username !== '' || url.password !== '') {
    const next = 'Write https://HOST/PATH; clientId and clientSecret are of sasl.jaas.config.';
    throw said.wrong(urlName, 'it says who asks, which would be shown with it', next);
  }
  if (url.protocol === 'file:') return { kind: 'file', path: said.told(urlName, () => fileURLToPath(url)) };
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw said.wrong(urlName, `tokens are not fetched by ${url.protocol}`, 'Write https://HOST/PATH, or file:///PATH.');
  }
  const {
    clientId: writtenId = null,
    clientSecret: writtenSecret = null,
    scope: writtenScope = null,
  } = jaas?.options ?? {};
  const stronger = <T>(name: string, own: T | null, written: T | null): T | null =>
    said.strength(name) >= said.strength(jaasName) ? (own ?? written) : (written ?? own);
  const clientId = stronger(idName, said.text(idName), writtenId);
  // A secret that is written down with another client is not this one's.
  const clientSecret = stronger(secretName, said.secret(secretName), clientId === writtenId ? writtenSecret : null);
  if (clientId === null || clientSecret === null) {
    const next = 'Say clientId and clientSecret in sasl.jaas.config, or the secret in LOADTUI_OAUTH_CLIENT_SECRET.';
    throw said.incomplete(urlName, 'the token server wants a client and its secret', next);
  }
  return {
    kind: 'client-credentials',
    url: url.href,
    clientId,
    clientSecret,
    scope: stronger(scopeName, said.text(scopeName), writtenScope),
    urlEncodes: said.choice(urlEncodeName, ['TRUE', 'FALSE']) === 'TRUE',
  };
}
