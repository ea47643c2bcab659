/** What a comparison needs of one run, taken from its document. */
import { fewestFor } from '../analysis/latency-summary.ts';
import type { KnobName, KnobValue } from '../config/knobs.ts';
import { writeHeaders, writeKeys } from '../config/readers.ts';
import { settingKeys, settings } from '../config/settings.ts';
import { formatBytes } from '../config/units.ts';
import { exitCodes } from '../errors.ts';
import { unansweredOf } from '../session/document.ts';
import type { IntervalRow, SessionDocument } from '../session/document-schema.ts';
import { plural, rateText } from '../session/figures-text.ts';
import { knobText } from '../session/knob-text.ts';
import { printable } from '../session/printable.ts';
import { measuredRates } from './measured.ts';
import { consumesOnly, headline } from './summary.ts';
import { searchesOfSweeps } from './sweep-lines.ts';

export const figureNames = ['p50Ms', 'p99Ms', 'throughputRate', 'maxSustainableRate'] as const;
export type FigureName = (typeof figureNames)[number];

/** A run's own figure; endless where it is a latency of messages that were never answered. */
export interface RunFigure {
  readonly value: number;
  /** Within the run: the middle 80 % of its one-second intervals, of a search its bracket; null: not known. */
  readonly spread: { readonly low: number; readonly high: number } | null;
}

/** Something that can differ between runs, in words. */
export interface Trait {
  readonly name: string;
  readonly text: string;
}

export interface ComparedRun {
  /** As it was named: a file, `last~1`. */
  readonly session: string;
  readonly id: string;
  readonly startedAt: string;
  /** `latency, 10 s on kafka (3 brokers), orders-load ×12 RF3 acks=all`. */
  readonly headline: string;
  readonly sandbox: boolean;
  /** Runs that differ in these measure different things. */
  readonly alike: readonly Trait[];
  /** All else that was set: what one compares for. */
  readonly free: readonly Trait[];
  /** Where a run has no such figure, why. */
  readonly figures: Readonly<Record<FigureName, RunFigure | string>>;
  /** What a reader must know to believe the figures. */
  readonly remarks: readonly string[];
}

/** Why most runs have no maximum sustainable rate. */
export const noSearch = 'it made no search';

/** All its texts are printable, whoever wrote the document. */
export function comparedRun(session: string, document: SessionDocument): ComparedRun {
  const traits = (all: readonly Trait[]): Trait[] =>
    all.map(({ name, text }) => ({ name: printable(name), text: printable(text) }));
  return {
    session: printable(session),
    id: printable(document.run.id),
    startedAt: document.run.startedAt,
    headline: printable(headlineOf(document)),
    sandbox: document.cluster.sandbox,
    alike: traits(alikeTraits(document)),
    free: traits(freeTraits(document)),
    figures: {
      p50Ms: latencyFigure(document, 50, (row) => row.response.p50Ms),
      p99Ms: latencyFigure(document, 99, (row) => row.response.p99Ms),
      throughputRate: throughput(document),
      maxSustainableRate: sustainable(document),
    },
    remarks: remarksOn(document).map(printable),
  };
}

/** Without the names of topics that were made for the run, which are no two times the same. */
function headlineOf(document: SessionDocument): string {
  const topics = document.cluster.topics.map((topic) => (topic.created ? { ...topic, name: 'a topic made' } : topic));
  return headline({ ...document, cluster: { ...document.cluster, topics } }).replace(/^loadtui +/, '');
}

function latencyFigure(
  { intervals, latency: { response }, totals }: SessionDocument,
  percentile: 50 | 99,
  ofInterval: (row: IntervalRow) => number | null,
): RunFigure | string {
  if (response.count === 0 && (totals.acked > 0 || totals.scheduled === 0)) return 'it has no response times';
  const fewest = fewestFor(percentile);
  if (response.count + unansweredOf(totals).response < fewest) return `it has fewer than ${fewest} messages`;
  const value = percentile === 50 ? response.p50Ms : response.p99Ms;
  const seconds = wholeSeconds(intervals).filter((row) => row.scheduled > 0);
  return {
    value: value ?? Number.POSITIVE_INFINITY,
    spread: middleOf(seconds.map((row) => ofInterval(row) ?? Number.POSITIVE_INFINITY)),
  };
}

function throughput(document: SessionDocument): RunFigure | string {
  const reads = consumesOnly(document);
  const { ackedRate, consumedRate, durationMs } = measuredRates(document);
  if (durationMs === 0) return 'it has no measured phase';
  const seconds = wholeSeconds(document.intervals);
  return {
    value: reads ? consumedRate : ackedRate,
    spread: middleOf(seconds.map((row) => (reads ? row.consumedRate : row.ackedRate))),
  };
}

function sustainable(document: SessionDocument): RunFigure | string {
  const { search, searches } = document;
  if (search === null) return noSearch;
  if (searchesOfSweeps(document).has(searches.length - 1)) return 'its searches were those of a sweep';
  const { bracket, maxSustainableRate: rate, outcome } = search;
  if (rate === null) return 'its search confirmed no rate';
  // Nobody knows how much more it would have been.
  if (outcome === 'client') return `the load generator was the limit of its search, at ${rateText(rate)}`;
  if (outcome === 'at-cap') return `its search was allowed no more than ${rateText(rate)}`;
  const [low, high] = bracket ?? [null, null];
  return { value: rate, spread: low === null || high === null ? null : { low, high } };
}

/** Pieces of seconds, at changes of phase and epoch, spread by being short. */
function wholeSeconds(intervals: readonly IntervalRow[]): IntervalRow[] {
  return intervals.filter(({ durationMs, phase }) => phase === 'measuring' && durationMs >= 900);
}

/** From the 10th to the 90th percentile, nearest ranks; null: fewer than two values. */
function middleOf(values: readonly number[]): RunFigure['spread'] {
  const sorted = values.toSorted((x, y) => (x < y ? -1 : x > y ? 1 : 0));
  const at = (fraction: number): number | undefined => sorted[Math.ceil(fraction * sorted.length) - 1];
  const [low, high] = [at(0.1), at(0.9)];
  return sorted.length < 2 || low === undefined || high === undefined ? null : { low, high };
}

function alikeTraits(document: SessionDocument): Trait[] {
  const { cluster, plan } = document;
  return [
    { name: 'message size', text: courseOf(document, 'messageSize', plan.messageSizeBytes.value) },
    { name: 'payload entropy', text: String(plan.payloadEntropy.value) },
    { name: 'keys', text: writeKeys(plan.keys.value) },
    { name: 'headers', text: writeHeaders(plan.headers.value).join(', ') },
    { name: 'stamp', text: plan.stamp.value },
    { name: 'topics', text: topicShape(cluster.topics) },
    { name: 'SLO', text: inOrder(plan.slos.value.map(({ text }) => text)) || 'none' },
    { name: 'SLO of the search', text: searchedFor(document) },
    { name: 'acks', text: courseOf(document, 'acks', plan.acks.value) },
    { name: 'broker', text: cluster.sandbox ? 'the sandbox' : 'a cluster' },
  ];
}

/** What the last search was for; on the screen it is asked for while the run is on. */
function searchedFor({ search }: SessionDocument): string {
  return search === null ? 'no search' : inOrder(search.slo.split(', ')) || 'the knee';
}

function inOrder(texts: readonly string[]): string {
  return texts.toSorted().join(', ');
}

/** What a knob was, from the plan's value on through the epochs: `all`, `all → 1`. */
function courseOf({ epochs }: SessionDocument, name: KnobName, planned: KnobValue): string {
  const course = [knobText(name, planned)];
  for (const { knobs: applied } of epochs) {
    const value = applied[name]?.applied;
    if (value === undefined) continue;
    const text = knobText(name, value);
    if (text !== course.at(-1)) course.push(text);
  }
  return course.join(' → ');
}

/** `×12 RF3, min.insync.replicas 2`; of several topics, each shape once with how many have it. */
function topicShape(topics: SessionDocument['cluster']['topics']): string {
  const shapes = topics.map(({ minInsyncReplicas, partitions, replicationFactor }) => {
    const minimum = minInsyncReplicas === null ? '' : ` min.insync.replicas ${minInsyncReplicas}`;
    return `×${partitions} RF${replicationFactor}${minimum}`;
  });
  const counts = [...Map.groupBy(shapes, (shape) => shape)].toSorted(([x], [y]) => x.localeCompare(y));
  return counts.map(([shape, { length }]) => (length === 1 ? shape : `${length} topics ${shape}`)).join(', ') || 'none';
}

/** What says nothing about the load: where it went, under which names, with which consent; and what must be alike. */
const notFree: readonly string[] = [
  'brokers',
  'noSandbox',
  'topic',
  'topics',
  'partitions',
  'replicationFactor',
  'create',
  'keepTopics',
  'group',
  'clientId',
  'yes',
  'unattended',
  'maxRate',
  'abortOn',
  'achievedGate',
  'preset',
  'messageSizeBytes',
  'payloadEntropy',
  'keys',
  'headers',
  'stamp',
  'slos',
  'acks',
];

/** Who logs in makes no difference. */
function securityWords(security: SessionDocument['cluster']['security']): string {
  const { protocol = 'PLAINTEXT', mechanism = null } = security ?? {};
  return mechanism === null ? protocol : `${protocol} ${mechanism}`;
}

function freeTraits({ cluster, host, plan, tool }: SessionDocument): Trait[] {
  const { tuning, ...rest } = plan;
  const set = Object.entries({ ...rest, ...tuning }).filter(([key]) => !notFree.includes(key));
  const { inferredAtLeast, metadataVersion } = cluster.version;
  return [
    ...set.map(([key, { value }]) => ({ name: settingName(key), text: valueText(key, value) })),
    { name: 'brokers', text: plural(cluster.brokers.length, 'broker') },
    { name: 'security', text: securityWords(cluster.security) },
    { name: 'broker version', text: metadataVersion ?? inferredAtLeast ?? 'not known' },
    { name: 'machine', text: `${plural(host.cpus, 'core')} ${host.platform} ${host.kernel}` },
    { name: 'loadtui', text: tool.version },
  ];
}

/** `linger` of `lingerMs`, as in flags. */
function settingName(key: string): string {
  const known = settingKeys.find((name) => name === key);
  return known === undefined ? key : settings[known].name;
}

function valueText(key: string, value: unknown): string {
  if (key === 'rate') return rateText(typeof value === 'number' ? value : null);
  if (value === null) return 'not set';
  if (typeof value === 'number' && key.endsWith('Ms')) return `${value} ms`;
  if (typeof value === 'number' && key.endsWith('Bytes')) return formatBytes(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function remarksOn(document: SessionDocument): string[] {
  const { run, search } = document;
  const { exitCode, label } = run.verdict;
  return [
    // One that broke off has no end either, and says so itself.
    ...(run.endedAt === null && exitCode !== exitCodes.bug ? ['saved while it was still on'] : []),
    ...(exitCode === exitCodes.done ? [] : [`exit code ${exitCode}, ${label}`]),
    ...(search === null ? [] : ['latency and throughput are of all steps of a search together']),
    ...(search === null && turnedKnobs(document) ? ['knobs were turned while it was measured'] : []),
  ];
}

/** Fresh figures open an epoch as well, with the same knobs. */
function turnedKnobs({ epochs }: SessionDocument): boolean {
  const [first, ...others] = epochs
    .filter(({ totals }) => totals.scheduled > 0)
    .map(({ knobs: set }) => JSON.stringify(set));
  return others.some((later) => later !== first);
}
