/** SASL PLAIN (RFC 4616): user and password in one message. */
import type { SaslExchange } from './mechanism.ts';

export function plainExchange(username: string, password: string): SaslExchange {
  return {
    mechanism: 'PLAIN',
    first: () => Buffer.from(`\0${username}\0${password}`),
    next: () => null,
  };
}
