/**
 * The table of everything a plan is made of, with each setting's one name in flags, environment variables, plan files
 * and Kafka properties. Reading, help, completion and the command line that repeats a run are all made from it.
 */
import { formatAbortRules, parseAbortRules } from './abort-rules.ts';
import type { Acks, ClientName, ClientTuning, Compression, Header, Keys, Plan } from './plan.ts';
import {
  readAcks,
  readBrokers,
  readChoice,
  readHeaders,
  readKeys,
  readName,
  readTopicConfig,
  readTopicName,
  writeHeaders,
  writeKeys,
  writeTopicConfig,
} from './readers.ts';
import {
  count,
  countOr,
  endlessDuration,
  invertedToggle,
  type Kind,
  milliseconds,
  seconds,
  size,
  toggle,
  words,
} from './setting-kinds.ts';
import { parseSlos, shortSloText } from './slo.ts';
import { parseRate } from './units.ts';

/**
 * The plan's values before they are put together: tuning laid flat, rates still as text (a rate of bytes needs the
 * message size), `mode` as its two switches. `maxRate` 'max' = no cap.
 */
export interface Values extends Omit<Plan, 'preset' | 'tuning' | 'rate' | 'maxRate' | 'mode'>, ClientTuning {
  readonly rate: string;
  readonly maxRate: string;
  readonly produceOnly: boolean;
  readonly consumeOnly: boolean;
}
export type SettingKey = keyof Values;

export const groups = ['Cluster', 'Topic', 'Load', 'Consuming', 'Run', 'Safety and verdict', 'Output'] as const;
export type Group = (typeof groups)[number];

export interface Setting<T> extends Kind<T> {
  /** As in flags: "batch-size". In plan files: `yaml`, or this in camelCase. */
  readonly name: string;
  readonly yaml?: string;
  /** false: plan files (`tuning:`) and Kafka properties only. */
  readonly isFlag?: false;
  readonly short?: string;
  readonly aliases?: readonly string[];
  /** The flag may be given several times. */
  readonly repeat?: true;
  /** Kafka's name of the same thing. */
  readonly property?: string;
  readonly group: Group;
  readonly help: string;
}

const clients = ['wire', 'kafkajs', 'platformatic', 'librdkafka'] as const satisfies readonly ClientName[];
const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const satisfies readonly Compression[];

const same = (value: string): readonly string[] => [value];
const orNothing = (value: string | null): readonly string[] => (value === null ? [] : [value]);
/** A rate stays text until the message size is known; it is checked at once. */
function readRateText(text: string): string {
  parseRate(text, 1);
  return text.trim();
}
const rateKind: Kind<string> = words('RATE', readRateText, same);
const tuning = { group: 'Cluster', isFlag: false } as const;

export const settings: { readonly [K in SettingKey]: Setting<Values[K]> } = {
  brokers: {
    ...words<readonly string[] | null>('HOST:PORT,...', readBrokers, (value) =>
      value === null ? [] : [value.join(',')],
    ),
    name: 'brokers',
    short: 'b',
    aliases: ['bootstrap-server'],
    property: 'bootstrap.servers',
    group: 'Cluster',
    help: 'where the cluster is; without it: the embedded sandbox',
  },
  noSandbox: { ...toggle, name: 'no-sandbox', group: 'Cluster', help: 'never start the sandbox' },
  client: {
    ...words<ClientName>('NAME', readChoice(clients), same),
    name: 'client',
    group: 'Cluster',
    help: 'wire (others come in a later version)',
  },
  clientId: {
    ...words('NAME', readName, same),
    name: 'client-id',
    property: 'client.id',
    group: 'Cluster',
    help: 'name for logs and quotas',
  },

  topic: {
    ...words<string | null>('NAME', readTopicName, orNothing),
    name: 'topic',
    short: 't',
    group: 'Topic',
    help: 'an existing topic; without it loadtui makes its own',
  },
  create: { ...toggle, name: 'create', group: 'Topic', help: 'make the named topic where it is missing' },
  topics: { ...count, name: 'topics', group: 'Topic', help: 'how many topics loadtui makes' },
  partitions: { ...countOr('auto'), name: 'partitions', group: 'Topic', help: 'of a made topic (auto: 3 x brokers)' },
  replicationFactor: {
    ...countOr('auto'),
    name: 'replication-factor',
    group: 'Topic',
    help: 'of a made topic (auto: min(3, brokers))',
  },
  topicConfig: {
    ...words('NAME=VALUE', readTopicConfig, writeTopicConfig),
    name: 'topic-config',
    repeat: true,
    group: 'Topic',
    help: 'a Kafka setting of made topics',
  },
  keepTopics: { ...toggle, name: 'keep-topics', group: 'Topic', help: 'leave made topics behind at the end' },

  rate: {
    ...rateKind,
    name: 'rate',
    short: 'r',
    aliases: ['throughput'],
    group: 'Load',
    help: 'messages per second, 50MB/s, or max',
  },
  messageSizeBytes: {
    ...size,
    name: 'message-size',
    short: 's',
    aliases: ['record-size'],
    group: 'Load',
    help: "bytes of a message's value",
  },
  batchSizeBytes: {
    ...size,
    name: 'batch-size',
    property: 'batch.size',
    group: 'Load',
    help: 'bytes at which a batch goes out',
  },
  lingerMs: {
    ...milliseconds,
    name: 'linger',
    property: 'linger.ms',
    group: 'Load',
    help: 'how long a batch waits for more',
  },
  acks: {
    ...words<Acks>('0|1|all', readAcks, (value) => [String(value)]),
    name: 'acks',
    property: 'acks',
    group: 'Load',
    help: 'who must have a batch',
  },
  compression: {
    ...words<Compression>('CODEC', readChoice(codecs), same),
    name: 'compression',
    property: 'compression.type',
    group: 'Load',
    help: 'none (codecs come in a later version)',
  },
  maxInFlight: {
    ...count,
    name: 'in-flight',
    property: 'max.in.flight.requests.per.connection',
    group: 'Load',
    help: 'requests on the way on one connection',
  },
  producers: { ...count, name: 'producers', group: 'Load', help: 'each with connections of its own' },
  produceOnly: { ...toggle, name: 'produce-only', group: 'Load', help: 'no consumers' },
  threads: { ...count, name: 'threads', group: 'Load', help: 'of each kind at most' },
  keys: {
    ...words<Keys>('KEYS', readKeys, (value) => [writeKeys(value)]),
    name: 'keys',
    group: 'Load',
    help: 'none, 1000, sensor-:1000, sensor-:1000:random',
  },
  headers: {
    ...words<readonly Header[]>('NAME=VALUE', readHeaders, writeHeaders),
    name: 'header',
    yaml: 'headers',
    repeat: true,
    group: 'Load',
    help: 'a record header: text, {key} or {sendTimeMs}',
  },
  stamp: {
    ...words('value|header', readChoice(['value', 'header'] as const), same),
    name: 'stamp',
    group: 'Load',
    help: "where loadtui's 32 bytes travel",
  },
  pacing: {
    ...words('HOW', readChoice(['auto', 'timer', 'spin'] as const), same),
    name: 'pacing',
    group: 'Load',
    help: 'auto, timer (1 ms) or spin (a core a thread)',
  },
  arrivals: {
    ...words('HOW', readChoice(['uniform', 'poisson'] as const), same),
    name: 'arrivals',
    group: 'Load',
    help: 'uniform or poisson',
  },
  limiter: {
    ...words('HOW', readChoice(['smooth', 'bursty'] as const), same),
    name: 'limiter',
    group: 'Load',
    help: 'after a pause: smooth, or bursty (up to 1 s at once)',
  },

  consumers: { ...count, name: 'consumers', group: 'Consuming', help: '0 only with --produce-only' },
  consumeOnly: { ...toggle, name: 'consume-only', group: 'Consuming', help: 'no producers; needs --topic' },
  group: {
    ...words<string | null>('NAME', readName, orNothing),
    name: 'group',
    property: 'group.id',
    group: 'Consuming',
    help: 'consumer group to commit to',
  },
  fetchMinBytes: {
    ...size,
    name: 'fetch-min-bytes',
    property: 'fetch.min.bytes',
    group: 'Consuming',
    help: 'what a broker collects before it answers',
  },
  fetchMaxWaitMs: {
    ...milliseconds,
    name: 'fetch-max-wait',
    property: 'fetch.max.wait.ms',
    group: 'Consuming',
    help: 'how long it collects',
  },
  maxPartitionFetchBytes: {
    ...size,
    name: 'max-partition-fetch',
    property: 'max.partition.fetch.bytes',
    group: 'Consuming',
    help: 'of one partition in one answer',
  },

  durationMs: {
    ...endlessDuration,
    name: 'duration',
    short: 'd',
    group: 'Run',
    help: 'of measuring, warm-up excluded; 0: endless',
  },
  warmUpMs: { ...seconds, name: 'warm-up', group: 'Run', help: 'before measuring begins' },
  messages: {
    ...countOr('unlimited'),
    name: 'messages',
    short: 'n',
    aliases: ['num-records'],
    group: 'Run',
    help: 'stop after so many',
  },

  maxRate: { ...rateKind, name: 'max-rate', group: 'Safety and verdict', help: 'nothing goes above it' },
  maxBehindMs: {
    ...seconds,
    name: 'max-behind',
    group: 'Safety and verdict',
    help: 'older due messages become missed',
  },
  abortOn: {
    ...words('RULES', parseAbortRules, (value) => [formatAbortRules(value)]),
    name: 'abort-on',
    repeat: true,
    group: 'Safety and verdict',
    help: "'errors>10% for 10s, no-acks for 30s' or none",
  },
  slos: {
    ...words('SLO', parseSlos, (value) => (value.length === 0 ? ['none'] : value.map(shortSloText))),
    name: 'slo',
    repeat: true,
    group: 'Safety and verdict',
    help: "'p99<10ms', 'errors<0.1%'; loadtui help slo",
  },
  achievedGate: {
    ...invertedToggle,
    name: 'no-achieved-gate',
    group: 'Safety and verdict',
    help: 'no exit 4 below 99% of the rate',
  },
  yes: { ...toggle, name: 'yes', short: 'y', group: 'Safety and verdict', help: 'write to a topic that is in use' },
  unattended: {
    ...toggle,
    name: 'unattended',
    group: 'Safety and verdict',
    help: 'no pause after 30 minutes without a key',
  },

  idempotent: { ...toggle, ...tuning, name: 'idempotent', property: 'enable.idempotence', help: 'while acks is all' },
  maxRequestBytes: { ...size, ...tuning, name: 'max-request', property: 'max.request.size', help: 'of one request' },
  bufferMemoryBytes: { ...size, ...tuning, name: 'buffer-memory', property: 'buffer.memory', help: 'of a producer' },
  requestTimeoutMs: {
    ...seconds,
    ...tuning,
    name: 'request-timeout',
    property: 'request.timeout.ms',
    help: 'of one request',
  },
  deliveryTimeoutMs: {
    ...seconds,
    ...tuning,
    name: 'delivery-timeout',
    property: 'delivery.timeout.ms',
    help: 'of a message, retries included',
  },
  retryBackoffMs: {
    ...milliseconds,
    ...tuning,
    name: 'retry-backoff',
    property: 'retry.backoff.ms',
    help: 'before the first retry',
  },
  retryBackoffMaxMs: {
    ...milliseconds,
    ...tuning,
    name: 'retry-backoff-max',
    property: 'retry.backoff.max.ms',
    help: 'between retries at most',
  },
  reconnectBackoffMs: {
    ...milliseconds,
    ...tuning,
    name: 'reconnect-backoff',
    property: 'reconnect.backoff.ms',
    help: 'before connecting again',
  },
  reconnectBackoffMaxMs: {
    ...milliseconds,
    ...tuning,
    name: 'reconnect-backoff-max',
    property: 'reconnect.backoff.max.ms',
    help: 'between attempts at most',
  },
  metadataMaxAgeMs: {
    ...seconds,
    ...tuning,
    name: 'metadata-max-age',
    property: 'metadata.max.age.ms',
    help: 'after which leaders are asked for again',
  },
  fetchMaxBytes: {
    ...size,
    ...tuning,
    name: 'fetch-max',
    property: 'fetch.max.bytes',
    help: 'of one fetch answer',
  },
};

// The keys of an object literal that is checked against Values are exactly Values' keys.
export const settingKeys = Object.keys(settings) as readonly SettingKey[];

/** `batch-size` → `batchSize`. */
export function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A setting's key in plan files; those without a flag stand under `tuning:`. */
export function yamlKey(key: SettingKey): string {
  const setting = settings[key];
  return setting.yaml ?? camelCase(setting.name);
}

export const tuningKeys = [
  'clientId',
  'idempotent',
  'maxInFlight',
  'maxRequestBytes',
  'bufferMemoryBytes',
  'requestTimeoutMs',
  'deliveryTimeoutMs',
  'retryBackoffMs',
  'retryBackoffMaxMs',
  'reconnectBackoffMs',
  'reconnectBackoffMaxMs',
  'metadataMaxAgeMs',
  'fetchMinBytes',
  'fetchMaxWaitMs',
  'fetchMaxBytes',
  'maxPartitionFetchBytes',
] as const satisfies readonly (keyof ClientTuning)[];

/** Where a setting stands in the plan: the key of `ResolvedPlan.sources`. */
export function planPath(key: SettingKey): string {
  if (key === 'produceOnly' || key === 'consumeOnly') {
    return 'mode';
  }
  return tuningKeys.some((tuningKey) => tuningKey === key) ? `tuning.${key}` : key;
}
