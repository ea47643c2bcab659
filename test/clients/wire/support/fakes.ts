/** Fakes of what a consumer talks to: sockets that a test answers by hand, and a directory whose leaders it sets. */
import type {
  BrokerAddress,
  BrokerSocketLike,
  BrokerSocketOptions,
  LeaderDirectory,
  SocketState,
} from '../../../../source/clients/wire/types.ts';
import { type AskedFetch, type FetchAnswer, readFetch, writeFetchAnswer } from './fetch-protocol.ts';

export class FakeSocket implements BrokerSocketLike {
  state: SocketState = 'idle';
  readonly queuedBytes = 0;
  readonly asked: AskedFetch[] = [];
  asking = false;
  readonly #options: BrokerSocketOptions;

  constructor(options: BrokerSocketOptions) {
    this.#options = options;
  }

  get brokerId(): number {
    return this.#options.address.id;
  }

  /** The latest request. */
  get last(): AskedFetch {
    const last = this.asked.at(-1);
    if (last === undefined) throw new Error('nothing was asked');
    return last;
  }

  connect(asking = false): void {
    this.asking = asking;
    this.state = 'connecting';
  }

  open(): void {
    this.state = 'ready';
    this.#options.onReady();
  }

  write(pieces: readonly Uint8Array[]): void {
    if (this.state !== 'ready') throw new Error(`write while ${this.state}`);
    this.asked.push(readFetch(Buffer.concat(pieces)));
  }

  answer(answer: FetchAnswer, correlationId = this.last.correlationId): void {
    this.answerBytes(writeFetchAnswer(answer), correlationId);
  }

  /** The bytes lie amid others, and are overwritten afterwards, as in a receive buffer. */
  answerBytes(body: Buffer, correlationId = this.last.correlationId): void {
    const bytes = Buffer.alloc(body.length + 30, 0xee);
    bytes.writeInt32BE(correlationId, 10);
    body.copy(bytes, 14);
    this.#options.onFrame(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 10, 14 + body.length);
    bytes.fill(0xdd);
  }

  close(): void {
    this.fail('closed by us');
  }

  fail(reason: string): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.#options.onClosed(reason);
  }
}

export class FakeDirectory implements LeaderDirectory {
  readonly leaders = new Map<number, number>();
  readonly epochs = new Map<number, number>();
  readonly brokers = new Map<number, BrokerAddress>();
  readonly refreshes: string[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(leaders: readonly number[]) {
    for (const [index, leader] of leaders.entries()) this.leaders.set(index, leader);
    for (const id of new Set(leaders)) this.brokers.set(id, { id, host: '127.0.0.1', port: 9000 + id });
  }

  async start(): Promise<void> {
    await Promise.resolve();
  }

  leaderOf(partitionIndex: number): number {
    return this.leaders.get(partitionIndex) ?? -1;
  }

  leaderEpochOf(partitionIndex: number): number {
    return this.epochs.get(partitionIndex) ?? -1;
  }

  broker(brokerId: number): BrokerAddress | undefined {
    return this.brokers.get(brokerId);
  }

  refresh(reason: string): void {
    this.refreshes.push(reason);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** New leaders, told to all who listen. */
  move(partitionIndex: number, leader: number, epoch = this.leaderEpochOf(partitionIndex) + 1): void {
    this.leaders.set(partitionIndex, leader);
    this.epochs.set(partitionIndex, epoch);
    if (leader >= 0) this.brokers.set(leader, { id: leader, host: '127.0.0.1', port: 9000 + leader });
    for (const listener of this.#listeners) listener();
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await Promise.resolve();
  }
}
