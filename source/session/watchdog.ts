/** Once a second: objectives, abort rules, what runs clean, and whether anybody is there. More often: silent threads. */
import { AbortWatch } from '../analysis/abort-watch.ts';
import type { RunState } from './run-state.ts';

const secondNs = 1e9;
const cleanForMs = 10_000;
/** With rails and no duration, so long without a key pauses the load. */
const unattendedMs = 30 * 60_000;
/** A rate is kept where at least this share of it is acknowledged. */
const keptShare = 0.98;
/** At the end a thread that is silent for so long is not waited for. */
const abandonedNs = 5e9;

export class Watchdog {
  readonly #run: RunState;
  readonly #attended: boolean;
  readonly #aborted: () => void;
  readonly #abort: AbortWatch;
  #nextNs = 0;
  #cleanSinceMs: number | null = null;

  /**
   * `attended`: what goes wrong pauses the load, for an operator to see; else it ends the run. `aborted`: the load is
   * paused by a rule.
   */
  constructor(run: RunState, attended: boolean, aborted: () => void) {
    this.#run = run;
    this.#attended = attended;
    this.#aborted = aborted;
    this.#abort = new AbortWatch(run.plan.abortOn);
  }

  /** Called at every tick; looks at most things once a second. */
  tick(nowNs: number): void {
    this.#watchThreads(nowNs);
    if (nowNs < this.#nextNs) return;
    // A main thread that was held up looks once, not once for every second it missed.
    this.#nextNs = Math.max(this.#nextNs + secondNs, nowNs);
    const nowMs = Date.now();
    this.#run.outcomes.conclude(nowNs, this.#run.steady.steadySinceNs);
    this.#run.clusterWatch?.sampleLag(nowMs, 'due');
    if (!this.#run.running) return;
    this.#watchClocks();
    if (this.#run.phase === 'measuring') {
      for (const broken of this.readSlos(nowNs, nowMs)) {
        this.#run.log.add(nowMs, 'slo', `${broken} is broken`, { slo: broken });
      }
    }
    this.#watchForAbort(nowNs, nowMs);
    this.#watchForClean(nowNs, nowMs);
    this.#watchForNobody(nowMs);
  }

  /** Judges the objectives as things stand; answers those broken just now. */
  readSlos(nowNs: number, nowMs: number): readonly string[] {
    const { slos, happenings } = this.#run;
    return slos.read({
      nowMs,
      tally: this.#run.judged(),
      youngerThan: (limitMs, tag) => this.#run.unansweredYoungerThan(limitMs, tag, nowNs),
      lagMs: happenings.last?.gauges.lagMs ?? null,
      isSearching: this.#run.isSearching,
      achievedFraction: this.#run.achieved(nowNs),
      e2eErrorMs: this.#run.e2eErrorMs(),
    });
  }

  #watchThreads(nowNs: number): void {
    const { load, loadWatch, clusterWatch, happenings, running, phase } = this.#run;
    if (!running && phase !== 'draining') return;
    clusterWatch?.listen(Date.now());
    loadWatch.settle(nowNs);
    const silent = loadWatch.heartbeats(load?.threads ?? [], happenings.heartbeats(), nowNs);
    // While the load is on it may come back; its lateness shows then.
    if (phase !== 'draining') return;
    for (const { thread, silentForNs } of silent) {
      if (silentForNs > abandonedNs) thread.abandon(`it did not answer for ${Math.floor(silentForNs / 1e9)} s`);
    }
  }

  #watchClocks(): void {
    const { clock, clockWatch, happenings, load } = this.#run;
    const deviations = happenings.clockDeviations();
    const threads = load?.threads ?? [];
    clockWatch.tick([
      ['main thread', Math.abs(clock.deviationNs())],
      ...threads.map(({ name, number }) => [name, deviations.get(number) ?? 0] as const),
    ]);
  }

  #watchForAbort(nowNs: number, nowMs: number): void {
    const { happenings, plan, log, loadWatch } = this.#run;
    if (this.#run.paused) {
      this.#abort.reset();
      return;
    }
    const grew = (field: 'acked' | 'failed' | 'unknown'): number => happenings.growth(field, nowNs - secondNs, nowNs);
    const rule = this.#abort.read({
      nowMs,
      acked: grew('acked'),
      failed: grew('failed') + grew('unknown'),
      expecting: plan.mode !== 'consume-only' && (happenings.last?.total('inFlight') ?? 0) > 0,
    });
    if (rule === null) return;
    const cause = loadWatch.lastTrouble ?? 'no cause was reported';
    const text = `${rule.text} (${cause})`;
    log.add(nowMs, 'abort', `load stopped by --abort-on ${text}`, { rule: rule.text, cause }, true);
    if (this.#attended) {
      this.#abort.reset();
      this.#run.pause({ kind: 'load-stopped', text: `LOAD STOPPED: ${text}. space resumes` });
      this.#aborted();
      return;
    }
    this.#run.aborted = text;
    this.#run.end('aborted');
  }

  #watchForClean(nowNs: number, nowMs: number): void {
    const { happenings, slos, timeline, plan } = this.#run;
    const rateHz = plan.mode === 'consume-only' ? 0 : timeline.rateAt(nowNs);
    const fromNs = nowNs - secondNs;
    const trouble = (['failed', 'unknown', 'missed'] as const).some(
      (field) => happenings.growth(field, fromNs, nowNs) > 0,
    );
    const behind = rateHz !== null && happenings.rate('acked', fromNs, nowNs) < rateHz * keptShare;
    const broken = slos.rows.some(({ held }) => held === false);
    if (this.#run.paused || trouble || behind || broken) {
      this.#cleanSinceMs = null;
      return;
    }
    this.#cleanSinceMs ??= nowMs;
    if (rateHz !== null && nowMs - this.#cleanSinceMs >= cleanForMs) this.#run.cleanRate = rateHz;
  }

  #watchForNobody(nowMs: number): void {
    const { rails, plan, paused, attendedMs } = this.#run;
    const bounded = plan.durationMs !== null || plan.unattended || !this.#attended;
    if (!rails || bounded || paused || nowMs - attendedMs <= unattendedMs) return;
    this.#run.pause({ kind: 'load-stopped', text: 'LOAD STOPPED: no key for 30 minutes. space resumes' });
  }
}
