/**
 * What the observer thread does: follows log ends four times a second, and once a second commits positions, reads the
 * committed offsets back, pings every broker and samples the host. Each of these goes at its own pace, so that one that
 * waits for a stuck broker holds back none of the others.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { LoadtuiError } from '../errors.ts';
import { AckedOffsets } from '../measure/acked-offsets.ts';
import { realClock } from '../measure/clock.ts';
import { HostSampler } from '../measure/host.ts';
import { LagBook, type OwnMessages } from './lag-book.ts';
import type { ObserverReport, ObserverSetup, WatchSetup } from './observer-protocol.ts';
import { Pace } from './pace.ts';
import type { Cluster } from './types.ts';
import { WatchedGroups } from './watched-groups.ts';

/** Log ends are read at least so often: samples at most 250 ms apart, a late timer included. */
const offsetsEveryMs = 200;
const secondMs = 1_000;
/** Fewer rounds rather than a share of a core for the observer: reading many partitions costs broker and client time. */
const partitionsPerTick = 5_000;
/** Answers that take longer are told at the next tick. */
const answersComeInMs = 40;
/** A commit is a sign of life, too: one comes at least so often. */
const signOfLifeMs = 10_000;
/** Silence of this length is worth a word. */
const silenceMs = 2_000;

type Post = (report: ObserverReport) => void;

export interface ObservationClusters {
  /** For offsets and pings. */
  readonly offsets: Cluster;
  /** For the group: a commit waits for the replication of the offsets topic, and must not delay what is measured. */
  readonly group: Cluster;
}

export class Observation {
  readonly #setup: ObserverSetup;
  readonly #clusters: ObservationClusters;
  readonly #post: Post;
  readonly #book: LagBook;
  readonly #watched: WatchedGroups | null;
  readonly #positions: Float64Array;
  readonly #logEnds: Float64Array;
  readonly #committed: Float64Array;
  /** What was committed last, by partition index. */
  readonly #sent = new Map<number, number>();
  #sentMs = 0;
  readonly #paces: Pace[] = [];
  readonly #host = new HostSampler();
  #committing: Promise<boolean> = Promise.resolve(true);
  #mayCommit = true;
  #groupSeenMs = unixMs();
  #failure = '';
  readonly #silent = { offsets: false, group: false };

  constructor(setup: ObserverSetup, clusters: ObservationClusters, post: Post) {
    this.#setup = setup;
    this.#clusters = clusters;
    this.#post = post;
    this.#positions = new Float64Array(setup.positions);
    this.#logEnds = new Float64Array(setup.logEnds);
    this.#committed = new Float64Array(setup.committed).fill(Number.NaN);
    this.#book = new LagBook(this.#positions, this.#logEnds, unixMs(), ownMessages(setup.own));
    const { watch } = setup;
    this.#watched =
      watch === null
        ? null
        : new WatchedGroups(
            watch.groups,
            new Float64Array(watch.logEnds),
            new Float64Array(watch.committed),
            unixMs(),
            ownMessages(watch.own),
          );
  }

  start(): void {
    const { offsets } = this.#clusters;
    const watch = offsets.watchEndOffsets(this.#setup.partitions, {
      offsets: (asOfMs, indexes, logEnds) => {
        this.#book.take(asOfMs, indexes, logEnds);
        if (this.#setup.watch?.partitions === null) this.#watched?.takeEnds(asOfMs, indexes, logEnds);
      },
      failed: (message) => {
        this.#failure = message;
      },
    });
    const writtenTo = this.#setup.watch?.partitions ?? [];
    const inputs = offsets.watchEndOffsets(writtenTo, {
      offsets: (asOfMs, indexes, logEnds) => this.#watched?.takeEnds(asOfMs, indexes, logEnds),
      // What is not answered of these alone shows by the age of the lag.
      failed: () => undefined,
    });
    const followed = this.#setup.partitions.length + writtenTo.length;
    const ticksForAll = Math.max(1, Math.ceil(followed / partitionsPerTick));
    this.#paces.push(
      new Pace(0, offsetsEveryMs * ticksForAll, async () => {
        watch.tick();
        inputs.tick();
        await sleep(answersComeInMs);
        this.#post({ kind: 'offsets', asOfMs: unixMs(), ...this.#book.figures() });
      }),
      // At different moments: a ping that waits for this thread to finish something else is no idle ping.
      new Pace(70, secondMs, async () => this.#reportSilence()),
      new Pace(90, secondMs, async () => this.#post({ kind: 'host', sample: await this.#host.sample() })),
      new Pace(130, secondMs, () => this.#ping()),
    );
    const { watch: groups } = this.#setup;
    if (groups !== null && this.#watched !== null) this.#followGroups(groups, this.#watched);
    if (this.#setup.group === null) return;
    this.#paces.push(new Pace(160, secondMs, async () => void (await this.commitNow())));
  }

  /** Commits what has moved and reads the group's offsets back; calls run one after the other. Never rejects. */
  commitNow(): Promise<boolean> {
    this.#committing = this.#committing.then(() => this.#commitAndReadBack());
    return this.#committing;
  }

  async stop(): Promise<void> {
    for (const pace of this.#paces) pace.stop();
    await Promise.all([this.#clusters.offsets.close(), this.#clusters.group.close()]);
  }

  async #commitAndReadBack(): Promise<boolean> {
    const { group, partitions } = this.#setup;
    if (group === null) return false;
    try {
      const committed = await this.#commit(group);
      const offsets = await this.#clusters.group.committed(group, partitions);
      this.#groupSeenMs = unixMs();
      this.#answered('group');
      this.#takeCommitted(offsets);
      return committed;
    } catch (error) {
      if (!(error instanceof LoadtuiError)) throw error;
      this.#silence('group', this.#groupSeenMs, error.message);
      return false;
    }
  }

  async #commit(group: string): Promise<boolean> {
    if (!this.#mayCommit) return false;
    const moved = new Map<number, number>();
    for (const [index, position] of this.#positions.entries()) {
      if (!Number.isNaN(position) && this.#sent.get(index) !== position) moved.set(index, position);
    }
    if (moved.size === 0) {
      // A run that is paused says so often that it is there.
      if (unixMs() - this.#sentMs < signOfLifeMs) return true;
      const first = this.#sent.entries().next().value;
      if (first === undefined) return true;
      moved.set(first[0], first[1]);
    }
    if (!(await this.#clusters.group.commit(group, this.#setup.partitions, moved))) {
      this.#mayCommit = false;
      this.#post({ kind: 'commit-refused', group });
      return false;
    }
    for (const [index, position] of moved) this.#sent.set(index, position);
    this.#sentMs = unixMs();
    return true;
  }

  #takeCommitted(offsets: ReadonlyMap<number, number>): void {
    this.#committed.fill(Number.NaN);
    let lag: number | null = null;
    for (const [index, offset] of offsets) {
      this.#committed[index] = offset;
      const logEnd = this.#logEnds[index] ?? Number.NaN;
      if (!Number.isNaN(logEnd)) lag = (lag ?? 0) + Math.max(0, logEnd - offset);
    }
    this.#post({ kind: 'committed', asOfMs: unixMs(), committedLagMessages: lag });
  }

  #followGroups({ groups, partitions }: WatchSetup, watched: WatchedGroups): void {
    for (const group of groups) {
      this.#paces.push(
        new Pace(190, secondMs, async () => {
          try {
            const offsets = await this.#clusters.group.committed(group, partitions ?? this.#setup.partitions);
            watched.takeCommitted(group, offsets, unixMs());
          } catch (error) {
            // A lag that nobody can tell any more goes stale, and is shown so.
            if (!(error instanceof LoadtuiError)) throw error;
          }
        }),
      );
    }
    this.#paces.push(
      new Pace(220, secondMs, async () => {
        this.#post({ kind: 'watched', asOfMs: unixMs(), groups: watched.lags(unixMs()) });
      }),
    );
  }

  async #ping(): Promise<void> {
    const answers = await this.#clusters.offsets.ping();
    const roundTrips = [...answers].map(([brokerId, roundTripMs]) => ({ brokerId, roundTripMs }));
    this.#post({ kind: 'ping', asOfMs: unixMs(), roundTrips });
  }

  #reportSilence(): void {
    const seenMs = this.#book.oldestSeenMs();
    if (unixMs() - seenMs > silenceMs) this.#silence('offsets', seenMs, this.#failure || 'no answer');
    else this.#answered('offsets');
  }

  #silence(about: 'offsets' | 'group', sinceMs: number, message: string): void {
    this.#silent[about] = true;
    this.#post({ kind: 'no-answer', about, sinceMs, message });
  }

  #answered(about: 'offsets' | 'group'): void {
    if (!this.#silent[about]) return;
    this.#silent[about] = false;
    this.#post({ kind: 'answered', about });
  }
}

function ownMessages(own: ObserverSetup['own']): OwnMessages | null {
  return own === null ? null : { acked: new AckedOffsets(own.acked), nowNs: realClock(own.anchor).nowNs };
}

function unixMs(): number {
  return performance.timeOrigin + performance.now();
}
