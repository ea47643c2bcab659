/** The third line at the top: the state of the moment. */
import type { LatencyTag } from '../../../config/plan.ts';
import { msText, shortCount, spanText, wholeNumber } from '../../../session/figures-text.ts';
import type { SessionView } from '../../../session/view.ts';
import { type Baseline, changeText, changeWidth } from '../../baseline.ts';
import { type Field, fieldsThatFit } from '../../cells.ts';
import type { DrawContext } from '../../draw-context.ts';
import { clockText, dash, orDash, percentileText } from '../../format.ts';
import { cleanText } from '../../glyphs.ts';
import type { Paint } from '../../paint.ts';
import type { Units } from '../../steady-units.ts';
import { type LineSpace, roomyColumns } from './line-space.ts';

/** At most `width` cells. */
export function stateLine(context: DrawContext, { columns, width, isWide }: LineSpace): string {
  const fields = isWide ? stateFields(context, columns) : compactStateFields(context);
  return fieldsThatFit(fields, width, isWide ? '   ' : '  ');
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
