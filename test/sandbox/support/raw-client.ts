import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ProtocolReader } from '../../../source/protocol/protocol-reader.ts';
import { AnswerWriter } from '../../../source/sandbox/protocol/answer-writer.ts';
import { type ApiName, apiKey, versionsOf } from '../../../source/sandbox/protocol/api-versions.ts';
import { FrameReader } from '../../../source/sandbox/protocol/frame-reader.ts';
import { batchesOf } from './batches.ts';

export interface Produced {
  readonly code: number;
  readonly baseOffset: number;
  readonly throttleMs: number;
}

export interface FetchedPartition {
  readonly topic: string;
  readonly index: number;
  readonly code: number;
  readonly highWatermark: number;
  readonly logStartOffset: number;
  readonly batches: ReturnType<typeof batchesOf>;
}

export interface Fetched {
  readonly code: number;
  readonly sessionId: number;
  readonly partitions: readonly FetchedPartition[];
}

export interface FetchAsk {
  readonly topic?: string;
  readonly index?: number;
  readonly offset?: number;
  readonly maxBytes?: number;
  readonly leaderEpoch?: number;
}

/** A connection that sends what it is told, byte for byte, and matches answers by correlation id. */
export class RawClient {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  /** Correlation ids in the order in which answers came. */
  readonly order: number[] = [];
  readonly #frames = new FrameReader();
  readonly #waiting = new Map<number, { resolve: (body: Buffer) => void; reject: (error: Error) => void }>();
  #correlationId = 0;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#frames.push(chunk);
      while (this.#frames.next()) {
        const frame = Buffer.from(this.#frames.bytes.subarray(this.#frames.start, this.#frames.end));
        const correlationId = frame.readInt32BE(0);
        this.order.push(correlationId);
        this.#waiting.get(correlationId)?.resolve(frame.subarray(4));
        this.#waiting.delete(correlationId);
      }
    });
    socket.on('error', () => socket.destroy());
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        for (const { reject } of this.#waiting.values()) reject(new Error('connection closed'));
        resolve();
      });
    });
  }

  static async connect({ host, port }: { readonly host: string; readonly port: number }): Promise<RawClient> {
    const socket = connect({ host, port, noDelay: true });
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  close(): void {
    this.socket.destroy();
  }

  /** The body of the answer. Rejects when the connection closes first. */
  ask(name: ApiName, version: number, write: (body: AnswerWriter) => void): Promise<ProtocolReader> {
    const correlationId = this.tell(name, version, write);
    return new Promise((resolve, reject) => {
      this.#waiting.set(correlationId, {
        reject,
        resolve: (body) => {
          const reader = new ProtocolReader(body);
          reader.flexible = version >= (versionsOf(apiKey[name])?.firstFlexible ?? 0);
          if (name !== 'apiVersions') reader.tags();
          resolve(reader);
        },
      });
    });
  }

  /** Sends without waiting for an answer. */
  tell(name: ApiName, version: number, write: (body: AnswerWriter) => void): number {
    const correlationId = ++this.#correlationId;
    const writer = new AnswerWriter().int16(apiKey[name]).int16(version).int32(correlationId).string('raw');
    writer.flexible = version >= (versionsOf(apiKey[name])?.firstFlexible ?? 0);
    writer.tags();
    write(writer);
    writer.tags().send(this.socket);
    return correlationId;
  }

  async createTopic(name: string, partitions = 1, config: Record<string, string> = {}, replicas = 1): Promise<number> {
    const answer = await this.ask('createTopics', 2, (body) => {
      body.arrayLength(1).string(name).int32(partitions).int16(replicas).arrayLength(0);
      body.array(Object.entries(config), ([key, value]) => body.string(key).string(value));
      body.int32(1000).boolean(false);
    });
    answer.int32();
    answer.arrayLength();
    answer.string();
    return answer.int16();
  }

  async produce(batch: Buffer, { topic = 't', index = 0, acks = -1 } = {}): Promise<Produced> {
    const answer = await this.ask('produce', 7, (body) => writeProduce(body, batch, topic, index, acks));
    answer.arrayLength();
    answer.string();
    answer.arrayLength();
    answer.int32();
    const code = answer.int16();
    const baseOffset = answer.int64();
    answer.int64();
    answer.int64();
    return { code, baseOffset, throttleMs: answer.int32() };
  }

  /** acks=0: no answer is waited for. */
  produceSilently(batch: Buffer, topic = 't'): void {
    this.tell('produce', 7, (body) => writeProduce(body, batch, topic, 0, 0));
  }

  /** Fetch 11. */
  async fetch(
    asks: readonly FetchAsk[],
    { waitMs = 0, minBytes = 1, maxBytes = 1 << 20, sessionId = 0, epoch = -1, forget = [] as number[] } = {},
  ): Promise<Fetched> {
    const answer = await this.ask('fetch', 11, (body) => {
      body.int32(-1).int32(waitMs).int32(minBytes).int32(maxBytes).int8(0).int32(sessionId).int32(epoch);
      body.array(asks, ({ topic = 't', index = 0, offset = 0, maxBytes: most = 1 << 20, leaderEpoch = -1 }) => {
        body.string(topic).arrayLength(1).int32(index).int32(leaderEpoch).int64(offset).int64(-1).int32(most);
      });
      body.array(forget, (index) => body.string('t').arrayLength(1).int32(index));
      body.string('');
    });
    answer.int32();
    const code = answer.int16();
    const answeredSession = answer.int32();
    const partitions = answer.array(() => {
      const topic = answer.string();
      return answer.array(() => readFetched(answer, topic));
    });
    return { code, sessionId: answeredSession, partitions: partitions.flat() };
  }

  /** −1: latest, −2: earliest. */
  async offset(timestamp: number, topic = 't'): Promise<{ code: number; timestampMs: number; offset: number }> {
    const answer = await this.ask('listOffsets', 4, (body) => {
      body.int32(-1).int8(0).arrayLength(1).string(topic).arrayLength(1).int32(0).int32(-1).int64(timestamp);
    });
    answer.int32();
    answer.arrayLength();
    answer.string();
    answer.arrayLength();
    answer.int32();
    return { code: answer.int16(), timestampMs: answer.int64(), offset: answer.int64() };
  }
}

function writeProduce(body: AnswerWriter, batch: Buffer, topic: string, index: number, acks: number): void {
  body.string(null).int16(acks).int32(1000).arrayLength(1).string(topic).arrayLength(1).int32(index).byteArray(batch);
}

function readFetched(answer: ProtocolReader, topic: string): FetchedPartition {
  const index = answer.int32();
  const code = answer.int16();
  const highWatermark = answer.int64();
  answer.int64();
  const logStartOffset = answer.int64();
  answer.arrayLength();
  answer.int32();
  return { topic, index, code, highWatermark, logStartOffset, batches: batchesOf(answer.copiedBytes()) };
}
