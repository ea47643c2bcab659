/**
 * Who leads which partition: one directory per thread, shared by its producers and consumers. Requests for fresh
 * metadata are merged and backed off; an answer older than what is known (by leader epoch) is ignored.
 */
import { parseAddress } from '../../config/address.ts';
import { LoadtuiError, messageOf } from '../../errors.ts';
import type { PartitionTable } from '../types.ts';
import { backoffMs } from './backoff.ts';
import { ControlLink } from './control-link.ts';
import { LeaderTable } from './leader-table.ts';
import { metadataApi } from './metadata.ts';
import type { ConnectionSecurity } from './security.ts';
import type { BrokerAddress, LeaderDirectory } from './types.ts';

export interface DirectoryOptions {
  /** `host:port` each; tried in turn while no broker is known, and after those that are. */
  readonly bootstrap: readonly string[];
  readonly clientId: string;
  readonly security: ConnectionSecurity;
  readonly partitions: PartitionTable;
  /** Also how long `start` tries. */
  readonly requestTimeoutMs: number;
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  readonly metadataMaxAgeMs: number;
}

export class MetadataDirectory implements LeaderDirectory {
  readonly link: ControlLink;
  readonly #options: DirectoryOptions;
  readonly #table: LeaderTable;
  readonly #listeners = new Set<() => void>();
  #timer: NodeJS.Timeout | null = null;
  #dueAtMs = Number.POSITIVE_INFINITY;
  #running: Promise<void> | null = null;
  #askedWhileRunning = false;
  /** Refreshes in a row that failed or told nothing new: the back-off grows with them. */
  #fruitless = 0;
  #lastError = '';
  #closed = false;

  constructor(options: DirectoryOptions) {
    this.#options = options;
    this.#table = new LeaderTable(options.partitions);
    this.link = new ControlLink({
      clientId: options.clientId,
      security: options.security,
      requestTimeoutMs: options.requestTimeoutMs,
      candidates: () => [...this.#table.brokers.values(), ...options.bootstrap.map(parseAddress)],
    });
  }

  /**
   * Resolves once every partition has a leader. After `requestTimeoutMs` it settles for partitions that exist, and
   * rejects with CANNOT_REACH or TOPIC_MISSING otherwise.
   */
  async start(): Promise<void> {
    const deadlineMs = performance.now() + this.#options.requestTimeoutMs;
    for (let attempt = 0; !this.#closed; attempt++) {
      if (this.#table.allLed) return;
      await this.#refreshNow();
      if (this.#table.allLed) return;
      const pauseMs = this.#backoff(attempt);
      if (performance.now() + pauseMs > deadlineMs) break;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    if (this.#table.firstUnseen === undefined) return;
    throw this.#startError();
  }

  leaderOf(partitionIndex: number): number {
    return this.#table.leaderOf(partitionIndex);
  }

  leaderEpochOf(partitionIndex: number): number {
    return this.#table.epochOf(partitionIndex);
  }

  broker(brokerId: number): BrokerAddress | undefined {
    return this.#table.brokers.get(brokerId);
  }

  /** Asks soon; at once where the last answer brought news, later the more answers brought none. */
  refresh(_reason: string): void {
    if (this.#running !== null) this.#askedWhileRunning = true;
    else this.#schedule(this.#fruitless === 0 ? 0 : this.#backoff(this.#fruitless - 1));
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#listeners.clear();
    this.link.close();
    await this.#running;
  }

  #backoff(attempt: number): number {
    return backoffMs(attempt, this.#options.retryBackoffMs, this.#options.retryBackoffMaxMs);
  }

  /** An earlier appointment replaces a later one, never the other way round. */
  #schedule(inMs: number): void {
    const atMs = performance.now() + inMs;
    if (this.#closed || (this.#timer !== null && this.#dueAtMs <= atMs)) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#dueAtMs = atMs;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#refreshNow();
    }, inMs);
    this.#timer.unref();
  }

  #refreshNow(): Promise<void> {
    this.#running ??= this.#load().finally(() => {
      this.#running = null;
      const again = this.#askedWhileRunning;
      this.#askedWhileRunning = false;
      if (again || !this.#table.allLed || this.#lastError !== '')
        this.#schedule(this.#backoff(Math.max(0, this.#fruitless - 1)));
      else this.#schedule(this.#options.metadataMaxAgeMs);
    });
    return this.#running;
  }

  async #load(): Promise<void> {
    try {
      const answer = await this.link.ask(metadataApi, this.#table.topics);
      this.#lastError = '';
      const changed = this.#table.take(answer);
      this.#fruitless = changed ? 0 : this.#fruitless + 1;
      if (changed && !this.#closed) for (const listener of this.#listeners) listener();
    } catch (error) {
      this.link.drop();
      this.#lastError = messageOf(error);
      this.#fruitless++;
    }
  }

  #startError(): LoadtuiError {
    if (this.#closed)
      return new LoadtuiError('closed before metadata arrived', { code: 'CANNOT_REACH', fault: 'cluster' });
    if (this.#table.brokers.size === 0) {
      return new LoadtuiError(`No broker answers: ${this.#lastError}.`, {
        code: 'CANNOT_REACH',
        fault: 'cluster',
        next: 'Check the addresses given with --brokers, and that a listener is open there.',
      });
    }
    const missing = this.#table.firstUnseen;
    return new LoadtuiError(`Partition ${missing?.partition} of topic "${missing?.topic}" does not exist.`, {
      code: 'TOPIC_MISSING',
      fault: 'cluster',
      next: 'Name a topic that exists, or add --create.',
    });
  }
}
