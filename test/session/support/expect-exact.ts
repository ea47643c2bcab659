/** What must hold of every session's document, whatever happened in it. */
import { expect } from 'vitest';
import { createLatencyHistogram, decodeHistogram, encodeHistogram } from '../../../source/analysis/latency-summary.ts';
import { latencyTags } from '../../../source/config/plan.ts';
import {
  type SessionDocument,
  sessionDocumentSchema,
  type TotalsRow,
} from '../../../source/session/document-schema.ts';

const additive = [
  'scheduled',
  'sent',
  'acked',
  'failed',
  'missed',
  'retries',
  'consumed',
  'bytesSent',
  'wireBytesSent',
  'bytesConsumed',
] as const;

/** Obeys its schema; every due message has one fate; seconds and epochs add up to the whole, histograms too. */
export function expectSound(document: SessionDocument): void {
  expect(sessionDocumentSchema.parse(document)).toEqual(document);
  const { totals, intervals, epochs, wholeRun } = document;
  expect(totals.acked + totals.failed + totals.unknown + totals.missed, 'fates').toBe(totals.scheduled);
  const seconds = intervals.filter(({ phase }) => phase === 'measuring');
  for (const field of additive) {
    expect(sum(seconds.map((row) => row[field])), `${field} by seconds`).toBe(totals[field]);
    expect(sum(epochs.map((epoch) => epoch.totals[field])), `${field} by epochs`).toBe(totals[field]);
  }
  for (const field of ['unknown', 'failedButConsumed', 'duplicated', 'reordered'] as const) {
    expect(sum(epochs.map((epoch) => epoch.totals[field])), `${field} by epochs`).toBe(totals[field]);
  }
  if (totals.missing !== null) {
    expect(sum(epochs.map((epoch) => epoch.totals.missing ?? 0)), 'missing by epochs').toBe(totals.missing);
  }
  expectHistogramsAddUp(document);
  expect(wholeRun.acked).toBeGreaterThanOrEqual(totals.acked);
  expect(document.run.endedAt).not.toBeNull();
}

/** Epochs merge to the run's histograms, bucket by bucket, and ten-second windows hold what seconds do, of all phases. */
function expectHistogramsAddUp({ latency, epochs, intervals, hdrWindows }: SessionDocument): void {
  for (const tag of latencyTags) {
    const ofRun = { count: latency[tag].count, hdr: latency[tag].hdr };
    const measured = intervals.filter(({ phase }) => phase === 'measuring');
    expect(sum(measured.map((row) => row[tag].count)), `${tag} by seconds`).toBe(ofRun.count);
    const count = sum(epochs.map((epoch) => epoch.latency[tag].count));
    expect({ count, hdr: merged(epochs.map((epoch) => epoch.latency[tag].hdr)) }, `${tag} by epochs`).toEqual(ofRun);
    expect(decodeHistogram(ofRun.hdr).totalCount, `${tag} in the histogram`).toBe(ofRun.count);
  }
  for (const tag of ['response', 'e2e'] as const) {
    const inWindows = decodeHistogram(merged(hdrWindows.map((window) => window[tag]))).totalCount;
    expect(inWindows, `${tag} by windows`).toBe(sum(intervals.map((row) => row[tag].count)));
  }
}

function merged(histograms: readonly (string | null)[]): string | null {
  const all = createLatencyHistogram();
  for (const each of histograms) all.add(decodeHistogram(each));
  return encodeHistogram(all);
}

/** Nothing lost, doubled or out of order; the logs grew by what was written. */
export function expectExact(document: SessionDocument): void {
  expectSound(document);
  const { totals, wholeRun } = document;
  const { scheduled, acked, sent, consumed, missing } = totals;
  expect({ scheduled, acked, sent, consumed, missing }).toEqual(everywhere(scheduled));
  expect(totals).toMatchObject(trouble);
  expect(scheduled).toBeGreaterThan(0);
  expect(wholeRun.consumed).toBe(wholeRun.acked);
  expect(wholeRun.acked + wholeRun.probes).toBe(wholeRun.logEndGrowth);
}

/** Every second had as many messages due as its rate and its length say, with the fraction that goes on to the next. */
export function expectOnSchedule(document: SessionDocument): void {
  let due = 0;
  let scheduled = 0;
  for (const row of document.intervals) {
    due += ((row.targetRate ?? 0) * row.durationMs) / 1000;
    scheduled += row.scheduled;
    expect(Math.abs(scheduled - due), `${row.phase} at ${row.elapsedMs} ms`).toBeLessThanOrEqual(1.5);
  }
}

/** Busy cores may not keep a schedule (6) or not achieve a rate (4); nothing else may happen. */
export function expectGood(exitCode: number): void {
  expect([0, 4, 6]).toContain(exitCode);
}

const trouble: Partial<TotalsRow> = {
  failed: 0,
  missed: 0,
  unknown: 0,
  duplicated: 0,
  reordered: 0,
  corrupt: 0,
  expired: 0,
  foreign: 0,
  failedButConsumed: 0,
};

function everywhere(messages: number) {
  return { scheduled: messages, acked: messages, sent: messages, consumed: messages, missing: 0 };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
