import type { Topic, Topics } from './topics.ts';
import type { SandboxOptions } from './types.ts';

/** Kafka's numbers for what a setting's value is. */
export const configType = { boolean: 1, string: 2, int: 3, double: 6, long: 5, list: 7 } as const;

export interface ConfigEntry {
  readonly name: string;
  readonly value: string;
  readonly type: number;
  readonly isDefault: boolean;
}

const { boolean, string, int, double, long, list } = configType;

/**
 * Name, default and type. The sandbox obeys `max.message.bytes`, `min.insync.replicas` and `retention.bytes`; the others it
 * takes, shows and does not act on.
 */
const topicDefaults: readonly (readonly [string, string, number])[] = [
  ['cleanup.policy', 'delete', list],
  ['compression.type', 'producer', string],
  ['delete.retention.ms', '86400000', long],
  ['file.delete.delay.ms', '60000', long],
  ['flush.messages', '9223372036854775807', long],
  ['flush.ms', '9223372036854775807', long],
  ['index.interval.bytes', '4096', int],
  ['max.message.bytes', '1048588', int],
  ['message.timestamp.type', 'CreateTime', string],
  ['min.cleanable.dirty.ratio', '0.5', double],
  ['min.insync.replicas', '1', int],
  ['preallocate', 'false', boolean],
  ['retention.bytes', '-1', long],
  ['retention.ms', '604800000', long],
  ['segment.bytes', '1073741824', int],
  ['segment.ms', '604800000', long],
  ['unclean.leader.election.enable', 'false', boolean],
];

export function isTopicConfig(name: string): boolean {
  return topicDefaults.some(([known]) => known === name);
}

/** A topic's settings as DescribeConfigs shows them; `retention.bytes` is what is really kept. */
export function topicConfigs(topic: Topic, topics: Topics): ConfigEntry[] {
  return topicDefaults.map(([name, value, type]) => {
    const set = topic.config.get(name);
    if (set !== undefined) return { name, value: set, type, isDefault: false };
    const shown = name === 'retention.bytes' ? String(topics.retentionBytes(topic)) : value;
    return { name, value: shown, type, isDefault: true };
  });
}

export function brokerConfigs(brokerId: number, options: SandboxOptions): ConfigEntry[] {
  const entries: readonly (readonly [string, string, number])[] = [
    ['auto.create.topics.enable', String(options.autoCreateTopics), boolean],
    ['broker.id', String(brokerId), int],
    ['default.replication.factor', '1', int],
    ['log.retention.bytes', String(options.retentionBytesPerPartition), long],
    ['message.max.bytes', '1048588', int],
    ['min.insync.replicas', '1', int],
    ['num.partitions', String(options.defaultPartitions), int],
  ];
  return entries.map(([name, value, type]) => ({ name, value, type, isDefault: true }));
}
