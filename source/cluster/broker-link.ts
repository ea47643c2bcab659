/** One connection to one broker: opened when first needed, opened again after it broke. */
import type { ControlApi } from '../clients/wire/control-apis.ts';
import { ControlConnection, NoAnswer, NotSpoken } from '../clients/wire/control-connection.ts';
import type { ConnectionSecurity } from '../clients/wire/security.ts';
import { formatAddress, type HostPort } from '../config/address.ts';
import { LoadtuiError, messageOf } from '../errors.ts';
import { BrokerUnavailable, reasonOf } from './broker-unavailable.ts';

export interface LinkOptions {
  readonly clientId: string;
  readonly security: ConnectionSecurity;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
}

export class BrokerLink {
  readonly address: HostPort;
  readonly #options: LinkOptions;
  readonly #closing = new AbortController();
  #opening: Promise<ControlConnection> | null = null;
  #connection: ControlConnection | null = null;

  constructor(address: HostPort, options: LinkOptions) {
    this.address = address;
    this.#options = options;
  }

  /**
   * Makes one request, once. An answer that carries error codes is an answer like any other: callers look at the codes.
   * Rejects with BrokerUnavailable where there is no answer, with PROTOCOL where the broker does not know the request.
   */
  async call<Question, Answer>(api: ControlApi<Question, Answer>, question: Question): Promise<Answer> {
    return await this.#with((connection) => connection.ask(api, question));
  }

  /** True when the broker offers a version of it that we speak. */
  async knows<Question, Answer>(api: ControlApi<Question, Answer>): Promise<boolean> {
    return await this.#with(async (connection) => connection.speaks(api));
  }

  /** Round trip of an ApiVersions request, ms. The connection is opened outside of the measured time. */
  async ping(): Promise<number> {
    return await this.#with(async (connection) => {
      const startMs = performance.now();
      await connection.ping();
      return performance.now() - startMs;
    });
  }

  /** Hangs up at once; what is under way rejects. */
  close(): void {
    this.#closing.abort();
    this.#connection?.close();
  }

  async #with<T>(act: (connection: ControlConnection) => Promise<T>): Promise<T> {
    try {
      return await act(await this.#open());
    } catch (error) {
      throw this.#explained(error);
    }
  }

  #open(): Promise<ControlConnection> {
    if (this.#closing.signal.aborted) return Promise.reject(new NoAnswer('closed'));
    if (this.#opening === null) {
      const opening = this.#connect();
      this.#opening = opening;
      opening.catch(() => {
        if (this.#opening === opening) this.#forget();
      });
    }
    return this.#opening;
  }

  async #connect(): Promise<ControlConnection> {
    this.#connection = await ControlConnection.open({
      address: this.address,
      ...this.#options,
      signal: this.#closing.signal,
      closed: (lost) => {
        if (this.#connection === lost) this.#forget();
      },
    });
    return this.#connection;
  }

  /** The next call connects anew. */
  #forget(): void {
    this.#opening = null;
    this.#connection = null;
  }

  #explained(error: unknown): unknown {
    if (error instanceof NoAnswer) {
      const { reason, detail } = reasonOf(error, this.#options.security.tls?.hasCertificate);
      return new BrokerUnavailable(this.address, reason, detail, error);
    }
    const where = formatAddress(this.address);
    if (error instanceof NotSpoken) {
      return new LoadtuiError(`The broker at ${where} offers no such request as loadtui makes: ${error.message}`, {
        code: 'PROTOCOL',
        fault: 'cluster',
        next: 'loadtui speaks with Kafka 2.4 and newer.',
        cause: error,
      });
    }
    return new LoadtuiError(`The broker at ${where} answered what cannot be read: ${messageOf(error)}`, {
      code: 'PROTOCOL',
      fault: 'cluster',
      next: 'Tell the version of the broker when you report this.',
      cause: error,
    });
  }
}
