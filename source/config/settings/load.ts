/** What load there is: messages, their schedule, and who sends and reads them. */
import type { Acks, Compression, Header, Keys } from '../plan.ts';
import {
  readAcks,
  readChoice,
  readHeaders,
  readKeys,
  readName,
  readNames,
  writeHeaders,
  writeKeys,
} from '../readers.ts';
import { count, milliseconds, orNothing, rateKind, same, size, toggle, words } from '../setting-kinds.ts';
import type { Settings } from './setting.ts';

const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const satisfies readonly Compression[];

export const loadSettings = {
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
    help: 'none, 1000, sensor-:1000, sensor-:1000:random, sensor-:1000:zipf=1.2',
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
  watchGroups: {
    ...words('GROUP', readNames, (value) => value),
    name: 'watch-group',
    repeat: true,
    group: 'Consuming',
    help: "show the lag of somebody else's group, too",
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
} satisfies Settings;
