/**
 * The verdict on a step of a search, asked for as the step goes on: pass, fail, the client's fault, or go on (method:
 * "Verdict on one step", "Search for the maximum sustainable rate under an SLO"). Pure; figures come in pieces of half a second.
 */
import { isClientsFault, offeredInTimeAtLeast } from './client-verdict.ts';
import { judgeLag, type LagSample, lagSampleEveryMs } from './lag-verdict.ts';
import { judgeLatency, type LatencySecond, type LatencyVerdict } from './latency-verdict.ts';
import type { Limit, StepRole } from './search.ts';
import type { Steadiness } from './steady-state.ts';

/** Length of the pieces that a step is looked at in. */
export const pieceMs = 500;

/** A latency objective over a step, with what the client itself would have made of it. */
export interface ObjectiveReading {
  /** `e2e` counts to the consumer; what fails there may be the consumers' doing, never the schedule's alone. */
  readonly tag: 'response' | 'service' | 'e2e';
  /** Share of messages that may lie beyond the objective, 0.01 for a p99. */
  readonly budget: number;
  /** Pieces that are closed: all of their messages are answered, or older than the objective. Oldest first. */
  readonly pieces: readonly LatencySecond[];
  /** The same where clocks may be off by ε: beyond the objective less ε (for a pass), plus ε (for a fail). */
  readonly passing: readonly LatencySecond[];
  readonly failing: readonly LatencySecond[];
  /** The same messages by service time alone. */
  readonly service: readonly LatencySecond[];
  /** As `failing`, as if messages that were given up had never been due. */
  readonly withoutErrors: readonly LatencySecond[];
  /** Messages beyond the objective so far, in pieces that are not closed, too; by service time alone; and given up. */
  readonly violations: number;
  readonly serviceViolations: number;
  readonly errorViolations: number;
}

export interface StepReading {
  readonly role: StepRole;
  readonly rateHz: number;
  /** Of pieces that are closed for every objective, after what is discarded, ms. */
  readonly closedMs: number;
  readonly objectives: readonly ObjectiveReading[];
  /** Since what is discarded, `lagSampleEveryMs` apart; null: nobody consumes. */
  readonly lag: readonly LagSample[] | null;
  /** Objective for lag in time, ms; null: none, but it must not grow. */
  readonly lagLimitMs: number | null;
  /** Given up, or missed behind a full buffer, of all that were due, 0 … 1, and the most of them allowed. */
  readonly errorFraction: number;
  readonly errorLimit: number;
  /** Acknowledged of what was due, and the least allowed, 0 … 1; null: no such objective. */
  readonly achieved: { readonly fraction: number; readonly atLeast: number } | null;
  readonly throttleMs: number;
  /** Due messages offered in time, 0 … 1; null: none were due. So far: in pieces that are not closed, too. */
  readonly offeredInTime: number | null;
  readonly offeredInTimeSoFar: number | null;
  readonly steadiness: Steadiness['kind'];
  /** How long a confirmation takes. */
  readonly confirmMs: number;
}

export interface JudgedStep {
  readonly verdict: 'pass' | 'fail' | 'client';
  readonly limitedBy: Limit | null;
  /** Decided at the end of the longest step, by the share alone: its interval holds the budget. */
  readonly marginal: boolean;
}

export interface StepVerdict {
  /** null: the step goes on. */
  readonly step: JudgedStep | null;
  readonly why: 'decided' | 'too-early' | 'unsure' | 'unsteady' | 'few-messages';
  /** Of the objective that failed, else of the one nearest its budget; null: there is no latency objective. */
  readonly latency: LatencyVerdict | null;
}

/** Verdicts are asked for so often: more looks would find more by chance. */
export const lookEveryMs = 5_000;
/** The longest step of a search. */
export const longestStepMs = 30_000;
/** Where there are too few messages for any verdict a step goes on past that, but no longer than this. */
const patienceMs = 120_000;
/** Without an objective of its own. */
export const defaultErrorLimit = 0.001;
/** So many times the violations of the longest step that just passes: failing is certain. */
const hopeless = 5;
const checkpointsMs = [5_000, 10_000, 20_000];
/** Judged by half seconds up to here, by seconds from there on. */
const halvesUntilMs = 5_000;

/** Whether a step fails, whatever is to come: `latency` of the objective that is lost; null: not so. */
export function judgeHopeless(reading: StepReading): StepVerdict | null {
  const { objectives, rateHz, closedMs, errorLimit, throttleMs, offeredInTimeSoFar: offeredInTime } = reading;
  const within = (budget: number, ms: number): number => (budget * rateHz * ms) / 1000;
  const lost = objectives.find(({ violations, budget }) => violations > hopeless * within(budget, longestStepMs));
  if (lost === undefined) return null;
  const { budget, violations, serviceViolations, errorViolations } = lost;
  const latency = judged(lost, closedMs, 'pieces');
  // What the longest step passes with, if no more comes.
  const bearable = within(budget, Math.max(longestStepMs, closedMs));
  if (errorViolations > within(errorLimit, longestStepMs) && violations - errorViolations <= bearable) {
    return decided({ verdict: 'fail', limitedBy: unlessThrottled(throttleMs, 'errors') }, latency);
  }
  const service = serviceViolations <= bearable ? 'pass' : 'fail';
  return failed({ ...reading, offeredInTime }, { objective: lost, latency, service, atMs: closedMs, marginal: false });
}

/** Whether the step is over, and how it ended. To be asked each time another `lookEveryMs` are closed. */
export function judgeStep(reading: StepReading): StepVerdict {
  const { objectives, role, closedMs, confirmMs, steadiness } = reading;
  const endMs = role === 'confirm' ? confirmMs : longestStepMs;
  const isEnd = closedMs >= endMs;
  const atMs = isEnd ? closedMs : Math.max(0, ...checkpointsMs.filter((ms) => ms <= closedMs));
  const latency = nearest(objectives, closedMs);
  const goOn = (why: StepVerdict['why']): StepVerdict => ({ step: null, why, latency });
  if (atMs === 0) return goOn('too-early');

  for (const objective of objectives) {
    const verdict = judged(objective, atMs, 'failing');
    if (verdict.verdict !== 'fail' || isOfErrors(reading, objective, atMs)) continue;
    const service = judged(objective, atMs, 'service').verdict;
    return failed(reading, { objective, latency: verdict, service, atMs, marginal: false });
  }
  const other = otherFailure(reading, atMs);
  if (other !== null) return decided({ verdict: other === 'client' ? 'client' : 'fail', limitedBy: other }, latency);
  if (!objectives.every(hasEnough) && closedMs < patienceMs) return goOn('few-messages');

  const passed = objectives.every((objective) => judged(objective, atMs, 'passing').verdict === 'pass');
  if (passed && atMs >= earliestPassMs(role, endMs)) {
    if (steadiness === 'unsteady' && closedMs < longestStepMs) return goOn('unsteady');
    return decided({ verdict: 'pass', limitedBy: null }, latency);
  }
  if (!isEnd) return goOn(passed ? 'too-early' : 'unsure');
  // At the end the share alone decides. What clocks are too far apart to tell is no pass.
  const over = objectives.find((objective) => shareOf(objective.passing) > objective.budget);
  if (over !== undefined) {
    const service = shareOf(over.service) <= over.budget ? 'pass' : 'fail';
    return failed(reading, { objective: over, latency: judged(over, atMs, 'pieces'), service, atMs, marginal: true });
  }
  return decided({ verdict: 'pass', limitedBy: null, marginal: true }, latency);
}

/** A ramp's step may pass after 5 s; between a pass and a fail 10 s are needed, for Kafka's quota looks at 11 s. */
function earliestPassMs(role: StepRole, endMs: number): number {
  switch (role) {
    case 'ramp':
    case 'descend':
      return 5_000;
    case 'bisect':
      return 10_000;
    case 'confirm':
      return endMs;
  }
}

function decided(
  step: Omit<JudgedStep, 'marginal'> & Partial<JudgedStep>,
  latency: StepVerdict['latency'],
): StepVerdict {
  return { step: { marginal: false, ...step }, why: 'decided', latency };
}

type Pieces = 'pieces' | 'passing' | 'failing' | 'service' | 'withoutErrors';

function judged(objective: ObjectiveReading, atMs: number, which: Pieces): LatencyVerdict {
  const pieces = objective[which].slice(0, Math.floor(atMs / pieceMs));
  return judgeLatency(atMs <= halvesUntilMs ? pieces : seconds(pieces), objective.budget);
}

/** Pairs of half seconds. One that is left over would count as much as a whole second: it is left out. */
function seconds(pieces: readonly LatencySecond[]): LatencySecond[] {
  const whole: LatencySecond[] = [];
  for (let at = 1; at < pieces.length; at += 2) {
    const [one, other] = [pieces[at - 1], pieces[at]];
    if (one === undefined || other === undefined) break;
    whole.push({ messages: one.messages + other.messages, violations: one.violations + other.violations });
  }
  return whole;
}

function hasEnough({ pieces, budget }: ObjectiveReading): boolean {
  return pieces.reduce((sum, { messages }) => sum + messages, 0) >= 10 / budget - 1e-9;
}

/** Share of all messages beyond the objective. */
function shareOf(pieces: readonly LatencySecond[]): number {
  const messages = pieces.reduce((sum, piece) => sum + piece.messages, 0);
  return messages === 0 ? 0 : pieces.reduce((sum, piece) => sum + piece.violations, 0) / messages;
}

/** The objective whose share is the most of its budget, as it stands. */
function nearest(objectives: readonly ObjectiveReading[], closedMs: number): LatencyVerdict | null {
  const [worst] = objectives.toSorted((a, b) => shareOf(b.pieces) / b.budget - shareOf(a.pieces) / a.budget);
  return worst === undefined ? null : judged(worst, closedMs, 'pieces');
}

interface Failure {
  readonly objective: ObjectiveReading;
  readonly latency: LatencyVerdict;
  /** Of the same messages by service time alone, found as the failure was. */
  readonly service: LatencyVerdict['verdict'];
  readonly atMs: number;
  readonly marginal: boolean;
}

function failed(reading: StepReading, { objective, latency, service, atMs, marginal }: Failure): StepVerdict {
  const { offeredInTime, throttleMs } = reading;
  const byService = objective.tag === 'response' ? service : 'fail';
  if (isClientsFault({ response: 'fail', service: byService, offeredInTime })) {
    return decided({ verdict: 'client', limitedBy: 'client', marginal }, latency);
  }
  // What consumers are too slow for is late at the end, however fast it is acknowledged.
  const behind = objective.tag === 'e2e' && growing(reading, atMs);
  const limitedBy = unlessThrottled(throttleMs, behind ? 'lag' : 'latency');
  return decided({ verdict: 'fail', limitedBy, marginal }, latency);
}

/** Messages that were given up are beyond every objective: where they are too many, and all else would hold, it is they. */
function isOfErrors({ errorFraction, errorLimit }: StepReading, objective: ObjectiveReading, atMs: number): boolean {
  return errorFraction > errorLimit && judged(objective, atMs, 'withoutErrors').verdict !== 'fail';
}

function unlessThrottled(throttleMs: number, otherwise: Limit): Limit {
  return throttleMs > 0 ? 'throttle' : otherwise;
}

function growing({ lag, rateHz }: StepReading, atMs: number): boolean {
  return lag !== null && judgeLag(lag.slice(0, Math.floor(atMs / lagSampleEveryMs)), rateHz).verdict === 'fail';
}

/** What fails besides latencies; null: nothing. */
export function otherFailure(reading: StepReading, atMs: number): Limit | null {
  const { errorFraction, errorLimit, throttleMs, lag, lagLimitMs, achieved, offeredInTime, objectives } = reading;
  const limit = (otherwise: Limit): Limit => unlessThrottled(throttleMs, otherwise);
  if (errorFraction > errorLimit) return limit('errors');
  if (growing(reading, atMs)) return limit('lag');
  const lastLags = lag?.slice(-3).flatMap(({ lagMs }) => lagMs ?? []) ?? [];
  if (lagLimitMs !== null && lastLags.length > 0 && Math.min(...lastLags) >= lagLimitMs) return limit('lag');
  const late = offeredInTime !== null && offeredInTime < offeredInTimeAtLeast;
  if (achieved !== null && achieved.fraction < achieved.atLeast) return late ? 'client' : limit('latency');
  // Without an objective on latency or on what is achieved nothing else says that the load was not what was asked for.
  return objectives.length === 0 && achieved === null && late ? 'client' : null;
}
