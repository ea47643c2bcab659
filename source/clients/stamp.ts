/**
 * The stamp: 32 bytes, big endian, at the start of the value, or the whole value of the record header `loadtui`.
 *
 *   0  4  magic "LTU1"
 *   4  8  run id
 *  12  2  epoch
 *  14  2  producer id
 *  16  2  index of the partition that it was sent to: a processor may write it to another
 *  18  6  sequence number per producer and partition
 *  24  8  intended send time, int64 Unix ns
 */
export const stampBytes = 32;
export const stampMagic = 0x4c545531;
export const stampHeaderName = 'loadtui';
/** Producer id of the probe messages that show that consumers read; outside every count but `probes`. */
export const probeProducerId = 0xffff;

export const stampOffsets = {
  magic: 0,
  runId: 4,
  epoch: 12,
  producerId: 14,
  partition: 16,
  sequence: 18,
  intended: 24,
} as const;

const two32 = 4294967296;
/** More partitions than a stamp tells apart. */
export const stampedPartitions = 65_536;

/** Writes what never changes within a run: magic and run id (16 hexadecimal digits). */
export function writeStampConstants(view: DataView, at: number, runId: string): void {
  view.setUint32(at, stampMagic);
  view.setUint32(at + 4, Number.parseInt(runId.slice(0, 8), 16));
  view.setUint32(at + 8, Number.parseInt(runId.slice(8, 16), 16));
}

/** Writes what changes with each message. `intendedNs` is run-relative; zero is the run's Unix ns in two halves. */
export function writeStamp(
  view: DataView,
  at: number,
  epoch: number,
  producerId: number,
  partitionIndex: number,
  sequence: number,
  intendedNs: number,
  zeroHigh: number,
  zeroLow: number,
): void {
  view.setUint32(at + 12, epoch * 65536 + producerId);
  const sequenceHigh = Math.floor(sequence / two32);
  view.setUint32(at + 16, (partitionIndex % stampedPartitions) * stampedPartitions + sequenceHigh);
  view.setUint32(at + 20, sequence - sequenceHigh * two32);
  // Fractions of a nanosecond are dropped; a negative time borrows from the high half.
  const high = Math.floor(intendedNs / two32);
  const low = Math.floor(intendedNs - high * two32) + zeroLow;
  const carry = low >= two32 ? 1 : 0;
  view.setUint32(at + 24, (zeroHigh + high + carry) >>> 0);
  view.setUint32(at + 28, low >>> 0);
}

/** Run-relative ns of the stamp's intended time. */
export function readIntendedNs(view: DataView, at: number, zeroHigh: number, zeroLow: number): number {
  return (view.getUint32(at + 24) - zeroHigh) * two32 + (view.getUint32(at + 28) - zeroLow);
}

/** The stamp's sequence number. */
export function readSequence(view: DataView, at: number): number {
  return view.getUint16(at + 18) * two32 + view.getUint32(at + 20);
}
