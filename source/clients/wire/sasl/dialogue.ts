/**
 * A login on an open connection: SaslHandshake, then SaslAuthenticate as often as the mechanism wants (KIP-43, KIP-152).
 * Its requests have correlation ids below 0, so that on a connection in use answers to others are told apart (KIP-368).
 */
import { ProtocolReader } from '../../../protocol/protocol-reader.ts';
import { ProtocolWriter } from '../../../protocol/protocol-writer.ts';
import type { LoginFacts } from '../connection-facts.ts';
import type { SaslExchange } from './mechanism.ts';

const handshake = { key: 17, version: 1 };
const authenticate = { key: 36, version: 1 };
/** Anything of the login; ids of other requests are not below 0. */
const correlationId = -1;
const unsupportedMechanism = 33;
/** What a listener without SASL answers. */
const illegalSaslState = 34;
const authenticationFailed = 58;

/** Why a login came to nothing. */
export class LoginRefused extends Error {
  override readonly name = 'LoginRefused';
  readonly kind: 'mechanism' | 'credentials' | 'not-wanted' | 'token' | 'protocol';
  /** What the broker offers instead; none: it did not say. */
  readonly offered: readonly string[];

  constructor(kind: LoginRefused['kind'], message: string, offered: readonly string[] = [], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.offered = offered;
  }

  /** What a mechanism finds wrong, in its own words. */
  static because(kind: 'token' | 'credentials', cause: unknown): LoginRefused {
    return new LoginRefused(kind, cause instanceof Error ? cause.message : String(cause), [], cause);
  }
}

export interface DialogueOptions {
  readonly exchange: SaslExchange;
  /** What is sent first, where it was asked for before; null: it is asked for in its turn. */
  readonly first: Buffer | null;
  readonly clientId: string;
  readonly send: (frame: Buffer) => void;
  readonly done: (login: LoginFacts) => void;
  readonly failed: (error: Error) => void;
}

/** Whether an answer is one of a login. */
export function isOfLogin(id: number): boolean {
  return id < 0;
}

export class SaslDialogue {
  readonly #options: DialogueOptions;
  #stage: 'handshake' | 'authenticate' | 'over' = 'handshake';
  #offered: readonly string[] = [];

  constructor(options: DialogueOptions) {
    this.#options = options;
  }

  begin(): void {
    const { exchange, send } = this.#options;
    send(this.#request(handshake).string(exchange.mechanism).frame());
  }

  /** An answer, in `bytes[start, end)` behind its correlation id. */
  answered(bytes: Buffer, start: number, end: number): void {
    try {
      const reader = new ProtocolReader(bytes, start, end);
      if (this.#stage === 'handshake') this.#shaken(reader);
      else if (this.#stage === 'authenticate') this.#authenticated(reader);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #shaken(reader: ProtocolReader): void {
    const { exchange, first } = this.#options;
    const errorCode = reader.int16();
    const offered = reader.array(() => reader.string());
    this.#offered = offered;
    if (errorCode === unsupportedMechanism) {
      const message = `the listener offers ${offered.join(', ') || 'no mechanism'}, not ${exchange.mechanism}`;
      throw new LoginRefused('mechanism', message, offered);
    }
    if (errorCode === illegalSaslState) throw new LoginRefused('not-wanted', 'the listener wants no login');
    if (errorCode !== 0) throw new LoginRefused('protocol', `SaslHandshake is answered with error ${errorCode}`);
    this.#stage = 'authenticate';
    Promise.resolve(first ?? exchange.first()).then(
      (message) => this.#send(message),
      (error: unknown) => this.#fail(LoginRefused.because('token', error)),
    );
  }

  #authenticated(reader: ProtocolReader): void {
    const errorCode = reader.int16();
    const errorMessage = reader.nullableString();
    const answer = reader.copiedBytes();
    const lifetimeMs = reader.int64();
    if (errorCode !== 0) {
      const kind = errorCode === authenticationFailed ? 'credentials' : 'protocol';
      throw new LoginRefused(kind, errorMessage ?? `SaslAuthenticate is answered with error ${errorCode}`);
    }
    const more = this.#next(answer);
    if (more !== null) {
      this.#send(more);
      return;
    }
    this.#stage = 'over';
    this.#options.done({ mechanism: this.#options.exchange.mechanism, offered: this.#offered, lifetimeMs });
  }

  #next(answer: Buffer): Buffer | null {
    try {
      return this.#options.exchange.next(answer);
    } catch (error) {
      throw LoginRefused.because('credentials', error);
    }
  }

  #send(message: Buffer): void {
    if (this.#stage !== 'authenticate') return;
    this.#options.send(this.#request(authenticate).byteArray(message).frame());
  }

  #request({ key, version }: { readonly key: number; readonly version: number }): ProtocolWriter {
    return new ProtocolWriter().int16(key).int16(version).int32(correlationId).string(this.#options.clientId);
  }

  #fail(error: Error): void {
    if (this.#stage === 'over') return;
    this.#stage = 'over';
    this.#options.failed(error);
  }
}
