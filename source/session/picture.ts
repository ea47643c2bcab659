/** Pictures of a session: the view that sinks draw and the document that files keep. */
import { type SearchVerdict, verdict } from '../analysis/verdict.ts';
import { exitCodes } from '../errors.ts';
import { hostFacts } from '../measure/host.ts';
import type { Pilot } from './automation/pilot.ts';
import { Ramp } from './automation/ramp.ts';
import { searchVerdict } from './automation/search-row.ts';
import { sweepVerdict } from './automation/sweep-row.ts';
import { buildDocument, buildStart } from './document.ts';
import type { DocumentStart, SessionDocument, Verdict } from './document-schema.ts';
import { type DocumentSource, documentState } from './document-source.ts';
import type { RunState } from './run-state.ts';
import { toolInfo } from './tool-info.ts';
import type { Banner, KnobView, LagView, SessionView, Totals } from './view.ts';
import { buildView } from './view-builder.ts';
import type { Watchdog } from './watchdog.ts';

const noLag: LagView = {
  group: null,
  rows: [],
  partitions: 0,
  totalMessages: null,
  totalMs: null,
  totalCommittedMessages: null,
  noAnswerSinceMs: null,
};

const signalOf = { interrupt: 'SIGINT', terminate: 'SIGTERM', hangup: 'SIGHUP' } as const;

export class Picture {
  readonly #run: RunState;
  readonly #watchdog: Watchdog;
  readonly #pilot: Pilot;
  readonly #commandLine: readonly string[];

  constructor(run: RunState, watchdog: Watchdog, pilot: Pilot, commandLine: readonly string[]) {
    this.#run = run;
    this.#watchdog = watchdog;
    this.#pilot = pilot;
    this.#commandLine = commandLine;
  }

  /** The session as it stands, for the screen. */
  view(): SessionView {
    const run = this.#run;
    const { cluster, phase, plan, timeline, clock, clusterWatch } = run;
    const nowNs = clock.nowNs();
    const topic = cluster?.topics[0];
    const phaseStartNs = phase === 'connecting' || phase === 'done' ? 0 : (timeline.startOf(phase) ?? 0);
    const endNs = this.#phaseEndNs();
    return buildView({
      nowNs,
      runId: run.runId,
      startedAtMs: run.anchor.unixMs,
      startedNs: run.loadStartNs,
      phase,
      phaseElapsedMs: Math.max(0, (nowNs - phaseStartNs) / 1e6),
      phaseLeftMs: endNs === null ? null : Math.max(0, (endNs - Math.max(nowNs, phaseStartNs)) / 1e6),
      plan,
      sandbox: cluster?.isSandbox ?? plan.brokers === null,
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
          : {
              name: topic.name,
              partitions: topic.partitions,
              replicationFactor: topic.replicationFactor,
              count: cluster.topics.length,
              ...(cluster.output === null ? {} : { consumed: cluster.output.name }),
            },
      epoch: timeline.epoch.index,
      paused: run.paused,
      consumersPaused: run.load?.consumers.paused ?? false,
      banners: this.#banners(),
      targetRate: run.plan.mode === 'consume-only' ? 0 : timeline.rateAt(nowNs),
      maxRate: plan.maxRate,
      happenings: run.happenings,
      rows: run.rows,
      freshNs: run.freshNs,
      tally: run.shown(),
      consumes: this.#accounts(),
      // What is missing there shows when all has come out.
      ...(plan.consumeTopic === null ? {} : { inPipeline: run.inPipeline(), filters: !plan.missingGate }),
      clockDeviationNs: run.clockWatch.deviationNs,
      e2eErrorMs: run.e2eErrorMs(),
      steadySinceNs: run.steady.steadySinceNs,
      knobs: this.#knobs(nowNs),
      lag: clusterWatch?.view() ?? noLag,
      skew: run.skew.view(),
      slos: run.slos.views(Date.now()),
      hints: run.hints.shown,
      events: run.log.events,
      savedPath: run.savedPath,
      automation: this.#pilot.view(nowNs),
      searches: this.#pilot.searches(nowNs),
      sweeps: this.#pilot.sweeps(nowNs),
      card: this.#pilot.card,
    });
  }

  /** A rate that a ramp moves is what it is now: keys and relative values step on from there. */
  #knobs(nowNs: number): readonly KnobView[] {
    const views = this.#run.board.views();
    const rate = this.#run.presentRate(nowNs);
    if (!(this.#pilot.active instanceof Ramp) || rate === null) return views;
    const rateHz = Number(rate.toPrecision(3));
    return views.map((knob) => (knob.name === 'rate' ? { ...knob, requested: rateHz, applied: rateHz } : knob));
  }

  /** What is known when the load begins. */
  start(): DocumentStart {
    return buildStart(documentState(this.#source()));
  }

  /** The session's document: as it stands, or finished. */
  document(): SessionDocument {
    const { book, rows, clock, clusterWatch } = this.#run;
    book.refresh();
    rows.close(clock.nowNs());
    clusterWatch?.sampleLag(Date.now(), 'now');
    return buildDocument(documentState(this.#source()));
  }

  #banners(): Banner[] {
    const { pausedBanner, load, clusterWatch, loadWatch } = this.#run;
    return [
      ...(pausedBanner === null ? [] : [pausedBanner]),
      ...(load?.consumers.paused ? [{ kind: 'consumers-paused', text: 'CONSUMERS PAUSED' } as const] : []),
      ...(clusterWatch?.banner() ?? loadWatch.banner() ?? []),
    ];
  }

  #phaseEndNs(): number | null {
    const { phase, loadStartNs, plan, measuringEndNs } = this.#run;
    if (phase === 'warm-up') return loadStartNs + plan.warmUpMs * 1e6;
    return phase === 'measuring' && Number.isFinite(measuringEndNs) ? measuringEndNs : null;
  }

  /** What is sent is read too, so that a loss would show. */
  #accounts(): boolean {
    return this.#run.plan.mode === 'both' && this.#run.board.number('consumers') > 0;
  }

  #source(): DocumentSource {
    const run = this.#run;
    const { cluster, load } = run;
    if (cluster === null || load === null) throw new Error('a document needs a cluster and a load');
    const nowNs = run.clock.nowNs();
    // While the run goes on the watchdog reads them, once a second.
    if (run.endedAtMs !== null) this.#watchdog.readSlos(nowNs, Date.now());
    return {
      tool: toolInfo(run.plan.client),
      runId: run.runId,
      startedAtMs: run.anchor.unixMs,
      endedAtMs: run.endedAtMs,
      commandLine: this.#commandLine,
      resolved: run.resolved,
      pacing: load.pacing,
      cluster: {
        isSandbox: cluster.isSandbox,
        info: cluster.info,
        security: cluster.security,
        topics: cluster.allTopics,
      },
      host: hostFacts(),
      timeline: run.timeline,
      clock: run.clock,
      book: run.book,
      rows: run.rows,
      windows: run.windows,
      measured: run.measured(),
      running: run.happenings.last?.totals ?? null,
      account: run.account,
      logEndGrowth: run.logEndGrowth,
      clockDeviationNs: run.clockWatch.worstNs,
      consumes: this.#accounts(),
      lagSamples: run.clusterWatch?.lagSamples ?? [],
      skew: run.skew.document(),
      events: run.log.events,
      slos: run.slos.rows,
      errors: run.loadWatch.errors.rows(),
      searches: this.#pilot.searches(nowNs),
      sweeps: this.#pilot.sweeps(nowNs),
      verdict: (totals) => this.#verdict(totals, nowNs),
    };
  }

  /** What the run's task came to; null: it was a load. */
  #taskVerdict(nowNs: number): SearchVerdict | null {
    switch (this.#run.plan.task) {
      case 'run':
        return null;
      case 'find':
        return searchVerdict(this.#pilot.searches(nowNs), this.#pilot.soakHeld);
      case 'sweep':
        return sweepVerdict(this.#pilot.sweeps(nowNs));
    }
  }

  #verdict(totals: Totals, nowNs: number): Verdict {
    const run = this.#run;
    if (run.endedAtMs === null) return { exitCode: exitCodes.done, label: 'still running', reasons: [] };
    const { scheduled, offeredLate } = run.judged().counts;
    const { endReason } = run;
    return verdict({
      search: this.#taskVerdict(nowNs),
      bug: run.bug,
      aborted: run.aborted,
      signal:
        endReason === 'interrupt' || endReason === 'terminate' || endReason === 'hangup' ? signalOf[endReason] : null,
      totals,
      consumptionChecked: this.#accounts(),
      pipeline: run.plan.consumeTopic === null ? null : { filters: !run.plan.missingGate },
      idempotent: run.happenings.last?.total('notIdempotent') === 0,
      offeredInTimeFraction: scheduled === 0 ? null : 1 - offeredLate / scheduled,
      achievedFraction: run.achieved(nowNs),
      achievedGate: run.plan.achievedGate,
      heldByServiceAlone: run.slos.heldByServiceAlone,
      slos: run.slos.rows,
    });
  }
}
