/** What holds where nobody says anything: the client settings are those of Kafka 4's Java clients. */
import { availableParallelism } from 'node:os';
import { defaultAbortText, parseAbortRules } from './abort-rules.ts';
import type { OutputOptions } from './plan.ts';
import type { Values } from './settings/setting.ts';

/** One core stays free for the screen and the broker or the system; more than four threads are asked for by name. */
export function defaultThreads(cores: number): number {
  return Math.max(1, Math.min(cores - 1, 4));
}

/** Every value's default. On the screen a run has no end; plain lines and NDJSON measure for a minute. */
export function defaultValues(style: OutputOptions['style'], cores = availableParallelism()): Values {
  return {
    brokers: null,
    noSandbox: false,
    client: 'wire',

    topic: null,
    create: false,
    consumeTopic: null,
    topics: 1,
    partitions: null,
    replicationFactor: null,
    topicConfig: {},
    keepTopics: false,
    group: null,
    watchGroups: [],

    rate: '1k',
    messageSizeBytes: 1024,
    payloadEntropy: 1,
    batchSizeBytes: 16_384,
    lingerMs: 5,
    producers: 1,
    consumers: 1,
    acks: 'all',
    compression: 'none',

    keys: { kind: 'none' },
    headers: [],
    stamp: 'value',

    produceOnly: false,
    consumeOnly: false,
    threads: defaultThreads(cores),
    pacing: 'auto',
    arrivals: 'uniform',
    limiter: 'smooth',
    warmUpMs: 10_000,
    durationMs: style === 'screen' ? null : 60_000,
    messages: null,
    rateSchedule: [],

    fromRate: 1_000,
    quick: false,
    maxTimeMs: null,
    soak: null,

    sweep: [],
    repeats: 2,
    findSlos: [],
    seed: 1,

    maxRate: 'max',
    maxBehindMs: 30_000,
    abortOn: parseAbortRules(defaultAbortText),
    slos: [],
    achievedGate: true,
    missingGate: true,
    yes: false,
    unattended: false,

    clientId: 'loadtui',
    idempotent: true,
    maxInFlight: 5,
    maxRequestBytes: 1_048_576,
    bufferMemoryBytes: 33_554_432,
    requestTimeoutMs: 30_000,
    deliveryTimeoutMs: 120_000,
    retryBackoffMs: 100,
    retryBackoffMaxMs: 1000,
    reconnectBackoffMs: 50,
    reconnectBackoffMaxMs: 1000,
    metadataMaxAgeMs: 300_000,
    fetchMinBytes: 1,
    fetchMaxWaitMs: 500,
    fetchMaxBytes: 52_428_800,
    maxPartitionFetchBytes: 1_048_576,
    gzipLevel: 6,
    zstdLevel: 3,
  };
}
