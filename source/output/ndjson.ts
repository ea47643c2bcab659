/**
 * NDJSON on a stream: one object a line, each with a `type`.
 *
 * - `start`: tool, run (without end and verdict), plan, cluster, host.
 * - `interval`: a row of the document's `intervals`, as known when it is written; late answers are in the summary.
 * - `event`: a row of `events`; its own type stands under `eventType`, since `type` is taken.
 * - `summary`: the last object. The document, with `intervals`, `events` (they went by as lines), `hdrWindows` and `lag`
 *   empty and without the histograms of epochs. Without its `type` it obeys session.schema.json.
 */
import type { Writable } from 'node:stream';
import { eventRow } from '../session/document.ts';
import type { DocumentStart, EventRow, IntervalRow, Latency, SessionDocument } from '../session/document-schema.ts';
import type { SessionSink } from '../session/view.ts';
import { createLineWriter } from './line-writer.ts';

export interface NdjsonOptions {
  /** Called once, when nobody reads any more. */
  readonly onClosed: (error: Error) => void;
}

/** A sink that writes NDJSON. */
export function createNdjsonSink(stream: Writable, options: NdjsonOptions): SessionSink {
  const writer = createLineWriter(stream, options.onClosed);
  let lastIntervalMs = Number.NEGATIVE_INFINITY;
  const writeInterval = (row: IntervalRow): void => {
    lastIntervalMs = row.timeMs;
    writer.line(JSON.stringify(intervalObject(row)));
  };
  return {
    start: (start) => writer.line(JSON.stringify(startObject(start))),
    interval: writeInterval,
    event: (event) => writer.line(JSON.stringify(eventObject(eventRow(event)))),
    summary(document) {
      // The end of a run may come before its last intervals were written: a stream has them all.
      for (const row of document.intervals) if (row.timeMs > lastIntervalMs) writeInterval(row);
      writer.line(JSON.stringify(summaryObject(document)));
    },
    close: () => writer.flush(),
  };
}

export function startObject(start: DocumentStart): { type: 'start' } & DocumentStart {
  return { type: 'start', ...start };
}

export function intervalObject(row: IntervalRow): { type: 'interval' } & IntervalRow {
  return { type: 'interval', ...row };
}

export type EventObject = Omit<EventRow, 'type'> & { type: 'event'; eventType: EventRow['type'] };

export function eventObject(row: EventRow): EventObject {
  const { type, ...rest } = row;
  return { type: 'event', eventType: type, ...rest };
}

/** The document without what is large or has gone by. */
export function summaryObject(document: SessionDocument): { type: 'summary' } & SessionDocument {
  const epochs = document.epochs.map((epoch) => ({ ...epoch, latency: withoutHistograms(epoch.latency) }));
  return { type: 'summary', ...document, epochs, intervals: [], hdrWindows: [], lag: [], events: [] };
}

function withoutHistograms({ response, service, slip, e2e }: Latency): Latency {
  return {
    response: { ...response, hdr: null },
    service: { ...service, hdr: null },
    slip: { ...slip, hdr: null },
    e2e: { ...e2e, hdr: null },
  };
}
