/** A producer with a clock and brokers that are moved by hand: what it writes, and what it makes of every answer. */

import { jsCRC32C } from '@platformatic/kafka';
import type { BatchResult, ClientEvent, PartitionTable, ProducerKnobs } from '../../../../source/clients/types.ts';
import type { SocketHandlers } from '../../../../source/clients/wire/broker-lane.ts';
import { WireProducer } from '../../../../source/clients/wire/producer.ts';
import { unsecured } from '../../../../source/clients/wire/security.ts';
import type {
  BrokerAddress,
  BrokerSocketLike,
  LeaderDirectory,
  SocketState,
} from '../../../../source/clients/wire/types.ts';
import type { ClientTuning } from '../../../../source/config/plan.ts';
import { makeRun, stamp } from './making.ts';
import { testKnobs, testTuning } from './producer-rig.ts';

/** One record batch as it stands in a request. */
export interface SentBatch {
  readonly topic: string;
  readonly partition: number;
  readonly count: number;
  readonly producerId: number;
  readonly epoch: number;
  readonly sequence: number;
  /** Everything from the batch's length on. */
  readonly bytes: Buffer;
}

export interface SentRequest {
  readonly correlationId: number;
  readonly clientId: string;
  readonly acks: number;
  readonly batches: readonly SentBatch[];
  readonly bytes: number;
  /** Tells that the kernel has it. */
  readonly handOver: (() => void) | undefined;
}

/** What a broker answers for one partition; 0 where nothing is said. */
export interface PartitionAnswer {
  readonly errorCode?: number;
  readonly baseOffset?: number;
}

export class FakeSocket implements BrokerSocketLike {
  state: SocketState = 'idle';
  queuedBytes = 0;
  readonly requests: SentRequest[] = [];
  connects = 0;
  /** As the latest connection was asked for. */
  asking = false;
  readonly #handlers: SocketHandlers;

  constructor(handlers: SocketHandlers) {
    this.#handlers = handlers;
  }

  connect(asking = false): void {
    this.connects++;
    this.asking = asking;
    this.state = 'connecting';
  }

  open(): void {
    this.state = 'ready';
    this.#handlers.onReady();
  }

  close(): void {
    this.break('closed by us');
  }

  break(reason: string): void {
    if (this.state === 'closed' || this.state === 'idle') return;
    this.state = 'closed';
    this.#handlers.onClosed(reason);
  }

  write(pieces: readonly Uint8Array[], written?: () => void): void {
    this.requests.push(parseRequest(Buffer.concat(pieces), written));
  }

  /** Answers request `index`; partitions answer by `topic/partition`, in the order of `order` if it is given. */
  answer(
    index: number,
    answers: Record<string, PartitionAnswer> = {},
    throttleMs = 0,
    order?: readonly string[],
  ): void {
    const request = this.requests[index];
    if (request === undefined) throw new Error(`no request ${index}`);
    const names = order ?? request.batches.map(({ topic, partition }) => `${topic}/${partition}`);
    this.frame(encodeAnswer(request.correlationId, names, answers, throttleMs));
  }

  frame(bytes: Buffer): void {
    this.#handlers.onFrame(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length);
  }
}

class FakeDirectory implements LeaderDirectory {
  readonly leaders: number[];
  readonly refreshes: string[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(leaders: readonly number[]) {
    this.leaders = [...leaders];
  }

  start = () => Promise.resolve();
  leaderOf = (index: number) => this.leaders[index] ?? -1;
  leaderEpochOf = () => 0;
  broker = (id: number): BrokerAddress | undefined => ({ id, host: 'broker', port: 9000 + id });
  refresh = (reason: string) => void this.refreshes.push(reason);
  close = () => Promise.resolve();

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  move(index: number, to: number): void {
    this.leaders[index] = to;
    for (const listener of this.#listeners) listener();
  }
}

export interface DeskOptions {
  /** Leader of each partition; the first half are of topic `a`, the rest of `b`, where `twoTopics`. */
  readonly leaders?: readonly number[];
  readonly twoTopics?: boolean;
  readonly tuning?: Partial<ClientTuning>;
  readonly knobs?: Partial<ProducerKnobs>;
  readonly firstEpoch?: number;
}

export class Desk {
  nowNs = 1e9;
  readonly producer: WireProducer;
  readonly directory: FakeDirectory;
  readonly sockets = new Map<number, FakeSocket>();
  readonly completed: Pick<
    BatchResult,
    'partitionIndex' | 'firstSequence' | 'fate' | 'errorCode' | 'attempts' | 'baseOffset'
  >[] = [];
  readonly events: ClientEvent[] = [];
  producerIdsGiven = 0;
  #knobs: ProducerKnobs;
  readonly #next: number[];

  private constructor(options: DeskOptions) {
    const leaders = options.leaders ?? [1];
    this.directory = new FakeDirectory(leaders);
    this.#next = leaders.map(() => 0);
    this.#knobs = { ...testKnobs, lingerNs: 10e6, ...options.knobs };
    const half = Math.ceil(leaders.length / 2);
    const partitions: PartitionTable = leaders.map((_, index) =>
      options.twoTopics === true && index >= half
        ? { topic: 'b', partition: index - half }
        : { topic: 'a', partition: index },
    );
    const tuning = { ...testTuning, retryBackoffMs: 100, retryBackoffMaxMs: 100, ...options.tuning };
    this.producer = new WireProducer(
      {
        clientId: 'desk',
        tuning,
        partitions,
        stamp,
        knobs: this.#knobs,
        nowNs: () => this.nowNs,
        listener: {
          written: () => undefined,
          retried: () => undefined,
          completed: ({ partitionIndex, firstSequence, fate, errorCode, attempts, baseOffset }) =>
            void this.completed.push({ partitionIndex, firstSequence, fate, errorCode, attempts, baseOffset }),
          event: (event) => void this.events.push(event),
        },
      },
      {
        directory: this.directory,
        security: unsecured,
        requestProducerId: () => {
          this.producerIdsGiven++;
          return Promise.resolve({ idHigh: 0, idLow: 100 * this.producerIdsGiven, epoch: options.firstEpoch ?? 0 });
        },
        openSocket: (address, handlers) => {
          const socket = new FakeSocket(handlers);
          this.sockets.set(address.id, socket);
          queueMicrotask(() => socket.state === 'connecting' && socket.open());
          return socket;
        },
      },
    );
  }

  static async open(options: DeskOptions = {}): Promise<Desk> {
    const desk = new Desk(options);
    await desk.producer.connect();
    return desk;
  }

  socket(brokerId = 1): FakeSocket {
    const socket = this.sockets.get(brokerId);
    if (socket === undefined) throw new Error(`no connection to broker ${brokerId}`);
    return socket;
  }

  /** Requests to a broker, each as the `partition:first record…` of its batches. */
  sent(brokerId = 1): string[][] {
    return this.socket(brokerId).requests.map(({ batches }) =>
      batches.map(({ topic, partition, count }) => `${topic}${partition}×${count}`),
    );
  }

  offer(count: number, partitionIndex = 0): number {
    const firstSequence = this.#next[partitionIndex] ?? 0;
    const taken = this.producer.offer(makeRun({ count, partitionIndex, firstSequence, startNs: this.nowNs }));
    this.#next[partitionIndex] = firstSequence + taken;
    return taken;
  }

  /** Moves the clock and polls. */
  pass(ms: number): void {
    this.nowNs += ms * 1e6;
    this.producer.poll(this.nowNs);
  }

  configure(knobs: Partial<ProducerKnobs>): void {
    this.#knobs = { ...this.#knobs, ...knobs };
    this.producer.configure(this.#knobs);
  }

  /** Sends and acknowledges one message per partition, so that brokers know the producer id; forgets it afterwards. */
  async introduce(): Promise<void> {
    for (const index of this.directory.leaders.keys()) this.offer(1, index);
    this.producer.flush();
    for (const socket of this.sockets.values()) {
      for (let i = 0; i < socket.requests.length; i++) socket.answer(i);
      socket.requests.length = 0;
    }
    this.completed.length = 0;
  }
}

function parseRequest(frame: Buffer, handOver: (() => void) | undefined): SentRequest {
  let at = 0;
  const int16 = () => frame.readInt16BE(step(2));
  const int32 = () => frame.readInt32BE(step(4));
  const step = (bytes: number) => {
    at += bytes;
    return at - bytes;
  };
  const text = () => {
    const length = int16();
    const start = step(length);
    return frame.toString('utf8', start, at);
  };
  const length = int32();
  if (length !== frame.length - 4) throw new Error(`a frame of ${frame.length} bytes says it has ${length}`);
  if (int16() !== 0 || int16() !== 7) throw new Error('not Produce 7');
  const correlationId = int32();
  const clientId = text();
  if (int16() !== -1) throw new Error('a transactional id');
  const acks = int16();
  int32();
  const batches: SentBatch[] = [];
  for (let topics = int32(); topics > 0; topics--) {
    const topic = text();
    for (let partitions = int32(); partitions > 0; partitions--) {
      const partition = int32();
      const size = int32();
      const start = step(size);
      batches.push(parseBatch(topic, partition, Buffer.from(frame.subarray(start, at))));
    }
  }
  if (at !== frame.length) throw new Error('bytes behind the last batch');
  return { correlationId, clientId, acks, batches, bytes: frame.length, handOver };
}

function parseBatch(topic: string, partition: number, batch: Buffer): SentBatch {
  if (batch.readUInt32BE(17) !== jsCRC32C(batch.subarray(21))) throw new Error(`bad checksum in ${topic}/${partition}`);
  return {
    topic,
    partition,
    count: batch.readInt32BE(57),
    producerId: Number(batch.readBigInt64BE(43)),
    epoch: batch.readInt16BE(51),
    sequence: batch.readInt32BE(53),
    bytes: batch.subarray(8),
  };
}

function encodeAnswer(
  correlationId: number,
  names: readonly string[],
  answers: Record<string, PartitionAnswer>,
  throttleMs: number,
): Buffer {
  const topics = new Map<string, number[]>();
  for (const name of names) {
    const [topic = '', partition = ''] = name.split('/');
    topics.set(topic, [...(topics.get(topic) ?? []), Number(partition)]);
  }
  const parts: Buffer[] = [int32(correlationId), int32(topics.size)];
  for (const [topic, partitions] of topics) {
    const length = Buffer.alloc(2);
    length.writeInt16BE(Buffer.byteLength(topic));
    parts.push(length, Buffer.from(topic), int32(partitions.length));
    for (const partition of partitions) {
      const { errorCode = 0, baseOffset = errorCode === 0 ? 0 : -1 } = answers[`${topic}/${partition}`] ?? {};
      const answer = Buffer.alloc(30);
      answer.writeInt32BE(partition);
      answer.writeInt16BE(errorCode, 4);
      answer.writeBigInt64BE(BigInt(baseOffset), 6);
      answer.writeBigInt64BE(-1n, 14);
      parts.push(answer);
    }
  }
  return Buffer.concat([...parts, int32(throttleMs)]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
