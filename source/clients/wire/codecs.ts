/**
 * Undoes the compression of a batch's records. A topic's `compression.type` may recompress what we sent, so that all
 * of Kafka's codecs are read, whatever the producers use.
 */
import { createRequire } from 'node:module';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { compressionsAlgorithms } from '@platformatic/kafka';
import type { Compression } from '../../config/plan.ts';

/** The codec's number, the three low bits of a batch's attributes, is the place in this list. */
export const codecNames = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const satisfies readonly Compression[];

/**
 * The records of a compressed batch as they were before. Snappy comes as one block or in Java's (xerial) framing.
 * Throws on a codec that Kafka does not know and on bytes that the codec cannot read.
 */
export function decompress(codec: number, compressed: Buffer): Buffer {
  const name = codecNames[codec];
  if (name === undefined) throw new Error(`unknown compression codec ${codec}`);
  switch (name) {
    case 'none':
      return compressed;
    case 'gzip':
      return gunzipSync(compressed);
    case 'zstd':
      return zstdDecompressSync(compressed);
    case 'snappy':
    case 'lz4':
      return algorithms()[name].decompressSync(compressed);
  }
}

let loaded: typeof compressionsAlgorithms | null = null;

/** The library costs every thread half a second of CPU to load: only a thread that meets these codecs pays it. */
function algorithms(): typeof compressionsAlgorithms {
  loaded ??= loadAlgorithms();
  return loaded;
}

function loadAlgorithms(): typeof compressionsAlgorithms {
  const kafka: typeof import('@platformatic/kafka') = createRequire(import.meta.url)('@platformatic/kafka');
  return kafka.compressionsAlgorithms;
}
