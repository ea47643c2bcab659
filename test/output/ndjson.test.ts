import { expect, test, vi } from 'vitest';
import { createNdjsonSink } from '../../source/output/ndjson.ts';
import { buildStart, type DocumentState } from '../../source/session/document.ts';
import { sessionDocumentSchema } from '../../source/session/document-schema.ts';
import { sampleDocument, sampleInterval, sampleState } from '../session/sample.ts';
import { capture } from './capture.ts';

async function streamOf(state: DocumentState): Promise<Record<string, unknown>[]> {
  const { lines, stream } = capture();
  const sink = createNdjsonSink(stream, { onClosed: () => undefined });
  sink.start?.(buildStart(state));
  for (const row of state.intervals) sink.interval?.(row);
  for (const event of state.events) sink.event?.(event);
  sink.summary?.(sampleDocument());
  await sink.close();
  return lines().map((line) => JSON.parse(line));
}

test('one object a line, the last a summary', async () => {
  const objects = await streamOf(sampleState());
  expect(objects.map(({ type }) => type)).toEqual([
    'start',
    ...sampleState().intervals.map(() => 'interval'),
    'event',
    'summary',
  ]);
});

test('intervals that were not written when the run ended come before the summary, none twice', async () => {
  const { lines, stream } = capture();
  const sink = createNdjsonSink(stream, { onClosed: () => undefined });
  const document = sampleDocument();
  for (const row of document.intervals.slice(0, 2)) sink.interval?.(row);
  sink.summary?.(document);
  await sink.close();
  const objects: Record<string, unknown>[] = lines().map((line) => JSON.parse(line));
  expect(objects.map(({ elapsedMs, type }) => elapsedMs ?? type)).toEqual([0, 1000, 2000, 3000, 'summary']);
});

test('start has what is known, with the names of the document', async () => {
  const { type, ...start } = (await streamOf(sampleState()))[0] ?? {};
  expect(type).toBe('start');
  expect(start).toEqual(JSON.parse(JSON.stringify(buildStart(sampleState()))));
});

test('an interval is the row of the document', async () => {
  const { type, ...row } = (await streamOf(sampleState()))[1] ?? {};
  expect(type).toBe('interval');
  expect(row).toEqual(sampleInterval(0));
});

test('an event says its own type beside', async () => {
  const event = (await streamOf(sampleState())).find(({ type }) => type === 'event');
  expect(event).toMatchObject({ eventType: 'knob', knob: 'lingerMs', from: 0, to: 5, mark: 1 });
});

test('the summary obeys the schema of documents and leaves out what is large', async () => {
  const { type, ...document } = (await streamOf(sampleState())).at(-1) ?? {};
  expect(type).toBe('summary');
  const summary = sessionDocumentSchema.parse(document);
  expect(summary).toMatchObject({ intervals: [], events: [], hdrWindows: [], lag: [] });
  expect(summary.totals).toEqual(sampleDocument().totals);
  expect(summary.latency).toEqual(sampleDocument().latency);
  expect(summary.epochs[0]?.latency.response).toMatchObject({ hdr: null, count: 3000 });
});

test('no secret goes out', async () => {
  expect(JSON.stringify(await streamOf(sampleState()))).not.toMatch(/hunter2|secret words/);
});

test('a reader that went away is told once', async () => {
  const { break: breakIt, stream } = capture();
  const onClosed = vi.fn();
  const sink = createNdjsonSink(stream, { onClosed });
  breakIt();
  for (let second = 0; second < 5; second++) sink.interval?.(sampleInterval(second));
  await vi.waitFor(() => expect(onClosed).toHaveBeenCalled());
  sink.summary?.(sampleDocument());
  await sink.close();
  expect(onClosed).toHaveBeenCalledTimes(1);
});
