/** The embedded broker as others see it: how to start it and what to ask of it. */
import type { LoadtuiError } from '../errors.ts';
import type { LoginRules } from './security/login.ts';

export interface ServiceModel {
  /** Serial capacity of all brokers together on a virtual clock; null: unlimited. One of the two. */
  readonly capacityMessagesPerSecond: number | null;
  readonly capacityBytesPerSecond: number | null;
  readonly service: 'deterministic' | 'exponential';
  /** Added to every Produce answer, pipelined: it does not lower the capacity. Readers see the records without it. */
  readonly latencyMs: number;
  /** Further latency that rises with the load: ms / (1 − λ/limit), λ = messages received in the last second; null: none. */
  readonly curve: { readonly ms: number; readonly limitMessagesPerSecond: number } | null;
  /** Produced messages a second that are let through; more are throttled, as Kafka's quota does; null: none. */
  readonly quotaMessagesPerSecond: number | null;
  /** Records a second that readers get, all together, on a virtual clock; null: unlimited. */
  readonly fetchMessagesPerSecond: number | null;
  readonly seed: number;
}

/**
 * A fault on command; each is used up after `count` batches (or lasts `durationMs`) and counted. `error` with an `apiKey` other
 * than Produce counts requests. `throttle` and `lost-ack` strike whole requests, and count all batches in them. Storage faults
 * acknowledge the offset that the batch would have had.
 */
export type Fault =
  | { readonly kind: 'stall'; readonly durationMs: number; readonly brokerId?: number }
  | { readonly kind: 'disconnect'; readonly brokerId?: number }
  | { readonly kind: 'refuse'; readonly durationMs: number; readonly brokerId?: number }
  | { readonly kind: 'move-leader'; readonly topic: string; readonly partition: number; readonly to: number }
  | { readonly kind: 'throttle'; readonly throttleMs: number; readonly count: number }
  | {
      readonly kind: 'error';
      readonly errorCode: number;
      readonly when: 'before-append' | 'after-append';
      readonly count: number;
      readonly apiKey?: number;
    }
  | { readonly kind: 'lost-ack'; readonly count: number }
  | { readonly kind: 'drop'; readonly count: number }
  | { readonly kind: 'duplicate'; readonly count: number }
  | { readonly kind: 'swap'; readonly count: number }
  | { readonly kind: 'corrupt'; readonly count: number };

export interface SandboxOptions {
  /** Listening port of the first broker; 0: any free one. Further brokers take free ports. */
  readonly port: number;
  readonly host: string;
  readonly brokers: number;
  readonly service: ServiceModel;
  /** Kept per partition; older segments are recycled. Less where all partitions would take more than 1 GiB or a quarter of the memory. */
  readonly retentionBytesPerPartition: number;
  readonly defaultPartitions: number;
  readonly autoCreateTopics: boolean;
  /** null: nobody logs in. */
  readonly logins: LoginRules | null;
  /** Certificate and key, PEM; null: plain text. */
  readonly tls: { readonly certificate: string; readonly key: string } | null;
}

export interface SandboxStats {
  readonly producedBatches: number;
  readonly producedRecords: number;
  readonly fetches: number;
  /** Open now. */
  readonly connections: number;
  /** Requests that could not be read or are not spoken; each closed its connection. */
  readonly refusedRequests: number;
  /** Why the last of them was refused. */
  readonly lastRefusal: string | null;
  readonly faultsApplied: Readonly<Record<string, number>>;
}

/** A sandbox running in its own thread (or in this process, in tests). */
export interface Sandbox {
  readonly brokers: readonly { readonly id: number; readonly host: string; readonly port: number }[];
  inject(fault: Fault): Promise<void>;
  setService(service: Partial<ServiceModel>): Promise<void>;
  stats(): Promise<SandboxStats>;
  close(): Promise<void>;
}

/** Hears of the thread of a sandbox. */
export interface SandboxListener {
  /** The thread ended by itself: THREAD_DIED. */
  died(error: LoadtuiError): void;
  /** The thread has not answered for more than a second; `again`: it does now. */
  answers(again: boolean): void;
}

export const defaultSandboxOptions: SandboxOptions = {
  port: 0,
  host: '127.0.0.1',
  brokers: 1,
  service: {
    capacityMessagesPerSecond: null,
    capacityBytesPerSecond: null,
    service: 'deterministic',
    latencyMs: 0,
    curve: null,
    quotaMessagesPerSecond: null,
    fetchMessagesPerSecond: null,
    seed: 1,
  },
  retentionBytesPerPartition: 256 * 1024 * 1024,
  defaultPartitions: 1,
  autoCreateTopics: false,
  logins: null,
  tls: null,
};
