/**
 * A running test, without any terminal: connecting → warm-up → measuring → draining → done. Sinks watch it, an operator
 * or a script turns its knobs (`SessionControl`), and `run` resolves with the document and the verdict.
 */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { ErrorTally, GivenUp } from '../load/protocol.ts';
import { AbortWatch } from '../analysis/abort-watch.ts';
import { verdict } from '../analysis/verdict.ts';
import type { Observer } from '../cluster/observer.ts';
import { needsRails } from '../cluster/rails.ts';
import { type KnobName, type KnobValue, knobs } from '../config/knobs.ts';
import type { Plan, ResolvedPlan } from '../config/plan.ts';
import { exitCodes, LoadtuiError, messageOf } from '../errors.ts';
import { realClock, takeAnchor } from '../measure/clock.ts';
import { hostFacts } from '../measure/host.ts';
import type { SpanPhase } from '../measure/spans.ts';
import { ClusterSide } from './cluster-side.ts';
import { ClusterWatch } from './cluster-watch.ts';
import { buildDocument, buildStart } from './document.ts';
import type { DocumentStart, SessionDocument } from './document-schema.ts';
import { documentState, type DocumentSource } from './document-source.ts';
import { EventLog } from './event-log.ts';
import { Happenings } from './happenings.ts';
import { IntervalBook, Tally } from './interval-book.ts';
import { IntervalRows } from './interval-rows.ts';
import { KnobBoard, type KnobChange, refuseKnob } from './knob-board.ts';
import { knobText, pastRails } from './knob-text.ts';
import { consumerKnobs, LoadSide, producerKnobs } from './load-side.ts';
import { LoadWatch } from './load-watch.ts';
import { Outcomes } from './outcomes.ts';
import { SloWatch } from './slo-watch.ts';
import { Timeline } from './timeline.ts';
import { toolInfo } from './tool-info.ts';
import type { Banner, ControlAnswer, Phase, SessionControl, SessionSink, SessionView } from './view.ts';
import { buildView } from './view-builder.ts';
import { WindowBook } from './window-book.ts';

export interface SessionOptions {
  readonly resolved: ResolvedPlan;
  /** Program and arguments as typed. */
  readonly commandLine: readonly string[];
  /** An operator watches: what goes wrong pauses the load instead of ending the run. */
  readonly attended: boolean;
  /** Asks the operator; null: nobody can be asked. */
  readonly ask: ((question: string) => Promise<boolean>) | null;
  /** Writes a snapshot and answers the path. */
  readonly save: (document: SessionDocument, path: string | null, force: boolean) => Promise<string>;
}

export interface SessionResult {
  readonly document: SessionDocument;
  readonly exitCode: number;
  /** Knobs as they were at the end. */
  readonly knobs: ReturnType<KnobBoard['values']>;
}

type StopReason = Parameters<SessionControl['stop']>[0];

const tickMs = 125;
const secondNs = 1e9;
/** How long a normal end waits for answers; what is open then is `unknown`. */
const drainMs = 30_000;
/** Consumers that make no progress for this long have read what they can. */
const stalledMs = 10_000;
/** With rails and no duration, so long without a key pauses the load. */
const unattendedMs = 30 * 60_000;
/** Fewer upward jumps than this need no question. */
const cleanForMs = 10_000;

const done = (message: string): ControlAnswer => ({ kind: 'done', message });
const refused = (message: string): ControlAnswer => ({ kind: 'refused', message });

export class Session implements SessionControl {
  readonly log = new EventLog();
  readonly #options: SessionOptions;
  readonly #plan: Plan;
  readonly #rails: boolean;
  readonly #runId = randomBytes(8).toString('hex');
  readonly #anchor = takeAnchor();
  readonly #clock = realClock(this.#anchor);
  readonly #board: KnobBoard;
  readonly #timeline: Timeline;
  readonly #book: IntervalBook;
  readonly #happenings = new Happenings();
  readonly #rows: IntervalRows;
  readonly #windows: WindowBook;
  readonly #outcomes: Outcomes;
  readonly #slos: SloWatch;
  readonly #abort: AbortWatch;
  readonly #loadWatch: LoadWatch;
  readonly #sinks: SessionSink[] = [];
  readonly #stopped = Promise.withResolvers<void>();
  #clusterWatch: ClusterWatch | null = null;
  #cluster: ClusterSide | null = null;
  #load: LoadSide | null = null;
  #observer: Observer | null = null;
  #phase: Phase = 'connecting';
  #loadStartNs = 0;
  #measuringEndNs = Number.POSITIVE_INFINITY;
  #stopReason: StopReason | 'finished' | 'aborted' | null = null;
  #paused = false;
  #pausedBanner: Banner | null = null;
  #aborted: string | null = null;
  #bug: string | null = null;
  #savedPath: string | null = null;
  #freshNs = 0;
  #freshEpoch = 0;
  #cleanRate: number | null = null;
  #cleanSinceMs: number | null = null;
  #attendedMs = Date.now();
  #nextSecondNs = 0;
  #emittedRows = 0;
  #endedAtMs: number | null = null;
  #account: { missing: number; givenUp: readonly GivenUp[]; consumedOfGivenUp: readonly number[]; errors: readonly ErrorTally[] } | null = null;
  #logEndGrowth: number | null = null;
  /** Changes of producers and consumers, one after the other. */
  #reshaping: Promise<void> = Promise.resolve();

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#plan = options.resolved.plan;
    this.#rails = needsRails(this.#plan.brokers);
    this.#board = new KnobBoard(this.#plan);
    this.#timeline = new Timeline(this.#plan.arrivals, this.#board.snapshot());
    this.#book = new IntervalBook(this.#timeline.spans);
    this.#rows = new IntervalRows({
      spans: this.#timeline.spans,
      book: this.#book,
      happenings: this.#happenings,
      clock: this.#clock,
      startedNs: 0,
      targetRate: (spanStartNs) => this.#timeline.targetRate(spanStartNs),
      marks: (fromNs, toNs) => this.#marksBetween(fromNs, toNs),
    });
    this.#windows = new WindowBook();
    this.#outcomes = new Outcomes(this.log, this.#rows);
    this.#slos = new SloWatch(this.#plan.slos);
    this.#abort = new AbortWatch(this.#plan.abortOn);
    this.#loadWatch = new LoadWatch(this.log, this.#clock);
    this.log.onEvent((event) => {
      for (const sink of this.#sinks) sink.event?.(event);
    });
  }

  get runId(): string {
    return this.#runId;
  }

  get phase(): Phase {
    return this.#phase;
  }

  get savedPath(): string | null {
    return this.#savedPath;
  }

  async closeSinks(): Promise<void> {
    await Promise.all(this.#sinks.map((sink) => sink.close()));
  }

  addSink(sink: SessionSink): void {
    this.#sinks.push(sink);
  }

  /** Runs to the end. Rejects with LoadtuiError where the run could not begin. */
  async run(): Promise<SessionResult> {
    try {
      await this.#connect();
    } catch (error) {
      await this.#tearDown();
      throw error;
    }
    const timer = setInterval(() => this.#tick(), tickMs);
    try {
      this.#begin();
      await this.#stopped.promise;
      await this.#drain();
    } catch (error) {
      this.#bug ??= messageOf(error);
      this.log.add(Date.now(), 'error', `loadtui itself failed: ${messageOf(error)}`);
    } finally {
      clearInterval(timer);
    }
    this.#endedAtMs = Date.now();
    this.#phase = 'done';
    const document = this.#document();
    await this.#tearDown();
    this.#publishView();
    for (const sink of this.#sinks) sink.summary?.(document);
    return { document, exitCode: document.run.verdict.exitCode, knobs: this.#board.values() };
  }

  // Phases

  async #connect(): Promise<void> {
    const note = (message: string): void => {
      this.log.add(Date.now(), 'warning', message);
    };
    const plan = this.#plan;
    this.#cluster = await ClusterSide.open({ resolved: this.#options.resolved, runId: this.#runId, ask: this.#options.ask, note });
    const cluster = this.#cluster;
    const shared = (): SharedArrayBuffer => new SharedArrayBuffer(Math.max(8, cluster.partitions.length * 8));
    const arrays = { positions: shared(), logEnds: shared(), committed: shared() };
    for (const buffer of Object.values(arrays)) new Float64Array(buffer).fill(Number.NaN);
    this.#clusterWatch = new ClusterWatch(cluster.partitions, cluster.group, arrays, this.log);
    this.#observer = cluster.observe(plan, arrays, this.#clusterWatch);
    this.#load = new LoadSide({
      plan,
      cores: hostFacts().cpus,
      bootstrap: cluster.bootstrap,
      partitions: cluster.partitions,
      stamp: {
        runId: this.#runId,
        epochZeroHigh: this.#anchor.epochZeroHigh,
        epochZeroLow: this.#anchor.epochZeroLow,
      },
      anchor: this.#anchor,
      spans: this.#timeline.buffer,
      board: this.#board,
      startOffsets: cluster.startOffsets,
      positions: arrays.positions,
      listener: {
        report: (thread, report) => this.#loadWatch.report(thread, report),
        died: (thread, error) => {
          this.#bug ??= `${thread.name} died: ${error.message}`;
          this.log.add(Date.now(), 'thread', `${thread.name} died: ${error.message}`, { thread: thread.name }, true);
          if (this.#load?.threads.every(({ dead }) => dead)) this.#end('finished');
        },
      },
      published: (thread, figures) => {
        this.#book.addThread(thread, figures);
        this.#happenings.addThread(thread, figures);
      },
    });
    for (const sink of this.#sinks) sink.start?.(this.#documentStart());
    this.#throwIfStopped();
    await this.#load.open();
    this.#throwIfStopped();
    const probes = await this.#load.probe();
    if (probes > 0) this.log.add(Date.now(), 'info', `consumers read: ${probes} probe messages came through`, { probes });
    this.#throwIfStopped();
  }

  #begin(): void {
    const atNs = this.#timeline.moment(this.#clock.nowNs());
    const warmUpMs = this.#plan.warmUpMs;
    this.#loadStartNs = atNs;
    this.#freshNs = atNs;
    this.#nextSecondNs = atNs + secondNs;
    this.#attendedMs = Date.now();
    const producers = this.#board.number('producers');
    this.#schedule(atNs, { rateHz: this.#effectiveRate(), producers: Math.max(1, producers), phase: warmUpMs > 0 ? 'warm-up' : 'measuring' });
    this.#enter(warmUpMs > 0 ? 'warm-up' : 'measuring', atNs);
  }

  #enter(phase: Extract<Phase, 'warm-up' | 'measuring'>, atNs: number): void {
    this.#phase = phase;
    this.log.add(this.#clock.toUnixMs(atNs), 'phase', phase === 'warm-up' ? 'warm-up begins' : 'measuring begins', { phase });
    const { durationMs } = this.#plan;
    if (phase === 'measuring') {
      this.#freshNs = atNs;
      if (durationMs !== null) this.#measuringEndNs = Math.ceil(atNs + durationMs * 1e6);
    }
  }

  async #drain(): Promise<void> {
    const load = this.#load;
    const cluster = this.#cluster;
    if (load === null || cluster === null) return;
    this.#phase = 'draining';
    await this.#reshaping;
    const nowNs = this.#clock.nowNs();
    // A planned end lies where the plan put it; every other takes hold a little ahead of now.
    const endNs = Math.max(this.#timeline.moment(nowNs), Number.isFinite(this.#measuringEndNs) && this.#stopReason === 'finished' ? this.#measuringEndNs : 0);
    this.#schedule(endNs, { rateHz: 0, phase: 'draining' });
    this.log.add(this.#clock.toUnixMs(endNs), 'phase', 'draining: waiting for answers and consumers', { phase: 'draining' });
    await untilNs(this.#clock.nowNs, endNs);
    // A sample at the very end: rates are interpolated between samples, and here the rate breaks off.
    this.#tick();
    if (load.consumers.paused) {
      this.log.add(Date.now(), 'resume', 'consumers resumed, to account for what was sent');
      await load.consumers.resume();
    }
    const final = await load.finish(drainMs, () => this.#caughtUp(cluster));
    await this.#observer?.commitNow();
    this.#account = {
      missing: final.account.missing,
      givenUp: final.givenUp,
      consumedOfGivenUp: final.account.consumedOfGivenUp,
      errors: final.errors,
    };
    if (final.account.overflow > 0 || final.givenUpOverflow > 0) {
      this.log.add(Date.now(), 'accounting', `more gaps than are kept apart: ${final.account.overflow + final.givenUpOverflow} messages count as missing`, {
        overflow: final.account.overflow,
        givenUpOverflow: final.givenUpOverflow,
      });
    }
    this.#tick();
    await this.#measureLogEnds(cluster);
  }

  async #measureLogEnds(cluster: ClusterSide): Promise<void> {
    try {
      const ends = await cluster.endOffsets();
      this.#logEndGrowth = ends.reduce((sum, end, index) => sum + end - (cluster.startOffsets[index] ?? 0), 0);
    } catch (error) {
      this.log.add(Date.now(), 'warning', `log ends could not be read at the end: ${messageOf(error)}`);
      return;
    }
    const totals = this.#happenings.last?.totals;
    if (totals === undefined || this.#plan.mode === 'consume-only') return;
    const wrote = totals.acked + totals.probesAcked;
    if (this.#logEndGrowth === wrote || this.#board.requested('acks') === 0) return;
    const { failed, unknown, retries } = totals;
    this.log.add(
      Date.now(),
      'accounting',
      `the logs grew by ${this.#logEndGrowth} and we have ${wrote} acknowledged: retries ${retries}, failed ${failed}, unknown ${unknown}; the rest is somebody else's`,
      { logEndGrowth: this.#logEndGrowth, acked: totals.acked, probes: totals.probesAcked, failed, unknown, retries },
    );
  }

  /** Resolves once consumers stand at the logs' ends, or get no further. */
  async #caughtUp(cluster: ClusterSide): Promise<void> {
    const watch = this.#clusterWatch;
    if (watch === null || this.#board.number('consumers') === 0) return;
    let ends: readonly number[];
    try {
      ends = await cluster.endOffsets();
    } catch (error) {
      this.log.add(Date.now(), 'warning', `the end of the logs is not known, so draining ends here: ${messageOf(error)}`);
      return;
    }
    let best = Number.POSITIVE_INFINITY;
    let movedMs = Date.now();
    for (;;) {
      const behind = watch.behind(ends);
      if (behind === 0) break;
      if (behind < best) {
        best = behind;
        movedMs = Date.now();
      }
      if (Date.now() - movedMs > stalledMs) {
        this.log.add(Date.now(), 'accounting', `consumers stopped ${behind} messages before the end of the logs`, { behind });
        return;
      }
      await new Promise((wake) => setTimeout(wake, 5));
    }
  }

  async #tearDown(): Promise<void> {
    const note = (message: string): void => {
      this.log.add(Date.now(), 'warning', message);
    };
    await this.#load?.stop();
    await this.#observer?.close();
    await this.#cluster?.close(note);
  }

  // Every 125 ms

  #tick(): void {
    const nowNs = this.#clock.nowNs();
    this.#book.refresh();
    this.#happenings.sample(nowNs, this.#clusterWatch?.gauges() ?? { lagMessages: null, lagMs: null, pingMs: null, host: null });
    if (this.#phase === 'connecting') return;
    this.#rows.update(nowNs);
    this.#rows.release(nowNs, (number, tally) => this.#windows.add(this.#timeline.spans.describe(number).startNs, tally));
    this.#emitRows(nowNs);
    this.#advance(nowNs);
    if (nowNs >= this.#nextSecondNs) {
      this.#nextSecondNs = Math.max(this.#nextSecondNs + secondNs, nowNs - secondNs);
      this.#everySecond(nowNs);
    }
    this.#publishView();
  }

  /** Moves on where a phase's time is over. */
  #advance(nowNs: number): void {
    const soonNs = nowNs + tickMs * 1e6 + 30e6;
    if (this.#phase === 'warm-up') {
      const atNs = Math.ceil(this.#loadStartNs + this.#plan.warmUpMs * 1e6);
      if (soonNs < atNs) return;
      const moment = Math.max(atNs, this.#timeline.moment(nowNs));
      this.#schedule(moment, { phase: 'measuring' });
      this.#enter('measuring', moment);
    } else if (this.#phase === 'measuring') {
      const { messages } = this.#plan;
      if (soonNs >= this.#measuringEndNs) this.#end('finished');
      else if (messages !== null && this.#scheduledSoFar(nowNs) >= messages) this.#end('finished');
    }
  }

  #scheduledSoFar(nowNs: number): number {
    return Math.max(this.#timeline.dueUntil(nowNs), this.#happenings.last?.totals.scheduled ?? 0);
  }

  #everySecond(nowNs: number): void {
    const nowMs = Date.now();
    this.#outcomes.conclude(nowNs);
    this.#clusterWatch?.sampleLag(nowMs);
    if (this.#phase !== 'warm-up' && this.#phase !== 'measuring') return;
    this.#loadWatch.heartbeats(this.#load?.threads ?? [], this.#happenings.heartbeats(), nowNs);
    for (const broken of this.#phase === 'measuring' ? this.#readSlos(nowNs, nowMs) : []) {
      this.log.add(nowMs, 'slo', `${broken} is broken`, { slo: broken });
    }
    this.#watchForAbort(nowNs, nowMs);
    this.#watchForClean(nowNs, nowMs);
    const unattended = this.#rails && this.#options.attended && this.#plan.durationMs === null && !this.#plan.unattended;
    if (unattended && !this.#paused && nowMs - this.#attendedMs > unattendedMs) {
      this.#pause({ kind: 'load-stopped', text: 'LOAD STOPPED: no key for 30 minutes. space resumes' });
    }
  }

  #readSlos(nowNs: number, nowMs: number): readonly string[] {
    return this.#slos.read({
      nowMs,
      tally: this.#measured(),
      lagMs: this.#happenings.last?.gauges.lagMs ?? null,
      achievedFraction: this.#achieved(nowNs),
    });
  }

  #watchForAbort(nowNs: number, nowMs: number): void {
    if (this.#paused) {
      this.#abort.reset();
      return;
    }
    const grew = (field: 'acked' | 'failed' | 'unknown'): number => this.#happenings.growth(field, nowNs - secondNs, nowNs);
    const rule = this.#abort.read({
      nowMs,
      acked: grew('acked'),
      failed: grew('failed') + grew('unknown'),
      expecting: this.#plan.mode !== 'consume-only' && (this.#happenings.last?.totals.inFlight ?? 0) > 0,
    });
    if (rule === null) return;
    const cause = this.#loadWatch.lastTrouble ?? 'no cause was reported';
    const text = `${rule.text} (${cause})`;
    this.log.add(nowMs, 'abort', `load stopped by --abort-on ${text}`, { rule: rule.text, cause }, true);
    if (this.#options.attended) {
      this.#abort.reset();
      this.#pause({ kind: 'load-stopped', text: `LOAD STOPPED: ${text}. space resumes` });
      return;
    }
    this.#aborted = text;
    this.#end('aborted');
  }

  /** Remembers the last rate that ran without trouble for ten seconds. */
  #watchForClean(nowNs: number, nowMs: number): void {
    const rate = this.#effectiveRate();
    const trouble = (['failed', 'unknown', 'missed'] as const).some((field) => this.#happenings.growth(field, nowNs - secondNs, nowNs) > 0);
    const behind = rate !== null && this.#happenings.rate('acked', nowNs - secondNs, nowNs) < rate * 0.98;
    const broken = this.#slos.rows.some(({ held }) => held === false);
    if (this.#paused || trouble || behind || broken) {
      this.#cleanSinceMs = null;
      return;
    }
    this.#cleanSinceMs ??= nowMs;
    if (rate !== null && nowMs - this.#cleanSinceMs >= cleanForMs) this.#cleanRate = rate;
  }

  #emitRows(nowNs: number): void {
    if (!this.#sinks.some((sink) => sink.interval !== undefined)) return;
    const { rows } = this.#rows;
    while (this.#emittedRows < rows.length) {
      const row = rows[this.#emittedRows];
      if (row === undefined) return;
      // A second's grace: most answers are in, and a stall is not waited for.
      const ageMs = this.#clock.toUnixMs(nowNs) - row.timeMs - row.durationMs;
      if (this.#phase !== 'done' && ageMs < 1000) return;
      for (const sink of this.#sinks) sink.interval?.(row);
      this.#emittedRows++;
    }
  }

  // What an operator can do

  setKnob(name: KnobName, value: KnobValue, confirmed = false): ControlAnswer {
    return this.#turn(name, value, confirmed, true);
  }

  #turn(name: KnobName, asked: KnobValue, confirmed: boolean, remember: boolean): ControlAnswer {
    const load = this.#load;
    if (load === null || (this.#phase !== 'warm-up' && this.#phase !== 'measuring')) {
      return refused('knobs can be turned once the load is on');
    }
    const refusal = refuseKnob(this.#plan, this.#board, name, asked);
    if (refusal !== null) return refused(refusal);
    const capped = name === 'rate' && this.#plan.maxRate !== null && (asked === null || Number(asked) > this.#plan.maxRate);
    const value = capped ? this.#plan.maxRate : asked;
    const before = this.#board.requested(name);
    if (value === before) return done(`${knobs[name].label} is ${knobText(name, value)} already${capped ? ' (the cap of --max-rate)' : ''}`);
    if (name === 'rate' && this.#rails && !confirmed) {
      const question = pastRails(value, before, this.#cleanRate, this.#board.number('messageSize'));
      if (question !== null) return { kind: 'confirm', question };
    }
    const change = this.#board.request(name, value, this.#threadsFor(name), remember);
    this.#apply(change);
    return done(`${this.#changeText(change)}${capped ? ' (the cap of --max-rate)' : ''}`);
  }

  #threadsFor(name: KnobName): number {
    const load = this.#load;
    if (load === null) return 0;
    return knobs[name].appliedBy === 'consumers' ? load.consumers.threads.length : load.producers.threads.length;
  }

  #changeText({ name, from, to }: KnobChange): string {
    return `${knobs[name].label} ${knobText(name, from)} → ${knobText(name, to)}`;
  }

  /** Makes a change of a knob come true: a new epoch from a moment ahead, an event, and word to the threads. */
  #apply(change: KnobChange): void {
    const load = this.#load;
    if (load === null) return;
    const { name, to } = change;
    const took = (): void => {
      this.#board.took(name, to);
      this.#timeline.epoch.knobs = this.#board.snapshot();
    };
    const failed = (error: unknown): void => {
      this.log.add(Date.now(), 'error', `${knobs[name].label} could not be changed: ${messageOf(error)}`);
    };
    switch (name) {
      case 'rate':
        this.#openEpoch(change, { rateHz: this.#paused ? 0 : this.#effectiveRate() }, took);
        return;
      case 'producers':
        this.#reshape(() => this.#changeProducers(change), failed);
        return;
      case 'consumers':
        this.#openEpoch(change, {}, () => undefined);
        this.#reshape(async () => {
          await load.consumers.set(Number(to));
          this.#board.applied('consumers', to);
          this.#timeline.epoch.knobs = this.#board.snapshot();
        }, failed);
        return;
      case 'batchSize':
      case 'lingerMs':
      case 'acks':
      case 'compression':
      case 'messageSize':
      case 'inFlight':
        load.producers.configure(producerKnobs(this.#plan, this.#board), took).catch(failed);
        this.#openEpoch(change, {}, () => undefined);
        return;
      case 'fetchMinBytes':
      case 'fetchMaxWaitMs':
      case 'maxPartitionFetch':
        load.consumers.configure(consumerKnobs(this.#plan, this.#board), took).catch(failed);
        this.#openEpoch(change, {}, () => undefined);
        return;
    }
  }

  /** New producers connect before they are given a share; those that leave are closed when their last message is answered. */
  async #changeProducers(change: KnobChange): Promise<void> {
    const load = this.#load;
    const wanted = Number(change.to);
    if (load === null || this.#board.requested('producers') !== change.to) return;
    await load.producers.open(wanted);
    const segment = this.#openEpoch(change, { producers: wanted }, () => undefined);
    await untilNs(this.#clock.nowNs, segment.startNs);
    this.#board.applied('producers', change.to);
    this.#timeline.epoch.knobs = this.#board.snapshot();
    await load.producers.close(wanted);
  }

  #openEpoch(change: KnobChange, schedule: { rateHz?: number | null; producers?: number }, took: () => void) {
    const atNs = this.#timeline.moment(this.#clock.nowNs());
    const { name, from, to } = change;
    const event = this.log.add(
      this.#clock.toUnixMs(atNs),
      'knob',
      this.#changeText(change),
      { knob: name, from, to, epoch: this.#timeline.epochs.length },
      true,
    );
    this.#outcomes.watch(event, atNs);
    return this.#schedule(atNs, { ...schedule, epochKnobs: this.#board.snapshot() }, took);
  }

  #schedule(atNs: number, change: Parameters<Timeline['change']>[1], took: () => void = () => undefined) {
    const segment = this.#timeline.change(atNs, change);
    this.#load?.producers.schedule(segment, took).catch((error: unknown) => {
      this.log.add(Date.now(), 'error', `a thread did not take the schedule: ${messageOf(error)}`);
    });
    return segment;
  }

  #reshape(change: () => Promise<void>, failed: (error: unknown) => void): void {
    this.#reshaping = this.#reshaping.then(change).catch(failed);
  }

  pauseLoad(): ControlAnswer {
    if (this.#paused) return done('the load is paused already');
    if (this.#phase !== 'warm-up' && this.#phase !== 'measuring') return refused('there is no load to pause');
    this.#pause({ kind: 'paused', text: 'PAUSED: the load stands still. space resumes' });
    return done('load paused');
  }

  #pause(banner: Banner): void {
    const atNs = this.#timeline.moment(this.#clock.nowNs());
    this.#paused = true;
    this.#pausedBanner = banner;
    this.#schedule(atNs, { rateHz: 0 });
    this.log.add(this.#clock.toUnixMs(atNs), 'pause', 'load paused', {}, true);
  }

  resumeLoad(): ControlAnswer {
    if (!this.#paused) return done('the load is on');
    if (this.#phase !== 'warm-up' && this.#phase !== 'measuring') return refused('the run is ending');
    const atNs = this.#timeline.moment(this.#clock.nowNs());
    this.#paused = false;
    this.#pausedBanner = null;
    this.#attendedMs = Date.now();
    this.#abort.reset();
    this.#schedule(atNs, { rateHz: this.#effectiveRate() });
    this.log.add(this.#clock.toUnixMs(atNs), 'resume', 'load resumed; what was not due is not caught up', {}, true);
    return done('load resumed');
  }

  pauseConsumers(): ControlAnswer {
    return this.#haltConsumers(true);
  }

  resumeConsumers(): ControlAnswer {
    return this.#haltConsumers(false);
  }

  #haltConsumers(halt: boolean): ControlAnswer {
    const load = this.#load;
    if (load === null || this.#board.number('consumers') === 0) return refused('nobody consumes in this run');
    if (load.consumers.paused === halt) return done(halt ? 'consumers are paused already' : 'consumers read');
    this.#reshape(
      async () => {
        await (halt ? load.consumers.pause() : load.consumers.resume());
        if (halt) await this.#observer?.commitNow();
      },
      (error) => this.log.add(Date.now(), 'error', `consumers could not be ${halt ? 'paused' : 'resumed'}: ${messageOf(error)}`),
    );
    const message = halt ? 'consumers paused, positions committed' : 'consumers resumed';
    this.log.add(Date.now(), halt ? 'pause' : 'resume', message, { consumers: true }, true);
    return done(message);
  }

  freshFigures(): ControlAnswer {
    if (this.#phase !== 'warm-up' && this.#phase !== 'measuring') return refused('there are no figures yet');
    const atNs = this.#timeline.moment(this.#clock.nowNs());
    this.#schedule(atNs, { epochKnobs: this.#board.snapshot() });
    this.#freshNs = atNs;
    this.#freshEpoch = this.#timeline.epoch.index;
    this.log.add(this.#clock.toUnixMs(atNs), 'figures', 'fresh figures; the file keeps all', { epoch: this.#timeline.epoch.index }, true);
    return done('fresh figures');
  }

  backOff(): ControlAnswer {
    const rate = this.#cleanRate;
    if (rate === null) return refused('no rate has run clean for 10 s yet');
    return this.#turn('rate', rate, true, true);
  }

  undo(): ControlAnswer {
    const last = this.#board.takeLast();
    if (last === undefined) return refused('there is no change to take back');
    const answer = this.#turn(last.name, last.from, true, false);
    return answer.kind === 'done' ? done(`undone: ${answer.message}`) : answer;
  }

  async save(path: string | null, force: boolean): Promise<ControlAnswer> {
    if (this.#phase === 'connecting') return refused('there is nothing to save yet');
    try {
      const saved = await this.#options.save(this.#document(), path, force);
      this.#savedPath = saved;
      this.log.add(Date.now(), 'saved', `saved ${saved}`, { path: resolve(saved) });
      return done(`saved ${saved}`);
    } catch (error) {
      return refused(error instanceof LoadtuiError && error.next !== undefined ? `${error.message}. ${error.next}` : messageOf(error));
    }
  }

  attend(): void {
    this.#attendedMs = Date.now();
  }

  stop(reason: StopReason): void {
    this.#end(reason);
  }

  #end(reason: StopReason | 'finished' | 'aborted'): void {
    this.#stopReason ??= reason;
    this.#stopped.resolve();
  }

  #throwIfStopped(): void {
    if (this.#stopReason === null) return;
    throw new LoadtuiError('stopped while connecting', { code: 'ABORTED', fault: 'cluster', next: 'Start it again when you are ready.' });
  }

  // Figures

  #effectiveRate(): number | null {
    const rate = this.#board.requested('rate');
    const cap = this.#plan.maxRate;
    if (typeof rate !== 'number') return cap;
    return cap === null ? rate : Math.min(rate, cap);
  }

  #measured(): Tally {
    return this.#book.phase('measuring', this.#timeline.epochs.length);
  }

  /** Acknowledged during the measured phase, of what was asked for. */
  #achieved(nowNs: number): number | null {
    const startNs = this.#timeline.startOf('measuring');
    if (startNs === null) return null;
    const endNs = Math.min(nowNs, this.#timeline.startOf('draining') ?? nowNs);
    const asked = this.#timeline.askedIn('measuring', endNs);
    return asked === null || asked < 1 ? null : Math.min(1, this.#measured().counts.acked / asked);
  }

  /** What the screen's totals cover: since the last fresh figures. */
  #shownTally(): Tally {
    const phase: SpanPhase = this.#timeline.startOf('measuring') === null ? 'warm-up' : 'measuring';
    const sum = new Tally();
    for (let epoch = this.#freshEpoch; epoch < this.#timeline.epochs.length; epoch++) sum.add(this.#book.epoch(epoch, phase));
    return sum;
  }

  #marksBetween(fromNs: number, toNs: number): readonly number[] {
    const fromMs = this.#clock.toUnixMs(fromNs);
    const toMs = this.#clock.toUnixMs(toNs);
    return this.log.events.flatMap(({ timeMs, mark }) => (mark !== null && timeMs >= fromMs && timeMs < toMs ? [mark] : []));
  }

  #publishView(): void {
    if (!this.#sinks.some((sink) => sink.view !== undefined)) return;
    const view = this.view();
    for (const sink of this.#sinks) sink.view?.(view);
  }

  /** The session as it stands. */
  view(): SessionView {
    const nowNs = this.#clock.nowNs();
    const cluster = this.#cluster;
    const topic = cluster?.topics[0];
    const phaseStartNs = this.#phase === 'connecting' || this.#phase === 'done' ? 0 : (this.#timeline.startOf(this.#phase) ?? 0);
    const endNs = this.#phase === 'warm-up' ? this.#loadStartNs + this.#plan.warmUpMs * 1e6 : this.#phase === 'measuring' ? this.#measuringEndNs : Number.NaN;
    const banners = [
      ...(this.#pausedBanner === null ? [] : [this.#pausedBanner]),
      ...(this.#load?.consumers.paused ? [{ kind: 'consumers-paused', text: 'CONSUMERS PAUSED' } as const] : []),
      ...(this.#clusterWatch?.banner() ?? this.#loadWatch.banner() ?? []),
    ];
    return buildView({
      nowNs,
      nowMs: Date.now(),
      runId: this.#runId,
      startedAtMs: this.#anchor.unixMs,
      startedNs: this.#loadStartNs,
      phase: this.#phase,
      phaseElapsedMs: Math.max(0, (nowNs - phaseStartNs) / 1e6),
      phaseLeftMs: Number.isFinite(endNs) ? Math.max(0, (endNs - nowNs) / 1e6) : null,
      plan: this.#plan,
      cluster:
        cluster === null
          ? null
          : {
              brokers: cluster.info.brokers.length,
              version: cluster.info.metadataVersion ?? cluster.info.inferredAtLeast,
              address: cluster.bootstrap.join(','),
            },
      topic:
        cluster === null || topic === undefined
          ? null
          : { name: topic.name, partitions: topic.partitions, replicationFactor: topic.replicationFactor, count: cluster.topics.length },
      epoch: this.#timeline.epoch.index,
      paused: this.#paused,
      consumersPaused: this.#load?.consumers.paused ?? false,
      banners,
      targetRate: this.#effectiveRate(),
      maxRate: this.#plan.maxRate,
      happenings: this.#happenings,
      rows: this.#rows,
      freshNs: this.#freshNs,
      tally: this.#shownTally(),
      consumes: this.#board.number('consumers') > 0,
      knobs: this.#board.views(),
      lag: this.#clusterWatch?.view() ?? { group: null, rows: [], partitions: 0, totalMessages: null, totalMs: null, totalCommittedMessages: null, noAnswerSinceMs: null },
      slos: this.#slos.views(Date.now()),
      events: this.log.events,
      savedPath: this.#savedPath,
    });
  }

  // The document

  #document(): SessionDocument {
    const nowNs = this.#clock.nowNs();
    this.#book.refresh();
    this.#rows.close(nowNs);
    return buildDocument(documentState(this.#documentSource(nowNs)));
  }

  #documentStart(): DocumentStart {
    const state = documentState(this.#documentSource(this.#clock.nowNs()));
    return buildStart(state);
  }

  #documentSource(nowNs: number): DocumentSource {
    const cluster = this.#cluster;
    if (cluster === null) throw new Error('a document needs a cluster');
    const measured = this.#measured();
    const achieved = this.#achieved(nowNs);
    this.#readSlos(nowNs, Date.now());
    const totals = this.#happenings.last?.totals ?? null;
    const consumes = this.#plan.mode === 'both' && this.#board.number('consumers') > 0;
    return {
      tool: toolInfo(this.#plan.client),
      runId: this.#runId,
      startedAtMs: this.#anchor.unixMs,
      endedAtMs: this.#endedAtMs,
      commandLine: this.#options.commandLine,
      resolved: this.#options.resolved,
      cluster,
      host: hostFacts(),
      timeline: this.#timeline,
      clock: this.#clock,
      book: this.#book,
      rows: this.#rows,
      windows: this.#windows,
      measured,
      running: totals,
      account: this.#account,
      logEndGrowth: this.#logEndGrowth,
      consumes,
      lagSamples: this.#clusterWatch?.lagSamples ?? [],
      events: this.log.events,
      slos: this.#slos.rows,
      verdict: (measuredTotals) =>
        this.#endedAtMs === null
          ? { exitCode: exitCodes.done, label: 'still running', reasons: [] }
          : verdict({
              bug: this.#bug,
              aborted: this.#aborted,
              signal: this.#stopReason === 'interrupt' ? 'SIGINT' : this.#stopReason === 'terminate' ? 'SIGTERM' : this.#stopReason === 'hangup' ? 'SIGHUP' : null,
              totals: measuredTotals,
              consumptionChecked: consumes,
              idempotent: totals !== null && totals.idempotent > 0,
              offeredInTimeFraction: measured.counts.scheduled === 0 ? null : 1 - measured.counts.offeredLate / measured.counts.scheduled,
              achievedFraction: achieved,
              achievedGate: this.#plan.achievedGate,
              slos: this.#slos.rows,
            }),
    };
  }
}

async function untilNs(nowNs: () => number, atNs: number): Promise<void> {
  for (let leftNs = atNs - nowNs(); leftNs > 0; leftNs = atNs - nowNs()) {
    await new Promise((wake) => setTimeout(wake, Math.max(1, leftNs / 1e6)));
  }
}
