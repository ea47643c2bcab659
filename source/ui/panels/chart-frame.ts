/** What both charts share: value labels on the left, legends on the right, marks and times underneath. */
import { spanText } from '../../session/figures-text.ts';
import { fitLeft, fitRight, spread } from '../cells.ts';
import type { DrawContext } from '../draw-context.ts';
import { clockText } from '../format.ts';
import { markGlyph, toAscii } from '../glyphs.ts';
import { drawLines, type LineStyle, type Series } from '../line-chart.ts';
import type { Role } from '../paint.ts';
import { labelWidth, type Scale } from '../scales.ts';
import { marksByColumn, type TimeWindow, timeWindow } from '../time-window.ts';

/** Cells left of the plot: a label and the axis. */
const gutter = labelWidth + 1;
/** Cells right of the plot, for the present figures. */
export const legendWidth = 20;

export interface ChartLine {
  readonly values: readonly (number | null)[];
  readonly style: LineStyle;
}

export interface Legend {
  readonly text: string;
  readonly role: Role;
  /** The value at whose height the text wants to stand; null: anywhere. */
  readonly value: number | null;
  /** Of the legends that have a rank, a higher one always stands above a lower one, whatever their values. */
  readonly rank?: number;
}

export interface PlotSize {
  readonly columns: number;
  readonly rows: number;
  /** There is a row for times. */
  readonly hasTimes: boolean;
  readonly window: TimeWindow;
}

/** The plot inside a panel of `width` × `height` inner cells: one row for the axis, one for times where there is room. */
export function plotSize({ view, state }: DrawContext, width: number, height: number): PlotSize {
  const columns = Math.max(1, width - gutter - legendWidth);
  const hasTimes = height > 6;
  const rows = Math.max(1, height - (hasTimes ? 2 : 1));
  return { columns, rows, hasTimes, window: timeWindow(view, columns, state.zoom, state.timeScroll) };
}

/** What stands at the right of a chart's title: which time is shown, where nothing else tells; `keys` otherwise. */
export function chartNote({ state, view }: DrawContext, { columns, hasTimes, window }: PlotSize, keys: string): string {
  if (state.timeScroll > 0) {
    return `${spanText(state.timeScroll * window.columnMs)} back: ${view.replay === undefined ? '>' : '}'} or esc`;
  }
  return hasTimes ? keys : `last ${spanText(columns * window.columnMs)}   ${keys}`;
}

/** Exactly as many lines as the panel is high. */
export function drawChart(
  context: DrawContext,
  plot: PlotSize,
  scale: Scale,
  lines: readonly ChartLine[],
  legends: readonly Legend[],
): readonly string[] {
  const { paint, state } = context;
  const { columns, rows, hasTimes, window } = plot;
  const series: readonly Series[] = lines.map(({ values, style }) => ({
    rows: values.map((value) => (value === null ? null : scale.rowOf(value))),
    style,
  }));
  const drawn = drawLines(paint, columns, rows, series, state.graph === 'braille' ? 'braille' : 'block');
  const byRow = placeLegends(legends, scale, rows);
  const chart = drawn.map((line, index) => {
    const row = rows - 1 - index;
    const label = scale.labels.get(row);
    const axis = paint('dim', row === 0 ? '┼' : label === undefined ? '│' : '┤');
    const legend = byRow.get(row);
    const right = legend === undefined ? '' : ` ${paint(legend.role, fitLeft(legend.text, legendWidth - 1).trimEnd())}`;
    return `${fitRight(label ?? '', labelWidth)}${axis}${line}${right}`;
  });
  chart.push(axisRow(context, window));
  if (hasTimes) {
    const times = spread(clockText(window.startMs), clockText(window.reachMs), columns);
    chart.push(`${' '.repeat(gutter)}${paint('dim', times)}`);
  }
  return state.graph === 'ascii' ? chart.map(toAscii) : chart;
}

function axisRow({ paint, view }: DrawContext, window: TimeWindow): string {
  const marks = marksByColumn(view.points, window);
  let text = '';
  let run = '';
  for (let column = 0; column < window.columns; column++) {
    const mark = marks.get(column);
    if (mark === undefined) {
      run += '─';
    } else {
      text += paint('dim', run) + paint('accent', markGlyph(mark));
      run = '';
    }
  }
  return `${' '.repeat(labelWidth)}${paint('dim', '└')}${text}${paint('dim', run)}`;
}

/**
 * Legends with ranks in the order of their values, from the top. Those within a row of each other keep the order in
 * which they come, so that they do not swap places as their values wobble.
 */
export function rankedByValue(legends: readonly Legend[], scale: Scale): readonly Legend[] {
  const rowOf = ({ value }: Legend) => (value === null ? null : scale.rowOf(value)) ?? 0;
  const fromTop: Legend[] = [];
  for (const legend of legends) {
    const over = fromTop.findIndex((other) => rowOf(legend) >= rowOf(other) + 1);
    fromTop.splice(over < 0 ? fromTop.length : over, 0, legend);
  }
  return fromTop.map((legend, index) => ({ ...legend, rank: fromTop.length - index }));
}

/** Each legend at its value's row or the nearest that suits; the first named choose first. Rows count from the bottom. */
export function placeLegends(legends: readonly Legend[], scale: Scale, rows: number): ReadonlyMap<number, Legend> {
  const placed = new Map<number, Legend>();
  const fitting = legends.slice(0, rows);
  for (const legend of fitting) {
    const home = Math.round((legend.value === null ? null : scale.rowOf(legend.value)) ?? rows - 1);
    const suits = (row: number) =>
      row >= 0 && row < rows && !placed.has(row) && keepsOrder(legend, row, fitting, placed, rows);
    for (let distance = 0; distance < rows; distance++) {
      const row = [home + distance, home - distance].find(suits);
      if (row !== undefined) {
        placed.set(row, legend);
        break;
      }
    }
  }
  return placed;
}

/** Whether those of a higher rank stand above `row` or find room there, and those of a lower one below it. */
function keepsOrder(
  { rank }: Legend,
  row: number,
  fitting: readonly Legend[],
  placed: ReadonlyMap<number, Legend>,
  rows: number,
): boolean {
  if (rank === undefined) {
    return true;
  }
  const ranked = [...placed].filter(([, other]) => other.rank !== undefined);
  if (ranked.some(([at, other]) => at > row !== (other.rank ?? rank) > rank)) {
    return false;
  }
  const above = fitting.filter((other) => (other.rank ?? rank) > rank).length;
  const below = fitting.filter((other) => (other.rank ?? rank) < rank).length;
  return row >= below && row <= rows - 1 - above;
}
