import { expect, it } from 'vitest';
import { producerTags } from '../../source/load/lane-ledger.ts';
import { totalAt } from '../../source/measure/figures.ts';
import { closeFigures } from '../../source/measure/last-word.ts';
import { createSpanBuffer, SpanTable } from '../../source/measure/spans.ts';
import { IntervalBook } from '../../source/session/interval-book.ts';
import { recordingThread } from './support/figures-rig.ts';

const second = 1e9;

it.each([
  ['nothing open', { scheduled: 9, sent: 7, acked: 4, failed: 2, unknown: 1, missed: 2 }, 0, 0],
  ['sent and not answered', { scheduled: 9, sent: 9, acked: 4, failed: 0, unknown: 0, missed: 0 }, 5, 0],
  ['taken and never sent', { scheduled: 9, sent: 4, acked: 4, failed: 0, unknown: 0, missed: 0 }, 0, 5],
  ['both', { scheduled: 9, sent: 6, acked: 4, failed: 0, unknown: 0, missed: 1 }, 2, 2],
  ['failed before they were sent', { scheduled: 9, sent: 2, acked: 0, failed: 3, unknown: 0, missed: 0 }, 0, 6],
])('gives what a dead thread left open a fate: %s', (_, counts, unknown, missed) => {
  const spans = createSpanBuffer();
  const table = new SpanTable(spans);
  table.open(0, 0, 'measuring');
  const { recorder, figures, shared } = recordingThread(spans, producerTags);
  const book = new IntervalBook(table);
  book.addThread(0, shared);
  for (const [field, count] of Object.entries(counts)) {
    const at = field as keyof typeof counts;
    if (count > 0) recorder.count(at, second, count);
    figures.totals[totalAt[at]] = count;
  }
  figures.totals[totalAt.inFlight] = 5;
  figures.totals[totalAt.oldestDueNs] = second;
  book.refresh();
  for (let again = 0; again < 2; again++) {
    closeFigures(shared);
    book.refresh();
    const expected = { ...counts, unknown: counts.unknown + unknown, missed: counts.missed + missed };
    const tally = book.phase('measuring', 0, 1);
    expect(tally.counts).toMatchObject(expected);
    expect(tally.open).toBe(0);
    for (const [field, count] of Object.entries(expected)) {
      expect(figures.totals[totalAt[field as keyof typeof expected]]).toBe(count);
    }
    expect(figures.totals[totalAt.inFlight]).toBe(0);
    expect(figures.totals[totalAt.oldestDueNs]).toBeNaN();
  }
});
