/** Rates of the measured phase, from a document's intervals. */
import { achievedMessages } from '../analysis/achieved.ts';
import type { IntervalRow, SessionDocument } from '../session/document-schema.ts';

export interface MeasuredRates {
  /** Wall time of the measured phase, ms. */
  readonly durationMs: number;
  /** Messages per second asked for, on average; null: unthrottled at some time, or nothing was measured. */
  readonly targetRate: number | null;
  /** Messages due in that time per second of it: acknowledged, as far as the cluster kept up; and read, likewise. */
  readonly ackedRate: number;
  readonly consumedRate: number;
  /** `ackedRate` of `targetRate`; null where there is no target, or none above 0. */
  readonly achievedFraction: number | null;
  /** Bytes per second of acknowledged messages' values. */
  readonly ackedBytesRate: number;
  /** Bytes per second of the values of all records that were read. */
  readonly consumedBytesRate: number;
}

/** Means by time over the intervals of the phase "measuring": a long interval counts for more. */
export function measuredRates(document: Pick<SessionDocument, 'intervals' | 'latency' | 'totals'>): MeasuredRates {
  const measuring = document.intervals.filter((row) => row.phase === 'measuring');
  const durationMs = measuring.reduce((sum, row) => sum + row.durationMs, 0);
  const mean = (rateOf: (row: IntervalRow) => number): number =>
    durationMs === 0 ? 0 : measuring.reduce((sum, row) => sum + rateOf(row) * row.durationMs, 0) / durationMs;
  const throttled = durationMs > 0 && measuring.every((row) => row.targetRate !== null);
  const targetRate = throttled ? mean((row) => row.targetRate ?? 0) : null;
  const { acked, bytesSent, sent, bytesConsumed, bytesForeign, consumed, foreign } = document.totals;
  const read = consumed + foreign;
  const rateOf = (count: number, happened: (row: IntervalRow) => number, leastMs: number | null): number => {
    if (durationMs === 0) return 0;
    const happenedCount = (mean(happened) * durationMs) / 1000;
    const leastResponseNs = (leastMs ?? 0) * 1e6;
    const durationNs = durationMs * 1e6;
    return (
      (achievedMessages({ acked: count, ackedDuring: happenedCount, durationNs, leastResponseNs }) / durationMs) * 1000
    );
  };
  const ackedRate = rateOf(acked, (row) => row.ackedRate, document.latency.response.minMs);
  const consumedRate = rateOf(read, (row) => row.consumedRate, document.latency.e2e.minMs);
  return {
    durationMs,
    targetRate,
    ackedRate,
    consumedRate,
    achievedFraction: targetRate === null || targetRate === 0 ? null : ackedRate / targetRate,
    ackedBytesRate: sent === 0 ? 0 : (ackedRate * bytesSent) / sent,
    consumedBytesRate: read === 0 ? 0 : (consumedRate * (bytesConsumed + bytesForeign)) / read,
  };
}
