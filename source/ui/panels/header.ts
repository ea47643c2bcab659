/** The three lines at the top: what runs where; target against achieved; the state of the moment. */
import { compressions, type LatencyTag } from '../../config/plan.ts';
import type { AutomationView } from '../../session/automation/automation.ts';
import { codecInForce } from '../../session/compression-text.ts';
import {
  byteRateText,
  countdown,
  msText,
  percentText,
  plural,
  rateText,
  ratioText,
  shortCount,
  spanText,
  stopwatch,
  wholeNumber,
} from '../../session/figures-text.ts';
import type { Banner, ReplayView, SessionView, SloView } from '../../session/view.ts';
import { type Baseline, changeText, changeWidth } from '../baseline.ts';
import { type Field, fieldsThatFit, spread, widthOf } from '../cells.ts';
import type { DrawContext } from '../draw-context.ts';
import { clockText, dash, orDash, percentileText } from '../format.ts';
import { cleanText } from '../glyphs.ts';
import type { Paint } from '../paint.ts';
import type { Units } from '../steady-units.ts';
import { searches } from '../upper.ts';

const roomyColumns = 140;

/** Exactly three lines of at most `columns` cells. */
export function drawHeader(context: DrawContext, columns: number): readonly string[] {
  const isWide = columns >= 110;
  const width = columns - 2;
  return [
    identityLine(context, width, isWide),
    fieldsThatFit(
      searchFields(context.view, isWide) ?? rateFields(context, isWide),
      width,
      columns >= roomyColumns ? '   ' : '  ',
    ),
    fieldsThatFit(isWide ? stateFields(context, columns) : compactStateFields(context), width, isWide ? '   ' : '  '),
  ].map((line) => ` ${line}`);
}

function identityLine({ paint, view, live, state }: DrawContext, width: number, isWide: boolean): string {
  const gap = isWide ? '   ' : '  ';
  const words = stateWords(paint, live, state.frozen !== null);
  const fields = identityFields(paint, view, isWide);
  const essential = fieldsThatFit(
    fields.filter(({ rank }) => rank <= lastEssentialRank),
    width,
    gap,
  );
  const room = (right: string) => width - widthOf(right) - gap.length;
  const rights = rightEnds(paint, view, isWide).map((end) => [...words, ...end].join(gap));
  const right = rights.find((end) => room(end) >= widthOf(essential)) ?? rights.at(-1) ?? '';
  return spread(fieldsThatFit(fields, room(right), gap), right, width);
}

/** What stands at the right end of the first line, the longest first: the words for states take room from it. */
function rightEnds(paint: Paint, view: SessionView, isWide: boolean): readonly (readonly string[])[] {
  if (view.automation !== null) return automationEnds(paint, view.automation, clockText(view.nowMs));
  const phase = phaseText(paint, view);
  const clock = clockText(view.nowMs);
  const epoch = `epoch ${String(view.epoch).padStart(2)}`;
  return [...(isWide ? [[phase, epoch, clock]] : []), [phase, clock], [phase], [phaseName(paint, view)]];
}

/** `● step 9 of ~12, about 1:10 left`, less where there is less room. */
function automationEnds(paint: Paint, { progress }: AutomationView, clock: string): readonly (readonly string[])[] {
  const sign = paint('good', '●');
  const short = progress.replace(/,.*/, '');
  return [[`${sign} ${progress}`, clock], [`${sign} ${progress}`], [`${sign} ${short}`]];
}

/** The second line while a search is under way: where it stands is all that counts; null: there is none. */
function searchFields({ automation }: SessionView, isWide: boolean): readonly Field[] | null {
  if (automation === null || !searches({ automation, card: null }) || automation.detail === '') return null;
  const [place = '', now = '', ...more] = automation.detail.split(/ {2,}/);
  return [
    { text: isWide ? place : place.replace('bracket ', ''), rank: 1 },
    { text: now, rank: 0 },
    { text: more.join('   '), rank: 2 },
  ];
}

/** Fields up to this rank say which run it is: the cluster and the preset. */
const lastEssentialRank = 2;

function identityFields(paint: Paint, view: SessionView, isWide: boolean): readonly Field[] {
  const brokers = view.cluster?.brokers ?? 0;
  const count = isWide ? ` ${plural(brokers, 'broker')}` : '';
  const version = view.cluster?.version ?? null;
  const cluster = view.sandbox
    ? `${paint('reverse', ' SANDBOX ')}${count}`
    : view.cluster === null
      ? 'no cluster yet'
      : `kafka${version === null ? '' : ` ${cleanText(version)}`}${count === '' ? ` ${brokers}b` : count}`;
  const acks = view.knobs.find((knob) => knob.name === 'acks')?.applied ?? view.plan.acks;
  const topic = view.topic;
  const shape = topic === null ? '' : `×${topic.partitions} RF${topic.replicationFactor} `;
  const topicName =
    topic === null ? 'no topic yet' : topic.count > 1 ? `${topic.count} topics` : cleanText(topic.name).slice(0, 32);
  const behind = topic?.consumed === undefined ? '' : ` → ${cleanText(topic.consumed).slice(0, 32)}`;
  return [
    { text: paint('bold', 'loadtui'), rank: 5 },
    { text: paint('accent', cleanText(view.automation?.title ?? view.plan.preset ?? '')), rank: 2 },
    { text: cluster, rank: 1 },
    { text: `${topicName}${behind}`, rank: 6 },
    { text: `${shape}${view.plan.mode === 'consume-only' ? 'read only' : `acks=${acks}`}`, rank: 3 },
    { text: paint('dim', view.plan.client), rank: 7 },
  ];
}

const bannerWords: Readonly<Record<Banner['kind'], string | null>> = {
  sandbox: null,
  paused: 'PAUSED',
  'consumers-paused': 'CONSUMERS PAUSED',
  'load-stopped': 'LOAD STOPPED',
  'cluster-away': 'CLUSTER AWAY',
  'lag-unknown': 'LAG UNKNOWN',
};

/** Words in reverse video for what must not be overlooked. */
function stateWords(paint: Paint, view: SessionView, isFrozen: boolean): readonly string[] {
  const words = view.banners.map((banner) => bannerWords[banner.kind]).filter((word) => word !== null);
  if (view.paused && !words.includes('PAUSED') && !words.includes('LOAD STOPPED')) {
    words.push('PAUSED');
  }
  if (view.consumersPaused && !words.includes('CONSUMERS PAUSED')) {
    words.push('CONSUMERS PAUSED');
  }
  const replay = view.replay === undefined ? [] : [view.replay.playing ? 'REPLAY' : 'REPLAY HALTED'];
  return [...replay, ...(isFrozen ? ['FROZEN'] : []), ...words].map((word) => paint('reverse', ` ${word} `));
}

function phaseText(paint: Paint, view: SessionView): string {
  if (view.replay !== undefined) return `${phaseName(paint, view)} ${positionText(view.replay)}`;
  const left = view.phaseLeftMs === null ? '' : ` −${countdown(view.phaseLeftMs)}`;
  const time = `${stopwatch(view.phaseElapsedMs)}${left}`;
  return `${phaseName(paint, view)} ${time}`;
}

/** `01:42 of 04:12 ×10`: always as wide, whatever the position. */
function positionText({ positionMs, lengthMs, speed }: ReplayView): string {
  const length = stopwatch(lengthMs);
  return `${stopwatch(positionMs).padStart(length.length)} of ${length} ${`×${speed}`.padEnd(4)}`;
}

function phaseName(paint: Paint, { phase }: SessionView): string {
  return `${paint(phase === 'measuring' ? 'good' : 'warn', '●')} ${phase}`;
}

/** Tight, as the line is. */
const achievedText = (fraction: number) => percentText(fraction).replace(' ', '');

function rateFields({ paint, view, state: { units } }: DrawContext, isWide: boolean): readonly Field[] {
  const { totals } = view;
  const target = rateText(view.targetRate, units.target).padStart(8);
  const cap = view.maxRate === null || !isWide ? '' : ` (cap ${shortCount(view.maxRate)})`;
  // Where there is no room for all, what is broken comes first, and stays longer than what was missed.
  const broken = view.slos.filter(({ held }) => held === false);
  const others = view.slos.filter(({ held }) => held !== false);
  const slos = [...broken, ...others].slice(0, isWide ? 2 : 1).map((slo, index) => ({
    text: sloText(paint, slo, isWide),
    rank: index > 0 ? 8 : slo.held === false ? 1.5 : 3,
  }));
  const bad = (count: number, text: string) => (count > 0 ? paint('bad', text) : text);
  return [
    { text: view.automation === null ? `target ${target}${cap}` : aimText(view.automation), rank: 1 },
    { text: progressText(view, units), rank: 0 },
    { text: bytesField(view, units).padStart(10), rank: 4 },
    ...wireFields(view, units),
    ...(isWide
      ? [
          { text: bad(view.failedRate, `fail ${shortCount(view.failedRate, units.failed).padStart(3)}/s`), rank: 5 },
          { text: `retry ${shortCount(view.retryRate, units.retried).padStart(3)}/s`, rank: 6 },
        ]
      : []),
    { text: bad(totals.missed, `missed ${shortCount(totals.missed)}`), rank: 2 },
    ...slos,
  ];
}

/** What stands in place of the target: `target 45.2 k/s → 200 k/s`, as wide whatever the rate. */
function aimText({ detail }: AutomationView): string {
  return detail.padEnd('target 45.2 k/s → 45.2 k/s'.length);
}

/** `p99<10ms ✔ held 61 s`: the sign and the word say the same. */
function sloText(paint: Paint, slo: SloView, isWide: boolean): string {
  const text = cleanText(slo.text).replace(/^response\./, '');
  const held = slo.heldForS === null ? '' : ` ${Math.round(slo.heldForS)} s`;
  switch (slo.held) {
    case true:
      return `${text} ${paint('good', isWide ? `✔ held${held}` : `✔${held === '' ? ' held' : held}`)}`;
    case false:
      return `${text} ${paint('bad', `✘ ${isWide ? `broken: ${cleanText(slo.actual)}` : 'broken'}`)}`;
    case null:
      return `${text} ${paint('dim', '… too early')}`;
  }
}

function lagText(view: SessionView, units: Units): string {
  const { lag } = view;
  if (lag.noAnswerSinceMs !== null) {
    return `lag: no answer since ${clockText(lag.noAnswerSinceMs)}`;
  }
  if (lag.totalMessages === null) {
    return `lag ${dash}`;
  }
  return `lag ${shortCount(lag.totalMessages, units.lag)}${lag.totalMs === null ? '' : ` = ${spanText(lag.totalMs, units.lagMs)}`}`;
}

function missingText(paint: Paint, view: SessionView): string {
  const { missing } = view.totals;
  if (view.inPipeline !== undefined && view.inPipeline !== null) {
    return `in pipeline ${shortCount(view.inPipeline).padStart(5)}`;
  }
  if (missing === null) {
    return `missing: ${paint('dim', 'not checked')}`;
  }
  return missing > 0 ? paint('bad', `missing ${wholeNumber(missing)}`) : 'missing 0';
}

/** Wide enough that what stands beside it keeps its place as the figure changes. */
function clientText(paint: Paint, { clientHealth }: SessionView): string {
  const text = cleanText(clientHealth.text);
  return clientHealth.ok ? text.padEnd('client ok: slip p99 12.3 ms'.length) : paint('warn', `! ${text}`);
}

/** The verdict without its figures: `client ok`, `! client-bound`. */
function compactClientText(paint: Paint, { clientHealth }: SessionView): string {
  const verdict = cleanText(clientHealth.text).replace(/:.*/, '');
  return clientHealth.ok ? verdict : paint('warn', `! ${verdict}`);
}

function stateFields({ paint, view, state }: DrawContext, columns: number): readonly Field[] {
  // What was pinned is to stay in sight: it takes its room from the figure of the client, not from the warning.
  const isWhole = state.baseline === null || columns >= roomyColumns;
  const client = isWhole ? clientText(paint, view) : compactClientText(paint, view).padEnd('! client-bound'.length);
  const fill = view.batchFill === null ? dash : `${Math.round(view.batchFill * 100)}%`;
  const steady =
    view.steadyForS === undefined || view.steadyForS === null ? '' : `steady since ${Math.round(view.steadyForS)} s`;
  return [
    { text: `in flight ${shortCount(view.inFlight, state.units.inFlight).padStart(5)}`, rank: 0 },
    { text: `batch ${fill.padStart(4)} full`, rank: 3 },
    { text: lagText(view, state.units).padEnd(18), rank: 1 },
    { text: missingText(paint, view), rank: 2 },
    { text: client, rank: view.clientHealth.ok ? 4 : 2.6 },
    { text: state.baseline === null ? '' : baselineText(view, state.baseline, state.latencyTag), rank: 2.5 },
    { text: `round trip ${orDash(view.roundTripMs, msText).padStart(5)} ms`, rank: 6 },
    { text: `queue ${orDash(view.queueMs, msText).padStart(5)} ms`, rank: 7 },
    { text: `ping ${orDash(view.pingMs, msText).padStart(5)} ms`, rank: 8 },
    // Comes and goes: nothing stands after it that it could move.
    { text: steady, rank: 5 },
  ];
}

/** `p99  3.97 (−12 %)` against what is pinned. */
function baselineText(view: SessionView, pinned: Baseline, tag: LatencyTag): string {
  const name = tag === 'response' ? 'p99' : `${tag} p99`;
  return `${name} ${percentileText(view.latency[tag].p99).value.padStart(5)}${pinnedChange(view, pinned, tag)}`;
}

/** ` (−12 %)`, of p99: as wide whatever it is, and nothing where nothing is pinned. */
function pinnedChange({ latency }: SessionView, pinned: Baseline | null, tag: LatencyTag): string {
  if (pinned === null) return '';
  return ` ${changeText(latency[tag].p99.valueMs, pinned.latency[tag].p99.valueMs).padEnd(changeWidth)}`;
}

function compactStateFields({ paint, view, state }: DrawContext): readonly Field[] {
  const latency = view.latency[state.latencyTag];
  const tag = state.latencyTag === 'response' ? '' : `${state.latencyTag} `;
  const percentile = (shown: (typeof latency)['p50']) => {
    const { value, window } = percentileText(shown);
    return `${value.padStart(5)}${window.replace(' ', '')}`;
  };
  const change = pinnedChange(view, state.baseline, state.latencyTag);
  const figures = `p50 ${percentile(latency.p50)}  p99 ${percentile(latency.p99)}${change}  p99.9 ${percentile(latency.p999)} ms`;
  return [
    // With room for one window, so that what stands after it keeps its place when that comes and goes.
    { text: `${tag}${figures.padEnd('p50 12.34  p99 12.34  p99.9 12.34(10s) ms'.length + change.length)}`, rank: 0 },
    { text: `in flight ${shortCount(view.inFlight, state.units.inFlight).padStart(4)}`, rank: 5 },
    { text: view.plan.mode === 'produce-only' ? '' : lagText(view, state.units).padEnd(18), rank: 3 },
    { text: view.totals.missing === 0 ? '' : missingText(paint, view), rank: view.totals.missing === null ? 4 : 1 },
    { text: compactClientText(paint, view), rank: view.clientHealth.ok ? 4 : 2 },
  ];
}

function readsOnly({ plan }: SessionView): boolean {
  return plan.mode === 'consume-only';
}

/** Where nothing is sent, nothing is acknowledged: what is read counts. */
function progressText(view: SessionView, units: Units): string {
  if (readsOnly(view)) return `read ${rateText(view.consumedRate, units.consumed).padStart(8)}`;
  return `acked ${rateText(view.ackedRate, units.acked).padStart(8)} ${orDash(view.achievedFraction, achievedText).padStart(6)}`;
}

const longestCodec = Math.max(...compressions.map((name) => name.length));

/** `lz4     3.1×   1.54 MiB/s on the wire`, as wide whatever the codec and the figures; nothing without a codec. */
function wireFields({ compressionRatio, knobs, wireBytesRate }: SessionView, units: Units): readonly Field[] {
  const codec = codecInForce(knobs);
  if (codec === null) return [];
  const rate = byteRateText(wireBytesRate, units.wireBytes).padStart(10);
  return [
    { text: `${codec.padEnd(longestCodec)} ${orDash(compressionRatio, ratioText).padStart(5)}`, rank: 5.5 },
    { text: `${rate} on the wire`, rank: 7 },
  ];
}

function bytesField(view: SessionView, units: Units): string {
  return readsOnly(view)
    ? byteRateText(view.consumedBytesRate, units.consumedBytes)
    : byteRateText(view.ackedBytesRate, units.ackedBytes);
}
