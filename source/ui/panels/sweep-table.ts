/** The combinations of a sweep, best first. */
import { type KnobName, knobs } from '../../config/knobs.ts';
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

/** Labels for a place that is narrow. */
const shortLabels: Readonly<Record<KnobName, string>> = {
  rate: 'rate',
  batchSize: 'batch',
  lingerMs: 'linger',
  producers: 'prod',
  consumers: 'cons',
  acks: 'acks',
  compression: 'compr',
  messageSize: 'msg',
  inFlight: 'in fl',
  fetchMinBytes: 'f min',
  fetchMaxWaitMs: 'f wait',
  maxPartitionFetch: 'f part',
};

interface Column {
  readonly label: string;
  /** The same however many results there are, so that columns keep their places. */
  readonly width: number;
  readonly text: (row: SweepResultRow) => string;
}

/** `width` and `height` are the panel's inside. */
export function drawSweepTable(
  { paint, state }: DrawContext,
  sweep: Sweep,
  width: number,
  height: number,
): PanelContent {
  const { results } = sweep;
  const { columns, isWhole } = columnsThatFit(sweep, width - 2);
  const line = (mark: string, textOf: (column: Column) => string): string =>
    fitLeft(` ${mark}${columns.map((column) => fitRight(textOf(column), column.width + gap)).join('')}`, width);
  const head = paint(
    'dim',
    line(' ', ({ label }) => label),
  );
  const room = Math.max(1, height - 1);
  const top = Math.min(state.sweepScroll, Math.max(0, results.length - room));
  const shown = results.slice(top, top + room);
  const rows = shown.map((result) => {
    const text = line(result.pareto ? '*' : ' ', (column) => column.text(result));
    return result.combination === sweep.best ? paint('bold', text) : text;
  });
  const more = results.length > room ? `${top + 1}–${top + shown.length} of ${results.length}` : '';
  return {
    title: sweep.outcome === 'running' ? 'Best so far' : 'Best first',
    right: [
      { text: isWhole ? '' : allText(state), rank: 1 },
      { text: more, rank: 0 },
      { text: '* Pareto front', rank: 2 },
    ],
    lines: rows.length === 0 ? ['', paint('dim', ' nothing measured yet')] : [head, ...rows],
  };
}

/** The keys that bring up what has no room; where it has all the room there is, only that there is more. */
function allText({ expanded, focus }: DrawContext['state']): string {
  if (expanded === 'steps') return 'not all columns';
  return `${focus === 'steps' ? 'v' : '8 v'}: all columns`;
}

/** Between two columns, and before the first. */
const gap = 2;

/** Cells of the longest rate, and of the longest spread. */
const rateWidth = '50.0 k/s'.length;
const spreadWidth = '1,234–9,876'.length;

/**
 * What a combination came to, and its values: with short labels where there is less room, then without what repeats say,
 * and then with as many knobs as fit.
 */
function columnsThatFit(
  sweep: Sweep,
  width: number,
): { readonly columns: readonly Column[]; readonly isWhole: boolean } {
  const column = (label: string, least: number, text: Column['text']): Column => ({
    label,
    width: Math.max(label.length, least),
    text,
  });
  const figures = [
    column(sweep.tag === 'e2e' ? 'e2e p99' : 'p99 ms', 0, ({ p99Ms }) => orDash(p99Ms.median, msText)),
    column('rate', rateWidth, ({ rate }) => orDash(rate.median, rateText)),
  ];
  const values = (labelOf: (name: KnobName) => string): readonly Column[] =>
    sweep.knobs.map(({ name, values: all }) => {
      const longest = Math.max(...all.map((value) => knobText(name, value).length));
      return column(labelOf(name), longest, (row) => knobText(name, row.knobs[name] ?? null));
    });
  const spreads = (label: string): readonly Column[] =>
    sweep.repeats > 1 ? [column(label, spreadWidth, spreadText)] : [];
  const fits = (columns: readonly Column[]): boolean => columns.reduce((sum, one) => sum + one.width + gap, 0) <= width;
  const short = [...figures, ...values((name) => shortLabels[name])];
  const whole = [
    [...figures, ...values((name) => knobs[name].label), ...spreads('p99 of repeats')],
    [...short, ...spreads('repeats')],
  ].find(fits);
  if (whole !== undefined) return { columns: whole, isWhole: true };
  let columns = short;
  while (columns.length > figures.length && !fits(columns)) columns = columns.slice(0, -1);
  return { columns, isWhole: false };
}

/** `3.50–4.20` over several runs; nothing of one. */
function spreadText({ p99Ms: { low, high }, runs }: SweepResultRow): string {
  return runs < 2 || low === null || high === null ? '' : `${msText(low)}–${msText(high)}`;
}
