/** A consumer thread: hosts consumers over one accounting, answers commands. Entry point of a worker. */
import type { Assignment, ClientFactory, ConsumerClient, ConsumerKnobs } from '../clients/types.ts';
import { wireFactory } from '../clients/wire/factory.ts';
import { realClock } from '../measure/clock.ts';
import { Figures, totalAt } from '../measure/figures.ts';
import { Recorder } from '../measure/recorder.ts';
import { SpanCursor } from '../measure/spans.ts';
import { ConsumerAccounting } from './consumer-accounting.ts';
import type { Answer, ConsumerSetup, ConsumerWork } from './protocol.ts';
import { ReadCount } from './read-count.ts';
import { ThreadHealth } from './thread-health.ts';
import { type Reporter, serveThread, type ThreadCommand } from './thread-port.ts';

const pollEveryMs = 5;

class ConsumerThread {
  readonly #setup: ConsumerSetup;
  readonly #factory: ClientFactory;
  readonly #accounting: ConsumerAccounting;
  readonly #health: ThreadHealth;
  readonly #consumers = new Map<number, ConsumerClient>();
  readonly #owner = new Map<number, ConsumerClient>();
  readonly #positions: Float64Array;
  readonly #nowNs: () => number;
  readonly #readCount: ReadCount | null;
  #knobs: ConsumerKnobs;
  #paused = false;

  constructor(setup: ConsumerSetup, report: Reporter) {
    this.#setup = setup;
    this.#knobs = setup.knobs;
    const clock = realClock(setup.anchor);
    this.#nowNs = clock.nowNs;
    const figures = new Figures(setup.figures);
    this.#health = new ThreadHealth(figures.totals, clock);
    this.#readCount = setup.readLimit === null ? null : new ReadCount(setup.readLimit);
    this.#positions = new Float64Array(setup.positions);
    this.#accounting = new ConsumerAccounting({
      figures,
      recorder: new Recorder(figures, new SpanCursor(setup.spans), totalAt.lostIntervals),
      stamp: setup.stamp,
      stampIn: setup.stampIn,
      throughPipeline: setup.throughPipeline,
      positions: this.#positions,
      highWatermarks: new Float64Array(setup.highWatermarks),
      nowNs: this.#nowNs,
      probeSeen: (partitionIndex) => report({ kind: 'probe-seen', partitionIndex }),
      read: (records) => {
        if (this.#readCount?.add(records, this.#nowNs())) this.#pause();
      },
      event: (event) =>
        report({ kind: 'event', atNs: this.#nowNs(), source: `consumer thread ${setup.thread}`, event }),
    });
    this.#factory = wireFactory({
      bootstrap: setup.bootstrap,
      clientId: setup.tuning.clientId,
      security: setup.security,
      tuning: setup.tuning,
      partitions: setup.partitions,
    });
    setInterval(() => {
      const nowNs = this.#nowNs();
      for (const consumer of this.#consumers.values()) consumer.poll(nowNs);
      this.#health.tick(nowNs);
    }, pollEveryMs);
  }

  async handle(command: ThreadCommand): Promise<Answer> {
    switch (command.kind) {
      case 'open-consumers':
        await Promise.all(command.consumers.map((consumer) => this.#open(consumer)));
        return { kind: 'nothing' };
      case 'close-consumers':
        for (const consumer of command.consumers) {
          await this.#consumers.get(consumer)?.close();
          this.#consumers.delete(consumer);
        }
        return { kind: 'nothing' };
      case 'assign':
        for (const work of command.work) this.#assign(work);
        return { kind: 'nothing' };
      case 'revoke':
        return this.#revoke(command.partitionIndexes);
      case 'pause-consumers':
        this.#pause();
        return { kind: 'nothing' };
      case 'resume-consumers':
        this.#paused = false;
        for (const consumer of this.#consumers.values()) consumer.resume();
        return { kind: 'nothing' };
      case 'consumer-knobs':
        this.#knobs = command.knobs;
        for (const consumer of this.#consumers.values()) consumer.configure(command.knobs);
        return { kind: 'nothing' };
      case 'account':
        return { kind: 'trackers', trackers: this.#accounting.trackers(), seen: this.#accounting.seen() };
      case 'open-lanes':
      case 'close-lanes':
      case 'segment':
      case 'producer-knobs':
      case 'probe':
      case 'finish-producers':
        throw new Error(`a consumer thread does not know "${command.kind}"`);
    }
  }

  #pause(): void {
    this.#paused = true;
    for (const consumer of this.#consumers.values()) consumer.pause();
  }

  async #open(consumer: number): Promise<void> {
    const client = this.#factory.consumer({
      clientId: `${this.#setup.tuning.clientId}-c${consumer}`,
      tuning: this.#setup.tuning,
      partitions: this.#setup.partitions,
      knobs: this.#knobs,
      sink: this.#accounting,
      nowNs: this.#nowNs,
    });
    await client.connect();
    client.configure(this.#knobs);
    if (this.#paused) client.pause();
    this.#consumers.set(consumer, client);
  }

  #assign(work: ConsumerWork): void {
    const client = this.#consumers.get(work.consumer);
    if (client === undefined) throw new Error(`consumer ${work.consumer} is not open`);
    this.#accounting.adopt(work.trackers);
    for (const { partitionIndex, position } of work.assignments) {
      this.#positions[partitionIndex] = position;
      this.#owner.set(partitionIndex, client);
    }
    client.assign(work.assignments);
  }

  #revoke(partitionIndexes: readonly number[]): Answer {
    const byClient = new Map<ConsumerClient, number[]>();
    for (const index of partitionIndexes) {
      const client = this.#owner.get(index);
      if (client === undefined) continue;
      this.#owner.delete(index);
      const indexes = byClient.get(client);
      if (indexes === undefined) byClient.set(client, [index]);
      else indexes.push(index);
    }
    const assignments: Assignment[] = [];
    for (const [client, indexes] of byClient) assignments.push(...client.revoke(indexes));
    return { kind: 'revoked', assignments, trackers: this.#accounting.release(partitionIndexes) };
  }
}

serveThread((setup: ConsumerSetup, report) => new ConsumerThread(setup, report));
