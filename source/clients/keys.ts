/** The text of a pool's keys: equally long, so that a record batch can be laid out once: `sensor-0042`. */
import type { Keys } from '../config/plan.ts';

type KeyPool = Extract<Keys, { kind: 'pool' }>;

/** Key number `index` of the pool, 0 ≤ index < count. ASCII digits after the prefix. */
export function keyAt(pool: KeyPool, index: number): string {
  return pool.prefix + String(index).padStart(keyDigits(pool), '0');
}

/** Digits of every number in the pool. */
export function keyDigits(pool: KeyPool): number {
  return String(Math.max(0, pool.count - 1)).length;
}
