/** Target, sent, acked and consumed messages a second over time. */
import { codecInForce, compressionText } from '../../session/compression-text.ts';
import { rateText } from '../../session/figures-text.ts';
import { fitLeft, fitRight } from '../cells.ts';
import type { DrawContext, PanelContent } from '../draw-context.ts';
import { linearScale } from '../scales.ts';
import { meanOf, pointsByColumn } from '../time-window.ts';
import { throughputBaseline } from './baseline-line.ts';
import { chartNote, drawChart, type Legend, plotSize, rankedByValue } from './chart-frame.ts';

const targetStyle = { horizontal: '┄', vertical: '┆', role: 'dim' } as const;
const sentStyle = { horizontal: '╌', vertical: '│', role: 'plain' } as const;
const ackedStyle = { horizontal: '─', vertical: '│', role: 'accent' } as const;
const consumedStyle = { horizontal: '┈', vertical: '┊', role: 'second' } as const;

/** `width` and `height` are the panel's inside. */
export function drawThroughput(context: DrawContext, width: number, height: number): PanelContent {
  const { view, state } = context;
  const { units } = state;
  const pinned = state.expanded === 'throughput' ? state.baseline : null;
  const below = [
    ...(pinned === null ? [] : [throughputBaseline(context, pinned, width)]),
    ...(state.expanded === 'throughput' ? wireLines(context, width) : []),
  ];
  const plot = plotSize(context, width, height - below.length);
  const columns = pointsByColumn(view.points, plot.window);
  const target = columns.map((points) => meanOf(points, (point) => point.targetRate));
  const sent = columns.map((points) => meanOf(points, (point) => point.sentRate));
  const acked = columns.map((points) => meanOf(points, (point) => point.ackedRate));
  const consumed = columns.map((points) => meanOf(points, (point) => point.consumedRate));
  // The live rates as well: the first point must not throw over a scale that was drawn without any.
  const live = [view.targetRate, view.ackedRate, view.consumedRate];
  const most = Math.max(0, ...[...target, ...sent, ...acked, ...consumed, ...live].map((value) => value ?? 0));
  const consumes = view.plan.mode !== 'produce-only';
  const lines = [
    ...(consumes ? [{ values: consumed, style: consumedStyle }] : []),
    { values: target, style: targetStyle },
    { values: sent, style: sentStyle },
    { values: acked, style: ackedStyle },
  ];
  const scale = linearScale(most, plot.rows);
  const legends: readonly Legend[] = [
    legend('acked', view.ackedRate, units.acked, 'accent'),
    ...(view.targetRate === null ? [] : [legend('target', view.targetRate, units.target, 'dim')]),
    ...(consumes ? [legend('consumed', view.consumedRate, units.consumed, 'second')] : []),
    legend('sent', view.sentRate, units.sent, 'plain'),
  ];
  return {
    title: 'Throughput, msg/s',
    right: chartNote(context, plot, 'target ┄ sent ╌ acked ─ consumed ┈'),
    lines: [...drawChart(context, plot, scale, lines, rankedByValue(legends, scale)), ...below],
  };
}

/** What of the messages goes over the wire, in one line where a codec is in use. */
function wireLines({ paint, view }: DrawContext, width: number): readonly string[] {
  const codec = codecInForce(view.knobs);
  if (codec === null || view.compressionRatio === null) return [];
  const text = compressionText(codec, view.compressionRatio, view.wireBytesRate);
  return [paint('plain', fitLeft(` ${text}`, width))];
}

function legend(name: string, rate: number, held: number | undefined, role: Legend['role']): Legend {
  return { text: `${name.padEnd(8)} ${fitRight(rateText(rate, held), 9)}`, role, value: rate };
}
