/**
 * SASL SCRAM (RFC 5802, RFC 7677; Kafka's SCRAM-SHA-256 and SCRAM-SHA-512): the password is never sent, and the broker
 * proves that it knows it, too.
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SaslExchange } from './mechanism.ts';

export type ScramHash = 'SHA-256' | 'SHA-512';

/** Less would make a stolen password file cheap to search; Kafka's own least. */
const leastIterations = 4096;
/** More would be a broker that holds us up: Java takes a minute for them. */
const mostIterations = 10_000_000;
const nonceBytes = 24;

const digests = { 'SHA-256': 'sha256', 'SHA-512': 'sha512' } as const;
const hashBytes = { 'SHA-256': 32, 'SHA-512': 64 } as const;
/** None: base64 of "n,,". */
const channelBinding = 'biws';

/**
 * Logins of one user. What is made of the password and the broker's salt is kept for the next one: it takes some
 * milliseconds, which a thread that measures has not.
 */
export class ScramLogins {
  readonly #hash: ScramHash;
  readonly #username: string;
  readonly #password: string;
  readonly #salted = new Map<string, Buffer>();

  constructor(hash: ScramHash, username: string, password: string) {
    this.#hash = hash;
    this.#username = username;
    this.#password = password;
  }

  /** `nonce`: of the client; left out, a random one. Its `next` throws where the broker's messages are none, or prove nothing. */
  begin(nonce: string = randomBytes(nonceBytes).toString('base64')): SaslExchange {
    const firstBare = `n=${this.#username.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`;
    let serverSignature: Buffer | null = null;
    return {
      mechanism: `SCRAM-${this.#hash}`,
      first: () => Buffer.from(`n,,${firstBare}`),
      next: (answer) => {
        const text = answer.toString('utf8');
        const { e, v = '' } = attributesOf(text);
        if (e !== undefined) throw new Error(`the broker refuses the login: ${e}`);
        if (serverSignature === null) {
          const { message, signature } = this.#prove(firstBare, nonce, text);
          serverSignature = signature;
          return message;
        }
        const given = Buffer.from(v, 'base64');
        if (given.length !== serverSignature.length || !timingSafeEqual(given, serverSignature)) {
          throw new Error('the broker does not know the password either: it cannot be trusted');
        }
        return null;
      },
    };
  }

  /** The client's final message, and what the broker must answer to it. */
  #prove(
    firstBare: string,
    nonce: string,
    serverFirst: string,
  ): { readonly message: Buffer; readonly signature: Buffer } {
    const { r = '', s = '', i = '' } = attributesOf(serverFirst);
    if (!r.startsWith(nonce) || r.length === nonce.length) throw new Error("the broker's nonce is not of this login");
    const iterations = Number(i);
    if (!Number.isInteger(iterations) || iterations < leastIterations || iterations > mostIterations) {
      throw new Error(`the broker asks for ${i === '' ? 'no' : i} iterations`);
    }
    const finalBare = `c=${channelBinding},r=${r}`;
    const told = `${firstBare},${serverFirst},${finalBare}`;
    const salted = this.#saltedWith(s, iterations);
    const clientKey = this.#hmac(salted, 'Client Key');
    const clientSignature = this.#hmac(createHash(digests[this.#hash]).update(clientKey).digest(), told);
    const proof = Buffer.from(clientKey.map((byte, at) => byte ^ (clientSignature[at] ?? 0)));
    return {
      message: Buffer.from(`${finalBare},p=${proof.toString('base64')}`),
      signature: this.#hmac(this.#hmac(salted, 'Server Key'), told),
    };
  }

  #saltedWith(salt: string, iterations: number): Buffer {
    const name = `${iterations},${salt}`;
    const known = this.#salted.get(name);
    if (known !== undefined) return known;
    const made = pbkdf2Sync(
      // As it was said: Kafka does not normalise it (RFC 5802 would).
      this.#password,
      Buffer.from(salt, 'base64'),
      iterations,
      hashBytes[this.#hash],
      digests[this.#hash],
    );
    this.#salted.set(name, made);
    return made;
  }

  #hmac(key: Buffer, text: string): Buffer {
    return createHmac(digests[this.#hash], key).update(text).digest();
  }
}

/** "r=abc,s=QSXCR+Q6sek8bf92,i=4096" by letter. */
function attributesOf(text: string): Partial<Record<string, string>> {
  const parts = text.split(',').flatMap((part) => (part.charAt(1) === '=' ? [[part.charAt(0), part.slice(2)]] : []));
  return Object.fromEntries(parts);
}
