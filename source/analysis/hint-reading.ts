/** What hints are found in, and what a hint says. Plain data. */
import type { KnobName, KnobValue } from '../config/knobs.ts';
import type { LagSample } from './lag-verdict.ts';
import type { PipelineReading } from './pipeline-bound.ts';
import type { BrokerRoundTrip, PartitionSkew } from './skew.ts';

export const hintNames = [
  'client-bound',
  'quota',
  'network-bound',
  'replication',
  'broker-bound',
  'pipeline-bound',
  'consumer-bound',
  'partition skew',
  'batching-bound',
  'flush/GC',
  'payload',
] as const;
export type HintName = (typeof hintNames)[number];

/** A knob to turn. */
export interface KnobWish {
  readonly knob: KnobName;
  readonly from: KnobValue;
  readonly to: KnobValue;
}

/** What was found in one reading. */
export interface Finding {
  readonly name: HintName;
  /** A sentence with the figures it rests on. */
  readonly evidence: string;
  /** null: no knob helps. */
  readonly suggestion: KnobWish | null;
}

/** Of one second; latencies are responses. null: too few messages. */
export interface SecondReading {
  readonly p50Ms: number | null;
  readonly p999Ms: number | null;
  /** All load threads together. */
  readonly gcPauseMs: number;
}

/** Means of the last seconds, unless said otherwise; null: no figure. All of them are of one epoch. */
export interface HintReading {
  readonly windowS: number;
  readonly knobs: Readonly<Record<KnobName, KnobValue>>;
  /** Messages a second; null: unthrottled. */
  readonly targetRate: number | null;
  readonly ackedRate: number;

  /** From the first message of a batch until it is written. */
  readonly queueMs: number | null;
  /** From writing a batch until its answer. null with acks=0: nobody answers. */
  readonly roundTripMs: number | null;
  /** Share of a batch's capacity in use, 0 … 1. */
  readonly batchFill: number | null;
  readonly recordsPerBatch: number | null;
  /** As planned, 0 … 1. */
  readonly payloadEntropy: number;
  /** Of batches: bytes without compression over those with it. */
  readonly compressionRatio: number | null;
  /** Share of the looks at which a full buffer was waited for, 0 … 1. */
  readonly blockedFraction: number;
  /** Bytes that wait in producers' buffers, second by second. */
  readonly bufferedBytes: readonly number[];

  /** Brokers are on this machine: no network lies between. */
  readonly isLocal: boolean;
  /** An idle request's round trip, median. */
  readonly pingMs: number | null;
  /** The least of earlier readings of this run. */
  readonly quietPingMs: number | null;
  readonly quietRoundTripMs: number | null;
  /** Time in the socket's send buffer. */
  readonly sendWaitMs: number;
  /** That brokers asked producers to wait. */
  readonly throttleMs: number;
  readonly brokers: readonly BrokerRoundTrip[];
  /** Round trips at acks=1 and acks=all where all else was the same; null: both are not known. */
  readonly acksCompared: { readonly oneMs: number; readonly allMs: number } | null;

  /** Share of the due messages that was offered late, 0 … 1. */
  readonly lateFraction: number;
  /** An objective on response that is broken although it holds from when messages were offered; null: none. */
  readonly brokenByClient: string | null;
  /** Of the busiest load thread, 0 … 1; 0: not known. */
  readonly loopBusy: number;
  /** Of the worst load thread, in the middle one of the window's seconds. */
  readonly loopDelayP99Ms: number;
  /** Of all load threads. */
  readonly gcLongestMs: number;
  /** Of the load threads' time together. */
  readonly gcFraction: number;
  /** Of this machine's CPU time, what its host gave to others, 0 … 1; 0: not known. */
  readonly stolenFraction: number;

  readonly consumers: number;
  readonly consumersPaused: boolean;
  /** That are read. */
  readonly partitions: number;
  /** Every `lagSampleEveryMs`, oldest first. */
  readonly lag: readonly LagSample[];
  /** Mean service time by the second, oldest first, ms. */
  readonly serviceMs: readonly number[];
  readonly e2eP50Ms: number | null;

  readonly partitionSkew: (PartitionSkew & { readonly topic: string; readonly partition: number }) | null;
  /** Up to a minute, oldest first. */
  readonly seconds: readonly SecondReading[];
  /** null: nobody's processor sits in between. */
  readonly pipeline: PipelineReading | null;
}
