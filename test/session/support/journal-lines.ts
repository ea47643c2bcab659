/** A journal as a session writes it, kept in memory. */
import { bucketOf } from '../../../source/measure/buckets.ts';
import { packBuckets } from '../../../source/measure/packed-buckets.ts';
import { buildStart } from '../../../source/session/document.ts';
import type { IntervalRow } from '../../../source/session/document-schema.ts';
import { emptyCounts } from '../../../source/session/interval-book.ts';
import type { JournalTarget } from '../../../source/session/journal.ts';
import type { JournalLine, JournalLineOf } from '../../../source/session/journal-lines.ts';
import { sampleInterval, sampleState, startMs } from '../sample.ts';

const latencyNs = 2e6;

/** A target that keeps the lines. */
export function keptJournal(): JournalTarget & { readonly lines: string[] } {
  const lines: string[] = [];
  return { lines, start: () => undefined, line: (text) => lines.push(text) };
}

export function startLine(): JournalLineOf<'start'> {
  const start = buildStart(sampleState());
  return { kind: 'start', journalVersion: 1, pid: 1234, zeroMs: startMs, start };
}

/** A second from `second` on, in which `acked` messages of as many that were due took 2 ms each. */
export function intervalLine(
  second: number,
  acked: number,
  changes: Partial<IntervalRow> = {},
): JournalLineOf<'interval'> {
  const buckets = packBuckets({ first: bucketOf(latencyNs), counts: Float64Array.of(acked) });
  const response = { buckets, sumNs: acked * latencyNs, minNs: latencyNs, maxNs: latencyNs, clamped: 0 };
  return {
    ...{ kind: 'interval', number: second + 1, startNs: second * 1e9 },
    row: sampleInterval(second, { scheduled: acked, acked, ...changes }),
    counts: { ...emptyCounts(), scheduled: acked, sent: acked, acked },
    latency: { response, service: null, slip: null, e2e: null },
  };
}

export function texts(...lines: readonly JournalLine[]): string[] {
  return lines.map((line) => JSON.stringify(line));
}
