/** What becomes of the messages of a thread that is gone: nobody else will say. */
import { Figures, type FiguresBuffer, type SlotField, slotAt, type TotalField, totalAt } from './figures.ts';

/**
 * Gives every open message of a thread a fate: `unknown` where it was sent, else `missed`. Only for a thread that has
 * ended: the figures have one writer. May be called again.
 */
export function closeFigures(shared: FiguresBuffer): void {
  const { slots, totals } = new Figures(shared);
  for (const { head } of slots) {
    if ((head[slotAt.interval] ?? -1) < 0) continue;
    const { unknown, missed } = openOf((field) => head[slotAt[field]] ?? 0);
    if (unknown + missed === 0) continue;
    addTo(head, slotAt.unknown, unknown);
    addTo(head, slotAt.missed, missed);
    addTo(head, slotAt.changes, 1);
  }
  const { unknown, missed } = openOf((field) => totals[totalAt[field]] ?? 0);
  addTo(totals, totalAt.unknown, unknown);
  addTo(totals, totalAt.missed, missed);
  for (const gauge of ['inFlight', 'buffered', 'blocked'] as const) totals[totalAt[gauge]] = 0;
  totals[totalAt.oldestDueNs] = Number.NaN;
}

function openOf(count: (field: SlotField & TotalField) => number): {
  readonly unknown: number;
  readonly missed: number;
} {
  const closed = count('acked') + count('failed') + count('unknown');
  const open = Math.max(0, count('scheduled') - closed - count('missed'));
  const unknown = Math.min(open, Math.max(0, count('sent') - closed));
  return { unknown, missed: open - unknown };
}

function addTo(values: Float64Array, at: number, amount: number): void {
  values[at] = (values[at] ?? 0) + amount;
}
