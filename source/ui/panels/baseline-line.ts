/** The pinned figures beside the live ones, in one line under an expanded chart. */
import type { LatencyTag } from '../../config/plan.ts';
import { rateText } from '../../session/figures-text.ts';
import type { ShownPercentile } from '../../session/view.ts';
import { type Baseline, changeText, changeWidth } from '../baseline.ts';
import { type Field, fieldsThatFit } from '../cells.ts';
import type { DrawContext } from '../draw-context.ts';
import { clockText, percentileText } from '../format.ts';

const percentiles = ['p99', 'p50', 'p999'] as const;
const names = { p50: 'p50', p99: 'p99', p999: 'p99.9' } as const;

function field(name: string, before: string, now: string, change: string, rank: number): Field {
  return { text: `${name} ${before} → ${now} ${change.padEnd(changeWidth)}`, rank };
}

/** `pinned 12:03:31   p50  0.99 → 1.10 (+11 %)   p99 …`, in a panel `width` wide. */
export function latencyBaseline({ view }: DrawContext, pinned: Baseline, tag: LatencyTag, width: number): string {
  const textOf = (shown: ShownPercentile): string => percentileText(shown).value.padStart(6);
  const fields = (['p50', 'p99', 'p999'] as const).map((which) => {
    const before = pinned.latency[tag][which];
    const now = view.latency[tag][which];
    const change = changeText(now.valueMs, before.valueMs);
    return field(names[which], textOf(before), textOf(now), change, percentiles.indexOf(which));
  });
  return line(pinned, fields, width);
}

/** `pinned 12:03:31   acked 50.0 k/s → 60.0 k/s (+20 %)`. */
export function throughputBaseline({ view, state }: DrawContext, pinned: Baseline, width: number): string {
  const textOf = (rate: number): string => rateText(rate, state.units.acked).padStart(8);
  const change = changeText(view.ackedRate, pinned.ackedRate);
  return line(pinned, [field('acked', textOf(pinned.ackedRate), textOf(view.ackedRate), change, 0)], width);
}

function line(pinned: Baseline, fields: readonly Field[], width: number): string {
  return ` ${fieldsThatFit([{ text: `pinned ${clockText(pinned.atMs)}`, rank: 0.5 }, ...fields], width - 2, '  ')}`;
}
