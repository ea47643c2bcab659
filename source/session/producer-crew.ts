/** The producer threads of a run: lanes spread over them, the schedule they share, their knobs. */
import type { ProducerKnobs } from '../clients/types.ts';
import type { Answer, KnobsOfEpoch, LanePlace, ProducerSetup } from '../load/protocol.ts';
import type { Segment } from '../load/schedule.ts';
import { LoadThread, type LoadThreadListener, type Order, orderAll } from './load-thread.ts';

export interface ProducerCrewOptions {
  readonly maxThreads: number;
  readonly listener: LoadThreadListener;
  /** Setup for a new thread; `thread` is its number. */
  setup(thread: number): ProducerSetup;
}

/** How long lanes that are no longer wanted may take to have their last messages answered. */
const closeWaitMs = 130_000;

export class ProducerCrew {
  readonly #options: ProducerCrewOptions;
  readonly #threads: LoadThread[] = [];
  /** Lanes that are open, by slot. */
  readonly #lanes = new Map<number, { readonly producerId: number; readonly thread: LoadThread }>();
  #nextProducerId = 0;
  #knobs: KnobsOfEpoch;
  #segment: Segment | null = null;
  #stopped = false;

  constructor(options: ProducerCrewOptions, knobs: ProducerKnobs) {
    this.#options = options;
    this.#knobs = { knobs, epoch: 0, atNs: 0 };
  }

  get threads(): readonly LoadThread[] {
    return this.#threads;
  }

  get openLanes(): number {
    return this.#lanes.size;
  }

  /** Opens lanes until `producers` slots are filled; resolves once all are connected. Where one cannot be, none is opened. */
  async open(producers: number): Promise<void> {
    while (this.#alive().length < Math.min(producers, this.#options.maxThreads)) {
      await this.#addThread();
      if (this.#stopped) return;
    }
    const threads = this.#alive();
    const wanted = new Map<LoadThread, LanePlace[]>();
    for (let slot = 0; slot < producers; slot++) {
      if (this.#lanes.get(slot)?.thread.dead === false) continue;
      const thread = threads[slot % threads.length];
      if (thread === undefined) throw new Error('no producer thread to open a producer in');
      const producerId = this.#nextProducerId++;
      this.#lanes.set(slot, { producerId, thread });
      wanted.set(thread, [...(wanted.get(thread) ?? []), { slot, producerId }]);
    }
    const answers = await Promise.allSettled(
      [...wanted].map(([thread, lanes]) => thread.order({ kind: 'open-lanes', lanes })),
    );
    const failed = answers.find(({ status }) => status === 'rejected');
    if (failed?.status !== 'rejected') return;
    await this.#leave([...wanted.values()].flat().map(({ slot }) => slot));
    throw failed.reason;
  }

  /** Closes the lanes from slot `producers` on, once what they sent is answered. The schedule has left them before. */
  async close(producers: number): Promise<void> {
    await this.#leave([...this.#lanes.keys()].filter((slot) => slot >= producers));
  }

  async #leave(slots: readonly number[]): Promise<void> {
    const leaving = new Map<LoadThread, number[]>();
    for (const slot of slots) {
      const thread = this.#lanes.get(slot)?.thread;
      this.#lanes.delete(slot);
      if (thread?.dead === false) leaving.set(thread, [...(leaving.get(thread) ?? []), slot]);
    }
    await orderAll([...leaving.keys()], (thread) => {
      return { kind: 'close-lanes', slots: leaving.get(thread) ?? [], waitMs: closeWaitMs };
    });
  }

  /** Tells all threads of a segment. `took` is called as each has it. */
  schedule(segment: Segment, took: () => void): Promise<void> {
    this.#segment = segment;
    return this.#all({ kind: 'segment', segment }, took);
  }

  configure(change: KnobsOfEpoch, took: () => void): Promise<void> {
    this.#knobs = change;
    return this.#all({ kind: 'producer-knobs', change }, took);
  }

  async probe(partitionIndexes: readonly number[]): Promise<void> {
    const lane = this.#lanes.get(0);
    if (lane === undefined) throw new Error('no producer is open to send probes');
    await lane.thread.order({ kind: 'probe', slot: 0, partitionIndexes });
  }

  /** Ends all producers; what threads that died knew is lost, and their absence is the caller's to book. */
  async finish(waitMs: number): Promise<readonly Extract<Answer, { kind: 'finished' }>[]> {
    const answers = await orderAll(this.#alive(), () => ({ kind: 'finish-producers', waitMs }));
    return answers.flatMap((answer) => (answer.kind === 'finished' ? [answer] : []));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#threads.map((thread) => thread.stop()));
  }

  #alive(): readonly LoadThread[] {
    return this.#threads.filter((thread) => !thread.dead);
  }

  async #addThread(): Promise<void> {
    const thread = new LoadThread(this.#options.setup(this.#threads.length), this.#options.listener);
    await thread.ready;
    // Stopped while it began: nobody else knows of it.
    if (this.#stopped) return thread.stop();
    // From here on it gets what all get; what was said before follows at once.
    this.#threads.push(thread);
    if (this.#segment !== null) await thread.order({ kind: 'segment', segment: this.#segment });
    await thread.order({ kind: 'producer-knobs', change: this.#knobs });
  }

  async #all(order: Order, took: () => void): Promise<void> {
    await orderAll(this.#alive(), () => order, took);
  }
}
