import { describe, expect, test } from 'vitest';
import type { Batch } from '../../../source/clients/wire/batch.ts';
import { BatchPool } from '../../../source/clients/wire/batch-pool.ts';
import { BatchTemplate } from '../../../source/clients/wire/batch-template.ts';
import { plainShape } from './support/making.ts';

const template = new BatchTemplate({
  shape: plainShape(100),
  batchSizeBytes: 1_000,
  prefixRoom: 50,
  runId: '0123456789abcdef',
});
const size = template.bytes.length;

function take(pool: BatchPool, count: number): Batch[] {
  return Array.from({ length: count }, () => {
    const batch = pool.take();
    if (batch === undefined) throw new Error('no memory left');
    return batch;
  });
}

/** How many of these come back when as many are taken again. */
function kept(pool: BatchPool, batches: readonly Batch[]): number {
  const again = take(pool, batches.length);
  for (const batch of again) pool.release(batch);
  return again.filter((batch) => batches.includes(batch)).length;
}

describe('a pool of batches', () => {
  test('gives out no more than its memory holds, and takes back what is done', () => {
    const pool = new BatchPool(3 * size, template);
    const batches = take(pool, 3);
    expect(pool.take()).toBeUndefined();
    for (const batch of batches) pool.release(batch);
    expect(pool.usedBytes).toBe(0);
    expect(kept(pool, batches)).toBe(3);
  });

  test('what a burst needed is let go once it has not come again', () => {
    const pool = new BatchPool(100 * size, template);
    const burst = take(pool, 50);
    for (const batch of burst) pool.release(batch);
    pool.trim();
    // Until here fifty were needed; from here on two.
    for (const batch of take(pool, 2)) pool.release(batch);
    pool.trim();
    expect(kept(pool, burst)).toBe(2);
  });

  test('what is needed again and again stays', () => {
    const pool = new BatchPool(100 * size, template);
    const batches = take(pool, 20);
    for (const batch of batches) pool.release(batch);
    for (let turn = 0; turn < 3; turn++) {
      pool.trim();
      expect(kept(pool, batches)).toBe(20);
    }
  });
});
