/**
 * What stays on the terminal after a run, for people:
 *
 *     loadtui  latency, 4 min 12 s on kafka (3 brokers, metadata 4.3-IV0), orders-load ×12 RF3 acks=all
 *
 *       response   p50 0.99   p99 3.97   p99.9 12.7   max 48.2 ms
 *       e2e        p50 1.31   p99 4.40   p99.9 13.5   max 51.0 ms
 *       acked      50.0 k/s (100.0 % of target), 4.77 MiB/s
 *       messages   12,604,112 due: missing 0, duplicated 0, reordered 0
 *       slo        response.p99<10ms held: 3.97 ms
 *
 *       saved      orders-load-20261121-120431.json
 *       again      loadtui -b b1:9092 -t orders-load --preset latency -r 50k
 *       verify     loadtui -b b1:9092 -t orders-load --preset latency -r 58.7k --slo 'p99<10ms' -d 1m --plain
 */
import { fewestFor } from '../analysis/latency-summary.ts';
import type { LatencyTag } from '../config/plan.ts';
import { unansweredOf } from '../session/document.ts';
import type { LatencySummary, Search, SessionDocument, SloRow } from '../session/document-schema.ts';
import { percentText, plural, rateText, threeDigits, wholeNumber } from '../session/figures-text.ts';
import { wishText } from '../session/hint-rows.ts';
import { kneeText, otherKneeTexts } from '../session/knee-row.ts';
import { watchedText } from '../session/watched-text.ts';
import { compressionRows } from './compression-rows.ts';
import { asciiOnly, mebibytes, runTime } from './figures-text.ts';
import { measuredRates } from './measured.ts';
import { resultText } from './search-lines.ts';
import { searchesOfSweeps, sweepRows } from './sweep-lines.ts';
import { wrapCommand, wrapWords } from './wrap.ts';

export interface SummaryOptions {
  /** null: nothing was saved. */
  readonly savedPath: string | null;
  /** The command that repeats the run, quoted for a shell; null: none. */
  readonly again: string | null;
  /** The command that holds what a search found for a while; left out: there is none. */
  readonly verify?: string | null;
  /** ASCII only. Default: no. */
  readonly ascii?: boolean;
  /** Widest line; only what must stay whole (a path, an argument) is longer. Default: 100. */
  readonly columns?: number;
}

export const sandboxNote = "SANDBOX: loadtui's own broker; its figures say nothing about Kafka.";

const labelWidth = 13;
const mostHints = 3;
/** Of the combinations of a sweep. */
const mostBest = 5;

/** The summary, with a line feed at its end. SANDBOX stands in the first and the last line where it was one. */
export function summaryText(document: SessionDocument, options: SummaryOptions): string {
  const columns = options.columns ?? 100;
  const row = (label: string, text: string): string[] =>
    wrapWords(`  ${label.padEnd(labelWidth - 2)}${text}`, columns, labelWidth);
  const commandRow = (label: string, command: string | null): string[] =>
    (command === null ? [] : wrapCommand(command, columns - labelWidth, 2)).map(
      (line, index) => `${index === 0 ? `  ${label}`.padEnd(labelWidth) : ' '.repeat(labelWidth)}${line}`,
    );
  const plain = options.ascii === true ? asciiOnly : (text: string) => text;
  const lines = [
    ...wrapWords(headline(document), columns, 2).map(plain),
    '',
    ...resultRows(document).flatMap(([label, text]) => row(label, plain(text))),
    ...(options.savedPath === null && options.again === null ? [] : ['']),
    // A path is never broken and keeps its letters: it is there to be copied.
    ...(options.savedPath === null ? [] : [`${'  saved'.padEnd(labelWidth)}${options.savedPath}`]),
    ...commandRow('again', options.again),
    ...commandRow('verify', options.verify ?? null),
    ...(document.cluster.sandbox ? ['', sandboxNote] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** `loadtui  latency, 4 min 12 s on kafka (3 brokers), orders-load ×12 RF3 acks=all`. */
export function headline(document: SessionDocument): string {
  const { cluster, run } = document;
  const { durationMs } = measuredRates(document);
  const where = clusterText(cluster);
  return `loadtui  ${run.preset ?? document.plan.task.value}, ${runTime(durationMs)} on ${where}, ${topicText(document)}`;
}

/** `SANDBOX (1 broker)`, `kafka (3 brokers, metadata 4.3-IV0)`. */
export function clusterText(cluster: SessionDocument['cluster']): string {
  const { metadataVersion, inferredAtLeast } = cluster.version;
  const version =
    metadataVersion !== null
      ? `, metadata ${metadataVersion}`
      : inferredAtLeast !== null
        ? `, ${inferredAtLeast} or later`
        : '';
  const brokers = plural(cluster.brokers.length, 'broker');
  return cluster.sandbox ? `SANDBOX (${brokers})` : `kafka (${brokers}${version})`;
}

/** `orders-load ×12 RF3 acks=all`, `loadtui-7f3a-0 and 3 more ×12 RF3 acks=1`. */
export function topicText({ cluster, plan }: Pick<SessionDocument, 'cluster' | 'plan'>): string {
  const [first, ...others] = cluster.topics;
  // Who only reads waits for nobody's acknowledgement.
  const acks = plan.mode.value === 'consume-only' ? 'read only' : `acks=${plan.acks.value}`;
  if (first === undefined) return acks;
  const consumed = plan.consumeTopic.value;
  const more = consumed !== null ? ` → ${consumed}` : others.length === 0 ? '' : ` and ${others.length} more`;
  return `${first.name}${more} ×${first.partitions} RF${first.replicationFactor} ${acks}`;
}

type Row = readonly [label: string, text: string];

function resultRows(document: SessionDocument): Row[] {
  const { latency, run, searches, slos } = document;
  const ofSweep = searchesOfSweeps(document);
  const clientBound = run.verdict.reasons.length > 0 && (latency.slip.p99Ms ?? latency.slip.p50Ms ?? 0) >= 1;
  return [
    ...latencyRow(document, 'response'),
    ...latencyRow(document, 'e2e'),
    ...earlyRow(document),
    ...(clientBound ? latencyRow(document, 'slip') : []),
    consumesOnly(document) ? ['read', readText(document)] : ['acked', ackedText(document)],
    ...compressionRows(document).map((text): Row => ['', text]),
    ['messages', messagesText(document.totals)],
    ...watchedTexts(document).map((text): Row => ['watched', text]),
    ...wholeRunRow(document),
    ...errorsRow(document),
    ...slos.map((slo): Row => ['slo', sloText(slo)]),
    ...hintRows(document),
    ...searches.flatMap((_, index) => (ofSweep.has(index) ? [] : searchRows(searches, index))),
    ...sweepRows(document, mostBest),
    ...verdictRows(document),
  ];
}

function latencyRow(document: SessionDocument, tag: LatencyTag): Row[] {
  const figures = document.latency[tag];
  if (figures.count === 0) return [[tag, '- (nothing recorded)']];
  const { p50, p99, p999 } = rankTexts(document, tag);
  const { e2eErrorMs } = document.wholeRun;
  const error = tag === 'e2e' && e2eErrorMs > 0 ? ` ± ${threeDigits(e2eErrorMs)} (clocks)` : '';
  return [[tag, `p50 ${p50}   p99 ${p99}   p99.9 ${p999}   max ${maxText(figures)} ms${error}`]];
}

/** `3 messages were read before they were due, by up to 0.51 ms`: the clocks of threads or machines differ. */
export function earlyText({ wholeRun }: Pick<SessionDocument, 'wholeRun'>): string | null {
  const { lowestE2eMs, negativeE2e } = wholeRun;
  if (lowestE2eMs === null) return null;
  const were = negativeE2e === 1 ? 'message was' : 'messages were';
  return `${wholeNumber(negativeE2e)} ${were} read before due, by up to ${threeDigits(Math.abs(lowestE2eMs))} ms: clocks differ`;
}

function earlyRow(document: SessionDocument): Row[] {
  const text = earlyText(document);
  return text === null ? [] : [['', text]];
}

/**
 * Percentiles in ms, without the unit: a dash where there are too few messages; where the rank falls among those never
 * answered, which took longer than any that was, `>` and how old the oldest was when it was given up.
 */
export function rankTexts(
  { latency, plan, totals }: Pick<SessionDocument, 'latency' | 'plan' | 'totals'>,
  tag: LatencyTag,
): Readonly<Record<'p50' | 'p99' | 'p999', string>> {
  const figures = latency[tag];
  const all = figures.count + unansweredOf(totals, !plan.missingGate.value)[tag];
  const text = (percentile: number, valueMs: number | null): string => {
    if (valueMs !== null) return threeDigits(valueMs);
    const givenUpAfterMs = tag === 'slip' ? totals.missedAfterMs : totals.givenUpAfterMs;
    const leastMs = Math.max(figures.maxMs ?? 0, givenUpAfterMs ?? 0);
    return all < fewestFor(percentile) ? '-' : `>${threeDigits(leastMs)}`;
  };
  return { p50: text(50, figures.p50Ms), p99: text(99, figures.p99Ms), p999: text(99.9, figures.p999Ms) };
}

/** The largest latency in ms, without the unit. */
export function maxText({ maxMs }: LatencySummary): string {
  return maxMs === null ? '-' : threeDigits(maxMs);
}

/** Nothing was sent, so nothing was acknowledged. */
export function consumesOnly({ plan }: Pick<SessionDocument, 'plan'>): boolean {
  return plan.mode.value === 'consume-only';
}

/** `398 k/s, 389 MiB/s`: records read, whoever wrote them. */
export function readText(document: SessionDocument): string {
  const { consumedRate, consumedBytesRate } = measuredRates(document);
  return `${rateText(consumedRate)}, ${mebibytes(consumedBytesRate)} MiB/s`;
}

/** `50.0 k/s (100.0 % of target 50.0 k/s), 4.77 MiB/s`, over the measured phase's wall time. */
export function ackedText(document: SessionDocument): string {
  const { achievedFraction, ackedBytesRate, ackedRate, targetRate } = measuredRates(document);
  const share =
    achievedFraction === null ? '' : ` (${percentText(achievedFraction)} of target ${rateText(targetRate)})`;
  return `${rateText(ackedRate)}${share}, ${mebibytes(ackedBytesRate)} MiB/s`;
}

/** `3,000 due: missing 0, duplicated 0, reordered 0, failed 2`: what should be 0 in every run, then what is not. */
export function messagesText(totals: SessionDocument['totals']): string {
  const missing = totals.missing === null ? 'missing not checked' : `missing ${wholeNumber(totals.missing)}`;
  const always = [
    missing,
    `duplicated ${wholeNumber(totals.duplicated)}`,
    `reordered ${wholeNumber(totals.reordered)}`,
  ];
  const others = [
    ['failed', totals.failed],
    ['unknown', totals.unknown],
    ['missed', totals.missed],
    ['unread', totals.unread],
    ['retried', totals.retries],
    ['failed but consumed', totals.failedButConsumed],
    ['corrupt', totals.corrupt],
    ['expired', totals.expired],
    ['foreign', totals.foreign],
  ] as const;
  const found = others.filter(([, count]) => count > 0).map(([name, count]) => `${name} ${wholeNumber(count)}`);
  return `${wholeNumber(totals.scheduled)} due: ${[...always, ...found].join(', ')}`;
}

/** Other people's groups as they stood when the measured phase ended. */
export function watchedTexts({ intervals }: Pick<SessionDocument, 'intervals'>): string[] {
  const last = intervals.findLast(({ phase }) => phase === 'measuring');
  return (last?.watched ?? []).map((one) => `when the load ended: ${watchedText(one)}`);
}

/** Only where the brokers' logs grew by something else than what was acknowledged. */
function wholeRunRow({ wholeRun }: SessionDocument): Row[] {
  const { acked, logEndGrowth, probes } = wholeRun;
  if (logEndGrowth === null || logEndGrowth === acked + probes) return [];
  const difference = logEndGrowth - acked - probes;
  const text = `${wholeNumber(acked)} acknowledged + ${plural(probes, 'probe')}, but the logs grew by ${wholeNumber(logEndGrowth)}`;
  return [['whole run', `${text} (${difference > 0 ? '+' : ''}${wholeNumber(difference)})`]];
}

function errorsRow({ errors }: SessionDocument): Row[] {
  if (errors.length === 0) return [];
  const most = [...errors].sort((a, b) => b.count - a.count || b.retried - a.retried).slice(0, 3);
  const rest = errors.length - most.length;
  const text = most.map(errorText).join(', ');
  return [['errors', rest > 0 ? `${text}, and ${rest} more kinds` : text]];
}

/** `MESSAGE_TOO_LARGE 3`, `NOT_ENOUGH_REPLICAS 3 and 120 retried`, `NOT_LEADER_OR_FOLLOWER 1,204 retried`. */
function errorText({ code, count, retried }: SessionDocument['errors'][number]): string {
  const again = retried === 0 ? [] : [`${wholeNumber(retried)} retried`];
  const givenUp = count === 0 && retried > 0 ? [] : [wholeNumber(count)];
  return `${code} ${[...givenUp, ...again].join(' and ')}`;
}

function sloText(slo: SloRow): string {
  const verdict = slo.held === null ? notJudged(slo) : slo.held ? 'held' : 'BROKEN';
  // A fraction has no worst single value.
  const isFraction = /^(errors|achieved)/.test(slo.expr);
  const figure =
    slo.actual === null ? '' : `: ${isFraction ? percentText(slo.actual) : `${threeDigits(slo.actual)} ms`}`;
  const over = slo.held === false && slo.violations > 0 ? `, ${wholeNumber(slo.violations)} over` : '';
  return `${slo.expr} ${verdict}${figure}${over}`;
}

function notJudged({ actual }: SloRow): string {
  return actual === null ? 'not judged: too few messages' : 'not judged: within the error of the clocks';
}

function searchRows(searches: readonly Search[], index: number): Row[] {
  const { knee = null, slo } = searches[index] ?? {};
  const found: Row = [`find ${index + 1}`, resultText(searches, index)];
  // A search for the knee has said it already.
  const texts = knee === null ? [] : [...(slo === '' ? [] : [kneeText(knee)]), ...otherKneeTexts(knee)];
  return texts.length === 0 ? [found] : [found, ['', texts.join('; ')]];
}

/** The last hint of each of the kinds that came last, what they suggested beside them. */
function hintRows({ hints }: SessionDocument): Row[] {
  const last = [...new Map(hints.map((hint) => [hint.name, hint])).values()].sort((a, b) => a.timeMs - b.timeMs);
  return last.slice(-mostHints).map(({ name, evidence, suggestion }): Row => {
    return ['hint', `${name}: ${evidence}${suggestion === null ? '' : `; try ${wishText(suggestion)}`}`];
  });
}

function verdictRows({ run }: SessionDocument): Row[] {
  const { exitCode, label, reasons } = run.verdict;
  if (exitCode === 0 && reasons.length === 0) return [];
  return [['verdict', `${label} (exit ${exitCode})`], ...reasons.map((reason): Row => ['', reason])];
}
