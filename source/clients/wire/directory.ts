/**
 * Who leads which partition: one directory per thread, shared by its producers and consumers. Requests for fresh
 * metadata are merged and backed off; an answer older than what is known (by leader epoch) is ignored.
 */
import { LoadtuiError, messageOf } from '../../errors.ts';
import type { PartitionTable } from '../types.ts';
import { backoffMs } from './backoff.ts';
import { ControlLink } from './control-link.ts';
import { type ClusterMetadata, fetchMetadata, type TopicMetadata } from './metadata.ts';
import type { BrokerAddress, LeaderDirectory } from './types.ts';

export interface DirectoryOptions {
  /** `host:port` each; tried in turn while no broker is known, and after those that are. */
  readonly bootstrap: readonly string[];
  readonly clientId: string;
  readonly partitions: PartitionTable;
  /** Also how long `start` tries. */
  readonly requestTimeoutMs: number;
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  readonly metadataMaxAgeMs: number;
}

const noLeader = -1;
const noEpoch = -1;

interface TopicPlaces {
  /** Place in the partition table, by partition number. */
  readonly places: readonly number[];
  topicId: string;
}

export class MetadataDirectory implements LeaderDirectory {
  readonly link: ControlLink;
  readonly #options: DirectoryOptions;
  readonly #topics: Map<string, TopicPlaces>;
  readonly #leaders: Int32Array;
  readonly #epochs: Int32Array;
  /** Partitions that a broker has told us of. */
  readonly #seen: Uint8Array;
  #brokers = new Map<number, BrokerAddress>();
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
    this.#topics = placesByTopic(options.partitions);
    this.#leaders = new Int32Array(options.partitions.length).fill(noLeader);
    this.#epochs = new Int32Array(options.partitions.length).fill(noEpoch);
    this.#seen = new Uint8Array(options.partitions.length);
    this.link = new ControlLink({
      clientId: options.clientId,
      requestTimeoutMs: options.requestTimeoutMs,
      candidates: () => [...this.#brokers.values(), ...options.bootstrap.map(parseHostPort)],
    });
  }

  /**
   * Resolves once every partition has a leader. After `requestTimeoutMs` it settles for partitions that exist, and
   * rejects with CANNOT_REACH or TOPIC_MISSING otherwise.
   */
  async start(): Promise<void> {
    const deadlineMs = performance.now() + this.#options.requestTimeoutMs;
    for (let attempt = 0; !this.#closed; attempt++) {
      if (!this.#leaders.includes(noLeader)) return;
      await this.#refreshNow();
      if (!this.#leaders.includes(noLeader)) return;
      const pauseMs = this.#backoff(attempt);
      if (performance.now() + pauseMs > deadlineMs) break;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    if (this.#seen.every((seen) => seen === 1)) return;
    throw this.#startError();
  }

  leaderOf(partitionIndex: number): number {
    return this.#leaders[partitionIndex] ?? noLeader;
  }

  leaderEpochOf(partitionIndex: number): number {
    return this.#epochs[partitionIndex] ?? noEpoch;
  }

  broker(brokerId: number): BrokerAddress | undefined {
    return this.#brokers.get(brokerId);
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
      const leaderless = this.#leaders.includes(noLeader);
      if (again || leaderless || this.#lastError !== '')
        this.#schedule(this.#backoff(Math.max(0, this.#fruitless - 1)));
      else this.#schedule(this.#options.metadataMaxAgeMs);
    });
    return this.#running;
  }

  async #load(): Promise<void> {
    try {
      const answer = await this.link.call((connection, versions) =>
        fetchMetadata(connection, versions, [...this.#topics.keys()]),
      );
      this.#lastError = '';
      const changed = this.#take(answer);
      this.#fruitless = changed ? 0 : this.#fruitless + 1;
      if (changed && !this.#closed) for (const listener of this.#listeners) listener();
    } catch (error) {
      this.link.drop();
      this.#lastError = messageOf(error);
      this.#fruitless++;
    }
  }

  /** Answers whether a leader, an epoch or a broker is another than before. */
  #take(answer: ClusterMetadata): boolean {
    let changed = this.#takeBrokers(answer);
    for (const topic of answer.topics) if (this.#takeTopic(topic)) changed = true;
    return changed;
  }

  #takeBrokers(answer: ClusterMetadata): boolean {
    if (answer.brokers.length === 0) return false;
    const brokers = new Map(answer.brokers.map(({ nodeId, host, port }) => [nodeId, { id: nodeId, host, port }]));
    const same =
      brokers.size === this.#brokers.size &&
      [...brokers.values()].every(({ id, host, port }) => {
        const known = this.#brokers.get(id);
        return known !== undefined && known.host === host && known.port === port;
      });
    if (!same) this.#brokers = brokers;
    return !same;
  }

  #takeTopic(topic: TopicMetadata): boolean {
    const known = this.#topics.get(topic.name ?? '');
    if (known === undefined || topic.partitions.length === 0) return false;
    // A topic that was deleted and made again counts its epochs from zero.
    const recreated = topic.topicId !== known.topicId;
    known.topicId = topic.topicId;
    let changed = false;
    for (const partition of topic.partitions) {
      const place = known.places[partition.partitionIndex];
      if (place === undefined) continue;
      this.#seen[place] = 1;
      const epoch = this.leaderEpochOf(place);
      if (!recreated && partition.leaderEpoch < epoch) continue;
      if (this.leaderOf(place) === partition.leaderId && epoch === partition.leaderEpoch) continue;
      this.#leaders[place] = partition.leaderId;
      this.#epochs[place] = partition.leaderEpoch;
      changed = true;
    }
    return changed;
  }

  #startError(): LoadtuiError {
    if (this.#closed)
      return new LoadtuiError('closed before metadata arrived', { code: 'CANNOT_REACH', fault: 'cluster' });
    if (this.#brokers.size === 0) {
      return new LoadtuiError(`No broker answers: ${this.#lastError}.`, {
        code: 'CANNOT_REACH',
        fault: 'cluster',
        next: 'Check the addresses given with --brokers, and that a listener is open there.',
      });
    }
    const missing = this.#options.partitions[this.#seen.indexOf(0)];
    return new LoadtuiError(`Partition ${missing?.partition} of topic "${missing?.topic}" does not exist.`, {
      code: 'TOPIC_MISSING',
      fault: 'cluster',
      next: 'Name a topic that exists, or add --create.',
    });
  }
}

/** `host:port` in two; IPv6 addresses stand in brackets. The configuration has checked the form. */
export function parseHostPort(text: string): { host: string; port: number } {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) };
}

function placesByTopic(partitions: PartitionTable): Map<string, TopicPlaces> {
  const topics = new Map<string, { places: number[]; topicId: string }>();
  partitions.forEach(({ topic, partition }, index) => {
    const known = topics.get(topic) ?? { places: [], topicId: '' };
    known.places[partition] = index;
    topics.set(topic, known);
  });
  return topics;
}
