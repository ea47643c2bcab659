/** p50, p99 and p99.9 of one kind of latency over time, on a logarithmic scale, with the objective as a line. */
import type { LatencyTag } from '../../config/plan.ts';
import { msText } from '../../session/figures-text.ts';
import type { ShownPercentile } from '../../session/view.ts';
import { fitRight } from '../cells.ts';
import type { DrawContext, PanelContent } from '../draw-context.ts';
import { percentileText } from '../format.ts';
import { logScale } from '../scales.ts';
import { pointsByColumn, worstOf } from '../time-window.ts';
import { latencyBaseline } from './baseline-line.ts';
import { type ChartLine, chartNote, drawChart, type Legend, plotSize } from './chart-frame.ts';

const titles: Readonly<Record<LatencyTag, string>> = {
  response: 'Response, ms (log)',
  service: 'Service, ms (log)',
  slip: 'Slip, ms (log)',
  e2e: 'End to end, ms (log)',
};
const others: Readonly<Record<LatencyTag, string>> = {
  response: 'service, slip, e2e',
  service: 'slip, e2e, response',
  slip: 'e2e, response, service',
  e2e: 'response, service, slip',
};

const p50Style = { horizontal: '─', vertical: '│', role: 'second' } as const;
const p99Style = { horizontal: '─', vertical: '│', role: 'accent' } as const;
const p999Style = { horizontal: '┈', vertical: '┊', role: 'plain' } as const;
const sloStyle = { horizontal: '╌', vertical: '╎', role: 'warn' } as const;

/** `width` and `height` are the panel's inside. */
export function drawLatency(context: DrawContext, width: number, height: number): PanelContent {
  const { view, state } = context;
  const tag = state.latencyTag;
  const pinned = state.expanded === 'latency' ? state.baseline : null;
  const plot = plotSize(context, width, pinned === null ? height : height - 1);
  const columns = pointsByColumn(view.points, plot.window);
  const p50 = columns.map((points) => worstOf(points, (point) => point.latency[tag].p50Ms));
  const p99 = columns.map((points) => worstOf(points, (point) => point.latency[tag].p99Ms));
  const p999 = columns.map((points) => worstOf(points, (point) => point.latency[tag].p999Ms));
  const slo = view.plan.slos.find((candidate) => candidate.kind === 'latency' && candidate.tag === tag);
  const limitMs = slo?.kind === 'latency' ? slo.limitMs : null;
  const sloName = slo?.kind === 'latency' ? `SLO p${slo.percentile}<${slo.limitMs}` : '';

  const known = [...p50, ...p99, ...p999, limitMs].filter((value) => value !== null && value > 0);
  const scale = logScale(
    known.length === 0 ? 1 : Math.min(...known.filter((value) => value !== null)),
    known.length === 0 ? 100 : Math.max(...known.filter((value) => value !== null)),
    plot.rows,
  );
  const lines: readonly ChartLine[] = [
    ...(limitMs === null ? [] : [{ values: columns.map(() => limitMs), style: sloStyle }]),
    { values: p999, style: p999Style },
    { values: p50, style: p50Style },
    { values: p99, style: p99Style },
  ];
  const shown = view.latency[tag];
  const legends: readonly Legend[] = [
    percentileLegend('p99', shown.p99, 'accent', 1),
    percentileLegend('p50', shown.p50, 'second', 0),
    percentileLegend('p99.9', shown.p999, 'plain', 2),
    ...(limitMs === null ? [] : [{ text: sloName, role: 'warn', value: limitMs } as const]),
  ];
  const isBlind = lastAcks(context) === 0 && (tag === 'response' || tag === 'service');
  return {
    title: tag === 'e2e' && view.e2eErrorMs > 0 ? `End to end, ms (log) ± ${msText(view.e2eErrorMs)}` : titles[tag],
    right: chartNote(context, plot, isBlind ? 'acks=0: no answers; e: e2e' : `e: ${others[tag]}`),
    lines: [
      ...drawChart(context, plot, scale, lines, legends),
      ...(pinned === null ? [] : [latencyBaseline(context, pinned, tag, width)]),
    ],
  };
}

function lastAcks({ view }: DrawContext): unknown {
  return view.knobs.find((knob) => knob.name === 'acks')?.applied ?? view.plan.acks;
}

function percentileLegend(name: string, percentile: ShownPercentile, role: Legend['role'], rank: number): Legend {
  const { value, window } = percentileText(percentile);
  return { text: `${name.padEnd(5)} ${fitRight(value, 6)} ${window}`, role, value: percentile.valueMs, rank };
}
