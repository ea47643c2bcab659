/**
 * A connection for what is not asked once a message: metadata and producer ids. It goes to any broker that answers and
 * moves on to the next one when that fails.
 */
import type { HostPort } from '../../config/address.ts';
import { messageOf } from '../../errors.ts';
import type { ControlApi } from './control-apis.ts';
import { ControlConnection } from './control-connection.ts';
import type { ConnectionSecurity } from './security.ts';

export interface ControlLinkOptions {
  readonly clientId: string;
  readonly security: ConnectionSecurity;
  readonly requestTimeoutMs: number;
  /** Brokers to try, best first; asked anew for each attempt to connect. */
  readonly candidates: () => readonly HostPort[];
}

const connectTimeoutMs = 5_000;

export class ControlLink {
  readonly #options: ControlLinkOptions;
  #connection: ControlConnection | null = null;
  /** Under way: questions that come meanwhile share it. */
  #opening: Promise<ControlConnection> | null = null;
  #closed = false;

  constructor(options: ControlLinkOptions) {
    this.#options = options;
  }

  /**
   * Asks on the open connection, or on the first broker that accepts one. Rejects when that breaks, or with the reasons
   * why no broker could be reached. A broken connection is not used again.
   */
  async ask<Question, Answer>(api: ControlApi<Question, Answer>, question: Question): Promise<Answer> {
    const connection = this.#connection ?? (await this.#openOnce());
    return connection.ask(api, question);
  }

  /** Leaves the present broker: the next question connects anew. */
  drop(): void {
    const connection = this.#connection;
    this.#connection = null;
    connection?.close();
  }

  close(): void {
    this.#closed = true;
    this.drop();
  }

  #openOnce(): Promise<ControlConnection> {
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #open(): Promise<ControlConnection> {
    const { clientId, security, requestTimeoutMs, candidates } = this.#options;
    const refusals: string[] = [];
    for (const address of candidates()) {
      if (this.#closed) break;
      try {
        const connection = await ControlConnection.open({
          address,
          clientId,
          security,
          connectTimeoutMs: Math.min(connectTimeoutMs, requestTimeoutMs),
          requestTimeoutMs: Math.min(connectTimeoutMs, requestTimeoutMs),
          closed: (lost) => {
            if (this.#connection === lost) this.#connection = null;
          },
        });
        if (!this.#closed) {
          this.#connection = connection;
          return connection;
        }
        connection.close();
      } catch (error) {
        refusals.push(messageOf(error));
      }
    }
    throw new Error(this.#closed ? 'closed' : `no broker answers (${refusals.join('; ')})`);
  }
}
