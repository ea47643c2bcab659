/** One connection for questions that are not asked once a message: each is a promise, answers are matched by number. */
import { formatAddress, type HostPort } from '../../config/address.ts';
import { errorName } from '../../protocol/error-names.ts';
import { ProtocolReader } from '../../protocol/protocol-reader.ts';
import { ProtocolWriter } from '../../protocol/protocol-writer.ts';
import type { ConnectionFacts } from './connection-facts.ts';
import { apiVersionsApi, type ControlApi, type VersionsAnswer } from './control-apis.ts';
import type { ConnectionSecurity } from './security.ts';
import { BrokerSocket } from './socket.ts';

export interface ControlConnectionOptions {
  readonly address: HostPort;
  readonly clientId: string;
  readonly security: ConnectionSecurity;
  readonly connectTimeoutMs: number;
  /** For each answer. */
  readonly requestTimeoutMs: number;
  /** Ends the opening early. */
  readonly signal?: AbortSignal;
  /** The connection is of no use any more. Called once, also after `close`. */
  readonly closed: (connection: ControlConnection) => void;
}

/** There is no answer, and the socket error, where there was one, is the `cause`. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** Both sides have no version of the request in common. */
export class NotSpoken extends Error {
  override readonly name = 'NotSpoken';
}

/** A question under way. */
interface Pending {
  readonly answered: (bytes: Buffer, start: number, end: number) => void;
  readonly failed: (error: Error) => void;
}

const receiveBufferBytes = 16_384;
const unsupportedVersion = 35;

export class ControlConnection {
  readonly #options: ControlConnectionOptions;
  readonly #socket: BrokerSocket;
  readonly #pending = new Map<number, Pending>();
  #opened: { readonly resolve: () => void; readonly reject: (error: Error) => void } | null = null;
  #versions: VersionsAnswer = { errorCode: 0, ranges: new Map(), metadataVersionLevel: null };
  #correlationId = 0;
  /** Questions that wait until a login is renewed. */
  readonly #held: (() => void)[] = [];

  /** Connects and asks which versions the broker speaks. Rejects with the reason when that fails or takes too long. */
  static async open(options: ControlConnectionOptions): Promise<ControlConnection> {
    const connection = new ControlConnection(options);
    const abort = (): void => connection.close();
    options.signal?.addEventListener('abort', abort);
    try {
      await connection.#connect();
      await connection.#negotiate();
    } catch (error) {
      connection.close();
      throw error;
    } finally {
      options.signal?.removeEventListener('abort', abort);
    }
    return connection;
  }

  private constructor(options: ControlConnectionOptions) {
    this.#options = options;
    this.#socket = new BrokerSocket({
      address: { id: -1, ...options.address },
      clientId: options.clientId,
      security: options.security,
      receiveBufferBytes,
      onReady: () => this.#opened?.resolve(),
      onRenewed: () => this.#released(),
      onFrame: (bytes, view, start, end) => {
        const correlationId = view.getInt32(start);
        const pending = this.#pending.get(correlationId);
        this.#pending.delete(correlationId);
        pending?.answered(bytes, start + 4, end);
      },
      onClosed: (reason, cause) => this.#lost(reason, cause),
    });
  }

  /**
   * Asks in the newest version that both sides speak. Rejects with NotSpoken when they have none in common, with NoAnswer
   * when the connection breaks and when no answer comes in time; the connection is closed then, for nobody knows what an
   * answer that comes late belongs to.
   */
  ask<Question, Answer>(api: ControlApi<Question, Answer>, question: Question): Promise<Answer> {
    const range = this.#versions.ranges.get(api.key);
    const version = this.#versionOf(api);
    if (version === null) {
      const spoken = range === undefined ? 'none' : `${range.oldest} to ${range.newest}`;
      const needed = `${api.oldest} to ${api.newest}`;
      const message = `${api.name}: the broker speaks versions ${spoken}, ${needed} are known here`;
      return Promise.reject(new NotSpoken(message));
    }
    return this.#exchange(api, question, version);
  }

  /** Whether both sides have a version of the request in common. */
  speaks<Question, Answer>(api: ControlApi<Question, Answer>): boolean {
    return this.#versionOf(api) !== null;
  }

  /** What the broker speaks, as it said when the connection was opened. */
  get versions(): VersionsAnswer {
    return this.#versions;
  }

  /** What secures it; null: it is gone. */
  get facts(): ConnectionFacts | null {
    return this.#socket.facts;
  }

  /** Asks what any broker answers at once. */
  async ping(): Promise<void> {
    await this.#exchange(apiVersionsApi, null, 0);
  }

  close(): void {
    this.#socket.close();
  }

  /** The newest version that both sides speak; null: there is none. */
  #versionOf<Question, Answer>(api: ControlApi<Question, Answer>): number | null {
    const range = this.#versions.ranges.get(api.key);
    const version = Math.min(api.newest, range?.newest ?? -1);
    return version < Math.max(api.oldest, range?.oldest ?? 0) ? null : version;
  }

  #connect(): Promise<void> {
    const { connectTimeoutMs } = this.#options;
    return new Promise((resolve, reject) => {
      const reason = `no connection within ${connectTimeoutMs / 1000} s`;
      const timer = setTimeout(() => this.#socket.close(reason), connectTimeoutMs);
      const settle = (): void => {
        clearTimeout(timer);
        this.#opened = null;
      };
      this.#opened = {
        resolve: () => {
          settle();
          resolve();
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      this.#socket.connect();
    });
  }

  /** A broker that does not know our version of this question answers it in version 0. */
  async #negotiate(): Promise<void> {
    let answer = await this.#exchange(apiVersionsApi, null, apiVersionsApi.newest);
    if (answer.errorCode === unsupportedVersion) answer = await this.#exchange(apiVersionsApi, null, 0);
    if (answer.errorCode !== 0) throw new Error(`ApiVersions: ${errorName(answer.errorCode)} (${answer.errorCode})`);
    this.#versions = answer;
  }

  async #exchange<Question, Answer>(
    api: ControlApi<Question, Answer>,
    question: Question,
    version: number,
  ): Promise<Answer> {
    const { clientId, requestTimeoutMs } = this.#options;
    if (this.#socket.state === 'reauthenticating') await new Promise<void>((resolve) => this.#held.push(resolve));
    if (this.#socket.state !== 'ready') throw new NoAnswer('closed');
    const correlationId = this.#correlationId++;
    const writer = new ProtocolWriter().int16(api.key).int16(version).int32(correlationId).string(clientId);
    writer.flexible = version >= api.firstFlexible;
    writer.tags();
    api.write(writer, question, version);
    this.#socket.write([writer.frame()]);
    return new Promise((resolve, reject) => {
      const reason = `no answer within ${requestTimeoutMs / 1000} s`;
      const timer = setTimeout(() => this.#socket.close(reason), requestTimeoutMs);
      this.#pending.set(correlationId, {
        answered: (bytes, start, end) => {
          clearTimeout(timer);
          try {
            resolve(readAnswer(api, version, new ProtocolReader(bytes, start, end)));
          } catch (error) {
            reject(new Error(`${api.name}: an answer that cannot be read`, { cause: error }));
          }
        },
        failed: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
    });
  }

  /** The login is renewed, or the connection is gone: whoever waits looks again. */
  #released(): void {
    for (const resolve of this.#held.splice(0)) resolve();
  }

  #lost(reason: string, cause?: Error): void {
    const error = new NoAnswer(`${formatAddress(this.#options.address)}: ${reason}`, { cause });
    this.#opened?.reject(error);
    this.#released();
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { failed } of pending) failed(error);
    this.#options.closed(this);
  }
}

function readAnswer<Question, Answer>(
  api: ControlApi<Question, Answer>,
  version: number,
  reader: ProtocolReader,
): Answer {
  // A broker that refuses the version answers in the oldest one, which no flexible field is in.
  const refused = api.key === apiVersionsApi.key && reader.bytes.readInt16BE(reader.position) === unsupportedVersion;
  const spoken = refused ? 0 : version;
  reader.flexible = spoken >= api.firstFlexible;
  if (api.key !== apiVersionsApi.key) reader.tags();
  return api.read(reader, spoken);
}
