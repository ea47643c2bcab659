import { zstdCompressSync } from 'node:zlib';
import { describe, expect, it, test } from 'vitest';
import { Batch } from '../../../source/clients/wire/batch.ts';
import { BatchTemplate } from '../../../source/clients/wire/batch-template.ts';
import { codecOf } from '../../../source/clients/wire/codecs.ts';
import { fill } from '../../../source/clients/wire/filler.ts';
import { RunZero } from '../../../source/clients/wire/run-zero.ts';
import { type Compression, compressions } from '../../../source/config/plan.ts';
import { makeRun, plainShape, stamp } from './support/making.ts';

function filled(bytes: number, entropy: number, from = 0): Buffer {
  const made = Buffer.alloc(bytes, 0);
  fill(made, 0, bytes, from, entropy);
  return made;
}

describe('filler', () => {
  it('goes on in the noise where the last piece ended, whatever share of it is noise', () => {
    for (const entropy of [1, 0.25]) {
      const halves = Buffer.alloc(256);
      const next = fill(halves, 0, 128, 0, entropy);
      fill(halves, 128, 256, next, entropy);
      expect(halves).toEqual(filled(256, entropy));
    }
    expect(fill(Buffer.alloc(1000), 0, 1000, 7, 1)).toBe(1007);
    expect(fill(Buffer.alloc(1000), 0, 1000, 7, 0.25)).toBe(257);
    expect(fill(Buffer.alloc(1000), 0, 1000, 7, 0)).toBe(7);
  });

  it('goes through its noise with other letters each time', () => {
    const pass = 1_048_583;
    const noise = filled(pass + 64, 1);
    expect(noise.subarray(0, 16).toString()).toMatch(/^[\w-]{16}$/);
    const other = noise.subarray(pass);
    expect(other.toString()).toMatch(/^[\w-]{64}$/);
    expect(new Set(other).size).toBe(new Set(noise.subarray(0, 64)).size);
    expect(other.every((letter, at) => letter !== noise[at])).toBe(true);
    expect(filled(64, 1, pass - 10).subarray(10)).toEqual(other.subarray(0, 54));
    expect(filled(64, 1, 64 * pass - 10).subarray(10)).toEqual(noise.subarray(0, 54));
  });

  it('has no repetition that zstd finds', () => {
    const bytes = filled(6 * 1_048_576, 1);
    expect(bytes.length / zstdCompressSync(bytes).length).toBeLessThan(1.4);
  });

  it.each([0, 0.01, 0.1, 0.3, 0.5, 0.9, 0.999])('has its share of noise, %d, in each stretch', (entropy) => {
    const noise = filled(65_536, 1).toString();
    const made = filled(65_536, entropy).toString();
    const kept = made.match(/[^x]+/g)?.join('') ?? '';
    // The noise has an x of its own now and then.
    expect(kept).toBe(noise.slice(0, Math.floor(65_536 * entropy)).replaceAll('x', ''));
    for (let at = 0; at < made.length; at += 1024) {
      const others = made.slice(at, at + 1024).replaceAll('x', '').length;
      expect(others).toBeLessThanOrEqual(1024 * entropy + 1);
      expect(others).toBeGreaterThanOrEqual(1024 * entropy * 0.8 - 2);
    }
  });

  it('of an end of less than a block has its share, too', () => {
    expect(filled(30, 0.5).toString()).toBe(filled(15, 1).toString() + 'x'.repeat(15));
  });
});

const levels = { gzipLevel: 6, zstdLevel: 3 };
const codecs = compressions.filter((name) => name !== 'none');

/** How many times smaller a batch of 64 KiB is. */
function ratioOf(compression: Compression, payloadEntropy: number, messageSizeBytes = 1024): number {
  const shape = { ...plainShape(messageSizeBytes), payloadEntropy };
  const template = new BatchTemplate({ shape, batchSizeBytes: 65_536, prefixRoom: 0, runId: stamp.runId });
  const batch = new Batch(template);
  batch.reset(0, 0, 0, { acks: 1, idempotent: false, codec: codecOf(compression, levels) });
  batch.append(makeRun({ count: template.capacity, firstSequence: 0 }), 0, template.capacity, new RunZero(stamp));
  batch.pack();
  return batch.plainBytes / batch.bytes;
}

describe('a batch', () => {
  test.each(codecs)('is the smaller under %s, the less of its payload is random', (compression) => {
    const ratios = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1].map((entropy) => ratioOf(compression, entropy));
    expect(ratios).toEqual(ratios.toSorted((a, b) => b - a));
    expect(new Set(ratios).size).toBe(ratios.length);
    expect(ratios[0]).toBeGreaterThan(10);
  });

  test.each([
    ['lz4', 0.98, 1.1],
    ['snappy', 0.98, 1.1],
    // 64 letters of equal frequency are 6 bits each.
    ['gzip', 1.25, 1.4],
    ['zstd', 1.25, 1.4],
  ] as const)('of random payload hardly shrinks under %s', (compression, least, most) => {
    const ratio = ratioOf(compression, 1);
    expect(ratio).toBeGreaterThan(least);
    expect(ratio).toBeLessThan(most);
  });
});
