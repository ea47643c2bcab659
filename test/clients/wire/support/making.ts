/** Values that the tests of the wire client's producing side start from. */

import type { MessageRun, RecordShape, StampIdentity } from '../../../../source/clients/types.ts';
import type { Keys } from '../../../../source/config/plan.ts';

/** Unix ms of the run's zero in these tests, a whole number. */
export const zeroUnixMs = 1_790_000_000_123;
const zeroNs = BigInt(zeroUnixMs) * 1_000_000n;

export const stamp: StampIdentity = {
  runId: '0123456789abcdef',
  epochZeroHigh: Number(zeroNs >> 32n),
  epochZeroLow: Number(zeroNs & 0xffff_ffffn),
};

export function plainShape(messageSizeBytes: number): RecordShape {
  return { messageSizeBytes, payloadEntropy: 1, keys: { kind: 'none' }, headers: [], stamp: 'value' };
}

export interface RunParts {
  readonly count: number;
  readonly partitionIndex?: number;
  readonly firstSequence?: number;
  readonly producerId?: number;
  readonly keys?: Keys;
  readonly startNs?: number;
}

/** Message i is due 5 ms + i ms after the run's zero (and a little); its key is number 7 i of the pool. */
export function makeRun(parts: RunParts): MessageRun {
  const { count, keys } = parts;
  const startNs = parts.startNs ?? 5e6;
  const intendedNs = Float64Array.from({ length: count }, (_, i) => startNs + i * 1e6 + 17);
  const pool = keys?.kind === 'pool' ? keys.count : null;
  return {
    partitionIndex: parts.partitionIndex ?? 0,
    firstSequence: parts.firstSequence ?? 0,
    intendedNs,
    start: 0,
    count,
    offeredNs: intendedNs.map((ns) => ns + 100),
    keyIndex: pool === null ? null : Int32Array.from({ length: count }, (_, i) => (i * 7) % pool),
    epoch: 7,
    producerId: parts.producerId ?? 0,
  };
}
