/**
 * Latencies as an HdrHistogram interval log (`.hlog`): what Java's HistogramLogReader and HistogramLogProcessor read. A
 * line is one histogram of one tag, V2 compressed in base64, of ns; the largest value beside it is in ms.
 */
import { decodeHistogram } from '../analysis/latency-summary.ts';
import { latencyTags } from '../config/plan.ts';
import type { IntervalRow, SessionDocument } from '../session/document-schema.ts';
import type { Tally } from '../session/interval-book.ts';
import { encodeCounts } from '../session/window-book.ts';

/** ns in a ms, the unit of the log's largest values. */
const maxValueUnitRatio = 1e6;

export interface HlogRow {
  /** Unix ms of its start. */
  readonly timeMs: number;
  readonly durationMs: number;
  readonly tag: string;
  readonly maxNs: number;
  /** V2 compressed, base64. */
  readonly hdr: string;
}

/** Rows of an interval, one for each tag with figures. */
export function intervalHlogRows({ timeMs, durationMs }: IntervalRow, tally: Tally): HlogRow[] {
  return latencyTags.flatMap((tag) => {
    const counts = tally.latencies[tag];
    const hdr = encodeCounts(counts);
    return hdr === null ? [] : [{ timeMs, durationMs, tag, maxNs: counts.maxNs, hdr }];
  });
}

/** Rows of a document's windows: all phases, response and e2e only. */
export function windowHlogRows({ hdrWindows }: SessionDocument): HlogRow[] {
  return hdrWindows.flatMap(({ timeMs, durationMs, response, e2e }) =>
    Object.entries({ response, e2e }).flatMap(([tag, hdr]) =>
      hdr === null ? [] : [{ timeMs, durationMs, tag, maxNs: decodeHistogram(hdr).maxValue, hdr }],
    ),
  );
}

/** The log, line by line. Rows in order of time; `note`: one line about what they cover. */
export function* hlogText({ tool, run }: SessionDocument, rows: readonly HlogRow[], note: string): Generator<string> {
  const startMs = rows[0]?.timeMs ?? Date.parse(run.startedAt);
  const startS = (startMs / 1000).toFixed(3);
  yield `#[Logged with ${tool.name} ${tool.version}, run ${run.id}: ${note}]\n`;
  yield '#[Histogram log format version 1.3]\n';
  yield `#[StartTime: ${startS} (seconds since epoch), ${new Date(startMs).toISOString()}]\n`;
  yield `#[BaseTime: ${startS} (seconds since epoch)]\n`;
  yield '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"\n';
  for (const { timeMs, durationMs, tag, maxNs, hdr } of rows) {
    const cells = [(timeMs - startMs) / 1000, durationMs / 1000, maxNs / maxValueUnitRatio].map((cell) =>
      cell.toFixed(3),
    );
    yield `Tag=${tag},${cells.join(',')},${hdr}\n`;
  }
}
