/** History and present value of this machine and of loadtui itself. */
import { byteRateText, bytesText, threeDigits } from '../../session/figures-text.ts';
import type { GaugeSeries, HostView } from '../../session/view.ts';
import { fitRight } from '../cells.ts';
import type { DrawContext, PanelContent } from '../draw-context.ts';
import { orDash } from '../format.ts';
import { toAscii } from '../glyphs.ts';
import { sparkline, sparkRows } from '../sparkline.ts';
import type { Units } from '../steady-units.ts';

interface Gauge {
  readonly label: string;
  readonly series: GaugeSeries;
  readonly format: (value: number) => string;
  /** Top of the graph; null: the largest value shown. */
  readonly most: number | null;
}

const valueWidth = 10;
const percent = (value: number) => `${Math.round(value)} %`;

function gauges(host: HostView, units: Units): readonly Gauge[] {
  return [
    { label: 'CPU', series: host.cpuPercent, format: percent, most: 100 },
    { label: 'memory', series: host.memoryBytes, format: (value) => bytesText(value, units.memory), most: null },
    { label: 'net', series: host.networkBytesRate, format: (value) => byteRateText(value, units.network), most: null },
    { label: 'disk', series: host.diskBytesRate, format: (value) => byteRateText(value, units.disk), most: null },
    { label: 'loadtui', series: host.processCpuPercent, format: percent, most: null },
    { label: 'gc', series: host.gcPauseMs, format: (value) => `${threeDigits(value)} ms`, most: null },
    { label: 'rss', series: host.processRssBytes, format: (value) => bytesText(value, units.resident), most: null },
    // By the host of a virtual machine: last, since most have none of it.
    { label: 'stolen', series: host.cpuStolenPercent, format: percent, most: 100 },
  ];
}

/** At most `height` lines for the inside of a panel `width` wide. */
export function machineLines({ paint, view, state }: DrawContext, width: number, height: number): readonly string[] {
  const graphWidth = width - 2 - 8 - valueWidth - 1;
  return gauges(view.host, state.units)
    .slice(0, height)
    .map(({ label, series, format, most }) => {
      const value = orDash(series.current, format);
      const graph = sparkline(series.values, graphWidth, most, state.graph === 'braille' ? 'braille' : 'block');
      const shown = paint('accent', state.graph === 'ascii' ? toAscii(graph) : graph);
      return ` ${label.padEnd(8)}${fitRight(value, valueWidth)} ${shown}`;
    });
}

/** The same with graphs of several rows, and the largest value that they show. */
function tallLines(
  { paint, state }: DrawContext,
  shown: readonly Gauge[],
  width: number,
  height: number,
): readonly string[] {
  const rows = Math.floor(height / shown.length);
  // A row stays free between two graphs where there is room for it.
  const graphRows = rows > 2 ? rows - 1 : rows;
  const textWidth = 8 + valueWidth;
  const drawing = state.graph === 'braille' ? 'braille' : 'block';
  return shown.flatMap(({ label, series, format, most }) => {
    const graph = sparkRows(series.values, width - 3 - textWidth, graphRows, most, drawing);
    const largest = series.values.reduce((found: number | null, value) => max(found, value), null);
    const texts = [`${label.padEnd(8)}${fitRight(orDash(series.current, format), valueWidth)}`];
    if (graphRows > 1) texts.push(`${'peak'.padEnd(8)}${fitRight(orDash(largest, format), valueWidth)}`);
    return Array.from({ length: rows }, (_, row) => {
      const text = (texts[row] ?? '').padEnd(textWidth);
      const line = graph[row] ?? '';
      const drawn = paint('accent', state.graph === 'ascii' ? toAscii(line) : line);
      return ` ${row === 0 ? text : paint('dim', text)} ${drawn}`;
    });
  });
}

function max(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}

/** `width` and `height` are the panel's inside. */
export function drawMachine(context: DrawContext, width: number, height: number): PanelContent {
  const { state, view } = context;
  const shown = gauges(view.host, state.units);
  const isTall = state.expanded === 'machine' && height >= 2 * shown.length;
  return {
    title: width >= 34 ? 'This machine (load generator)' : 'This machine',
    right: '',
    lines: isTall ? tallLines(context, shown, width, height) : machineLines(context, width, height),
  };
}
