/** One connection to one broker: opened when first needed, opened again after it broke, versions agreed once. */
import {
  apiVersionsV0,
  apiVersionsV3,
  Connection,
  NetworkError,
  ResponseError,
  TimeoutError,
  UserError,
} from '@platformatic/kafka';
import { formatAddress, type HostPort } from '../config/address.ts';
import { LoadtuiError, messageOf } from '../errors.ts';
import { type ApiFamily, pickVersion } from './apis.ts';
import { BrokerUnavailable, reasonOf } from './broker-unavailable.ts';
import type { ApiRanges, VersionRange } from './broker-version.ts';

export interface LinkOptions {
  readonly clientId: string;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
}

interface OpenLink {
  readonly connection: Connection;
  readonly ranges: ApiRanges;
}

export class BrokerLink {
  readonly address: HostPort;
  readonly #options: LinkOptions;
  #opening: Promise<OpenLink> | null = null;
  #connection: Connection | null = null;
  #connecting: Connection | null = null;
  #closed = false;

  constructor(address: HostPort, options: LinkOptions) {
    this.address = address;
    this.#options = options;
  }

  /**
   * Makes one request, once. A response that carries error codes is an answer like any other: callers look at the codes.
   * Rejects with BrokerUnavailable where there is no answer, with PROTOCOL where the broker does not know the request.
   */
  async call<Args extends readonly unknown[], Response>(
    family: ApiFamily<Args, Response>,
    ...args: Args
  ): Promise<Response> {
    const { connection, ranges } = await this.#open();
    const api = pickVersion(family, ranges);
    if (api === undefined) {
      throw new LoadtuiError(
        `The broker at ${formatAddress(this.address)} offers no ${family.name} that loadtui knows`,
        {
          code: 'PROTOCOL',
          fault: 'cluster',
          next: 'loadtui speaks with Kafka 2.4 and newer.',
        },
      );
    }
    return await this.#answer(connection, api.async(connection, ...args));
  }

  /** True when the broker offers a version of it that we speak. */
  async knows<Args extends readonly unknown[], Response>(family: ApiFamily<Args, Response>): Promise<boolean> {
    return pickVersion(family, (await this.#open()).ranges) !== undefined;
  }

  /** Round trip of an ApiVersions request, ms. The connection is opened outside of the measured time. */
  async ping(): Promise<number> {
    const { connection } = await this.#open();
    const startMs = performance.now();
    await this.#answer(connection, apiVersionsV0.api.async(connection, '', ''));
    return performance.now() - startMs;
  }

  /** Hangs up at once; what is under way rejects. */
  close(): void {
    this.#closed = true;
    // A socket that is still connecting tells its owner only of an error.
    this.#connecting?.socket?.destroy(new Error('closed'));
    this.#connection?.socket.destroy();
    this.#drop();
  }

  #open(): Promise<OpenLink> {
    if (this.#closed) return Promise.reject(new BrokerUnavailable(this.address, 'closed'));
    // A connection that broke while idle is noticed here, not by a failed request.
    if (this.#connection !== null && !this.#connection.isConnected()) this.#drop();
    if (this.#opening === null) {
      const opening = this.#connect();
      this.#opening = opening;
      opening.catch(() => {
        if (this.#opening === opening) this.#drop();
      });
    }
    return this.#opening;
  }

  async #connect(): Promise<OpenLink> {
    const connection = new Connection(this.#options.clientId, {
      connectTimeout: this.#options.connectTimeoutMs,
      requestTimeout: this.#options.requestTimeoutMs,
    });
    // Without a listener an error event would end the process; the pending call tells of it.
    connection.on('error', () => this.#forget(connection));
    connection.on('close', () => this.#forget(connection));
    // Until it is of use: whoever closes the link meanwhile waits neither for a connection nor for the first answer.
    this.#connecting = connection;
    let ranges: ApiRanges;
    try {
      await this.#reach(connection);
      ranges = await this.#agree(connection);
    } finally {
      this.#connecting = null;
    }
    if (this.#closed) {
      connection.socket.destroy();
      throw new BrokerUnavailable(this.address, 'closed');
    }
    this.#connection = connection;
    return { connection, ranges };
  }

  async #reach(connection: Connection): Promise<void> {
    try {
      await connection.connect(this.address.host, this.address.port);
    } catch (error) {
      throw new BrokerUnavailable(this.address, reasonOf(error), error);
    }
  }

  async #agree(connection: Connection): Promise<ApiRanges> {
    let answer = await this.#answer(connection, apiVersionsV3.api.async(connection, 'loadtui', '1'));
    if (answer.errorCode !== 0) answer = await this.#answer(connection, apiVersionsV0.api.async(connection, '', ''));
    return new Map<number, VersionRange>(
      answer.apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, { min: minVersion, max: maxVersion }]),
    );
  }

  /** The library rejects when any part of a response carries an error code, and keeps the parsed response beside it. */
  async #answer<Response>(connection: Connection, pending: Promise<Response>): Promise<Response> {
    try {
      return await pending;
    } catch (error) {
      if (error instanceof ResponseError) {
        const response: Response = error.response;
        return response;
      }
      this.#forget(connection);
      if (isSilence(error)) throw new BrokerUnavailable(this.address, reasonOf(error), error);
      throw new LoadtuiError(
        `The broker at ${formatAddress(this.address)} answered what cannot be read: ${messageOf(error)}`,
        {
          code: 'PROTOCOL',
          fault: 'cluster',
          next: 'Tell the version of the broker when you report this.',
          cause: error,
        },
      );
    }
  }

  #forget(connection: Connection): void {
    if (this.#connection === connection) this.#drop();
    connection.socket?.destroy();
  }

  #drop(): void {
    this.#opening = null;
    this.#connection = null;
  }
}

/** The library's codes for a connection that broke, timed out, or turned out to be TLS. */
const silenceCodes: readonly string[] = [NetworkError.code, TimeoutError.code, UserError.code];

/** False: there was an answer, and the library could not read it (an error code newer than its table, for one). */
function isSilence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && silenceCodes.some((code) => code === error.code);
}
