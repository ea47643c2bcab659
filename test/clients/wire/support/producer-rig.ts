/** A producer on a sandbox, driven by hand: what it said of each batch, and what the brokers' logs hold. */

import { Connection, fetchV12 } from '@platformatic/kafka';
import { readSequence } from '../../../../source/clients/stamp.ts';
import type {
  BatchResult,
  ClientEvent,
  ClientFactory,
  PartitionTable,
  ProducerClient,
  ProducerKnobs,
} from '../../../../source/clients/types.ts';
import { wireFactory } from '../../../../source/clients/wire/factory.ts';
import { openCluster } from '../../../../source/cluster/cluster.ts';
import type { ClientTuning } from '../../../../source/config/plan.ts';
import { plaintext } from '../../../../source/config/security/material.ts';
import { startSandboxHere } from '../../../../source/sandbox/server.ts';
import type { Sandbox, SandboxOptions } from '../../../../source/sandbox/types.ts';
import { defaultPlan } from '../../../support/default-plan.ts';
import { makeRun, plainShape, stamp } from './making.ts';

export const testTuning: ClientTuning = {
  ...defaultPlan.tuning,
  clientId: 'loadtui-test',
  requestTimeoutMs: 5_000,
  deliveryTimeoutMs: 10_000,
  retryBackoffMs: 5,
  retryBackoffMaxMs: 50,
  reconnectBackoffMs: 5,
  reconnectBackoffMaxMs: 50,
  metadataMaxAgeMs: 60_000,
  fetchMaxWaitMs: 100,
  fetchMaxBytes: 1_048_576,
};

export const testKnobs: ProducerKnobs = {
  batchSizeBytes: 1_200,
  lingerNs: 0,
  acks: 'all',
  compression: 'none',
  shape: plainShape(100),
  maxInFlight: 5,
};

/** What is kept of a batch that was completed. */
export type Done = Pick<
  BatchResult,
  | 'partitionIndex'
  | 'firstSequence'
  | 'count'
  | 'fate'
  | 'attempts'
  | 'errorCode'
  | 'acks'
  | 'baseOffset'
  | 'throttleMs'
> & { readonly written: boolean };

export interface RigOptions {
  readonly sandbox?: Partial<SandboxOptions>;
  readonly partitions?: number;
  readonly tuning?: Partial<ClientTuning>;
  readonly knobs?: Partial<ProducerKnobs>;
}

const topic = 'rig';

export class ProducerRig {
  readonly sandbox: Sandbox;
  readonly partitions: PartitionTable;
  readonly producer: ProducerClient;
  readonly done: Done[] = [];
  readonly events: ClientEvent[] = [];
  /** Of each batch that was written. */
  readonly sizes: Pick<BatchResult, 'firstSequence' | 'bytes' | 'plainBytes'>[] = [];
  /** Order violations in what the listener heard. */
  readonly faults: string[] = [];
  knobs: ProducerKnobs;
  written = 0;
  retried = 0;
  readonly #factory: ClientFactory;
  readonly #next: number[];
  readonly #underWay = new Map<string, number>();

  private constructor(sandbox: Sandbox, partitions: PartitionTable, options: RigOptions) {
    this.sandbox = sandbox;
    this.partitions = partitions;
    this.#next = partitions.map(() => 0);
    this.knobs = { ...testKnobs, ...options.knobs };
    const tuning = { ...testTuning, ...options.tuning };
    const bootstrap = sandbox.brokers.map(({ host, port }) => `${host}:${port}`);
    this.#factory = wireFactory({ bootstrap, clientId: tuning.clientId, security: plaintext, tuning, partitions });
    this.producer = this.#factory.producer({
      clientId: tuning.clientId,
      tuning,
      partitions,
      stamp,
      knobs: this.knobs,
      nowNs: () => performance.now() * 1e6,
      listener: {
        written: (batch) => {
          this.written++;
          const { firstSequence, bytes, plainBytes } = batch;
          this.sizes.push({ firstSequence, bytes, plainBytes });
          this.#hear(batch, 1);
        },
        retried: (batch) => {
          this.retried++;
          this.#hear(batch, batch.attempts);
        },
        completed: (batch) => this.#complete(batch),
        event: (event) => this.events.push(event),
      },
    });
  }

  static async start(options: RigOptions = {}): Promise<ProducerRig> {
    const sandbox = await startSandboxHere(options.sandbox);
    const count = options.partitions ?? 1;
    const cluster = openCluster({
      brokers: sandbox.brokers.map(({ host, port }) => `${host}:${port}`),
      clientId: 'rig',
      security: plaintext,
      tuning: testTuning,
    });
    await cluster.connect(5_000);
    await cluster.createTopics([{ name: topic, partitions: count, replicationFactor: 1, config: {} }]);
    await cluster.close();
    const rig = new ProducerRig(
      sandbox,
      Array.from({ length: count }, (_, partition) => ({ topic, partition })),
      options,
    );
    await rig.producer.connect();
    return rig;
  }

  /** Offers messages to a partition with the sequence numbers that come next; answers how many were taken. */
  offer(count: number, partitionIndex = 0): number {
    const firstSequence = this.#next[partitionIndex] ?? 0;
    const startNs = performance.now() * 1e6;
    const taken = this.producer.offer(makeRun({ count, partitionIndex, firstSequence, startNs }));
    this.#next[partitionIndex] = firstSequence + taken;
    return taken;
  }

  configure(knobs: Partial<ProducerKnobs>): void {
    this.knobs = { ...this.knobs, ...knobs };
    this.producer.configure(this.knobs);
  }

  /** Polls until the condition holds. */
  async until(condition: () => boolean, what = 'the condition', withinMs = 10_000): Promise<void> {
    const deadlineMs = performance.now() + withinMs;
    for (;;) {
      this.producer.poll(performance.now() * 1e6);
      if (condition()) return;
      if (performance.now() > deadlineMs)
        throw new Error(`waited in vain for ${what}: ${JSON.stringify(this.summary())}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** Polls until all messages that were taken are completed. */
  async settled(): Promise<void> {
    await this.until(() => this.producer.gauges().inFlightMessages === 0, 'all batches to be completed');
  }

  /** Messages by fate. */
  messages(fate: BatchResult['fate']): number {
    return this.done.filter((each) => each.fate === fate).reduce((sum, { count }) => sum + count, 0);
  }

  summary(): object {
    const { acked, failed, unknown } = {
      acked: this.messages('acked'),
      failed: this.messages('failed'),
      unknown: this.messages('unknown'),
    };
    return { acked, failed, unknown, gauges: this.producer.gauges(), events: this.events.slice(-5) };
  }

  /** The stamped sequence numbers in a partition's log, in the log's order, as another client reads them. */
  async log(partitionIndex = 0): Promise<number[]> {
    const sequences: number[] = [];
    for (const { host, port } of this.sandbox.brokers) {
      const connection = new Connection('reader', { connectTimeout: 2_000 });
      await connection.connect(host, port);
      for (let offset = 0, more = true; more; ) {
        more = false;
        const partition = this.partitions[partitionIndex]?.partition ?? 0;
        const place = {
          partition,
          currentLeaderEpoch: -1,
          fetchOffset: BigInt(offset),
          lastFetchedEpoch: -1,
          partitionMaxBytes: 4_194_304,
        };
        const wanted = [{ topicId: topic, partitions: [place] }];
        const answer = await fetchV12.api
          .async(connection, 0, 0, 4_194_304, 0, 0, -1, wanted, [], '')
          .catch(() => null);
        for (const batch of answer?.responses[0]?.partitions[0]?.records ?? []) {
          for (const { value } of batch.records) {
            if (value !== null)
              sequences.push(readSequence(new DataView(value.buffer, value.byteOffset, value.length), 0));
          }
          offset = Number(batch.firstOffset) + batch.records.length;
          more = true;
        }
      }
      await connection.close();
    }
    return sequences;
  }

  async close(): Promise<void> {
    await this.producer.close();
    await this.#factory.close();
    await this.sandbox.close();
  }

  #hear(batch: BatchResult, attempts: number): void {
    const name = nameOf(batch);
    const before = this.#underWay.get(name) ?? 0;
    if (batch.attempts !== attempts || before + 1 !== batch.attempts)
      this.faults.push(`${name}: attempt ${batch.attempts} after ${before}`);
    this.#underWay.set(name, batch.attempts);
  }

  #complete(batch: BatchResult): void {
    const name = nameOf(batch);
    if (this.done.some((each) => nameOf(each) === name)) this.faults.push(`${name}: completed twice`);
    if ((this.#underWay.get(name) ?? 0) !== batch.attempts)
      this.faults.push(`${name}: completed, attempts do not agree`);
    const { partitionIndex, firstSequence, count, fate, attempts, errorCode, acks, baseOffset, throttleMs } = batch;
    const written = !Number.isNaN(batch.writtenNs);
    if (batch.doneNs < batch.writtenNs) this.faults.push(`${name}: done before it was written`);
    this.done.push({
      partitionIndex,
      firstSequence,
      count,
      fate,
      attempts,
      errorCode,
      acks,
      baseOffset,
      throttleMs,
      written,
    });
  }
}

function nameOf({ partitionIndex, firstSequence }: Pick<BatchResult, 'partitionIndex' | 'firstSequence'>): string {
  return `partition ${partitionIndex} from ${firstSequence}`;
}

/** 0, 1, 2 … count − 1. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
