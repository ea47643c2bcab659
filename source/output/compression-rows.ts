/**
 * What compression did in a run, and, where the codec was turned while it was measured, with each codec in turn:
 *
 *     compressed 3.1× (lz4): 97.3 MiB/s of messages are 31.4 MiB/s on the wire, 2.10 µs of CPU a message
 */
import type { KnobValue } from '../config/knobs.ts';
import { compressionText } from '../session/compression-text.ts';
import type { EpochRow, IntervalRow, SessionDocument } from '../session/document-schema.ts';
import { rateText, ratioText, threeDigits } from '../session/figures-text.ts';

/** The last of them. */
const mostStretches = 8;
/** A reading of the CPU is of up to a second, and a second late: so long after a turn it may be of the codec before. */
const settleMs = 2_000;

type Source = Pick<SessionDocument, 'epochs' | 'intervals' | 'totals'>;

/** Epochs that follow each other with one codec. */
interface Stretch {
  readonly codec: KnobValue;
  readonly epochs: EpochRow[];
}

/** The first for the whole of the measured phase; none where no batch was compressed. */
export function compressionRows(document: Source): readonly string[] {
  const { compressionRatio: ratio, wireBytesSent } = document.totals;
  const stretches = stretchesOf(document.epochs).filter(({ epochs }) =>
    epochs.some(({ totals }) => totals.wireBytesSent > 0),
  );
  const codecs = [...new Set(stretches.map(({ codec }) => codec))];
  if (ratio === null || codecs.every((codec) => codec === 'none')) return [];
  const measuring = document.intervals.filter(({ phase }) => phase === 'measuring');
  const seconds = secondsOf(measuring);
  const whole = compressionText(codecs.join(', '), ratio, seconds === 0 ? 0 : wireBytesSent / seconds);
  const rows = codecs.length === 1 ? [] : stretches.slice(-mostStretches).map((one) => stretchText(one, measuring));
  return [`${whole}${cpuText(measuring)}`, ...rows];
}

function stretchesOf(epochs: readonly EpochRow[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (const epoch of epochs) {
    const codec = epoch.knobs.compression?.applied ?? 'none';
    const last = stretches.at(-1);
    if (last?.codec === codec) last.epochs.push(epoch);
    else stretches.push({ codec, epochs: [epoch] });
  }
  return stretches;
}

/** `epoch 2 lz4: 3.1×, acked 20.0 k/s, p99 3.97 ms, 2.10 µs of CPU a message`; `epochs 2–4 lz4: …, p99 3.97–4.12 ms, …`. */
function stretchText({ codec, epochs }: Stretch, measuring: readonly IntervalRow[]): string {
  const indexes = epochs.map(({ index }) => index);
  const rows = measuring.filter(({ epoch }) => indexes.includes(epoch));
  const settled = rows.filter(({ timeMs }) => timeMs >= (epochs[0]?.timeMs ?? 0) + settleMs);
  const seconds = secondsOf(rows);
  const acked = epochs.reduce((sum, { totals }) => sum + totals.acked, 0);
  const name = indexes.length === 1 ? `epoch ${indexes[0]}` : `epochs ${indexes[0]}–${indexes.at(-1)}`;
  return [
    `${name} ${codec}: ${ratioText(ratioOf(epochs))}`,
    ...(seconds === 0 ? [] : [`acked ${rateText(acked / seconds)}`]),
    ...p99Text(epochs),
  ]
    .join(', ')
    .concat(cpuText(settled.length === 0 ? rows : settled));
}

/** Bytes add, ratios do not. */
function ratioOf(epochs: readonly EpochRow[]): number {
  const wire = epochs.reduce((sum, { totals }) => sum + totals.wireBytesSent, 0);
  const plain = epochs.reduce((sum, { totals }) => sum + totals.wireBytesSent * (totals.compressionRatio ?? 1), 0);
  return wire === 0 ? 1 : plain / wire;
}

/** Of several epochs from the least to the most: percentiles have no mean. */
function p99Text(epochs: readonly EpochRow[]): readonly string[] {
  const figures = epochs.flatMap(({ latency }) => latency.response.p99Ms ?? []).toSorted((a, b) => a - b);
  const [least, most] = [figures[0], figures.at(-1)];
  if (least === undefined || most === undefined) return [];
  const [low, high] = [threeDigits(least), threeDigits(most)];
  return [`p99 ${low === high ? low : `${low}–${high}`} ms`];
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
