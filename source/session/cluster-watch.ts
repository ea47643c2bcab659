/** What the observer tells: lag, pings, host figures, and when brokers do not answer. */
import type { PartitionTable } from '../clients/types.ts';
import type { ObserverListener } from '../cluster/observer.ts';
import type { WatchedLag } from '../cluster/watched-groups.ts';
import type { LoadtuiError } from '../errors.ts';
import type { HostSample } from '../measure/host.ts';
import type { LagSample } from './document-schema.ts';
import type { EventLog } from './event-log.ts';
import type { Gauges } from './happenings.ts';
import type { Banner, LagRow, LagView } from './view.ts';

export interface LagArrays {
  readonly positions: SharedArrayBuffer;
  readonly logEnds: SharedArrayBuffer;
  readonly committed: SharedArrayBuffer;
}

/** Where the observer writes of other people's groups. */
export interface WatchArrays {
  readonly groups: readonly string[];
  /** Partitions that this run writes to. */
  readonly partitions: PartitionTable;
  readonly logEnds: SharedArrayBuffer;
  /** By group, then partition index. */
  readonly committed: SharedArrayBuffer;
}

type Report = Parameters<ObserverListener['report']>[0];

const mostRows = 200;
const mostSampled = 100;
const sampleEveryMs = 10_000;
const staleMs = 2_000;
/** The observer tells something every second at least. */
const silentMs = 1_750;
/** Whoever looks is held up where looks are so far apart: reports may be there, and not read yet. */
const heldUpMs = 1_000;

export class ClusterWatch implements ObserverListener {
  readonly lagSamples: LagSample[] = [];
  readonly #partitions: PartitionTable;
  readonly #group: string | null;
  readonly #positions: Float64Array;
  readonly #logEnds: Float64Array;
  readonly #committed: Float64Array;
  readonly #log: EventLog;
  readonly #watched: WatchArrays | null;
  #watchedLags: readonly WatchedLag[] = [];
  #asOfMs = 0;
  #lagMessages: number | null = null;
  #lagMs: number | null = null;
  #committedLag: number | null = null;
  #pingMs: number | null = null;
  #host: HostSample | null = null;
  #silentSinceMs: number | null = null;
  #nextSampleMs = 0;
  /** When the observer was last heard of; 0: not yet. */
  #heardMs = 0;
  #lookedMs = 0;
  #observerGone: 'silent' | 'dead' | null = null;

  constructor(
    partitions: PartitionTable,
    group: string | null,
    arrays: LagArrays,
    log: EventLog,
    watched: WatchArrays | null = null,
  ) {
    this.#watched = watched;
    this.#partitions = partitions;
    this.#group = group;
    this.#positions = new Float64Array(arrays.positions);
    this.#logEnds = new Float64Array(arrays.logEnds);
    this.#committed = new Float64Array(arrays.committed);
    this.#log = log;
  }

  /** The observer tells nothing: figures of lag, pings and host stand still. */
  get observerGone(): boolean {
    return this.#observerGone !== null;
  }

  report(report: Report): void {
    this.#heardMs = Date.now();
    if (this.#observerGone === 'silent') {
      this.#observerGone = null;
      this.#log.add(Date.now(), 'thread', 'the observer answers again', { thread: 'observer' });
    }
    switch (report.kind) {
      case 'offsets':
        this.#asOfMs = report.asOfMs;
        this.#lagMessages = report.lagMessages;
        this.#lagMs = report.lagMs;
        return;
      case 'committed':
        this.#committedLag = report.committedLagMessages;
        return;
      case 'watched':
        this.#watchedLags = report.groups;
        return;
      case 'ping': {
        const answered = report.roundTrips.flatMap(({ roundTripMs }) => (roundTripMs === null ? [] : [roundTripMs]));
        this.#pingMs = answered.length === 0 ? null : Math.max(...answered);
        return;
      }
      case 'host':
        this.#host = report.sample;
        return;
      case 'no-answer':
        if (report.about !== 'offsets' || Date.now() - report.sinceMs < staleMs) return;
        if (this.#silentSinceMs === null)
          this.#log.add(Date.now(), 'disconnect', `no answer about offsets: ${report.message}`, {
            since: report.sinceMs,
          });
        this.#silentSinceMs = report.sinceMs;
        return;
      case 'answered':
        if (report.about !== 'offsets' || this.#silentSinceMs === null) return;
        this.#silentSinceMs = null;
        this.#log.add(Date.now(), 'reconnect', 'offsets are answered again');
        return;
      case 'commit-refused':
        this.#log.add(
          Date.now(),
          'warning',
          `no right to commit for group ${report.group}: lag is shown from positions only`,
        );
        return;
      default:
        report satisfies never;
    }
  }

  died(error: LoadtuiError): void {
    this.#observerGone = 'dead';
    this.#log.add(Date.now(), 'thread', error.message, { thread: 'observer' }, true);
  }

  /** Notes an observer that has fallen silent. Called several times a second. */
  listen(nowMs: number): void {
    const heldUp = nowMs - this.#lookedMs > heldUpMs;
    this.#lookedMs = nowMs;
    if (heldUp || this.#heardMs === 0 || this.#observerGone !== null || nowMs - this.#heardMs <= silentMs) return;
    this.#observerGone = 'silent';
    const message = 'the observer does not answer: lag, pings and host figures stand still';
    this.#log.add(nowMs, 'thread', message, { thread: 'observer' }, true);
  }

  gauges(): Gauges {
    const told = this.#observerGone === null;
    const fresh = told && this.#silentSinceMs === null;
    return {
      lagMessages: fresh ? this.#lagMessages : null,
      lagMs: fresh ? this.#lagMs : null,
      pingMs: told ? this.#pingMs : null,
      host: told ? this.#host : null,
      ...(this.#watched === null ? {} : { watched: told ? this.#watchedLags : [] }),
    };
  }

  banner(): Banner[] | null {
    if (this.#observerGone !== null) {
      const since = new Date(this.#heardMs).toTimeString().slice(0, 8);
      return [{ kind: 'lag-unknown', text: `LAG IS NOT KNOWN SINCE ${since}: the observer is ${this.#observerGone}` }];
    }
    if (this.#silentSinceMs === null) return null;
    const since = new Date(this.#silentSinceMs).toTimeString().slice(0, 8);
    return [{ kind: 'cluster-away', text: `NO ANSWER FROM THE CLUSTER SINCE ${since}` }];
  }

  /** Records between the consumers' positions and `ends`, by partition index; 0 where nobody reads. */
  beyond(ends: readonly number[]): number[] {
    return ends.map((end, index) => {
      const position = this.#positions[index] ?? Number.NaN;
      return Number.isNaN(position) ? 0 : Math.max(0, end - position);
    });
  }

  view(): LagView {
    return {
      group: this.#group,
      rows: this.#worst(mostRows),
      partitions: this.#partitions.length,
      totalMessages: this.#lagMessages,
      totalMs: this.#lagMs,
      totalCommittedMessages: this.#committedLag,
      noAnswerSinceMs: this.#observerGone === null ? this.#silentSinceMs : this.#heardMs,
      ...(this.#watched === null ? {} : { watched: this.#observerGone === null ? this.#watchedLags : [] }),
    };
  }

  /** Keeps a sample of the worst partitions: every ten seconds, or `now` for a document. */
  sampleLag(nowMs: number, when: 'due' | 'now'): void {
    if ((when === 'due' && nowMs < this.#nextSampleMs) || this.#asOfMs === 0) return;
    this.#nextSampleMs = nowMs + sampleEveryMs;
    for (const row of this.#worst(mostSampled)) {
      this.lagSamples.push({ timeMs: nowMs, group: this.#group, asOfMs: this.#asOfMs, ...row });
    }
    if (this.#watched !== null) this.#sampleWatched(this.#watched, nowMs);
  }

  /** What others have committed, the worst partitions of each group. */
  #sampleWatched({ groups, partitions, ...shared }: WatchArrays, nowMs: number): void {
    const logEnds = new Float64Array(shared.logEnds);
    const committed = new Float64Array(shared.committed);
    for (const [at, group] of groups.entries()) {
      const rows = partitions.map(({ topic, partition }, index) => {
        const logEndOffset = known(logEnds[index]);
        const committedOffset = known(committed[at * partitions.length + index]);
        const committedLag =
          logEndOffset === null || committedOffset === null ? null : Math.max(0, logEndOffset - committedOffset);
        return { topic, partition, logEndOffset, position: null, committedOffset, lag: null, committedLag };
      });
      rows.sort((a, b) => (b.committedLag ?? -1) - (a.committedLag ?? -1));
      for (const row of rows.slice(0, mostSampled)) {
        this.lagSamples.push({ timeMs: nowMs, group, asOfMs: this.#asOfMs, ...row });
      }
    }
  }

  #worst(most: number): LagRow[] {
    const indexes = Array.from(this.#partitions.keys());
    const lag = (index: number): number =>
      (this.#logEnds[index] ?? Number.NaN) - (this.#positions[index] ?? Number.NaN);
    const rank = (index: number): number => {
      const value = lag(index);
      // Equal lags keep their order, and a position that runs ahead is no lag.
      return Number.isNaN(value) ? -1 : Math.max(0, value);
    };
    indexes.sort((a, b) => rank(b) - rank(a) || a - b);
    return indexes.slice(0, most).flatMap((index) => {
      const place = this.#partitions[index];
      if (place === undefined) return [];
      const logEndOffset = known(this.#logEnds[index]);
      const position = known(this.#positions[index]);
      const committedOffset = known(this.#committed[index]);
      return [
        {
          topic: place.topic,
          partition: place.partition,
          logEndOffset,
          position,
          committedOffset,
          // A position may run ahead of a log end that is a moment old.
          lag: logEndOffset === null || position === null ? null : Math.max(0, logEndOffset - position),
          committedLag:
            logEndOffset === null || committedOffset === null ? null : Math.max(0, logEndOffset - committedOffset),
        },
      ];
    });
  }
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
