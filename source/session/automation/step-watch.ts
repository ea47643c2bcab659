/** What a step of load looks like so far, from the session's books: for the verdict on it, and for its row in the document. */

import { offeredToleranceMs } from '../../analysis/client-verdict.ts';
import { type LagSample, lagSampleEveryMs } from '../../analysis/lag-verdict.ts';
import type { LatencySecond } from '../../analysis/latency-verdict.ts';
import type { StepRole } from '../../analysis/search.ts';
import { defaultErrorLimit, type ObjectiveReading, pieceMs, type StepReading } from '../../analysis/step-verdict.ts';
import { theilSen } from '../../analysis/trend.ts';
import type { Slo } from '../../config/plan.ts';
import { unansweredIn } from '../figures-of.ts';
import { Tally } from '../interval-book.ts';
import type { RunState } from '../run-state.ts';

/** The intervals of a step, so that pieces are whole ones. `haste`: the clock of the search runs so many times as fast. */
export function pieceNsOf(haste: number): number {
  return (pieceMs * 1e6) / haste;
}

/** A broker says at once how long it will be silent: what a step suffers may have been told before it began. */
const throttledNs = 12e9;
/** Answers of a piece's end are read by then. */
const settleNs = 50e6;

export interface Step {
  readonly role: StepRole;
  readonly rateHz: number;
  readonly startNs: number;
  /** Left out at the start, a multiple of a piece, ns. */
  readonly discardNs: number;
  readonly confirmMs: number;
  /** Times in the verdicts pass so many times as fast as real ones: 1, but in tests. */
  readonly haste: number;
}

/** One interval of the step: what was due in it, and how much of that nobody has taken from the schedule. */
interface Piece {
  readonly tally: Tally;
  readonly endNs: number;
  readonly messages: number;
  readonly notTaken: number;
}

export interface StepPicture {
  readonly reading: StepReading;
  /** Of all closed pieces. */
  readonly tally: Tally;
  /** Messages per second acknowledged since what is discarded. */
  readonly ackedRate: number;
  readonly lagSlope: number | null;
}

/** `slos`: the objectives of the search. */
export function watchStep(run: RunState, step: Step, slos: readonly Slo[], nowNs: number): StepPicture {
  const fromNs = step.startNs + step.discardNs;
  const pieces = piecesOf(run, step, fromNs, nowNs);
  const latencySlos = slos.flatMap((slo) => (slo.kind === 'latency' ? [slo] : []));
  const slowestMs = Math.max(0, ...latencySlos.map(({ limitMs }) => limitMs));
  const closed = pieces.filter(({ endNs }) => endNs + slowestMs * 1e6 + settleNs <= nowNs);
  const tally = new Tally();
  for (const piece of closed) tally.add(piece.tally);
  const blocked = (run.happenings.last?.total('blocked') ?? 0) > 0;
  const messages = sum(closed, (piece) => piece.messages);
  const { counts } = tally;
  // What is behind a full buffer waits for the cluster: it is not the load generator that is late.
  const tightestMs = latencySlos.length === 0 ? null : Math.min(...latencySlos.map(({ limitMs }) => limitMs));
  const lateNs = offeredToleranceMs(tightestMs) * 1e6;
  const offeredLate = tally.latencies.slip.countAbove(lateNs) + counts.missedByClient;
  const late = offeredLate + (blocked ? 0 : sum(closed, ({ notTaken }) => notTaken));
  const wrong = counts.failed + counts.unknown + counts.missed - counts.missedByClient;
  const lag = lagOf(run, fromNs, nowNs, step.haste);
  const errorSlo = slos.find((slo) => slo.kind === 'errors');
  const achievedSlo = slos.find((slo) => slo.kind === 'achieved');
  const lagSlo = slos.find((slo) => slo.kind === 'lag');
  return {
    tally,
    ackedRate: run.happenings.rate('acked', fromNs, nowNs),
    lagSlope:
      lag === null
        ? null
        : theilSen(lag.map(({ lagMessages }) => lagMessages)) * (1000 / lagSampleEveryMs) * step.haste,
    reading: {
      role: step.role,
      rateHz: step.rateHz / step.haste,
      closedMs: closed.length * pieceMs,
      objectives: latencySlos.map((slo) =>
        objective(slo, pieces, closed, { nowNs, blocked, errorMs: run.e2eErrorMs() }),
      ),
      lag,
      lagLimitMs: lagSlo?.limitMs ?? null,
      errorFraction: messages === 0 ? 0 : wrong / messages,
      errorLimit: errorSlo?.limitFraction ?? defaultErrorLimit,
      achieved:
        achievedSlo === undefined || messages === 0
          ? null
          : { fraction: counts.acked / messages, atLeast: achievedSlo.atLeastFraction },
      throttleMs: run.happenings.growth('throttleMs', step.startNs - throttledNs, nowNs),
      offeredInTime: messages === 0 ? null : 1 - late / messages,
      steadiness: run.steady.steadiness,
      confirmMs: step.confirmMs,
    },
  };
}

function piecesOf({ timeline, book, happenings }: RunState, step: Step, fromNs: number, nowNs: number): Piece[] {
  const { spans } = timeline;
  const oldestDueNs = happenings.last?.total('oldestDueNs') ?? Number.POSITIVE_INFINITY;
  const pieces: Piece[] = [];
  for (let number = spans.intervalAt(fromNs); number < spans.intervalAt(nowNs); number++) {
    const { startNs, endNs } = spans.describe(number);
    if (startNs < fromNs - 1) continue;
    const tally = book.interval(number) ?? new Tally();
    const due = Math.floor((step.rateHz * (endNs - startNs)) / 1e9);
    const notTaken = oldestDueNs >= endNs ? 0 : Math.max(0, due - tally.counts.scheduled);
    pieces.push({ tally, endNs, notTaken, messages: tally.counts.scheduled + notTaken });
  }
  return pieces;
}

type LatencySlo = Extract<Slo, { kind: 'latency' }>;

function objective(
  slo: LatencySlo,
  pieces: readonly Piece[],
  closed: readonly Piece[],
  { nowNs, blocked, errorMs }: { readonly nowNs: number; readonly blocked: boolean; readonly errorMs: number },
): ObjectiveReading {
  const { tag, limitMs } = slo;
  if (tag === 'slip') throw new RangeError('slip is no objective: it is the client’s own');
  const beyond = (of: 'response' | 'service' | 'e2e', ms: number): LatencySecond[] =>
    closed.map((piece) => ({ messages: piece.messages, violations: violationsIn(piece, of, ms, blocked) }));
  const error = tag === 'e2e' ? errorMs : 0;
  const open = pieces.slice(closed.length).map((piece) => {
    const over = piece.tally.latencies[tag].countAbove(limitMs * 1e6);
    return piece.endNs + limitMs * 1e6 <= nowNs ? violationsIn(piece, tag, limitMs, blocked) : over;
  });
  const plain = beyond(tag, limitMs);
  return {
    tag,
    budget: 1 - slo.percentile / 100,
    pieces: plain,
    passing: error === 0 ? plain : beyond(tag, Math.max(0, limitMs - error)),
    failing: error === 0 ? plain : beyond(tag, limitMs + error),
    service: beyond('service', limitMs),
    violations: sum(plain, ({ violations }) => violations) + open.reduce((all, one) => all + one, 0),
  };
}

/** Answered later than the limit, or not at all: the piece is older than that. */
function violationsIn(
  { tally, notTaken }: Piece,
  tag: 'response' | 'service' | 'e2e',
  limitMs: number,
  blocked: boolean,
): number {
  const behind = tag === 'service' && !blocked ? 0 : notTaken;
  return tally.latencies[tag].countAbove(limitMs * 1e6) + unansweredIn(tally, tag) + behind;
}

/** null: nobody consumes, or lag is not known. */
function lagOf(
  { board, happenings, plan }: RunState,
  fromNs: number,
  nowNs: number,
  haste: number,
): LagSample[] | null {
  if (plan.mode === 'produce-only' || board.number('consumers') === 0) return null;
  const samples: LagSample[] = [];
  for (let atNs = fromNs; atNs <= nowNs; atNs += (lagSampleEveryMs * 1e6) / haste) {
    const gauges = happenings.sampleAt(atNs)?.gauges;
    if (gauges === undefined || gauges.lagMessages === null) continue;
    samples.push({ lagMessages: gauges.lagMessages, lagMs: gauges.lagMs });
  }
  return samples.length === 0 ? null : samples;
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((all, value) => all + of(value), 0);
}
