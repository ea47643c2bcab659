/**
 * What compression did in a run, and, where the codec was turned while it was measured, in each epoch:
 *
 *     compressed 3.1× (lz4): 97.3 MiB/s of messages are 31.4 MiB/s on the wire, 2.10 µs of CPU a message
 */
import type { KnobValue } from '../config/knobs.ts';
import { compressionText } from '../session/compression-text.ts';
import type { EpochRow, IntervalRow, SessionDocument } from '../session/document-schema.ts';
import { rateText, ratioText, threeDigits } from '../session/figures-text.ts';

/** The last of them. */
const mostEpochs = 8;

type Source = Pick<SessionDocument, 'epochs' | 'intervals' | 'totals'>;

/** The first for the whole of the measured phase; none where no batch was compressed. */
export function compressionRows(document: Source): readonly string[] {
  const { compressionRatio: ratio, wireBytesSent } = document.totals;
  const epochs = document.epochs.filter(({ totals }) => totals.wireBytesSent > 0);
  const codecs = [...new Set(epochs.map(codecOf))];
  if (ratio === null || codecs.every((codec) => codec === 'none')) return [];
  const measuring = document.intervals.filter(({ phase }) => phase === 'measuring');
  const seconds = secondsOf(measuring);
  const whole = compressionText(codecs.join(', '), ratio, seconds === 0 ? 0 : wireBytesSent / seconds);
  const rows = codecs.length === 1 ? [] : epochs.slice(-mostEpochs).map((epoch) => epochText(epoch, measuring));
  return [`${whole}${cpuText(measuring)}`, ...rows];
}

/** `epoch 2 lz4: 3.1×, acked 20.0 k/s, p99 3.97 ms, 2.10 µs of CPU a message`. */
function epochText(epoch: EpochRow, measuring: readonly IntervalRow[]): string {
  const { index, latency, totals } = epoch;
  const rows = measuring.filter((row) => row.epoch === index);
  const seconds = secondsOf(rows);
  const { p99Ms } = latency.response;
  return [
    `epoch ${index} ${codecOf(epoch)}: ${ratioText(totals.compressionRatio ?? 1)}`,
    ...(seconds === 0 ? [] : [`acked ${rateText(totals.acked / seconds)}`]),
    ...(p99Ms === null ? [] : [`p99 ${threeDigits(p99Ms)} ms`]),
  ]
    .join(', ')
    .concat(cpuText(rows));
}

/** All of the process: sending and reading, and the embedded sandbox where there is one. */
function cpuText(rows: readonly IntervalRow[]): string {
  const us = cpuUsPerMessage(rows);
  return us === null ? '' : `, ${threeDigits(us)} µs of CPU a message`;
}

/** CPU time of the process over the messages sent in these intervals; null: there is no reading, or nothing was sent. */
export function cpuUsPerMessage(rows: readonly IntervalRow[]): number | null {
  let us = 0;
  let sent = 0;
  for (const { durationMs, process, sent: ofRow } of rows) {
    if (process.cpuPercent === null) continue;
    us += durationMs * 1000 * (process.cpuPercent / 100);
    sent += ofRow;
  }
  return sent === 0 ? null : us / sent;
}

function secondsOf(rows: readonly IntervalRow[]): number {
  return rows.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
}

function codecOf({ knobs }: EpochRow): KnobValue {
  return knobs.compression?.applied ?? 'none';
}
