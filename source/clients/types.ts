/**
 * How one talks to Kafka: two small interfaces, one folder of implementations each. The load threads see nothing else.
 *
 * Times are run-relative nanoseconds (`measure/clock.ts`), doubles. Partitions of all topics are numbered densely:
 * a partition index is a place in `PartitionTable`.
 */
import type { Acks, ClientTuning, Compression, Header, Keys } from '../config/plan.ts';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Every partition of a run; a `partitionIndex` is a place in here. Partitions of one topic stand together. */
export type PartitionTable = readonly TopicPartition[];

/** What a record looks like. Everything but key, stamp and send time is the same in every message. */
export interface RecordShape {
  readonly messageSizeBytes: number;
  /** Share of a value's filler that is random, 0 … 1. */
  readonly payloadEntropy: number;
  readonly keys: Keys;
  readonly headers: readonly Header[];
  readonly stamp: 'value' | 'header';
}

/** Who a message is from: constant over a run. See `clients/stamp.ts` for the bytes. */
export interface StampIdentity {
  /** 16 hexadecimal digits. */
  readonly runId: string;
  /** Unix ns of the run-relative zero, as two unsigned 32-bit halves: stamps are int64 epoch ns without BigInt. */
  readonly epochZeroHigh: number;
  readonly epochZeroLow: number;
}

/** Settings that may change while a producer runs; they hold from the next batch on. */
export interface ProducerKnobs {
  readonly batchSizeBytes: number;
  readonly lingerNs: number;
  readonly acks: Acks;
  readonly compression: Compression;
  readonly shape: RecordShape;
  readonly maxInFlight: number;
}

/**
 * A run of messages for one partition: message `i` (0 ≤ i < count) has sequence `firstSequence + i` and intended time
 * `intendedNs[start + i]`. The object and its arrays are reused by the caller: take copies.
 */
export interface MessageRun {
  partitionIndex: number;
  firstSequence: number;
  intendedNs: Float64Array;
  start: number;
  count: number;
  /** When the run was first offered; messages refused for lack of buffer keep it. One per message, same indices. */
  offeredNs: Float64Array;
  /**
   * Number of the key in the pool, per message, same indices. null: messages have no key, or, in a keyed shape, one that
   * is in no pool (dashes for its number), as probes that go to every partition.
   */
  keyIndex: Int32Array | null;
  /** Epoch of all messages of the run; goes into the stamp. */
  epoch: number;
  /** Number of the producer in the run; goes into the stamp. */
  producerId: number;
}

export type Fate = 'acked' | 'failed' | 'unknown';

/**
 * What became of a batch. The object is reused: valid only during the call. `intendedNs`, `offeredNs` and `epochs`
 * hold `count` entries from index 0.
 */
export interface BatchResult {
  readonly partitionIndex: number;
  readonly brokerId: number;
  readonly connection: number;
  readonly producerId: number;
  readonly firstSequence: number;
  readonly count: number;
  /** Bytes of the record batch on the wire, and as it would be without compression. */
  readonly bytes: number;
  readonly plainBytes: number;
  /** Bytes of one record's value. */
  readonly valueBytes: number;
  /** Share of the batch's capacity in use, 0..1. */
  readonly fill: number;
  readonly intendedNs: Float64Array;
  readonly offeredNs: Float64Array;
  readonly epochs: Uint16Array;
  /** First write of the batch to a socket; NaN when never written. */
  readonly writtenNs: number;
  /** Acknowledged (acks=0: handed to the kernel) or given up. */
  readonly doneNs: number;
  /** Times written. 1 = no retry. */
  readonly attempts: number;
  readonly throttleMs: number;
  /** −1 where unknown (acks=0, failed). */
  readonly baseOffset: number;
  /** −1 where the broker gave none. */
  readonly logAppendTimeMs: number;
  readonly acks: Acks;
  readonly fate: Fate;
  /** Kafka's error code of the last attempt; 0 where there is none. −1: the connection broke, −2: timed out. */
  readonly errorCode: number;
}

export type ClientEvent =
  | { readonly kind: 'disconnected'; readonly brokerId: number; readonly address: string; readonly reason: string }
  | { readonly kind: 'reconnected'; readonly brokerId: number; readonly address: string }
  | { readonly kind: 'leader-moved'; readonly partitionIndex: number; readonly from: number; readonly to: number }
  /** A login was renewed; nothing could be sent to the broker on this connection for so long. */
  | { readonly kind: 'login-renewed'; readonly brokerId: number; readonly tookMs: number }
  | { readonly kind: 'throttled'; readonly brokerId: number; readonly throttleMs: number }
  | {
      readonly kind: 'error';
      readonly errorCode: number;
      /** −1: of no partition alone. */
      readonly partitionIndex: number;
      /** That are sent again; 0: it struck none. */
      readonly messages: number;
      readonly message: string;
    }
  | { readonly kind: 'producer-id'; readonly message: string }
  | { readonly kind: 'truncated'; readonly partitionIndex: number; readonly from: number; readonly to: number };

export interface ProducerListener {
  /** The batch was written for the first time (`attempts` 1). Called before `completed`, always. Retries: see `retried`. */
  written(batch: BatchResult): void;
  /** The batch is written again. */
  retried(batch: BatchResult): void;
  /** The last word about a batch: exactly once for each batch. A batch that was never written may be `failed`. */
  completed(batch: BatchResult): void;
  event(event: ClientEvent): void;
}

export interface ProducerGauges {
  /** Messages taken and not completed. */
  readonly inFlightMessages: number;
  readonly inFlightRequests: number;
  readonly bufferedBytes: number;
  /** Handed to sockets, and not taken by the kernel yet. */
  readonly sendQueueBytes: number;
  readonly idempotent: boolean;
}

export interface ProducerClient {
  /** Connects, learns leaders, gets a producer id. Retries inside; rejects with LoadtuiError when it cannot. */
  connect(): Promise<void>;
  /** Takes messages of the run, from its start on, as many as fit the buffer; says how many it took. Never blocks. */
  offer(run: MessageRun): number;
  /** Closes and sends what is past its linger, times out what is past its delivery timeout. Called by the pacer at every tick. */
  poll(nowNs: number): void;
  /** When `poll` has something to do next, run-relative ns; Infinity: nothing waits for time. */
  nextDeadlineNs(): number;
  /** New settings, from the next batch on; batches already open are closed as they are. */
  configure(knobs: ProducerKnobs): void;
  /** How many records of the present shape fill a batch: the sticky partitioner switches after so many. */
  batchCapacity(): number;
  /** Sends all that is open, without waiting for linger. */
  flush(): void;
  gauges(): ProducerGauges;
  /** Closes the sockets. What is unfinished completes as `unknown` (written) or `failed` (never written). */
  close(): Promise<void>;
}

export interface ProducerContext {
  readonly clientId: string;
  readonly tuning: ClientTuning;
  readonly partitions: PartitionTable;
  readonly stamp: StampIdentity;
  readonly knobs: ProducerKnobs;
  readonly listener: ProducerListener;
  /** Run-relative ns. */
  readonly nowNs: () => number;
}

/** Where a consumer starts or goes on. */
export interface Assignment {
  readonly partitionIndex: number;
  /** Offset of the next record to read. */
  readonly position: number;
}

/** Takes what a consumer reads. Called synchronously from the record walker: no allocation, no promise. */
export interface RecordSink {
  /** A fetched batch's records follow. `timestampMs` is the batch's base timestamp. */
  batch(partitionIndex: number, baseOffset: number, count: number, bytes: number, nowNs: number): void;
  /**
   * One record. `bytes` is reused afterwards. Value at [valueStart, valueStart + valueLength), valueLength −1 = null;
   * headers start at `headersStart` (the varint count), the record ends at `end`.
   */
  record(bytes: Buffer, valueStart: number, valueLength: number, headersStart: number, end: number): void;
  /** After a fetched batch: next offset to read, and the high watermark the broker sent with it. */
  position(partitionIndex: number, nextOffset: number, highWatermark: number): void;
  /** A batch with a bad checksum was skipped: this many records. */
  corrupt(partitionIndex: number, count: number): void;
  /** Retention removed this many records before they were read. */
  expired(partitionIndex: number, count: number): void;
  event(event: ClientEvent): void;
}

export interface ConsumerKnobs {
  readonly fetchMinBytes: number;
  readonly fetchMaxWaitMs: number;
  readonly fetchMaxBytes: number;
  readonly maxPartitionFetchBytes: number;
}

export interface ConsumerClient {
  connect(): Promise<void>;
  /** Adds partitions; reading starts at once. */
  assign(assignments: readonly Assignment[]): void;
  /** Gives partitions up; after it returns the sink hears nothing more of them. Answers where each one stands. */
  revoke(partitionIndexes: readonly number[]): readonly Assignment[];
  /** Stops reading (a fetch under way is dropped and read again later); nothing is lost or seen twice. */
  pause(): void;
  resume(): void;
  configure(knobs: ConsumerKnobs): void;
  /** Present positions of all assigned partitions. */
  positions(): readonly Assignment[];
  /** Called at every tick: reconnects, request timeouts. */
  poll(nowNs: number): void;
  close(): Promise<void>;
}

export interface ConsumerContext {
  readonly clientId: string;
  readonly tuning: ClientTuning;
  readonly partitions: PartitionTable;
  readonly knobs: ConsumerKnobs;
  readonly sink: RecordSink;
  readonly nowNs: () => number;
}

/** Makes clients of one kind for one thread; what they share (metadata) lives in it. */
export interface ClientFactory {
  producer(context: ProducerContext): ProducerClient;
  consumer(context: ConsumerContext): ConsumerClient;
  close(): Promise<void>;
}
