/** One run of a sweep as the document keeps it: of an epoch that was measured, or of a search. */
import type { IntervalRow, Search } from '../document-schema.ts';
import type { SweepRun } from '../document-sweep-schema.ts';
import { latenciesOf } from '../figures-of.ts';
import { Tally } from '../interval-book.ts';
import type { RunState } from '../run-state.ts';

type Latencies = Pick<SweepRun, 'response' | 'e2e'>;

/** What is due may be so late before it is called behind. */
const behindNs = 100e6;

/** What a run came to, whichever combination it was of. */
export type SweepFacts = Omit<SweepRun, 'combination' | 'repeat' | 'knobs' | 'drained'>;

export interface MeasuredEpoch {
  readonly epoch: number;
  readonly targetRate: number | null;
  readonly fromNs: number;
  readonly nowNs: number;
  readonly steady: boolean;
}

/** The load of an epoch, from when it began until now. */
export function factsOfEpoch(run: RunState, measured: MeasuredEpoch): SweepFacts {
  const { clock, happenings, rows } = run;
  const { epoch, targetRate, fromNs, nowNs, steady } = measured;
  const [timeMs, endMs] = [clock.toUnixMs(fromNs), clock.toUnixMs(nowNs)];
  return {
    timeMs,
    durationMs: Math.round(endMs - timeMs),
    epochs: [epoch],
    targetRate,
    rate: Math.round(happenings.rate('acked', fromNs, nowNs) * 1000) / 1000,
    ...latenciesOfEpoch(run, epoch),
    ...machineFigures(rows.rows, timeMs, endMs),
    offeredInTime: offeredInTime(run, measured),
    steady,
    search: null,
  };
}

/** A search that is over, `index` among all of them. */
export function factsOfSearch(
  { clock, rows }: RunState,
  { search, index, sinceNs, nowNs }: { readonly search: Search; index: number; sinceNs: number; nowNs: number },
): SweepFacts {
  const [timeMs, endMs] = [clock.toUnixMs(sinceNs), clock.toUnixMs(nowNs)];
  const step = search.steps.at(-1);
  const fromMs = step === undefined ? timeMs : step.timeMs + step.discardedMs;
  return {
    timeMs,
    durationMs: Math.round(endMs - timeMs),
    epochs: [...search.epochs],
    targetRate: null,
    ...figuresOfSearch(search),
    ...machineFigures(rows.rows, fromMs, endMs),
    search: index,
  };
}

/** Latencies of an epoch's messages as they are known by now. */
export function latenciesOfEpoch({ book, plan }: RunState, epoch: number): Latencies {
  const { response, e2e } = latenciesOf(book.epoch(epoch, 'measuring'), !plan.missingGate);
  return { response, e2e };
}

/** Messages offered in time among those due in an epoch until now, 0 … 1; null: none was due. */
function offeredInTime(
  { book, happenings }: RunState,
  { epoch, targetRate, fromNs, nowNs }: MeasuredEpoch,
): number | null {
  const { scheduled, offeredLate } = book.epoch(epoch, 'measuring').counts;
  const { last } = happenings;
  // What is behind a full buffer waits for the cluster; what was due a moment ago is no delay.
  const behind = (last?.total('blocked') ?? 0) === 0 && (last?.total('oldestDueNs') ?? nowNs) < nowNs - behindNs;
  const due = targetRate === null ? 0 : Math.floor((targetRate * (nowNs - fromNs)) / 1e9);
  const notTaken = behind ? Math.max(0, due - scheduled) : 0;
  const messages = scheduled + notTaken;
  return messages === 0 ? null : 1 - (offeredLate + notTaken) / messages;
}

/** Means over the intervals that lie in [fromMs, toMs], Unix ms. */
function machineFigures(
  rows: readonly IntervalRow[],
  fromMs: number,
  toMs: number,
): Pick<SweepRun, 'cpuPercent' | 'batchFill'> {
  const within: IntervalRow[] = [];
  for (let at = rows.length - 1; at >= 0; at--) {
    const row = rows[at];
    if (row === undefined || row.timeMs < fromMs - 1) break;
    if (row.timeMs + row.durationMs <= toMs + 1) within.push(row);
  }
  return {
    cpuPercent: meanOf(within.map(({ process }) => process.cpuPercent)),
    batchFill: meanOf(within.map(({ batchFill }) => batchFill)),
  };
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  return Math.round((known.reduce((sum, value) => sum + value, 0) / known.length) * 1000) / 1000;
}

/** What a search says of a combination: the figures of the step that confirmed its rate. */
function figuresOfSearch({
  steps,
  maxSustainableRate,
  outcome,
}: Search): Latencies & Pick<SweepRun, 'rate' | 'offeredInTime' | 'steady'> {
  const nothing = latenciesOf(new Tally());
  const step = steps.findLast(({ verdict, targetRate }) => verdict === 'pass' && targetRate === maxSustainableRate);
  const offered = outcome === 'client' ? (steps.at(-1)?.offeredInTime ?? null) : (step?.offeredInTime ?? null);
  return {
    response: step?.response ?? nothing.response,
    e2e: step?.e2e ?? nothing.e2e,
    rate: maxSustainableRate,
    offeredInTime: offered,
    steady: step !== undefined,
  };
}
