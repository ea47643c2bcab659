/** What a run amounts to: an exit code, a label and the reasons, from its totals and objectives. Pure. */
import { type ExitCode, exitCodes } from '../errors.ts';
import { offeredInTimeAtLeast } from './client-verdict.ts';

const achievedAtLeast = 0.99;

export interface VerdictTotals {
  readonly scheduled: number;
  readonly acked: number;
  readonly failed: number;
  readonly missed: number;
  readonly unknown: number;
  readonly consumed: number;
  /** null: not checked. */
  readonly missing: number | null;
  readonly unread: number;
  readonly duplicated: number;
  readonly failedButConsumed: number;
  readonly corrupt: number;
  readonly expired: number;
}

/** What a search came to: `none`: no rate held; `client`: the load generator was the limit. */
export interface SearchVerdict {
  readonly kind: 'found' | 'none' | 'client';
  readonly text: string;
}

export interface VerdictInput {
  /** Where the run's task was to search; null: it was a load. */
  readonly search: SearchVerdict | null;
  /** A fault of ours, in a sentence; null: none. */
  readonly bug: string | null;
  /** Why the run was aborted or the cluster lost, in a sentence; null: it was not. */
  readonly aborted: string | null;
  readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | null;
  readonly totals: VerdictTotals;
  /** Consumers read what producers wrote, from before the first message until the last was in. */
  readonly consumptionChecked: boolean;
  readonly idempotent: boolean;
  /** What was sent went through somebody else's processor, which may drop messages on purpose. Left out, null: it did not. */
  readonly pipeline?: { readonly filters: boolean } | null;
  /** Due messages offered to a producer in time, 0 … 1; null: nothing was due. A full buffer counts as in time. */
  readonly offeredInTimeFraction: number | null;
  /** Acknowledged during the measured phase, of what was asked for, 0 … 1; null: unthrottled, or nothing was due. */
  readonly achievedFraction: number | null;
  /** Whether `achieved>99%` is implied. An objective that names `achieved` takes its place. */
  readonly achievedGate: boolean;
  /** Objectives on response that are broken and would hold by service: the generator's own lateness broke them. */
  readonly heldByServiceAlone: readonly string[];
  readonly slos: readonly { readonly expr: string; readonly held: boolean | null; readonly actual: number | null }[];
}

export interface Verdict {
  exitCode: ExitCode;
  label: string;
  /** The weightiest first. */
  reasons: string[];
}

/** In order of precedence: where several apply, the first gives the exit code. */
const order = [
  { exitCode: exitCodes.bug, label: 'fault of loadtui' },
  { exitCode: exitCodes.cluster, label: 'aborted' },
  { exitCode: exitCodes.unaccounted, label: 'messages unaccounted for' },
  { exitCode: exitCodes.clientBound, label: 'client-bound' },
  { exitCode: exitCodes.sloBroken, label: 'SLO broken' },
] as const;

const signals = {
  SIGINT: { exitCode: exitCodes.interrupted, label: 'interrupted' },
  SIGTERM: { exitCode: exitCodes.terminated, label: 'terminated' },
  SIGHUP: { exitCode: exitCodes.terminalGone, label: 'terminal gone' },
} as const;

const percent = (fraction: number): string => `${(fraction * 100).toFixed(2)} %`;
const counted = (count: number): string => count.toLocaleString('en-US');

/** What does not add up, in sentences; empty: every message has a fate. */
export function accountingFaults(
  input: Pick<VerdictInput, 'totals' | 'consumptionChecked' | 'idempotent' | 'pipeline'>,
): string[] {
  const { totals, consumptionChecked, idempotent, pipeline = null } = input;
  const faults: string[] = [];
  if (totals.missing !== null && totals.missing > 0 && !pipeline?.filters) {
    const what = pipeline === null ? 'never consumed' : 'never came out of the pipeline';
    faults.push(`${counted(totals.missing)} messages missing: acknowledged and ${what}`);
  }
  if (totals.unread > 0) {
    faults.push(`${counted(totals.unread)} messages unread: acknowledged, and in the logs still when draining ended`);
  }
  if (totals.corrupt > 0) faults.push(`${counted(totals.corrupt)} records in batches with a wrong checksum`);
  if (idempotent && totals.duplicated > 0) {
    const who = pipeline === null ? 'although producers are idempotent' : 'by the pipeline: producers are idempotent';
    faults.push(`${counted(totals.duplicated)} messages duplicated ${who}`);
  }
  const withoutFate = totals.scheduled - totals.acked - totals.failed - totals.unknown - totals.missed;
  if (withoutFate !== 0) {
    faults.push(`${counted(withoutFate)} messages unaccounted: scheduled, and neither acknowledged nor given up`);
  }
  if (consumptionChecked && totals.missing !== null) {
    // Messages of unknown fate may have arrived; unread, corrupt and expired ones were acknowledged and not read.
    const arrived = totals.consumed - totals.duplicated - totals.failedButConsumed;
    const gap = totals.acked - totals.missing - arrived;
    if (gap > totals.unread + totals.corrupt + totals.expired || gap < -totals.unknown) {
      faults.push(`${counted(gap)} messages unaccounted: acknowledged − missing − consumed once`);
    }
  }
  return faults;
}

/** Judges a run. Exit codes: 0, 1, 3, 4, 5, 6 by precedence 1, 3, 5, 6, 4; a signal's own code overrides them. */
export function verdict(input: VerdictInput): Verdict {
  const { offeredInTimeFraction: offered, achievedFraction: achieved } = input;
  const clientReasons =
    offered !== null && offered < offeredInTimeAtLeast
      ? [`only ${percent(offered)} of the due messages were offered in time: the load generator was too slow`]
      : [];
  for (const expr of input.heldByServiceAlone) {
    clientReasons.push(`${expr} was broken, yet held from when messages were offered: the load generator was late`);
  }
  const sloReasons = input.slos.filter((slo) => slo.held === false).map((slo) => `${slo.expr} was broken`);
  if (input.search?.kind === 'client') clientReasons.push(input.search.text);
  if (input.search?.kind === 'none') sloReasons.push(input.search.text);
  const gateImplied = input.achievedGate && !input.slos.some((slo) => slo.expr.startsWith('achieved'));
  if (gateImplied && achieved !== null && achieved <= achievedAtLeast) {
    sloReasons.push(`achieved ${percent(achieved)} of the target rate, not more than 99 %`);
  }

  const reasonsByPlace = [
    input.bug === null ? [] : [input.bug],
    input.aborted === null ? [] : [input.aborted],
    accountingFaults(input),
    clientReasons,
    sloReasons,
  ];
  const reasons = reasonsByPlace.flat();
  const first = order[reasonsByPlace.findIndex((group) => group.length > 0)];
  const judged = first ?? { exitCode: exitCodes.done, label: 'done' };
  const outcome = input.signal === null ? judged : signals[input.signal];
  return { exitCode: outcome.exitCode, label: outcome.label, reasons };
}
