/** SASL OAUTHBEARER (RFC 7628): a token that somebody else gave. */
import type { SaslExchange } from './mechanism.ts';

const separator = '\x01';

/** `extensions`: what the broker's callback wants besides, by name. `token` is asked for at each login. */
export function oauthBearerExchange(
  token: () => Promise<string>,
  extensions: Readonly<Record<string, string>> = {},
): SaslExchange {
  return {
    mechanism: 'OAUTHBEARER',
    first: async () => {
      const fields = [
        `auth=Bearer ${await token()}`,
        ...Object.entries(extensions).map(([name, value]) => `${name}=${value}`),
      ];
      return Buffer.from(`n,,${separator}${fields.join(separator)}${separator}${separator}`);
    },
    // An answer that holds anything says in JSON why the token is refused.
    next: (answer) => {
      if (answer.length === 0) return null;
      throw new Error(`the broker refuses the token: ${reasonOf(answer.toString('utf8'))}`);
    },
  };
}

function reasonOf(text: string): string {
  return /"status"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? 'it does not say why';
}
