import { describe, expect, it } from 'vitest';
import { decodeHistogram } from '../../source/analysis/latency-summary.ts';
import { LatencyCounts } from '../../source/measure/latency-counts.ts';
import { hlogText, intervalHlogRows, windowHlogRows } from '../../source/output/hlog.ts';
import { emptyLatencies, Tally } from '../../source/session/interval-book.ts';
import { sampleDocument, sampleInterval, startMs } from '../session/sample.ts';
import { intervalLine } from '../session/support/journal-lines.ts';

const document = sampleDocument();

/** 1,000 responses of 2 ms. */
function tally(): Tally {
  const { counts, latency } = intervalLine(1, 1000);
  return new Tally(counts, { ...emptyLatencies(), response: LatencyCounts.unpack(latency.response) });
}

describe('an interval log', () => {
  it("has a head that Java's reader knows, and times from its start on", () => {
    const rows = [1, 2].flatMap((second) => intervalHlogRows(sampleInterval(second, { durationMs: 500 }), tally()));
    const lines = [...hlogText(document, rows, 'two seconds')].map((line) => line.trimEnd());
    const startS = (startMs + 1000) / 1000;
    expect(lines.slice(0, 5)).toEqual([
      '#[Logged with loadtui 0.1.0, run 0123456789abcdef: two seconds]',
      '#[Histogram log format version 1.3]',
      `#[StartTime: ${startS}.000 (seconds since epoch), 2026-11-21T12:00:01.000Z]`,
      `#[BaseTime: ${startS}.000 (seconds since epoch)]`,
      '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
    ]);
    const cells = lines.slice(5).map((line) => line.split(','));
    expect(cells.map((row) => row.slice(0, 4))).toEqual([
      ['Tag=response', '0.000', '0.500', '2.000'],
      ['Tag=response', '1.000', '0.500', '2.000'],
    ]);
    for (const [, , , , hdr = ''] of cells) expect(decodeHistogram(hdr).totalCount).toBe(1000);
  });

  it("has a document's windows", () => {
    const rows = windowHlogRows(document);
    expect(rows).toMatchObject([{ tag: 'response', timeMs: startMs, durationMs: 4000 }]);
    expect(rows[0]?.maxNs).toBeGreaterThan(4.9e6);
    expect(rows[0]?.maxNs).toBeLessThan(5.1e6);
    expect(decodeHistogram(rows[0]?.hdr ?? null).totalCount).toBe(3000);
  });

  it('is a head alone where nothing was recorded', () => {
    expect([...hlogText(document, [], 'nothing')]).toHaveLength(5);
    expect(intervalHlogRows(sampleInterval(1), new Tally())).toEqual([]);
  });
});
