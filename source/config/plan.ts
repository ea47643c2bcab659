/**
 * The plan: one checked value that says what a run is to do. Everything a user can write (flags, environment,
 * properties, plan files, presets) ends here; nothing downstream parses text again.
 */

import type { RatePart } from './rate-schedule.ts';
import type { SecurityMaterial } from './security/material.ts';
import type { SecurityWords } from './security/repeat-words.ts';
import type { SoakWish } from './soak.ts';
import type { SweptKnob } from './sweep.ts';
import type { ThemeName } from './themes.ts';

export type Acks = 0 | 1 | 'all';
/** In the order of Kafka's numbers for them. */
export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Compression = (typeof compressions)[number];
export type ClientName = 'wire' | 'kafkajs' | 'platformatic' | 'librdkafka';
export type Pacing = 'auto' | 'timer' | 'spin';
export type Arrivals = 'uniform' | 'poisson';
export type Limiter = 'smooth' | 'bursty';

interface KeyPoolOf<Order extends string> {
  readonly kind: 'pool';
  readonly prefix: string;
  readonly count: number;
  readonly order: Order;
}

/**
 * How a message gets its key. `pool`: one of `count` keys `<prefix><number>`, in turn, at random, or with a skew: key
 * number k, from 0, is drawn with a probability proportional to 1 / (k + 1)^exponent.
 */
export type Keys =
  | { readonly kind: 'none' }
  | KeyPoolOf<'round-robin'>
  | KeyPoolOf<'random'>
  | (KeyPoolOf<'zipf'> & { readonly exponent: number });

/**
 * A record header of every message: `text` is the same for all, `key` repeats the record's key,
 * `sendTimeMs` is the intended time as Unix milliseconds in decimal digits.
 */
export type Header =
  | { readonly name: string; readonly kind: 'text'; readonly value: string }
  | { readonly name: string; readonly kind: 'key' }
  | { readonly name: string; readonly kind: 'sendTimeMs' };

/** Client settings with Kafka's own meaning, that are not on the screen's knob panel. Units in the names. */
export interface ClientTuning {
  readonly clientId: string;
  /** With acks=all; see `isIdempotent`. */
  readonly idempotent: boolean;
  readonly maxInFlight: number;
  readonly maxRequestBytes: number;
  readonly bufferMemoryBytes: number;
  readonly requestTimeoutMs: number;
  readonly deliveryTimeoutMs: number;
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  readonly reconnectBackoffMs: number;
  readonly reconnectBackoffMaxMs: number;
  readonly metadataMaxAgeMs: number;
  readonly fetchMinBytes: number;
  readonly fetchMaxWaitMs: number;
  readonly fetchMaxBytes: number;
  readonly maxPartitionFetchBytes: number;
  /** 1 … 9. */
  readonly gzipLevel: number;
  /** −131072 … 22, as zstd's own. */
  readonly zstdLevel: number;
}

/** An `--abort-on` rule: the condition must hold for `forMs` without a break. */
export type AbortRule =
  | { readonly kind: 'errors'; readonly overFraction: number; readonly forMs: number; readonly text: string }
  | { readonly kind: 'no-acks'; readonly forMs: number; readonly text: string };

export type LatencyTag = 'response' | 'service' | 'slip' | 'e2e';
export const latencyTags = ['response', 'service', 'slip', 'e2e'] as const satisfies readonly LatencyTag[];

/** An `--slo` expression, parsed. `text` is its canonical form, e.g. `response.p99<10ms`. */
export type Slo =
  | {
      readonly kind: 'latency';
      readonly tag: LatencyTag;
      readonly percentile: number;
      readonly limitMs: number;
      readonly text: string;
    }
  | { readonly kind: 'errors'; readonly limitFraction: number; readonly text: string }
  | { readonly kind: 'lag'; readonly limitMs: number; readonly text: string }
  | { readonly kind: 'achieved'; readonly atLeastFraction: number; readonly text: string };

/** What a run is for: a load as the plan says, a search for the rate that holds its objectives, or a sweep over knobs. */
export const tasks = ['run', 'find', 'sweep'] as const;
export type Task = (typeof tasks)[number];

export interface Plan {
  readonly task: Task;
  readonly preset: string | null;

  // Cluster
  /** `host:port` each; null: the embedded sandbox broker. */
  readonly brokers: readonly string[] | null;
  readonly noSandbox: boolean;
  readonly client: ClientName;
  readonly tuning: ClientTuning;

  // Topic
  /** An existing topic's name (or one to make, with `create`); null: loadtui makes one of a unique name. */
  readonly topic: string | null;
  readonly create: boolean;
  /** The topic that a processor between the two writes to, which is read in place of `topic`; null: there is none. */
  readonly consumeTopic: string | null;
  /** How many topics loadtui makes when `topic` is null. */
  readonly topics: number;
  /** null: 3 × brokers for a made topic; what it has for an existing one. */
  readonly partitions: number | null;
  /** null: min(3, brokers). */
  readonly replicationFactor: number | null;
  /** Extra topic settings for topics that loadtui makes, Kafka's names. */
  readonly topicConfig: Readonly<Record<string, string>>;
  readonly keepTopics: boolean;
  /** null: `loadtui-<run id>`. */
  readonly group: string | null;
  /** Other people's consumer groups whose lag on the topics that are written to is followed. */
  readonly watchGroups: readonly string[];

  // Load (the eight knobs start from these)
  /** Messages per second of all producers together; null: unthrottled. */
  readonly rate: number | null;
  readonly messageSizeBytes: number;
  /** Share of the filler behind the stamp that is random, 0 … 1; the rest is one letter. */
  readonly payloadEntropy: number;
  readonly batchSizeBytes: number;
  readonly lingerMs: number;
  readonly producers: number;
  readonly consumers: number;
  readonly acks: Acks;
  readonly compression: Compression;

  // Shape of a message
  readonly keys: Keys;
  readonly headers: readonly Header[];
  /** Where run id, epoch, producer, sequence and intended time travel: in the value's first 32 bytes, or in a header. */
  readonly stamp: 'value' | 'header';

  // Run
  readonly mode: 'both' | 'produce-only' | 'consume-only';
  readonly threads: number;
  readonly pacing: Pacing;
  readonly arrivals: Arrivals;
  /** What a pause saves: nothing, or up to a second of the rate, due at once when the load goes on. */
  readonly limiter: Limiter;
  readonly warmUpMs: number;
  /** Of the measured phase; null: until told to stop. */
  readonly durationMs: number | null;
  /** Stop after this many measured messages, those of the warm-up not counted; null: no limit. */
  readonly messages: number | null;

  /** How the rate moves once the warm-up is over; empty: it stays. */
  readonly rateSchedule: readonly RatePart[];

  // Searches
  /** First rate of a search, messages a second. */
  readonly fromRate: number;
  /** Confirm for 30 s in place of 60. */
  readonly quick: boolean;
  /** A search ends after so long with its best bracket; null: when it is done. */
  readonly maxTimeMs: number | null;
  /** After a search that is the run's task; null: it ends with it. */
  readonly soak: SoakWish | null;

  // Sweeps
  /** Knobs whose values are measured in all combinations; empty: no sweep. */
  readonly sweep: readonly SweptKnob[];
  /** How often each combination is measured. */
  readonly repeats: number;
  /** What the highest rate is searched for in each combination; empty: combinations are measured at their rate. */
  readonly findSlos: readonly Slo[];
  /** Of the order in which combinations come. */
  readonly seed: number;

  // Safety and verdict
  readonly maxRate: number | null;
  readonly maxBehindMs: number;
  readonly abortOn: readonly AbortRule[];
  readonly slos: readonly Slo[];
  readonly achievedGate: boolean;
  /** Whether what does not come out of the pipeline is held against the run. */
  readonly missingGate: boolean;
  readonly yes: boolean;
  readonly unattended: boolean;
}

/** Where a value of the plan came from, for `--dry-run` and the snapshot. Later in the list wins. */
export const planSources = ['default', 'preset', 'file', 'config', 'environment', 'flag'] as const;
export type PlanSource = (typeof planSources)[number];

/** A plan with the source of each value; `tuning` is per field (`tuning.clientId`). */
export interface ResolvedPlan {
  readonly plan: Plan;
  readonly sources: Readonly<Record<string, PlanSource>>;
  readonly warnings: readonly string[];
  /** Secrets are in here alone. */
  readonly security: SecurityMaterial;
}

/** One that can be asked for again. */
export interface AskedPlan extends ResolvedPlan {
  readonly securityWords: SecurityWords;
}

/** How a run talks to its operator; none of it changes what is measured. */
export interface OutputOptions {
  readonly style: 'screen' | 'plain' | 'json';
  readonly savePath: string | null;
  readonly force: boolean;
  readonly outDirectory: string;
  readonly quiet: boolean;
  readonly color: boolean;
  readonly ascii: boolean;
  readonly theme: ThemeName;
  /** The screen heeds the mouse. */
  readonly mouse: boolean;
  /** Frames per second of the screen. */
  readonly fps: number;
  /** A file of `:` commands, `-` for standard input; null: none. */
  readonly commandsPath: string | null;
  /** Where the journals of the last runs are; null: this run leaves none. */
  readonly historyFolder: string | null;
}
