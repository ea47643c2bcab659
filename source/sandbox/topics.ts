import { randomUUID } from 'node:crypto';
import { totalmem } from 'node:os';
import { PartitionLog } from './log/partition-log.ts';
import { ProducerStates } from './log/producer-states.ts';

/** All partitions together keep no more than this, whatever each may keep for itself. */
const totalRetentionBytes = Math.min(1024 ** 3, Math.floor(totalmem() / 4));

/** Kafka's default for message.max.bytes. */
const defaultMaxMessageBytes = 1_048_588;

export interface TopicDefaults {
  readonly retentionBytesPerPartition: number;
  readonly defaultPartitions: number;
}

/** One partition: who leads it, what it stores, which producers it knows. */
export class Partition {
  readonly topicName: string;
  readonly index: number;
  readonly log: PartitionLog;
  readonly producers = new ProducerStates();
  leaderId: number;
  leaderEpoch = 0;
  replicas: readonly number[];
  deleted = false;
  /** A batch that waits for the next one, to be stored behind it (fault `swap`). */
  heldBatch: Buffer | null = null;
  readonly #epochs: { readonly epoch: number; readonly startOffset: number }[] = [{ epoch: 0, startOffset: 0 }];

  constructor(topicName: string, index: number, replicas: readonly number[], retentionBytes: number) {
    this.topicName = topicName;
    this.index = index;
    this.replicas = replicas;
    this.leaderId = replicas[0] ?? -1;
    this.log = new PartitionLog(retentionBytes);
  }

  /** Opens a new leader epoch; a broker that was no replica takes the old leader's place among them. */
  moveLeader(brokerId: number): void {
    if (!this.replicas.includes(brokerId)) {
      this.replicas = this.replicas.map((id) => (id === this.leaderId ? brokerId : id));
    }
    this.leaderId = brokerId;
    this.leaderEpoch++;
    this.#epochs.push({ epoch: this.leaderEpoch, startOffset: this.log.endOffset });
    this.log.wakeWaiters();
  }

  /** Where the log of `epoch` ends: the newest epoch not above it, and the start of the one that follows. */
  endOfEpoch(epoch: number): { readonly epoch: number; readonly endOffset: number } {
    if (epoch > this.leaderEpoch || epoch < 0) return { epoch: -1, endOffset: -1 };
    const next = this.#epochs.find((each) => each.epoch > epoch);
    return { epoch, endOffset: next?.startOffset ?? this.log.highWatermark };
  }
}

export class Topic {
  readonly name: string;
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly partitions: Partition[] = [];
  /** What CreateTopics set; everything else has its default. */
  readonly config: ReadonlyMap<string, string>;
  readonly maxMessageBytes: number;
  readonly minInsyncReplicas: number;

  constructor(name: string, config: ReadonlyMap<string, string>) {
    this.name = name;
    this.id = randomUUID().replaceAll('-', '');
    this.config = config;
    this.maxMessageBytes = numberOf(config, 'max.message.bytes', defaultMaxMessageBytes);
    this.minInsyncReplicas = numberOf(config, 'min.insync.replicas', 1);
  }
}

function numberOf(config: ReadonlyMap<string, string>, name: string, otherwise: number): number {
  const value = Number(config.get(name));
  return config.has(name) && Number.isFinite(value) ? value : otherwise;
}

/** The topics of all brokers together: they share one store. */
export class Topics {
  readonly #topics = new Map<string, Topic>();
  readonly #names = new Map<string, string>();
  readonly #brokerIds: readonly number[];
  readonly #defaults: TopicDefaults;
  #partitions = 0;
  /** The broker that leads the first partition of the next topic. */
  #nextBroker = 0;

  constructor(brokerIds: readonly number[], defaults: TopicDefaults) {
    this.#brokerIds = brokerIds;
    this.#defaults = defaults;
  }

  get(name: string): Topic | undefined {
    return this.#topics.get(name);
  }

  byId(id: string): Topic | undefined {
    const name = this.#names.get(id);
    return name === undefined ? undefined : this.#topics.get(name);
  }

  partition(name: string, index: number): Partition | undefined {
    return this.#topics.get(name)?.partitions[index];
  }

  all(): Topic[] {
    return [...this.#topics.values()];
  }

  get defaultPartitions(): number {
    return this.#defaults.defaultPartitions;
  }

  /** Makes a topic; the caller has checked name and counts. Leaders go round the brokers. */
  create(
    name: string,
    partitions: number,
    replicationFactor: number,
    config: ReadonlyMap<string, string> = new Map(),
    assignments: readonly (readonly number[])[] = [],
  ): Topic {
    const topic = new Topic(name, config);
    this.#topics.set(name, topic);
    this.#names.set(topic.id, name);
    this.addPartitions(topic, partitions, replicationFactor, assignments);
    return topic;
  }

  /** Adds partitions up to `count`. */
  addPartitions(
    topic: Topic,
    count: number,
    replicationFactor: number,
    assignments: readonly (readonly number[])[] = [],
  ): void {
    const before = topic.partitions.length;
    for (let index = before; index < count; index++) {
      const replicas = assignments[index - before] ?? this.#nextReplicas(replicationFactor);
      topic.partitions.push(new Partition(topic.name, index, replicas, this.retentionBytes(topic)));
      this.#partitions++;
    }
    this.#shareMemory();
  }

  delete(topic: Topic): void {
    this.#topics.delete(topic.name);
    this.#names.delete(topic.id);
    this.#partitions -= topic.partitions.length;
    for (const partition of topic.partitions) {
      partition.deleted = true;
      partition.log.wakeWaiters();
    }
    this.#shareMemory();
  }

  /** What one partition of the topic keeps: its own setting, the sandbox's, and its share of the memory. */
  retentionBytes(topic: Topic): number {
    const share = Math.floor(totalRetentionBytes / Math.max(1, this.#partitions));
    const own = numberOf(topic.config, 'retention.bytes', -1);
    const limit = own > 0 ? own : Number.POSITIVE_INFINITY;
    return Math.min(this.#defaults.retentionBytesPerPartition, limit, share);
  }

  #shareMemory(): void {
    for (const topic of this.#topics.values()) {
      const bytes = this.retentionBytes(topic);
      for (const partition of topic.partitions) partition.log.retentionBytes = bytes;
    }
  }

  #nextReplicas(replicationFactor: number): readonly number[] {
    const first = this.#nextBroker++;
    const replicas: number[] = [];
    for (let i = 0; i < replicationFactor; i++) {
      const id = this.#brokerIds[(first + i) % this.#brokerIds.length];
      if (id !== undefined) replicas.push(id);
    }
    return replicas;
  }
}

/** As Kafka: 1 to 249 of letters, digits, dot, underscore, hyphen, and not `.` or `..`. */
export function isTopicName(name: string): boolean {
  return /^[a-zA-Z0-9._-]{1,249}$/.test(name) && name !== '.' && name !== '..';
}
