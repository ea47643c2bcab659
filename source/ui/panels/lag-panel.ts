/** Lag by partition, worst first, with the rest and the total underneath. */
import { shortCount, spanText, wholeNumber } from '../../session/figures-text.ts';
import type { LagRow, LagView } from '../../session/view.ts';
import { commitText, watchedCount, watchedText } from '../../session/watched-text.ts';
import { fitLeft, fitRight, spread } from '../cells.ts';
import type { DrawContext, PanelContent } from '../draw-context.ts';
import { clockText, dash, orDash } from '../format.ts';
import { cleanText } from '../glyphs.ts';
import type { Units } from '../steady-units.ts';

/** `width` and `height` are the panel's inside. */
export function drawLag(context: DrawContext, width: number, height: number): PanelContent {
  const { view, state } = context;
  const { lag } = view;
  const group = lag.group === null ? '' : cleanText(lag.group);
  return {
    title: 'Lag',
    right: group.length > width - 12 ? `${group.slice(0, Math.max(0, width - 13))}…` : group,
    lines: lagLines(context, width, height, state.lagScroll),
  };
}

/** Header, rows, rest and total in at most `height` lines. */
function lagLines(
  { paint, view, state }: DrawContext,
  width: number,
  height: number,
  scroll: number,
): readonly string[] {
  const { lag } = view;
  const watched = watchedLines(lag, width).slice(0, Math.max(0, height - 1));
  if (view.plan.mode === 'produce-only' || (lag.rows.length === 0 && lag.group === null)) {
    return [paint('dim', ' nothing is consumed: no lag'), ...watched];
  }
  const isWide = width >= 50;
  const room = Math.max(0, height - 3 - watched.length);
  const first = Math.min(scroll, Math.max(0, lag.rows.length - room));
  const shown = lag.rows.slice(first, first + room);
  const offsetWidth = isWide ? 13 : 11;
  const committedHead = isWide ? fitRight('committed', 13) : '';
  const head = ` ${fitRight('part', 5)}${fitRight('log end', offsetWidth)}${committedHead}${fitRight('lag', 8)}`;
  const worst = lag.rows[0]?.lag ?? 0;
  const barRoom = width - (isWide ? 42 : 26);
  return [
    paint('dim', head),
    ...shown.map((row) => {
      const committed = isWide ? fitRight(orDash(row.committedOffset, wholeNumber), 13) : '';
      const place =
        view.topic !== null && view.topic.count > 1 ? `${topicTail(row)}/${row.partition}` : `${row.partition}`;
      const bar = paint('accent', lagBar(row.lag, worst, barRoom));
      return ` ${fitRight(place, 5)}${fitRight(offsetText(row.logEndOffset), offsetWidth)}${committed}${fitRight(lagCount(row.lag), 8)} ${bar}`;
    }),
    ...Array.from({ length: Math.max(0, room - shown.length) }, () => ''),
    restLine(lag, shown, width),
    totalLine(paint, lag, state.units),
    ...watched,
  ].slice(0, Math.max(3, height));
}

/** Compact rows for the panel that shows the machine above. */
export function compactLagLines({ paint, view }: DrawContext, width: number, height: number): readonly string[] {
  const { lag } = view;
  const worst = lag.rows[0]?.lag ?? 0;
  if (lag.noAnswerSinceMs !== null) {
    return [paint('warn', ` lag: no answer since ${clockText(lag.noAnswerSinceMs)}`)];
  }
  const watched = watchedLines(lag, width).slice(0, Math.max(0, height - 1));
  const rows = lag.rows.slice(0, height - watched.length).map((row) => {
    const bar = paint('accent', lagBar(row.lag, worst, width - 21));
    return ` ${fitLeft(`part ${row.partition}`, 9)}${fitRight(lagCount(row.lag), 9)} ${bar}`;
  });
  return [...watched, ...rows];
}

/** A line for each group of others: its name, its lag, the age of its commit. */
export function watchedLines({ watched = [] }: LagView, width: number): readonly string[] {
  return watched.map((one) => {
    const full = ` ${cleanText(watchedText(one))}`;
    if (full.length <= width) return full;
    const figures = `${fitRight(watchedCount(one), 7)} ${fitLeft(commitText(one).replace(/ ago$/, ''), 13)}`;
    const room = width - figures.length - 1;
    return room < 4 ? ` ${figures}`.slice(0, width) : ` ${fitLeft(cleanText(one.group), room)}${figures}`;
  });
}

/** The end of a topic's name is what tells made topics apart. */
function topicTail(row: LagRow): string {
  return cleanText(row.topic).slice(-2);
}

/** Billions do not fit a narrow column with all their digits. */
function offsetText(offset: number | null): string {
  return orDash(offset, offset !== null && offset >= 1e9 ? shortCount : wholeNumber);
}

function lagCount(lag: number | null): string {
  return orDash(lag, lag !== null && lag >= 1e6 ? shortCount : wholeNumber);
}

function lagBar(lag: number | null, worst: number, room: number): string {
  return lag === null || worst <= 0 || lag <= 0
    ? ''
    : '▇'.repeat(Math.max(1, Math.round((lag / worst) * Math.max(1, room))));
}

function restLine(lag: LagView, shown: readonly LagRow[], width: number): string {
  const others = lag.partitions - shown.length;
  if (others <= 0) {
    return '';
  }
  const known = shown.reduce((sum, row) => sum + (row.lag ?? 0), 0);
  const rest = lag.totalMessages === null ? dash : shortCount(Math.max(0, lag.totalMessages - known));
  return spread(`   … ${others} more`, rest, width >= 50 ? 40 : 25);
}

function totalLine(paint: DrawContext['paint'], lag: LagView, units: Units): string {
  if (lag.noAnswerSinceMs !== null) {
    return paint('warn', ` no answer since ${clockText(lag.noAnswerSinceMs)}`);
  }
  const time = lag.totalMs === null ? '' : ` = ${spanText(lag.totalMs, units.lagMs)} behind`;
  return ` total ${paint('bold', `${orDash(lag.totalMessages, (total) => shortCount(total, units.lag))}${time}`)}`;
}
