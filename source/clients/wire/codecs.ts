/**
 * Kafka's codecs, both ways: for the records of a batch that is sent, and of those that are read. A topic's
 * `compression.type` may recompress what we sent, so that all are read whatever the producers use.
 */
import { createRequire } from 'node:module';
import { constants, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type * as WasmCodecs from '@platformatic/wasm-utils';
import { type ClientTuning, type Compression, compressions } from '../../config/plan.ts';
import { messageOf } from '../../errors.ts';

/** How the records of a batch are compressed. */
export interface Codec {
  /** In the three low bits of a batch's attributes. */
  readonly number: number;
  /** Gives a buffer of its own. */
  readonly compress: (records: Buffer) => Buffer;
}

export const noCodec: Codec = { number: 0, compress: (records) => records };

/** Levels are those of Kafka's `compression.gzip.level` and `compression.zstd.level`. */
export function codecOf(compression: Compression, levels: Pick<ClientTuning, 'gzipLevel' | 'zstdLevel'>): Codec {
  const number = compressions.indexOf(compression);
  switch (compression) {
    case 'none':
      return noCodec;
    case 'gzip': {
      const options = { level: levels.gzipLevel };
      return { number, compress: (records) => gzipSync(records, options) };
    }
    case 'zstd': {
      const options = { params: { [constants.ZSTD_c_compressionLevel]: levels.zstdLevel } };
      return { number, compress: (records) => zstdCompressSync(records, options) };
    }
    case 'snappy': {
      const { snappyCompress } = wasm();
      return { number, compress: (records) => snappyCompress(records) };
    }
    case 'lz4': {
      const { lz4Compress } = wasm();
      return { number, compress: (records) => lz4Compress(records) };
    }
  }
}

/**
 * The records of a compressed batch as they were before. Snappy comes as one block or in Java's (xerial) framing.
 * Throws on a codec that Kafka does not know and on bytes that the codec cannot read.
 */
export function decompress(codec: number, compressed: Buffer): Buffer {
  const name = compressions[codec];
  if (name === undefined) throw new Error(`unknown compression codec ${codec}`);
  try {
    return decompressed(name, compressed);
  } catch (cause) {
    // WebAssembly throws texts, and errors that name no codec.
    throw new Error(`not ${name}, or damaged: ${messageOf(cause)}`, { cause });
  }
}

function decompressed(name: Compression, compressed: Buffer): Buffer {
  switch (name) {
    case 'none':
      return compressed;
    case 'gzip':
      return gunzipSync(compressed);
    case 'zstd':
      return zstdDecompressSync(compressed);
    case 'snappy':
      return unsnapped(compressed);
    case 'lz4':
      return wasm().lz4Decompress(compressed);
  }
}

/** Java's framing: a magic text, two versions, then blocks behind their lengths. */
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
const xerialHeaderBytes = 16;

function unsnapped(compressed: Buffer): Buffer {
  if (!compressed.subarray(0, xerialMagic.length).equals(xerialMagic)) return wasm().snappyDecompress(compressed);
  const blocks: Buffer[] = [];
  for (let at = xerialHeaderBytes; at < compressed.length; ) {
    const end = at + 4 + compressed.readInt32BE(at);
    if (end <= at || end > compressed.length) throw new RangeError('a block of snappy that ends too early');
    blocks.push(wasm().snappyDecompress(compressed.subarray(at + 4, end)));
    at = end;
  }
  return Buffer.concat(blocks);
}

let loaded: typeof WasmCodecs | null = null;

/** Only a thread that meets these codecs pays for loading them. */
function wasm(): typeof WasmCodecs {
  loaded ??= loadWasm();
  return loaded;
}

function loadWasm(): typeof WasmCodecs {
  const codecs: typeof WasmCodecs = createRequire(import.meta.url)('@platformatic/wasm-utils');
  return codecs;
}
