/**
 * A connection for what is not asked once a message: metadata and producer ids, through @platformatic/kafka's
 * low-level calls. It goes to any broker that answers and moves on to the next one when that fails.
 */
import { apiVersionsV3, Connection } from '@platformatic/kafka';
import { formatAddress, type HostPort } from '../../config/address.ts';
import { messageOf } from '../../errors.ts';

/** Highest version of each API the connected broker offers, by API key. */
export type ApiVersions = ReadonlyMap<number, number>;

export interface ControlLinkOptions {
  readonly clientId: string;
  readonly requestTimeoutMs: number;
  /** Brokers to try, best first; asked anew for each attempt to connect. */
  readonly candidates: () => readonly HostPort[];
}

const connectTimeoutMs = 5_000;

export class ControlLink {
  readonly #options: ControlLinkOptions;
  #connection: Connection | null = null;
  /** Under way: calls that come meanwhile share it. */
  #opening: Promise<Connection> | null = null;
  #versions: ApiVersions = new Map();
  #closed = false;

  constructor(options: ControlLinkOptions) {
    this.#options = options;
  }

  /**
   * Runs one call on the open connection, or on the first broker that accepts one. Rejects with what the call
   * rejected with, or with the reasons why no broker could be reached. A broken connection is not used again.
   */
  async call<Answer>(ask: (connection: Connection, versions: ApiVersions) => Promise<Answer>): Promise<Answer> {
    const connection = this.#connection ?? (await this.#openOnce());
    return ask(connection, this.#versions);
  }

  /** Leaves the present broker: the next call connects anew. */
  drop(): void {
    const connection = this.#connection;
    this.#connection = null;
    connection?.close(() => undefined);
  }

  close(): void {
    this.#closed = true;
    this.drop();
  }

  #openOnce(): Promise<Connection> {
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #open(): Promise<Connection> {
    const refusals: string[] = [];
    for (const { host, port } of this.#options.candidates()) {
      if (this.#closed) break;
      const connection = new Connection(this.#options.clientId, {
        connectTimeout: Math.min(connectTimeoutMs, this.#options.requestTimeoutMs),
        requestTimeout: this.#options.requestTimeoutMs,
      });
      const forget = () => {
        if (this.#connection === connection) this.#connection = null;
      };
      connection.on('error', forget);
      connection.on('close', forget);
      try {
        await connection.connect(host, port);
        const answer = await apiVersionsV3.api.async(connection, 'loadtui', '0');
        this.#versions = new Map(answer.apiKeys.map((api) => [api.apiKey, api.maxVersion]));
      } catch (error) {
        connection.close(() => undefined);
        refusals.push(`${formatAddress({ host, port })}: ${rootMessage(error)}`);
        continue;
      }
      if (this.#closed) {
        connection.close(() => undefined);
        break;
      }
      this.#connection = connection;
      return connection;
    }
    throw new Error(this.#closed ? 'closed' : `no broker answers (${refusals.join('; ')})`);
  }
}

/** The innermost cause says what happened ("connect ECONNREFUSED …"); the outer ones say "connection error". */
function rootMessage(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  return messageOf(inner);
}
