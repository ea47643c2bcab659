/** The client's settings that have no flag: of plan files (`tuning:`) and Kafka properties. */
import { level, milliseconds, seconds, size, toggle } from '../setting-kinds.ts';
import type { Settings } from './setting.ts';

const tuning = { group: 'Cluster', isFlag: false } as const;

export const tuningSettings = {
  idempotent: { ...toggle, ...tuning, name: 'idempotent', property: 'enable.idempotence', help: 'while acks is all' },
  maxRequestBytes: { ...size, ...tuning, name: 'max-request', property: 'max.request.size', help: 'of one request' },
  bufferMemoryBytes: { ...size, ...tuning, name: 'buffer-memory', property: 'buffer.memory', help: 'of a producer' },
  requestTimeoutMs: {
    ...seconds,
    ...tuning,
    name: 'request-timeout',
    property: 'request.timeout.ms',
    help: 'of one request',
  },
  deliveryTimeoutMs: {
    ...seconds,
    ...tuning,
    name: 'delivery-timeout',
    property: 'delivery.timeout.ms',
    help: 'of a message, retries included',
  },
  retryBackoffMs: {
    ...milliseconds,
    ...tuning,
    name: 'retry-backoff',
    property: 'retry.backoff.ms',
    help: 'before the first retry',
  },
  retryBackoffMaxMs: {
    ...milliseconds,
    ...tuning,
    name: 'retry-backoff-max',
    property: 'retry.backoff.max.ms',
    help: 'between retries at most',
  },
  reconnectBackoffMs: {
    ...milliseconds,
    ...tuning,
    name: 'reconnect-backoff',
    property: 'reconnect.backoff.ms',
    help: 'before connecting again',
  },
  reconnectBackoffMaxMs: {
    ...milliseconds,
    ...tuning,
    name: 'reconnect-backoff-max',
    property: 'reconnect.backoff.max.ms',
    help: 'between attempts at most',
  },
  metadataMaxAgeMs: {
    ...seconds,
    ...tuning,
    name: 'metadata-max-age',
    property: 'metadata.max.age.ms',
    help: 'after which leaders are asked for again',
  },
  gzipLevel: {
    ...level(1, 9),
    ...tuning,
    name: 'gzip-level',
    property: 'compression.gzip.level',
    // Kafka's -1 is zlib's own choice, which is 6.
    fromProperty: (value) => (value === '-1' ? '6' : value),
    help: '1 fast to 9 small',
  },
  zstdLevel: {
    ...level(-131_072, 22),
    ...tuning,
    name: 'zstd-level',
    property: 'compression.zstd.level',
    help: '1 fast to 22 small; below 0 faster still',
  },
  fetchMaxBytes: {
    ...size,
    ...tuning,
    name: 'fetch-max',
    property: 'fetch.max.bytes',
    help: 'of one fetch answer',
  },
} satisfies Settings;
