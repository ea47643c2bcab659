/** The broker's side of SCRAM (RFC 5802), with the password at hand. Shares nothing with the client's, which it is to find wrong. */
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

export type ScramDigest = 'sha256' | 'sha512';

/** Kafka's own. */
const iterations = 4096;

/** What is answered, and whether the login is over; null: it is refused. */
export type ScramStep = { readonly answer: Buffer; readonly done: boolean } | null;

/** One salt for each user as long as the sandbox runs, as stored credentials have it. */
const salts = new Map<string, Buffer>();

export class ScramServer {
  readonly #digest: ScramDigest;
  readonly #passwordOf: (user: string) => string | undefined;
  #told: { readonly clientFirst: string; readonly serverFirst: string; readonly salted: Buffer } | null = null;
  #nonce = '';

  constructor(digest: ScramDigest, passwordOf: (user: string) => string | undefined) {
    this.#digest = digest;
    this.#passwordOf = passwordOf;
  }

  step(message: Buffer): ScramStep {
    const text = message.toString('utf8');
    return this.#told === null ? this.#first(text) : this.#final(text);
  }

  #first(text: string): ScramStep {
    const match = /^n,(?:a=[^,]*)?,(n=([^,]*),r=([^,]+))/.exec(text);
    if (match === null) return null;
    const [, clientFirst = '', name = '', clientNonce = ''] = match;
    const user = name.replaceAll('=2C', ',').replaceAll('=3D', '=');
    const password = this.#passwordOf(user);
    if (password === undefined) return null;
    const salt = salts.get(user) ?? randomBytes(16);
    salts.set(user, salt);
    this.#nonce = `${clientNonce}${randomBytes(12).toString('hex')}`;
    const serverFirst = `r=${this.#nonce},s=${salt.toString('base64')},i=${iterations}`;
    const length = this.#digest === 'sha256' ? 32 : 64;
    const salted = pbkdf2Sync(password, salt, iterations, length, this.#digest);
    this.#told = { clientFirst, serverFirst, salted };
    return { answer: Buffer.from(serverFirst), done: false };
  }

  #final(text: string): ScramStep {
    const match = /^(c=biws,r=([^,]+)),p=(.+)$/.exec(text);
    if (match === null || this.#told === null) return null;
    const [, withoutProof = '', nonce = '', proofText = ''] = match;
    if (nonce !== this.#nonce) return null;
    const { clientFirst, serverFirst, salted } = this.#told;
    const auth = `${clientFirst},${serverFirst},${withoutProof}`;
    const storedKey = createHash(this.#digest).update(this.#mac(salted, 'Client Key')).digest();
    const signature = this.#mac(storedKey, auth);
    const proof = Buffer.from(proofText, 'base64');
    if (proof.length !== signature.length) return null;
    const clientKey = Buffer.from(proof.map((byte, at) => byte ^ (signature[at] ?? 0)));
    if (!timingSafeEqual(createHash(this.#digest).update(clientKey).digest(), storedKey)) return null;
    const verifier = this.#mac(this.#mac(salted, 'Server Key'), auth);
    return { answer: Buffer.from(`v=${verifier.toString('base64')}`), done: true };
  }

  #mac(key: Buffer, text: string): Buffer {
    return createHmac(this.#digest, key).update(text).digest();
  }
}
