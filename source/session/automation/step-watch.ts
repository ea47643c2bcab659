/** What a step of load looks like so far, from the session's books: for the verdict on it, and for its row in the document. */

import { offeredToleranceMs } from '../../analysis/client-verdict.ts';
import { type LagSample, lagSampleEveryMs } from '../../analysis/lag-verdict.ts';
import type { LatencySecond } from '../../analysis/latency-verdict.ts';
import type { StepRole } from '../../analysis/search.ts';
import { defaultErrorLimit, type ObjectiveReading, pieceMs, type StepReading } from '../../analysis/step-verdict.ts';
import { theilSen } from '../../analysis/trend.ts';
import type { Slo } from '../../config/plan.ts';
import { unansweredIn } from '../figures-of.ts';
import { type Counts, Tally } from '../interval-book.ts';
import type { RunState } from '../run-state.ts';

/** The intervals of a step, so that pieces are whole ones. `haste`: the clock of the search runs so many times as fast. */
export function pieceNsOf(haste: number): number {
  return (pieceMs * 1e6) / haste;
}

/** A broker says at once how long it will be silent: what a step suffers may have been told before it began. */
const throttledNs = 12e9;
/** Answers of a piece's end are read by then. */
const settleNs = 50e6;
/** What is acknowledged by then, linger aside, counts as achieved: a cluster may be far away. */
const achievedWithinMs = 1_000;

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
  /** Of their messages, those with a response, 0 … 1. */
  readonly answeredFraction: number;
  /** Messages per second acknowledged since what is discarded. */
  readonly ackedRate: number;
  readonly lagSlope: number | null;
}

/** `slos`: the objectives of the search. */
export function watchStep(run: RunState, step: Step, slos: readonly Slo[], nowNs: number): StepPicture {
  const fromNs = step.startNs + step.discardNs;
  const pieces = piecesOf(run, step, fromNs, nowNs);
  const latencySlos = slos.flatMap((slo) => (slo.kind === 'latency' ? [slo] : []));
  const achievedSlo = slos.find((slo) => slo.kind === 'achieved');
  const achievedMs = achievedSlo === undefined ? 0 : achievedWithinMs + run.board.number('lingerMs');
  const slowestMs = Math.max(achievedMs, ...latencySlos.map(({ limitMs }) => limitMs));
  const olderThan = (ageNs: number): Piece[] => pieces.filter(({ endNs }) => endNs + ageNs + settleNs <= nowNs);
  const closed = olderThan(slowestMs * 1e6);
  const tally = new Tally();
  for (const piece of closed) tally.add(piece.tally);
  const blocked = (run.happenings.last?.total('blocked') ?? 0) > 0;
  const messages = sum(closed, (piece) => piece.messages);
  const { counts } = tally;
  const tightestMs = latencySlos.length === 0 ? null : Math.min(...latencySlos.map(({ limitMs }) => limitMs));
  const lateNs = offeredToleranceMs(tightestMs) * 1e6;
  const inTime = (of: readonly Piece[]): number | null => {
    const due = sum(of, (piece) => piece.messages);
    return due === 0 ? null : 1 - sum(of, (piece) => lateIn(piece, lateNs, blocked)) / due;
  };
  const look: Look = { nowNs, blocked, errorMs: run.e2eErrorMs(), filters: !run.plan.missingGate };
  const lag = lagOf(run, fromNs, nowNs, step.haste);
  const errorSlo = slos.find((slo) => slo.kind === 'errors');
  const lagSlo = slos.find((slo) => slo.kind === 'lag');
  return {
    tally,
    answeredFraction: messages === 0 ? 0 : tally.latencies.response.count / messages,
    ackedRate: run.happenings.rate('acked', fromNs, nowNs),
    lagSlope:
      lag === null
        ? null
        : theilSen(lag.map(({ lagMessages }) => lagMessages)) * (1000 / lagSampleEveryMs) * step.haste,
    reading: {
      role: step.role,
      rateHz: step.rateHz / step.haste,
      closedMs: closed.length * pieceMs,
      objectives: latencySlos.map((slo) => objective(slo, pieces, closed, look)),
      lag,
      lagLimitMs: lagSlo?.limitMs ?? null,
      errorFraction: messages === 0 ? 0 : wrongIn(counts) / messages,
      errorLimit: errorSlo?.limitFraction ?? defaultErrorLimit,
      achieved:
        achievedSlo === undefined || messages === 0
          ? null
          : { fraction: counts.acked / messages, atLeast: achievedSlo.atLeastFraction },
      throttleMs: run.happenings.growth('throttleMs', step.startNs - throttledNs, nowNs),
      offeredInTime: inTime(closed),
      offeredInTimeSoFar: inTime(olderThan(lateNs)),
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
type Tag = Exclude<LatencySlo['tag'], 'slip'>;

interface Look {
  readonly nowNs: number;
  /** A buffer is full. */
  readonly blocked: boolean;
  readonly errorMs: number;
  /** As of `unansweredIn`. */
  readonly filters: boolean;
}

function objective(
  { tag, limitMs, percentile }: LatencySlo,
  pieces: readonly Piece[],
  closed: readonly Piece[],
  look: Look,
): ObjectiveReading {
  if (tag === 'slip') throw new RangeError('slip is no objective: it is the client’s own');
  const beyond = (of: Tag, ms: number): LatencySecond[] =>
    closed.map((piece) => ({
      messages: messagesIn(piece, of, look),
      violations: violationsIn(piece, of, ms, look),
    }));
  // In a piece that is younger than the objective an answer may be in time still.
  const isOld = ({ endNs }: Piece): boolean => endNs + limitMs * 1e6 <= look.nowNs;
  const soFar = (of: Tag): number =>
    sum(pieces, (piece) =>
      isOld(piece) ? violationsIn(piece, of, limitMs, look) : piece.tally.latencies[of].countAbove(limitMs * 1e6),
    );
  const error = tag === 'e2e' ? look.errorMs : 0;
  const plain = beyond(tag, limitMs);
  const failing = error === 0 ? plain : beyond(tag, limitMs + error);
  return {
    tag,
    budget: 1 - percentile / 100,
    pieces: plain,
    passing: error === 0 ? plain : beyond(tag, Math.max(0, limitMs - error)),
    failing,
    service: beyond('service', limitMs),
    withoutErrors: failing.map(({ messages, violations }, at) => {
      const piece = closed[at];
      const errors = piece === undefined ? 0 : errorsIn(piece, tag, look);
      return { messages: messages - errors, violations: violations - errors };
    }),
    violations: soFar(tag),
    serviceViolations: soFar('service'),
    errorViolations: sum(pieces.filter(isOld), (piece) => errorsIn(piece, tag, look)),
  };
}

/** Where a pipeline drops some, end-to-end latency is that of those that come out. */
function messagesIn({ tally, messages, notTaken }: Piece, tag: Tag, { filters }: Look): number {
  return filters && tag === 'e2e' ? tally.latencies.e2e.count + notTaken : messages;
}

/** Answered later than the limit, or not at all: the piece is older than that. */
function violationsIn({ tally, notTaken }: Piece, tag: Tag, limitMs: number, { blocked, filters }: Look): number {
  const behind = tag === 'service' && !blocked ? 0 : notTaken;
  return tally.latencies[tag].countAbove(limitMs * 1e6) + unansweredIn(tally, tag, filters) + behind;
}

/** Of those that were not answered: given up, and not for the load generator's own lateness. */
function errorsIn({ tally }: Piece, tag: Tag, { filters }: Look): number {
  return Math.min(wrongIn(tally.counts), unansweredIn(tally, tag, filters));
}

function wrongIn({ failed, unknown, missed, missedByClient }: Counts): number {
  return failed + unknown + missed - missedByClient;
}

/** What is behind a full buffer waits for the cluster: it is not the load generator that is late. */
function lateIn({ tally, notTaken }: Piece, lateNs: number, blocked: boolean): number {
  return tally.latencies.slip.countAbove(lateNs) + tally.counts.missedByClient + (blocked ? 0 : notTaken);
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
