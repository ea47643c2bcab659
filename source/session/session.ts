/**
 * A running test, without any terminal: connecting → warm-up → measuring → draining → done. Sinks watch it, an operator
 * or a script turns its knobs (`control`), and `run` resolves with the document and the verdict.
 */
import type { ResolvedPlan } from '../config/plan.ts';
import { messageOf } from '../errors.ts';
import { beginTask } from './automation/begin.ts';
import { tellClamped } from './clamped.ts';
import { connect } from './connect.ts';
import type { SessionDocument } from './document-schema.ts';
import { drain } from './drain.ts';
import type { EventLog } from './event-log.ts';
import { wholeNumber } from './figures-text.ts';
import { Journal, type JournalTarget } from './journal.ts';
import type { KnobBoard } from './knob-board.ts';
import { littleOf, tellLittle } from './littles-law.ts';
import { Operator } from './operator.ts';
import { Picture } from './picture.ts';
import { type EndReason, RunState } from './run-state.ts';
import type { Phase, SessionControl, SessionSink, SessionView } from './view.ts';
import { untilNs } from './wait.ts';
import { Watchdog } from './watchdog.ts';

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
  /** Gets the run line by line as it happens, so that a crash loses little; null: it is not journalled. */
  readonly journal: JournalTarget | null;
  /** Times of searches pass so many times as fast: for tests; left out: as they are. */
  readonly searchHaste?: number;
}

export interface SessionResult {
  readonly document: SessionDocument;
  readonly exitCode: number;
  /** Knobs as they were at the end. */
  readonly knobs: ReturnType<KnobBoard['values']>;
  /** The same command would be asked whether it may write to its topic, which holds records now. */
  readonly asksNextTime: boolean;
}

const tickMs = 125;
/** A planned change is made this much before its time, so that all threads know of it. */
const aheadNs = tickMs * 1e6 + 30e6;
/** An interval's row is given out so long after it ended: most answers are in, and a stall is not waited for. */
const rowGraceMs = 1_000;

export class Session {
  readonly control: SessionControl;
  readonly #options: SessionOptions;
  readonly #run: RunState;
  readonly #operator: Operator;
  readonly #watchdog: Watchdog;
  readonly #picture: Picture;
  readonly #journal: Journal | null;
  readonly #sinks: SessionSink[] = [];
  #rowsGiven = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    const run = new RunState(options.resolved);
    this.#run = run;
    // What a search found is no offer any more once the load was stopped.
    this.#watchdog = new Watchdog(run, options.attended, () => this.#operator.pilot.dismiss());
    this.#operator = new Operator(run, { attended: options.attended, haste: options.searchHaste ?? 1 }, (path, force) =>
      options.save(this.#picture.document(), path, force),
    );
    this.#picture = new Picture(run, this.#watchdog, this.#operator.pilot, options.commandLine);
    this.control = this.#operator;
    this.#journal = options.journal === null ? null : new Journal(run, this.#operator.pilot, options.journal);
    run.log.onEvent((event) => {
      for (const sink of this.#sinks) sink.event?.(event);
    });
  }

  get log(): EventLog {
    return this.#run.log;
  }

  get phase(): Phase {
    return this.#run.phase;
  }

  /** Why the run ended or is ending; null: it goes on. */
  get endReason(): EndReason | null {
    return this.#run.endReason;
  }

  /** Topics that the run made and that are there still: all while it runs, what is left of them afterwards. */
  get madeTopics(): readonly string[] {
    return [...this.#run.madeTopics];
  }

  get savedPath(): string | null {
    return this.#run.savedPath;
  }

  addSink(sink: SessionSink): void {
    this.#sinks.push(sink);
  }

  async closeSinks(): Promise<void> {
    await Promise.all(this.#sinks.map((sink) => sink.close()));
  }

  view(): SessionView {
    return this.#picture.view();
  }

  /** Runs to the end. Rejects with LoadtuiError where the run could not begin. */
  async run(): Promise<SessionResult> {
    const run = this.#run;
    try {
      const { ask } = this.#options;
      const known = (): void => {
        for (const sink of this.#sinks) sink.start?.(this.#picture.start());
      };
      await connect(run, { ask, known });
    } catch (error) {
      run.phase = 'done';
      await this.#tearDown();
      throw error;
    }
    // A run that cannot begin leaves no journal.
    this.#journal?.begin(this.#picture.start());
    const timer = setInterval(() => this.#tick(), tickMs);
    try {
      this.#begin();
      if (run.plan.mode === 'consume-only') {
        await untilNs(run.clock.nowNs, run.loadStartNs);
        if (run.phase === 'measuring') run.load?.readCount?.begin();
        await run.load?.consumers.resume();
      }
      await run.ended.promise;
      run.phase = 'draining';
      this.#operator.pilot.stop('the run ends');
      await drain(run, { tick: () => this.#tick(), settled: () => this.#operator.settled });
    } catch (error) {
      run.bug ??= messageOf(error);
      run.log.add(Date.now(), 'error', `the run broke off: ${messageOf(error)}`);
    } finally {
      clearInterval(timer);
    }
    if (run.brokerGone) run.bug ??= "the sandbox's thread does not answer";
    if (run.clusterWatch?.observerGone) run.bug ??= 'the observer does not answer';
    run.endedAtMs = Date.now();
    run.phase = 'done';
    this.#tick();
    this.#checkFigures();
    const document = this.#picture.document();
    // The document closes the last row.
    this.#giveRows(run.clock.nowNs());
    this.#journal?.finish(document, run.clock.nowNs());
    await this.#tearDown();
    for (const sink of this.#sinks) sink.summary?.(document);
    const { acked, unknown, probes, logEndGrowth } = document.wholeRun;
    // The logs' own word counts; where it is not known, what was written for all that is known.
    const records = logEndGrowth ?? acked + unknown + probes;
    const asksNextTime = run.cluster?.asksNextTime(run.plan, records) ?? false;
    return { document, exitCode: document.run.verdict.exitCode, knobs: run.board.values(), asksNextTime };
  }

  #begin(): void {
    const run = this.#run;
    const phase = run.plan.warmUpMs > 0 ? 'warm-up' : 'measuring';
    run.loadStartNs = run.timeline.moment(run.clock.nowNs());
    run.freshNs = run.loadStartNs;
    run.attendedMs = Date.now();
    const producers = Math.max(1, run.board.number('producers'));
    run.schedule(run.loadStartNs, { rateHz: run.rateHz, producers, phase });
    this.#enter(phase, run.loadStartNs);
  }

  #enter(phase: 'warm-up' | 'measuring', atNs: number): void {
    const run = this.#run;
    run.phase = phase;
    const message = phase === 'warm-up' ? 'warm-up begins' : 'measuring begins';
    run.log.add(run.clock.toUnixMs(atNs), 'phase', message, { phase });
    if (phase === 'warm-up') return;
    run.freshNs = atNs;
    beginTask(run, this.#operator.pilot);
    if (run.plan.durationMs !== null) run.measuringEndNs = Math.ceil(atNs + run.plan.durationMs * 1e6);
  }

  #tick(): void {
    const run = this.#run;
    const nowNs = run.clock.nowNs();
    run.book.refresh();
    run.happenings.sample(nowNs, run.clusterWatch?.gauges() ?? noGauges);
    run.rows.update(nowNs);
    this.#journal?.look(nowNs);
    run.rows.release(nowNs, (number, tally) => run.windows.add(run.timeline.spans.describe(number).startNs, tally));
    if (run.running) {
      run.steady.tick(nowNs, run.timeline.changedNs(nowNs));
      run.skew.tick(nowNs);
      run.hints.tick(run, nowNs);
    }
    this.#giveRows(nowNs);
    this.#advance();
    this.#operator.pilot.tick(nowNs);
    this.#watchdog.tick(nowNs);
    for (const sink of this.#sinks) sink.tick?.(run.clock.toUnixMs(nowNs), () => this.#picture.view());
  }

  /** Moves on where a phase's time is over. */
  #advance(): void {
    const run = this.#run;
    // Not the tick's own time: what a tick does may take longer than a change is ahead.
    const nowNs = run.clock.nowNs();
    if (run.phase === 'warm-up') {
      const endNs = Math.ceil(run.loadStartNs + run.plan.warmUpMs * 1e6);
      if (nowNs + aheadNs < endNs) return;
      const atNs = Math.max(endNs, run.timeline.moment(nowNs));
      run.schedule(atNs, { phase: 'measuring' });
      this.#enter('measuring', atNs);
      void untilNs(run.clock.nowNs, atNs).then(() => run.load?.readCount?.begin());
    } else if (run.phase === 'measuring') {
      run.allDueNs ??= this.#allDueNs(nowNs);
      if (nowNs + aheadNs >= run.measuringEndNs || run.allDueNs !== null) run.end('finished');
    }
  }

  /** When all messages that the plan asks for are due; null: not soon. */
  #allDueNs(nowNs: number): number | null {
    const { plan, timeline, happenings, load } = this.#run;
    if (plan.messages === null) return null;
    if (load?.readCount) return load.readCount.reachedNs;
    // By the schedule: a thread that died sends none of its own.
    const dueNs = timeline.limitDueNs(nowNs, nowNs + aheadNs);
    if (dueNs !== null) return dueNs;
    // Unthrottled, or for a while: only the threads know. What is due then hangs on the client's buffer: answers end it.
    const measured = this.#run.measured();
    if (measured.counts.scheduled < plan.messages || measured.open > 0) return null;
    return (happenings.last?.total('lastDoneNs') ?? nowNs) + 1;
  }

  #checkFigures(): void {
    const { clock, timeline, happenings, load, loadWatch, log, plan } = this.#run;
    loadWatch.settle(clock.nowNs(), true);
    const read = load?.readCount?.records ?? 0;
    if (plan.messages !== null && read > plan.messages) {
      const message = `${wholeNumber(read)} records read where ${wholeNumber(plan.messages)} were asked for: what was fetched is read whole`;
      log.add(Date.now(), 'info', message, { read });
    }
    const fromNs = timeline.startOf('measuring');
    const toNs = timeline.startOf('draining');
    const check = fromNs === null || toNs === null ? null : littleOf(happenings, fromNs, toNs);
    if (check !== null) tellLittle(log, check, Date.now());
    tellClamped(log, this.#run.measured().latencies, Date.now());
  }

  #giveRows(nowNs: number): void {
    const run = this.#run;
    const { rows } = run.rows;
    for (let row = rows[this.#rowsGiven]; row !== undefined; row = rows[this.#rowsGiven]) {
      const ageMs = run.clock.toUnixMs(nowNs) - row.timeMs - row.durationMs;
      if (run.phase !== 'done' && ageMs < rowGraceMs) return;
      for (const sink of this.#sinks) sink.interval?.(row);
      this.#rowsGiven++;
    }
  }

  async #tearDown(): Promise<void> {
    const { load, observer, cluster, log } = this.#run;
    const note = (message: string): void => {
      log.add(Date.now(), 'warning', message);
    };
    await load?.stop().catch((error: unknown) => note(messageOf(error)));
    await observer?.close();
    await cluster?.close(note);
  }
}

const noGauges = { lagMessages: null, lagMs: null, pingMs: null, host: null } as const;
