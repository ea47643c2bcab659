/** Builds the session document from what a session knows. Pure: no clock, no files. */
import { latencySummary } from '../analysis/latency-summary.ts';
import { isIdempotent, restsWithAcks } from '../config/idempotence.ts';
import { type LatencyTag, latencyTags, type Pacing, type Plan, type PlanSource } from '../config/plan.ts';
import { planDocumentSchema } from './document-plan-schema.ts';
import { commandLineText, redact } from './document-redact.ts';
import type { DocumentStart, EpochRow, EventRow, Latency, PlanDocument, SessionDocument } from './document-schema.ts';
import type { DocumentState, EpochState, LatencyStates } from './document-state.ts';
import { wholeNumber } from './figures-text.ts';
import { hintsOf } from './hint-rows.ts';
import type { SessionEvent, Totals } from './view.ts';

export type { DocumentState, EpochState, LatencyState, LatencyStates } from './document-state.ts';

/** Most rows a document keeps of each list; the newest stay, and a `truncated` event says how many are gone. */
export const documentBounds = {
  /** A day of seconds. */
  intervals: 86_400,
  /** A day of 10 s windows. */
  hdrWindows: 8_640,
  /** 100 partitions every 10 s for about seven hours. */
  lag: 250_000,
  events: 10_000,
} as const;

/** What a document holds besides its start. */
export interface DocumentBody
  extends Omit<DocumentState, 'tool' | 'run' | 'plan' | 'pacing' | 'cluster' | 'host' | 'events'> {
  readonly run: Pick<DocumentState['run'], 'endedAtMs' | 'verdict'>;
  readonly events: readonly EventRow[];
}

/** The document of a run: finished, or as it stands. */
export function buildDocument(
  state: DocumentState,
  bounds: Record<keyof typeof documentBounds, number> = documentBounds,
): SessionDocument {
  return assembleDocument(buildStart(state), { ...state, events: state.events.map(eventRow) }, bounds);
}

/** A document of its start and of all the rest. */
export function assembleDocument(
  start: DocumentStart,
  body: DocumentBody,
  bounds: Record<keyof typeof documentBounds, number> = documentBounds,
): SessionDocument {
  const { endedAtMs, verdict } = body.run;
  const searches = [...(body.searches ?? [])];
  const filters = !start.plan.missingGate.value;
  const lastMs = endedAtMs ?? body.intervals.at(-1)?.timeMs ?? Date.parse(start.run.startedAt);
  const { intervals, hdrWindows, lag, events } = boundedLists(body, lastMs, bounds);
  return {
    ...start,
    run: { ...start.run, endedAt: endedAtMs === null ? null : isoTime(endedAtMs), verdict },
    totals: { ...body.totals },
    wholeRun: body.wholeRun,
    latency: latencyDocument(body.latency, body.totals, filters),
    slos: [...body.slos],
    epochs: body.epochs.map((epoch) => epochRow(epoch, filters)),
    intervals,
    hdrWindows,
    lag,
    ...(body.skew === undefined ? {} : { skew: body.skew }),
    events,
    hints: [...hintsOf(body.events)],
    errors: [...body.errors],
    searches,
    ...(body.sweeps === undefined || body.sweeps.length === 0 ? {} : { sweeps: [...body.sweeps] }),
    search: searches.at(-1) ?? null,
  };
}

/** The lists that grow with a run. */
export type DocumentLists = Pick<SessionDocument, keyof typeof documentBounds>;

/** The newest rows of each list, as many as a document keeps; events at `lastMs` say how many are gone. */
export function boundedLists(
  lists: { readonly [List in keyof DocumentLists]: readonly DocumentLists[List][number][] },
  lastMs: number,
  bounds: Record<keyof typeof documentBounds, number> = documentBounds,
): DocumentLists {
  const truncations: EventRow[] = [];
  const newest = <Row>(list: keyof typeof documentBounds, rows: readonly Row[]): Row[] => {
    const dropped = rows.length - bounds[list];
    if (dropped <= 0) return [...rows];
    truncations.push(truncatedEvent(lastMs, list, dropped));
    return rows.slice(dropped);
  };
  const intervals = newest('intervals', lists.intervals);
  const hdrWindows = newest('hdrWindows', lists.hdrWindows);
  const lag = newest('lag', lists.lag);
  const events = newest('events', lists.events);
  return { intervals, hdrWindows, lag, events: [...events, ...truncations] };
}

/** The part that is known when the load begins. */
export function buildStart(
  state: Pick<DocumentState, 'tool' | 'run' | 'plan' | 'pacing' | 'cluster' | 'host'>,
): DocumentStart {
  return {
    schemaVersion: 1,
    tool: state.tool,
    run: {
      id: state.run.id,
      startedAt: isoTime(state.run.startedAtMs),
      preset: state.plan.plan.preset,
      commandLine: commandLineText(state.run.commandLine),
    },
    plan: planDocument(state.plan.plan, state.plan.sources, state.pacing),
    cluster: state.cluster,
    host: state.host,
  };
}

/**
 * Messages that belong to a tag's figures and were never recorded there; they rank above all that were.
 * A tag without any recording (acks=0, no consumers) has no figures at all, whatever this says. `filters`: they went
 * through a pipeline that drops some, so that end-to-end latency is that of those that came out.
 */
export function unansweredOf(
  totals: Pick<Totals, 'scheduled' | 'acked' | 'missed' | 'consumed' | 'duplicated'>,
  filters = false,
): Record<LatencyTag, number> {
  const left = (all: number, recorded: number): number => Math.max(0, all - recorded);
  return {
    response: left(totals.scheduled, totals.acked),
    service: left(totals.scheduled - totals.missed, totals.acked),
    slip: totals.missed,
    e2e: filters ? 0 : left(totals.scheduled, totals.consumed - totals.duplicated),
  };
}

/** Every value of a plan with its source; secrets replaced. A value without a source is a default. */
export function planDocument(
  plan: Plan,
  sources: Readonly<Record<string, PlanSource>>,
  pacing: Exclude<Pacing, 'auto'>,
): PlanDocument {
  const entries = (values: object, prefix: string) =>
    Object.entries(values).map(([key, value]) => {
      return [key, { value: redact(value, key), source: sources[prefix + key] ?? 'default' }];
    });
  const { tuning, ...rest } = plan;
  return planDocumentSchema.parse({
    ...Object.fromEntries(entries(rest, '')),
    pacing: { value: plan.pacing, source: sources.pacing ?? 'default', chosen: pacing },
    tuning: { ...Object.fromEntries(entries(tuning, 'tuning.')), idempotent: idempotenceDocument(plan, sources) },
  });
}

/** What is in force when the load begins, by the word of whoever decided it. */
function idempotenceDocument(plan: Plan, sources: Readonly<Record<string, PlanSource>>) {
  const decidedBy = restsWithAcks(plan) ? 'acks' : 'tuning.idempotent';
  return {
    value: isIdempotent(plan.tuning.idempotent, plan.acks),
    source: sources[decidedBy] ?? 'default',
    withAcksAll: plan.tuning.idempotent,
  };
}

/** An event as documents and streams keep it: its typed fields stand beside the common ones, which win. */
export function eventRow(event: SessionEvent): EventRow {
  const { timeMs, type, message, outcome, mark, fields } = event;
  const common = { timeMs, type, message, outcome, mark };
  return { ...common, ...fields, ...common };
}

function epochRow(epoch: EpochState, filters: boolean): EpochRow {
  return {
    index: epoch.index,
    timeMs: epoch.timeMs,
    knobs: { ...epoch.knobs },
    totals: { ...epoch.totals },
    latency: latencyDocument(epoch.latency, epoch.totals, filters),
  };
}

function latencyDocument(states: LatencyStates, totals: Totals, filters: boolean): Latency {
  const unanswered = unansweredOf(totals, filters);
  const summaryOf = (tag: LatencyTag) => {
    const { histogram, exact } = states[tag];
    return latencySummary(histogram, { unanswered: unanswered[tag], ...(exact === undefined ? {} : { exact }) });
  };
  const [response, service, slip, e2e] = latencyTags;
  return {
    response: summaryOf(response),
    service: summaryOf(service),
    slip: summaryOf(slip),
    e2e: summaryOf(e2e),
  };
}

function truncatedEvent(timeMs: number, list: string, dropped: number): EventRow {
  return {
    timeMs,
    type: 'truncated',
    message: `the oldest ${wholeNumber(dropped)} rows of ${list} are left out of this file`,
    outcome: null,
    mark: null,
    list,
    count: dropped,
  };
}

function isoTime(unixMs: number): string {
  return new Date(unixMs).toISOString();
}
