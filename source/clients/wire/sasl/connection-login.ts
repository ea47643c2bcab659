/**
 * The logins of one connection: the first, and those that renew it before its time is over (KIP-368). What a renewal needs
 * from elsewhere, a token, is there before requests are held up for it.
 */
import type { LoginFacts } from '../connection-facts.ts';
import { isOfLogin, LoginRefused, SaslDialogue } from './dialogue.ts';
import type { SaslExchange } from './mechanism.ts';

/** A login is renewed within this part of its time, as Java's client does it. */
const renewFrom = 0.85;
const renewUntil = 0.95;
/** And so long before its end where there is the time: a thread that is held up must not be late. */
const renewAheadMs = 1_000;
/** What `setTimeout` takes at most; it fires at once beyond it. */
const longestTimerMs = 2_147_483_647;
/** The broker has so long for a renewal. */
const patienceMs = 10_000;
/** Where no token is to be had, while the login holds. */
const askAgainMs = 1_000;

export interface ConnectionLoginOptions {
  readonly begin: () => SaslExchange;
  readonly clientId: string;
  readonly send: (frame: Buffer) => void;
  /** The first login is done. */
  readonly loggedIn: () => void;
  /** A renewal begins: only `send` may write until it is done. */
  readonly renewing: () => void;
  readonly renewed: (tookMs: number) => void;
  /** The connection is of no use any more. */
  readonly failed: (error: Error) => void;
}

export class ConnectionLogin {
  readonly #options: ConnectionLoginOptions;
  #facts: LoginFacts | null = null;
  #dialogue: SaslDialogue | null = null;
  /** When the login that holds is over, ms of `performance.now()`. */
  #endsMs = Number.POSITIVE_INFINITY;
  #renewal: NodeJS.Timeout | undefined;
  #patience: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: ConnectionLoginOptions) {
    this.#options = options;
  }

  /** How the last login went; null: there is none yet. */
  get facts(): LoginFacts | null {
    return this.#facts;
  }

  begin(): void {
    this.#talk(this.#options.begin(), null, this.#options.loggedIn);
  }

  /** Takes an answer of a login; false: it is of something else. `bytes[start, end)`: behind its correlation id. */
  takes(id: number, bytes: Buffer, start: number, end: number): boolean {
    if (this.#dialogue === null || !isOfLogin(id)) return false;
    this.#dialogue.answered(bytes, start, end);
    return true;
  }

  close(): void {
    this.#isClosed = true;
    this.#dialogue = null;
    clearTimeout(this.#renewal);
    clearTimeout(this.#patience);
  }

  #talk(exchange: SaslExchange, first: Buffer | null, done: () => void): void {
    const { clientId, send, failed } = this.#options;
    const dialogue = new SaslDialogue({
      exchange,
      first,
      clientId,
      send: (frame) => {
        if (this.#dialogue === dialogue) send(frame);
      },
      done: (facts) => {
        if (this.#dialogue !== dialogue) return;
        this.#dialogue = null;
        this.#facts = facts;
        this.#holdsFor(facts.lifetimeMs);
        done();
      },
      failed: (error) => {
        if (this.#dialogue === dialogue) failed(error);
      },
    });
    this.#dialogue = dialogue;
    dialogue.begin();
  }

  /** 0: for good. */
  #holdsFor(lifetimeMs: number): void {
    if (lifetimeMs <= 0) return;
    this.#endsMs = performance.now() + lifetimeMs;
    this.#prepareIn(renewalMs(lifetimeMs, Math.random()));
  }

  #prepareIn(inMs: number): void {
    this.#renewal = setTimeout(() => void this.#prepare(), inMs).unref();
  }

  async #prepare(): Promise<void> {
    const exchange = this.#options.begin();
    try {
      const first = await exchange.first();
      if (!this.#isClosed) this.#renew(exchange, first);
    } catch (cause) {
      if (this.#isClosed) return;
      if (performance.now() + askAgainMs < this.#endsMs) this.#prepareIn(askAgainMs);
      else this.#options.failed(LoginRefused.because('token', cause));
    }
  }

  /** What is in flight is answered before the login. */
  #renew(exchange: SaslExchange, first: Buffer): void {
    const { renewing, renewed, failed } = this.#options;
    const beganMs = performance.now();
    renewing();
    const late = new Error(`no login within ${patienceMs / 1000} s`);
    this.#patience = setTimeout(() => failed(late), patienceMs);
    this.#talk(exchange, first, () => {
      clearTimeout(this.#patience);
      renewed(performance.now() - beganMs);
    });
  }
}

/** How long after a login the next one begins; `chance`, 0 … 1, keeps connections that opened together apart. */
export function renewalMs(lifetimeMs: number, chance: number): number {
  const share = renewFrom + (renewUntil - renewFrom) * chance;
  const inMs = Math.max(lifetimeMs / 2, Math.min(lifetimeMs * share, lifetimeMs - renewAheadMs));
  return Math.min(inMs, longestTimerMs);
}
