/**
 * What a running session shows and takes, without any terminal. The screen, plain lines and NDJSON are sinks of it;
 * `SessionView` is an immutable picture taken a few times a second, `SessionControl` is everything an operator can do.
 */

import type { WatchedLag } from '../cluster/watched-groups.ts';
import type { KnobName, KnobValue } from '../config/knobs.ts';
import type { Acks, Compression, LatencyTag, Plan } from '../config/plan.ts';
import type { AutomationView } from './automation/automation.ts';
import type { Card } from './automation/pilot.ts';
import type { AutomationRequest } from './automation/requests.ts';
import type { DocumentStart, Hint, IntervalRow, Search, SessionDocument } from './document-schema.ts';
import type { Sweep } from './document-sweep-schema.ts';

export type Phase = 'connecting' | 'warm-up' | 'measuring' | 'draining' | 'done';

export interface LatencyFigures {
  readonly count: number;
  readonly meanMs: number | null;
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly p999Ms: number | null;
  readonly maxMs: number | null;
}

/** A percentile to show: of the shortest of 1, 5, 10, 30, 60 s that has enough samples; null: a dash. */
export interface ShownPercentile {
  readonly valueMs: number | null;
  readonly windowS: 1 | 5 | 10 | 30 | 60;
  /** The rank falls among messages that are still open, failed or missed: the true figure is larger than this. */
  readonly atLeast: boolean;
}

export interface ShownLatency {
  readonly p50: ShownPercentile;
  readonly p99: ShownPercentile;
  readonly p999: ShownPercentile;
}

/** One point of the charts: about one second, oldest first. null where there is no figure. */
export interface ChartPoint {
  readonly timeMs: number;
  readonly durationMs: number;
  readonly targetRate: number | null;
  readonly sentRate: number;
  readonly ackedRate: number;
  readonly consumedRate: number;
  readonly latency: Readonly<Record<LatencyTag, Pick<LatencyFigures, 'meanMs' | 'p50Ms' | 'p99Ms' | 'p999Ms'>>>;
  /** Event marks that fall into this point, e.g. [1, 2]. */
  readonly marks: readonly number[];
}

export interface KnobView {
  readonly name: KnobName;
  readonly requested: KnobValue;
  /** The value all threads have taken. */
  readonly applied: KnobValue;
  /** Threads that have taken the requested value, of all that must. */
  readonly appliedThreads: number;
  readonly totalThreads: number;
  /** What the value does, once it is applied, e.g. `3.1×` for a codec; null: nothing to tell. */
  readonly note: string | null;
}

export interface GaugeSeries {
  /** One value a second, oldest first; null: no reading. */
  readonly values: readonly (number | null)[];
  readonly current: number | null;
}

export interface HostView {
  /** 100 = all cores. */
  readonly cpuPercent: GaugeSeries;
  /** Taken by the host of this virtual machine, of all CPU time; `cpuPercent` is of what was left. */
  readonly cpuStolenPercent: GaugeSeries;
  readonly memoryBytes: GaugeSeries;
  readonly networkBytesRate: GaugeSeries;
  readonly diskBytesRate: GaugeSeries;
  /** This process; 100 = one core. */
  readonly processCpuPercent: GaugeSeries;
  readonly processRssBytes: GaugeSeries;
  readonly gcPauseMs: GaugeSeries;
}

export interface LagRow {
  readonly topic: string;
  readonly partition: number;
  readonly logEndOffset: number | null;
  readonly position: number | null;
  readonly committedOffset: number | null;
  /** High watermark − position. */
  readonly lag: number | null;
  /** High watermark − committed offset. */
  readonly committedLag: number | null;
}

export interface LagView {
  readonly group: string | null;
  /** Worst first, at most 200. */
  readonly rows: readonly LagRow[];
  readonly partitions: number;
  readonly totalMessages: number | null;
  readonly totalMs: number | null;
  readonly totalCommittedMessages: number | null;
  /** Brokers have not answered since (Unix ms); null: fresh. */
  readonly noAnswerSinceMs: number | null;
  /** Other people's groups on the topics that are written to; left out: none is watched. */
  readonly watched?: readonly WatchedLag[];
}

export interface SkewFigures {
  /** Acknowledged, per second. */
  readonly messageRate: number;
  readonly bytesRate: number;
  /** Mean from writing a batch to its answer; null: nobody answered. */
  readonly roundTripMs: number | null;
}

export interface SkewPartitionRow extends SkewFigures {
  readonly topic: string;
  readonly partition: number;
}

export interface SkewBrokerRow extends SkewFigures {
  readonly brokerId: number;
}

/** How the load lay on partitions and brokers, in the last seconds. */
export interface SkewView {
  readonly windowS: number;
  /** Most messages first, at most 200. */
  readonly partitions: readonly SkewPartitionRow[];
  /** Slowest first. */
  readonly brokers: readonly SkewBrokerRow[];
  /** The largest partition's messages over the mean of all; null: nothing to compare. */
  readonly maxOverMean: number | null;
  /** The slowest broker's round trip over the median of all, of two over the faster one's. */
  readonly slowestOverMedian: number | null;
}

export const eventTypes = [
  'phase',
  'knob',
  'pause',
  'resume',
  'error',
  'disconnect',
  'reconnect',
  'leader',
  'throttle',
  'missed',
  'abort',
  'saved',
  'slo',
  'accounting',
  'thread',
  'topic',
  'figures',
  'hint',
  'search',
  'info',
  'login',
  'warning',
] as const;
export type EventType = (typeof eventTypes)[number];

export interface SessionEvent {
  readonly timeMs: number;
  readonly type: EventType;
  /** One sentence without the time, e.g. "rate 10.0 k/s → 30.0 k/s". */
  readonly message: string;
  /** What came of it, known later, e.g. "p99 2.1 → 3.97 ms"; null: nothing yet. */
  readonly outcome: string | null;
  /** Number of the mark in the charts (1, 2, 3 …); null: not marked. */
  readonly mark: number | null;
  /** Typed fields for the snapshot: knob, from, to, code, count … */
  readonly fields: Readonly<Record<string, string | number | boolean | null>>;
}

export interface SloView {
  readonly text: string;
  /** null: not enough to say. */
  readonly held: boolean | null;
  readonly heldForS: number | null;
  readonly actual: string;
}

/** Totals; names as in the snapshot. `missing` is null where nothing is consumed ("not checked"). */
export interface Totals {
  readonly scheduled: number;
  readonly sent: number;
  readonly acked: number;
  readonly failed: number;
  readonly missed: number;
  readonly retries: number;
  readonly consumed: number;
  readonly missing: number | null;
  readonly unread: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly foreign: number;
  readonly unknown: number;
  readonly failedButConsumed: number;
  readonly corrupt: number;
  readonly expired: number;
  readonly bytesSent: number;
  /** Of batches as they were written for the first time. */
  readonly wireBytesSent: number;
  /** Bytes of these batches without compression / with it; null: none was sent. */
  readonly compressionRatio: number | null;
  readonly bytesConsumed: number;
  readonly bytesForeign: number;
  /** How old the oldest message was that was given up (failed, unknown, missed), then, ms; null: none was. */
  readonly givenUpAfterMs: number | null;
  /** The same of those that were missed. */
  readonly missedAfterMs: number | null;
}

export interface Banner {
  readonly kind: 'sandbox' | 'paused' | 'consumers-paused' | 'load-stopped' | 'cluster-away' | 'lag-unknown';
  readonly text: string;
}

/** What of the plan is shown; a saved session has no more of it than its document says. */
export type ShownPlan = Pick<
  Plan,
  'preset' | 'client' | 'mode' | 'acks' | 'slos' | 'durationMs' | 'fromRate' | 'quick' | 'maxTimeMs'
>;

/** Where the playback of a saved session stands. */
export interface ReplayView {
  /** Since the run's start. */
  readonly positionMs: number;
  readonly lengthMs: number;
  /** Seconds of the run in one second. */
  readonly speed: number;
  readonly playing: boolean;
}

export interface SessionView {
  readonly nowMs: number;
  readonly runId: string;
  readonly startedAtMs: number;
  readonly elapsedMs: number;
  readonly phase: Phase;
  readonly phaseElapsedMs: number;
  /** Time left of the present phase, where it has an end. */
  readonly phaseLeftMs: number | null;
  readonly plan: ShownPlan;
  /** Left out: the session is live. */
  readonly replay?: ReplayView;
  /** The broker is loadtui's own, embedded or run alone. */
  readonly sandbox: boolean;
  readonly cluster: { readonly brokers: number; readonly version: string | null; readonly address: string } | null;
  readonly topic: {
    readonly name: string;
    readonly partitions: number;
    readonly replicationFactor: number;
    readonly count: number;
    /** What is read in its place, behind a pipeline; left out: there is none. */
    readonly consumed?: string;
  } | null;
  readonly epoch: number;
  readonly paused: boolean;
  readonly consumersPaused: boolean;
  readonly banners: readonly Banner[];

  /** Figures of the last full second. Rates per second; `targetRate` null = unthrottled. */
  readonly targetRate: number | null;
  readonly maxRate: number | null;
  readonly sentRate: number;
  readonly ackedRate: number;
  readonly consumedRate: number;
  readonly failedRate: number;
  readonly retryRate: number;
  /** Bytes per second of the values that were acknowledged, and of all that were read, other people's included. */
  readonly ackedBytesRate: number;
  readonly consumedBytesRate: number;
  /** Bytes per second of the batches as they were written. */
  readonly wireBytesRate: number;
  /** How many times larger they would be without compression; null: none was written. */
  readonly compressionRatio: number | null;
  readonly achievedFraction: number | null;
  readonly inFlight: number;
  readonly batchFill: number | null;
  readonly recordsPerBatch: number | null;
  readonly queueMs: number | null;
  readonly roundTripMs: number | null;
  readonly pingMs: number | null;

  readonly latency: Readonly<Record<LatencyTag, ShownLatency>>;
  readonly totals: Totals;
  readonly slos: readonly SloView[];
  /** The load generator's own health in a few words, e.g. "client ok" or "slip p99 12 ms". */
  readonly clientHealth: { readonly ok: boolean; readonly text: string };
  /** How far end-to-end latency may be off, ms, since clocks differ; 0: not worth telling. */
  readonly e2eErrorMs: number;
  /** How long the figures have been steady; null: they are not. Left out: nobody looks. */
  readonly steadyForS?: number | null;

  readonly points: readonly ChartPoint[];
  readonly knobs: readonly KnobView[];
  readonly host: HostView;
  readonly lag: LagView;
  /** Left out: nobody looks. */
  readonly skew?: SkewView;
  /** What the run suffers from, worst first. Left out: nobody looks. */
  readonly hints?: readonly Hint[];
  /** Messages inside the pipeline; null: nobody can tell, since it filters, or lag is not known. Left out: there is no pipeline. */
  readonly inPipeline?: number | null;
  /** Newest last, bounded. */
  readonly events: readonly SessionEvent[];
  readonly savedPath: string | null;

  /** What turns the knobs by itself now; null: nothing does. */
  readonly automation: AutomationView | null;
  /** Searches, the oldest first; one that is under way with its present step. */
  readonly searches: readonly Search[];
  /** Sweeps, the oldest first; left out: there was none. */
  readonly sweeps?: readonly Sweep[];
  /** What the last search came to, until something else is done; null: nothing to tell. */
  readonly card: Card | null;
}

/** The answer to a wish: done, refused (say why), or a question that must be confirmed by asking again with `confirmed`. */
export type ControlAnswer =
  | { readonly kind: 'done'; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'confirm'; readonly question: string };

export interface SessionControl {
  setKnob(name: KnobName, value: KnobValue, confirmed?: boolean): ControlAnswer;
  pauseLoad(): ControlAnswer;
  resumeLoad(): ControlAnswer;
  pauseConsumers(): ControlAnswer;
  resumeConsumers(): ControlAnswer;
  /** Opens an epoch: the figures on the screen start anew, the file keeps all. */
  freshFigures(): ControlAnswer;
  /** Back to the last rate that was clean for 10 s. */
  backOff(): ControlAnswer;
  /** Takes the last knob change back. */
  undo(): ControlAnswer;
  /** Begins what turns knobs by itself: a search, a ramp. */
  automate(request: AutomationRequest, confirmed?: boolean): ControlAnswer;
  /** Ends it where it stands; without one, puts the card of the last search away. */
  stopAutomation(): ControlAnswer;
  /** Turns a ramp round. */
  reverse(): ControlAnswer;
  /** Writes a snapshot; null: the default name. */
  save(path: string | null, force: boolean): Promise<ControlAnswer>;
  /** A line of the operator's own in the event log, with a mark in the charts. */
  note(message: string): void;
  /** An operator is there: any key press (`--unattended` and the 30-minute rule). */
  attend(): void;
  /** Drains and ends. */
  stop(reason: 'quit' | 'interrupt' | 'terminate' | 'hangup' | 'stdout-closed'): void;
}

/** Moves through a saved session. */
export interface Playback {
  /** Stops playing, or goes on. */
  toggle(): void;
  /** Forth, or back where it is negative. */
  seekBy(ms: number): void;
  seekTo(end: 'start' | 'end'): void;
  /** To the next faster (1) or slower speed. */
  changeSpeed(delta: 1 | -1): void;
}

/** Receives what a session publishes. Every method is called on the main thread. */
export interface SessionSink {
  /** Once, when the cluster is known and before anything else. */
  start?(start: DocumentStart): void;
  /** A few times a second, at `nowMs` (Unix). Making a picture costs: `look` is for who shows it. */
  tick?(nowMs: number, look: () => SessionView): void;
  event?(event: SessionEvent): void;
  /** An interval whose figures will hardly change any more: most of its messages have been answered. In order of time. */
  interval?(row: IntervalRow): void;
  /** Once, when the run is over. */
  summary?(document: SessionDocument): void;
  /** Called once, last; resolves when everything is written. */
  close(): Promise<void>;
}

export type { Acks, Compression };
