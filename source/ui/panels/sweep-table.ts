/** The combinations of a sweep, best first. */
import { knobs } from '../../config/knobs.ts';
import type { Sweep, SweepResultRow } from '../../session/document-sweep-schema.ts';
import { msText, rateText } from '../../session/figures-text.ts';
import { knobText } from '../../session/knob-text.ts';
import type { SessionView } from '../../session/view.ts';
import { fitLeft, fitRight } from '../cells.ts';
import type { DrawContext, PanelContent } from '../draw-context.ts';
import { orDash } from '../format.ts';
import type { ScreenState } from '../state.ts';

/** The sweep whose pictures stand where those of a search do; null: a search or a ramp came after it, or is looked at. */
export function shownSweep({
  state,
  view,
}: {
  readonly state: Pick<ScreenState, 'curve'>;
  readonly view: Pick<SessionView, 'automation' | 'searches' | 'sweeps'>;
}): Sweep | null {
  const sweep = view.sweeps?.at(-1);
  const search = view.searches.at(-1);
  if (sweep === undefined || state.curve !== null || view.automation?.kind === 'ramp') return null;
  if (sweep.outcome === 'running' || search === undefined) return sweep;
  return sweep.timeMs + sweep.durationMs >= search.timeMs ? sweep : null;
}

/** `width` and `height` are the panel's inside. */
export function drawSweepTable(
  { paint, state }: DrawContext,
  sweep: Sweep,
  width: number,
  height: number,
): PanelContent {
  const columns = sweep.knobs.map(({ name, values }) => {
    const texts = values.map((value) => knobText(name, value));
    return { name, width: Math.max(knobs[name].label.length, ...texts.map(({ length }) => length)) };
  });
  const line = (mark: string, figures: readonly [string, string, string], values: readonly string[]): string => {
    const [p99, rate, spread] = figures;
    const cells = columns.map((column, at) => fitRight(values[at] ?? '', column.width)).join('  ');
    return fitLeft(` ${mark} ${fitRight(p99, 7)}  ${fitRight(rate, 9)}  ${cells}  ${spread}`.trimEnd(), width);
  };
  const labels = columns.map(({ name }) => knobs[name].label);
  const tag = sweep.tag === 'e2e' ? 'e2e p99' : 'p99 ms';
  const repeats = sweep.results.some(({ runs }) => runs > 1);
  const head = paint('dim', line(' ', [tag, 'rate', repeats ? 'p99 of repeats' : ''], labels));
  const rows = sweep.results.map((result) => {
    const values = columns.map(({ name }) => knobText(name, result.knobs[name] ?? null));
    const { p99Ms, rate } = result;
    const figures = [orDash(p99Ms.median, msText), orDash(rate.median, rateText), spreadText(result)] as const;
    const text = line(result.pareto ? '*' : ' ', figures, values);
    return result.combination === sweep.best ? paint('bold', text) : text;
  });
  const room = Math.max(1, height - 1);
  const top = Math.min(state.sweepScroll, Math.max(0, rows.length - room));
  const more = rows.length > room ? `${top + 1}–${Math.min(rows.length, top + room)} of ${rows.length}   ` : '';
  return {
    title: sweep.outcome === 'running' ? 'Best first so far' : 'Best first',
    right: `${more}* Pareto front`,
    lines: rows.length === 0 ? ['', paint('dim', ' nothing measured yet')] : [head, ...rows.slice(top, top + room)],
  };
}

/** `3.50–4.20` over several runs; nothing of one. */
function spreadText({ p99Ms: { low, high }, runs }: SweepResultRow): string {
  return runs < 2 || low === null || high === null ? '' : `${msText(low)}–${msText(high)}`;
}
