/** The end of a run: the schedule stops, answers and consumers are waited for, the books are closed. */
import { messageOf } from '../errors.ts';
import type { ClusterSide } from './cluster-side.ts';
import { emptied } from './drain-pipeline.ts';
import type { RunState } from './run-state.ts';
import { Patience, untilNs, within } from './wait.ts';

/** How long a normal end waits for answers; what is open then is `unknown`, what was never sent `missed`. */
const answersMs = 30_000;
/** The same where the embedded broker is gone. */
const noBrokerMs = 1_000;
/** Consumers that make no progress for this long have read what they can. */
const stalledMs = 10_000;
/** Logs that do not grow for this long hold all they will get of writes that nobody answers. */
const landedMs = 5_000;
/** What is asked of the cluster at the end takes no longer than this in all: one that is gone is gone. */
const askingMs = 10_000;
const noAnswer = `no answer within ${askingMs / 1000} s`;
const lookEveryMs = 5;

export interface DrainHooks {
  /** Samples the session's figures. */
  tick(): void;
  /** Resolves when no change of producers or consumers is under way. */
  settled(): Promise<void>;
}

export async function drain(run: RunState, { tick, settled }: DrainHooks): Promise<void> {
  const { load, cluster, timeline, clock, log, observer, plan } = run;
  if (load === null || cluster === null) return;
  // A planned end lies where the plan put it; every other takes hold a little ahead of now.
  const plannedNs = run.endReason === 'finished' && Number.isFinite(run.measuringEndNs) ? run.measuringEndNs : 0;
  const endNs =
    run.allDueNs === null ? Math.max(timeline.moment(clock.nowNs()), plannedNs) : timeline.momentAfter(run.allDueNs);
  run.schedule(endNs, { rateHz: 0, phase: 'draining' });
  run.rows.recut(endNs);
  log.add(clock.toUnixMs(endNs), 'phase', 'draining: waiting for answers and consumers', { phase: 'draining' });
  await untilNs(clock.nowNs, endNs);
  // A sample at the very end: rates are interpolated between samples, and here the rate breaks off.
  tick();
  await within(settled(), answersMs, 'producers or consumers that were to change have not').catch((error: unknown) =>
    log.add(Date.now(), 'warning', messageOf(error)),
  );
  if (load.consumers.paused) {
    log.add(Date.now(), 'resume', 'consumers resumed, to account for what was sent', { consumers: true });
    await load.consumers.resume();
  }
  const patience = new Patience(run.brokerGone ? 0 : askingMs);
  const final = await load.finish(run.brokerGone ? noBrokerMs : answersMs, async () => {
    tick();
    await landed(run, cluster, patience);
    if (plan.consumeTopic !== null) await emptied(run);
    return caughtUp(run, cluster, patience);
  });
  if (observer !== null && !run.clusterWatch?.observerGone) {
    await patience
      .waitFor(observer.commitNow(), noAnswer)
      .catch((error: unknown) =>
        log.add(Date.now(), 'warning', `the last positions are not committed: ${messageOf(error)}`),
      );
  }
  run.account = {
    missing: final.account.missing,
    unread: final.account.unread,
    givenUp: final.givenUp,
    consumedOfGivenUp: final.account.consumedOfGivenUp,
  };
  const overflow = final.account.overflow + final.givenUpOverflow;
  if (overflow > 0) {
    const message = `more gaps than are kept apart: ${overflow} messages count as missing`;
    log.add(Date.now(), 'accounting', message, { overflow });
  }
  tick();
  const late = run.happenings.last?.total('lostIntervals') ?? 0;
  if (late > 0) {
    const message = `${late} times figures of a second were lost: this process was too busy to read them`;
    log.add(Date.now(), 'accounting', message, { late });
  }
  await measureLogEnds(run, cluster, patience);
}

/** With acks=0 the last writes may be on their way still: resolves once the logs hold all of them, or grow no more. */
async function landed({ timeline, happenings }: RunState, cluster: ClusterSide, patience: Patience): Promise<void> {
  const totals = happenings.last?.totals;
  if (totals === undefined || !timeline.epochs.some(({ knobs }) => knobs.acks.requested === 0)) return;
  let most = -1;
  let grewMs = Date.now();
  for (;;) {
    let growth: number;
    try {
      growth = await patience.waitFor(cluster.growth(), noAnswer);
    } catch {
      // Whoever reads the ends of the logs next hears of it again, and tells.
      return;
    }
    if (growth >= totals.acked + totals.probesAcked) return;
    if (growth > most) {
      most = growth;
      grewMs = Date.now();
    } else if (Date.now() - grewMs > landedMs) return;
    await new Promise((wake) => setTimeout(wake, lookEveryMs));
  }
}

/**
 * Resolves once consumers stand at the logs' ends, or get no further, with the records beyond each position (Infinity: not
 * known).
 */
async function caughtUp(run: RunState, cluster: ClusterSide, patience: Patience): Promise<readonly number[]> {
  const { clusterWatch, board, log, plan } = run;
  // Who only consumes sent nothing to account for: the end of the logs may be far.
  if (plan.mode === 'consume-only') return [];
  if (clusterWatch === null || board.number('consumers') === 0) return [];
  let ends: readonly number[];
  try {
    ends = await patience.waitFor(cluster.endOffsets(), noAnswer);
  } catch (error) {
    log.add(Date.now(), 'warning', `the end of the logs is not known, so draining ends here: ${messageOf(error)}`);
    return cluster.readPartitions.map(() => Number.POSITIVE_INFINITY);
  }
  let least = Number.POSITIVE_INFINITY;
  let movedMs = Date.now();
  for (;;) {
    const beyond = clusterWatch.beyond(ends);
    const behind = beyond.reduce((sum, count) => sum + count, 0);
    if (behind === 0) return beyond;
    if (behind < least) {
      least = behind;
      movedMs = Date.now();
    } else if (Date.now() - movedMs > stalledMs) {
      log.add(Date.now(), 'accounting', `consumers stopped ${behind} messages before the end of the logs`, { behind });
      return beyond;
    }
    await new Promise((wake) => setTimeout(wake, lookEveryMs));
  }
}

/** How far the logs grew, and why that is not what we wrote, where it is not. */
async function measureLogEnds(run: RunState, cluster: ClusterSide, patience: Patience): Promise<void> {
  const { log, happenings, plan, board } = run;
  let growth: number;
  try {
    growth = await patience.waitFor(cluster.growth(), noAnswer);
  } catch (error) {
    log.add(Date.now(), 'warning', `the logs' ends could not be read at the end: ${messageOf(error)}`);
    return;
  }
  run.logEndGrowth = growth;
  const totals = happenings.last?.totals;
  if (totals === undefined || plan.mode === 'consume-only' || board.requested('acks') === 0) return;
  const { acked, probesAcked: probes, failed, unknown, retries } = totals;
  const others = growth - acked - probes;
  if (others === 0) return;
  const { duplicated } = run.measured().counts;
  const missing = run.account?.missing ?? 0;
  log.add(
    Date.now(),
    'accounting',
    `the logs grew by ${growth}, acknowledged and probes are ${acked + probes}: the difference of ${others} is from ` +
      `messages missing (${missing}), duplicated (${duplicated}), failed (${failed}) or unknown (${unknown}), retries ` +
      `(${retries} messages), or somebody else's records`,
    { logEndGrowth: growth, acked, probes, missing, duplicated, retries, failed, unknown },
  );
}
