import type { ClientTuning } from '../../../../source/config/plan.ts';

/** Java's defaults, with a request timeout that a test can wait for. */
export const defaultTuning: ClientTuning = {
  clientId: 'test',
  idempotent: true,
  maxInFlight: 5,
  maxRequestBytes: 1_048_576,
  bufferMemoryBytes: 33_554_432,
  requestTimeoutMs: 30_000,
  deliveryTimeoutMs: 120_000,
  retryBackoffMs: 100,
  retryBackoffMaxMs: 1000,
  reconnectBackoffMs: 50,
  reconnectBackoffMaxMs: 1000,
  metadataMaxAgeMs: 300_000,
  fetchMinBytes: 1,
  fetchMaxWaitMs: 500,
  fetchMaxBytes: 52_428_800,
  maxPartitionFetchBytes: 1_048_576,
  sendBufferBytes: 131_072,
  receiveBufferBytes: 65_536,
};
