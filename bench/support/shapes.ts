/** The messages that benches send. */
import type { RecordShape, StampIdentity } from '../../source/clients/types.ts';

export const stamp: StampIdentity = { runId: '0123456789abcdef', epochZeroHigh: 416_767_000, epochZeroLow: 0 };

export function plainShape(messageSizeBytes: number): RecordShape {
  return { messageSizeBytes, payloadEntropy: 1, keys: { kind: 'none' }, headers: [], stamp: 'value' };
}

/** One of a thousand keys, a constant header and the send time in digits. */
export const keyedShape: RecordShape = {
  messageSizeBytes: 100,
  payloadEntropy: 1,
  keys: { kind: 'pool', prefix: 'sensor-', count: 1000, order: 'round-robin' },
  headers: [
    { name: 'source', kind: 'text', value: 'plant-7' },
    { name: 'sent', kind: 'sendTimeMs' },
  ],
  stamp: 'value',
};

export const messageSizes = [
  { label: '100 B', bytes: 100 },
  { label: '1 KiB', bytes: 1024 },
] as const;
