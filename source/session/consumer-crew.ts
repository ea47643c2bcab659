/** The consumer threads of a run: consumers spread over them, partitions spread over consumers. */
import type { Assignment, ConsumerKnobs } from '../clients/types.ts';
import type { ConsumerSetup, ConsumerWork } from '../load/protocol.ts';
import type { SeenState } from '../load/seen-sequences.ts';
import type { TrackerState } from '../load/sequence-tracker.ts';
import { LoadThread, type LoadThreadListener, type Order, orderAll } from './load-thread.ts';

export interface ConsumerCrewOptions {
  readonly maxThreads: number;
  readonly partitions: number;
  readonly listener: LoadThreadListener;
  setup(thread: number): ConsumerSetup;
}

/** Which consumer reads a partition: dealt in turn. Pure. */
export function consumerOf(partitionIndex: number, consumers: number): number {
  return partitionIndex % consumers;
}

export class ConsumerCrew {
  readonly #options: ConsumerCrewOptions;
  readonly #threads: LoadThread[] = [];
  /** Thread of each open consumer. */
  readonly #consumers: LoadThread[] = [];
  /** Partitions that nobody reads: where each one stands and what is known of it. */
  readonly #resting = new Map<number, Assignment>();
  #restingTrackers: TrackerState[] = [];
  #knobs: ConsumerKnobs;
  #paused = false;
  #stopped = false;

  constructor(options: ConsumerCrewOptions, knobs: ConsumerKnobs, start: readonly Assignment[]) {
    this.#options = options;
    this.#knobs = knobs;
    for (const assignment of start) this.#resting.set(assignment.partitionIndex, assignment);
  }

  get threads(): readonly LoadThread[] {
    return this.#threads;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Changes the number of consumers: partitions move with their positions and accounts. */
  async set(consumers: number): Promise<void> {
    const before = this.#consumers.length;
    try {
      await this.#open(consumers);
    } catch (error) {
      // Partitions are where they were.
      await this.#close(before);
      throw error;
    }
    if (this.#stopped) return;
    await this.#revoke(before, consumers);
    await this.#assign(consumers);
    await this.#close(consumers);
  }

  async pause(): Promise<void> {
    this.#paused = true;
    await this.#all({ kind: 'pause-consumers' });
  }

  async resume(): Promise<void> {
    this.#paused = false;
    await this.#all({ kind: 'resume-consumers' });
  }

  configure(knobs: ConsumerKnobs, took: () => void): Promise<void> {
    this.#knobs = knobs;
    return this.#all({ kind: 'consumer-knobs', knobs }, took);
  }

  /** What all consumers know of sequences and gaps. */
  async account(): Promise<{ readonly trackers: readonly TrackerState[]; readonly seen: readonly SeenState[] }> {
    const answers = await orderAll(this.#alive(), () => ({ kind: 'account' }));
    const accounts = answers.flatMap((answer) => (answer.kind === 'trackers' ? [answer] : []));
    return {
      trackers: [...accounts.flatMap(({ trackers }) => trackers), ...this.#restingTrackers],
      seen: accounts.flatMap(({ seen }) => seen),
    };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#threads.map((thread) => thread.stop()));
  }

  async #open(consumers: number): Promise<void> {
    while (this.#threads.length < Math.min(consumers, this.#options.maxThreads)) {
      const thread = new LoadThread(this.#options.setup(this.#threads.length), this.#options.listener);
      await thread.ready;
      // Stopped while it began: nobody else knows of it.
      if (this.#stopped) return thread.stop();
      // From here on it gets what all get; what was said before follows at once.
      this.#threads.push(thread);
      const knobs = thread.order({ kind: 'consumer-knobs', knobs: this.#knobs });
      const pause = this.#paused ? thread.order({ kind: 'pause-consumers' }) : null;
      await Promise.all([knobs, pause]);
    }
    const opening = new Map<LoadThread, number[]>();
    for (let consumer = this.#consumers.length; consumer < consumers; consumer++) {
      const thread = this.#threads[consumer % this.#threads.length];
      if (thread === undefined) throw new Error('no consumer thread to open a consumer in');
      this.#consumers.push(thread);
      opening.set(thread, [...(opening.get(thread) ?? []), consumer]);
    }
    await Promise.all([...opening].map(([thread, ids]) => thread.order({ kind: 'open-consumers', consumers: ids })));
  }

  /** Takes back what changes hands between `before` and `after` consumers. */
  async #revoke(before: number, after: number): Promise<void> {
    if (before === 0) return;
    const leaving = new Map<LoadThread, number[]>();
    for (let index = 0; index < this.#options.partitions; index++) {
      if (this.#resting.has(index)) continue;
      const owner = consumerOf(index, before);
      if (after > 0 && consumerOf(index, after) === owner) continue;
      const thread = this.#consumers[owner];
      if (thread === undefined || thread.dead) continue;
      const indexes = leaving.get(thread);
      if (indexes === undefined) leaving.set(thread, [index]);
      else indexes.push(index);
    }
    const answers = await orderAll([...leaving.keys()], (thread) => {
      return { kind: 'revoke', partitionIndexes: leaving.get(thread) ?? [] };
    });
    for (const answer of answers) {
      if (answer.kind !== 'revoked') continue;
      for (const assignment of answer.assignments) this.#resting.set(assignment.partitionIndex, assignment);
      this.#restingTrackers.push(...answer.trackers);
    }
  }

  /** Hands out everything that rests. */
  async #assign(consumers: number): Promise<void> {
    if (consumers === 0 || this.#resting.size === 0) return;
    const trackers = Map.groupBy(this.#restingTrackers, ({ partitionIndex }) => partitionIndex);
    this.#restingTrackers = [];
    const byConsumer = Map.groupBy(this.#resting.values(), ({ partitionIndex }) =>
      consumerOf(partitionIndex, consumers),
    );
    const byThread = new Map<LoadThread, ConsumerWork[]>();
    for (const [consumer, assignments] of byConsumer) {
      const thread = this.#consumers[consumer];
      if (thread === undefined) continue;
      const work: ConsumerWork = {
        consumer,
        assignments,
        trackers: assignments.flatMap(({ partitionIndex }) => trackers.get(partitionIndex) ?? []),
      };
      byThread.set(thread, [...(byThread.get(thread) ?? []), work]);
    }
    this.#resting.clear();
    await Promise.all([...byThread].map(([thread, work]) => thread.order({ kind: 'assign', work })));
  }

  async #close(consumers: number): Promise<void> {
    const leaving = this.#consumers.splice(consumers);
    await Promise.all(
      leaving.map((thread, at) => thread.order({ kind: 'close-consumers', consumers: [consumers + at] })),
    );
  }

  #alive(): readonly LoadThread[] {
    return this.#threads.filter((thread) => !thread.dead);
  }

  async #all(order: Order, took: () => void = () => undefined): Promise<void> {
    await orderAll(this.#alive(), () => order, took);
  }
}
