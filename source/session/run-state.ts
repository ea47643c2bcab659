/**
 * What the parts of a running session share: the plan, the clock, the books, the cluster and the load. Each part changes
 * only what is its own: phases `Session`, knobs and pauses `Operator`, health `Watchdog`.
 */
import { randomBytes } from 'node:crypto';
import { achievedMessages } from '../analysis/achieved.ts';
import { e2eErrorMs } from '../analysis/clock-error.ts';
import type { Observer } from '../cluster/observer.ts';
import { needsRails } from '../config/address.ts';
import type { LatencyTag, Plan, ResolvedPlan } from '../config/plan.ts';
import { type CheckedClock, type ClockAnchor, realClock, takeAnchor } from '../measure/clock.ts';
import type { SpanPhase } from '../measure/spans.ts';
import { ClockWatch } from './clock-watch.ts';
import type { ClusterSide } from './cluster-side.ts';
import type { ClusterWatch } from './cluster-watch.ts';
import type { Account } from './document-source.ts';
import { EventLog } from './event-log.ts';
import { unansweredIn } from './figures-of.ts';
import { Happenings } from './happenings.ts';
import { HintWatch } from './hint-watch.ts';
import { insidePipeline } from './inside-pipeline.ts';
import { IntervalBook, Tally } from './interval-book.ts';
import { IntervalRows } from './interval-rows.ts';
import { KnobBoard } from './knob-board.ts';
import type { LoadSide } from './load-side.ts';
import { LoadWatch } from './load-watch.ts';
import { Outcomes } from './outcomes.ts';
import { SkewWatch } from './skew-watch.ts';
import { SloWatch } from './slo-watch.ts';
import { SteadyWatch } from './steady-watch.ts';
import { Timeline } from './timeline.ts';
import type { Banner, Phase, SessionControl } from './view.ts';
import { WindowBook } from './window-book.ts';

export type EndReason = Parameters<SessionControl['stop']>[0] | 'finished' | 'aborted';

export class RunState {
  readonly resolved: ResolvedPlan;
  readonly plan: Plan;
  /** The cluster is neither the sandbox nor on this machine alone: others may use it. */
  readonly rails: boolean;
  readonly runId = randomBytes(8).toString('hex');
  readonly anchor: ClockAnchor = takeAnchor();
  readonly clock: CheckedClock = realClock(this.anchor);
  readonly log = new EventLog();
  readonly board: KnobBoard;
  readonly timeline: Timeline;
  readonly book: IntervalBook;
  readonly happenings = new Happenings();
  readonly rows: IntervalRows;
  readonly windows = new WindowBook();
  readonly outcomes: Outcomes;
  readonly slos: SloWatch;
  readonly steady = new SteadyWatch(this.happenings);
  readonly skew = new SkewWatch();
  readonly hints = new HintWatch();
  readonly loadWatch: LoadWatch;
  readonly clockWatch: ClockWatch;
  readonly ended = Promise.withResolvers<void>();

  clusterWatch: ClusterWatch | null = null;
  cluster: ClusterSide | null = null;
  /** Topics that this run made and that are there still. */
  readonly madeTopics = new Set<string>();
  load: LoadSide | null = null;
  observer: Observer | null = null;

  phase: Phase = 'connecting';
  /** Run-relative ns at which the first message is due. */
  loadStartNs = 0;
  measuringEndNs = Number.POSITIVE_INFINITY;
  /** When the last message of a limited number was due, and the gap after it over; null: it was not yet. */
  allDueNs: number | null = null;
  endReason: EndReason | null = null;
  endedAtMs: number | null = null;
  paused = false;
  /** When the last pause began, run-relative ns. */
  pausedNs = 0;
  pausedBanner: Banner | null = null;
  /** Why the run was aborted; null: it was not. */
  aborted: string | null = null;
  /** A fault of ours; null: none. */
  bug: string | null = null;
  savedPath: string | null = null;
  /** Figures on the screen begin here, and at this epoch. */
  freshNs = 0;
  freshEpoch = 0;
  /** The last rate that ran without trouble for ten seconds. */
  cleanRate: number | null = null;
  /** When an operator was last there, Unix ms. */
  attendedMs = Date.now();
  /** Epochs in which a search, a hold or a sweep set the rate: what it asked too much is not held against the run. */
  readonly searchEpochs = new Set<number>();
  account: Account | null = null;
  logEndGrowth: number | null = null;
  /** The embedded broker's thread is dead or silent: nobody will answer. */
  brokerGone = false;

  constructor(resolved: ResolvedPlan) {
    this.resolved = resolved;
    this.plan = resolved.plan;
    this.rails = needsRails(this.plan.brokers);
    this.board = new KnobBoard(this.plan);
    this.timeline = new Timeline(this.plan, this.board.snapshot());
    this.book = new IntervalBook(this.timeline.spans);
    this.rows = new IntervalRows({
      spans: this.timeline.spans,
      book: this.book,
      happenings: this.happenings,
      clock: this.clock,
      startedNs: 0,
      pipeline: this.plan.consumeTopic === null ? 'none' : this.plan.missingGate ? 'whole' : 'filters',
      targetRate: (spanStartNs, fromNs, toNs) => this.timeline.targetRate(spanStartNs, fromNs, toNs),
      marks: (fromNs, toNs) => this.#marksBetween(fromNs, toNs),
    });
    this.outcomes = new Outcomes(this.log, this.rows);
    // Objectives of a search are its steps' affair.
    this.slos = new SloWatch(this.plan.task === 'run' ? this.plan.slos : [], !this.plan.missingGate);
    this.loadWatch = new LoadWatch(this.log, this.clock, (index, role) =>
      role === 'producers' ? this.cluster?.partitions[index] : this.cluster?.readPartitions[index],
    );
    this.clockWatch = new ClockWatch(this.log, { monotonicNs: () => this.clock.nowNs(), wallMs: () => Date.now() });
  }

  /** The load is on (or paused): knobs can be turned. */
  get running(): boolean {
    return this.phase === 'warm-up' || this.phase === 'measuring';
  }

  /** Messages a second asked for, under the cap; null: unthrottled up to the cap. Nothing where this run only consumes. */
  get rateHz(): number | null {
    if (this.plan.mode === 'consume-only') return 0;
    const rate = this.board.requested('rate');
    const cap = this.plan.maxRate;
    if (typeof rate !== 'number') return null;
    return cap === null ? rate : Math.min(rate, cap);
  }

  /** Messages a second asked for at this moment; while the load is paused, as it was before. null: unthrottled. */
  presentRate(nowNs: number): number | null {
    return this.timeline.rateAt(this.paused ? this.pausedNs - 1 : nowNs);
  }

  /** Messages due in the measured phase. */
  measured(): Tally {
    return this.book.phase('measuring', 0, this.timeline.epochs.length);
  }

  /** Present load is what a search asks for. */
  get isSearching(): boolean {
    return this.searchEpochs.has(this.timeline.epoch.index);
  }

  /** Of those, the ones that the run's own objectives are about: what a search asked for is judged by the search. */
  judged(): Tally {
    if (this.plan.task !== 'run') return new Tally();
    if (this.searchEpochs.size === 0) return this.measured();
    const sum = new Tally();
    for (const { index } of this.timeline.epochs) {
      if (!this.searchEpochs.has(index)) sum.add(this.book.epoch(index, 'measuring'));
    }
    return sum;
  }

  /** Messages of the measured phase without an answer whose interval ended less than `limitMs` ago. */
  unansweredYoungerThan(limitMs: number, tag: LatencyTag, nowNs: number): number {
    if (this.endedAtMs !== null) return 0;
    const current = this.timeline.spans.intervalAt(nowNs);
    let young = 0;
    this.rows.forEachOpen((number, tally) => {
      const { span, endNs } = this.timeline.spans.describe(number);
      // A document has a row of the present interval, too.
      if (tally === undefined || number === current) return;
      if (span.phase === 'measuring' && endNs > nowNs - limitMs * 1e6) young += unansweredIn(tally, tag);
    });
    const tally =
      this.timeline.spans.describe(current).span.phase === 'measuring' ? this.book.interval(current) : undefined;
    return tally === undefined ? young : young + unansweredIn(tally, tag);
  }

  /**
   * Messages that have gone into the pipeline and not come out of it: acknowledged, neither read nor there to be read.
   * null: there is no pipeline, or nobody can tell: it filters, or nobody reads, or lag is not known.
   */
  inPipeline(): number | null {
    const { last } = this.happenings;
    if (this.plan.consumeTopic === null || !this.plan.missingGate || last === undefined) return null;
    if (this.board.number('consumers') === 0) return null;
    return insidePipeline((field) => last.total(field), last.gauges.lagMessages);
  }

  /** What the screen's totals cover: since the last fresh figures. */
  shown(): Tally {
    const phase: SpanPhase = this.timeline.startOf('measuring') === null ? 'warm-up' : 'measuring';
    return this.book.phase(phase, this.freshEpoch, this.timeline.epochs.length);
  }

  /** Acknowledged during the measured phase, of what was asked for, 0 … 1; null: unthrottled or nothing asked for. */
  achieved(nowNs: number): number | null {
    const measuringNs = this.timeline.startOf('measuring');
    // What a search asked for and did not get is its answer, and no failure.
    if (measuringNs === null || this.searchEpochs.size > 0) return null;
    const due = this.timeline.askedIn('measuring', Math.min(nowNs, this.timeline.startOf('draining') ?? nowNs));
    // The last of a limited number of messages is due a moment before the run ends.
    const asked = due === null ? null : Math.min(due, this.plan.messages ?? due);
    if (asked === null || asked < 1) return null;
    const { scheduled, acked } = this.measured().counts;
    const endNs = this.timeline.startOf('draining');
    if (endNs !== null && endNs <= nowNs) {
      const ackedDuring = this.happenings.growth('acked', measuringNs, endNs);
      const wanted = this.plan.arrivals === 'poisson' ? scheduled : asked;
      const { count, minNs } = this.measured().latencies.response;
      const leastResponseNs = count === 0 ? 0 : minNs;
      const achieved = achievedMessages({ acked, ackedDuring, durationNs: endNs - measuringNs, leastResponseNs });
      return wanted < 1 ? null : Math.min(1, achieved / wanted);
    }
    // How many Poisson arrivals there are is chance; what is due is the same as what was asked for.
    if (this.plan.arrivals === 'poisson') return scheduled === 0 ? null : acked / scheduled;
    // What is on its way and young is no failure yet.
    return Math.min(1, (acked + this.unansweredYoungerThan(1000, 'response', nowNs)) / asked);
  }

  /** How far end-to-end latency may be off, ms; 0: not worth telling. */
  e2eErrorMs(): number {
    const last = this.happenings.last;
    const lowestE2eMs = last === undefined || last.total('negativeE2e') === 0 ? null : last.total('lowestE2eNs') / 1e6;
    return e2eErrorMs({ deviationNs: this.clockWatch.worstNs, lowestE2eMs });
  }

  /** Changes the schedule from `atNs` on and tells every producer thread. */
  schedule(atNs: number, change: Parameters<Timeline['change']>[1], took: () => void = () => undefined) {
    const segment = this.timeline.change(atNs, change);
    this.load?.producers.schedule(segment, took).catch((error: unknown) => {
      this.log.add(Date.now(), 'error', `a thread did not take the schedule: ${String(error)}`);
    });
    return segment;
  }

  /** Stops the schedule, from a moment ahead of now. */
  pause(banner: Banner): void {
    const atNs = this.timeline.moment(this.clock.nowNs());
    this.paused = true;
    this.pausedNs = atNs;
    this.pausedBanner = banner;
    this.schedule(atNs, { rateHz: 0 });
    this.log.add(this.clock.toUnixMs(atNs), 'pause', 'load paused', {}, true);
  }

  /** Ends the load; the first reason stays. */
  end(reason: EndReason): void {
    this.endReason ??= reason;
    this.ended.resolve();
  }

  #marksBetween(fromNs: number, toNs: number): readonly number[] {
    const fromMs = this.clock.toUnixMs(fromNs);
    const toMs = this.clock.toUnixMs(toNs);
    return this.log.events.flatMap(({ timeMs, mark }) =>
      mark !== null && timeMs >= fromMs && timeMs < toMs ? [mark] : [],
    );
  }
}
