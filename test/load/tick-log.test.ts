import { describe, expect, it } from 'vitest';
import { TickLog } from '../../source/load/tick-log.ts';
import { random, seeds } from '../measure/support/random.ts';

const ms = 1e6;

describe('TickLog', () => {
  it.each([
    ['before the first look', 0, 10],
    ['at a look', 10, 10],
    ['between two', 10.1, 12],
    ['just before the last', 14.9, 15],
    ['at the last', 15, 15],
    ['after it', 15.1, 99],
  ])('%s', (_, timeMs, seenMs) => {
    const log = new TickLog();
    for (const at of [10, 12, 15]) log.note(at * ms);
    expect(log.firstAtOrAfter(timeMs * ms, 99 * ms)).toBe(seenMs * ms);
  });

  it('knows nothing at first and after it was cleared', () => {
    const log = new TickLog();
    expect(log.firstAtOrAfter(0, 7)).toBe(7);
    log.note(3);
    log.clear();
    expect(log.firstAtOrAfter(0, 7)).toBe(7);
    log.note(5);
    expect(log.firstAtOrAfter(0, 7)).toBe(5);
  });

  it('takes looks of a spinning pacer for one, and is then late by half a millisecond at most', () => {
    const log = new TickLog();
    for (let nowNs = 0; nowNs <= 50 * ms; nowNs += 4_000) log.note(nowNs);
    for (let timeNs = 0; timeNs < 49 * ms; timeNs += 137_111) {
      const seenNs = log.firstAtOrAfter(timeNs, 50 * ms);
      expect(seenNs).toBeGreaterThanOrEqual(timeNs);
      expect(seenNs - timeNs).toBeLessThanOrEqual(0.504 * ms);
    }
  });

  it('answers as a search through all looks does, however many', () => {
    for (const seed of seeds) {
      const { whole } = random(seed);
      const log = new TickLog();
      const looks: number[] = [];
      let nowNs = 0;
      for (let i = 0; i < 10_000; i++) {
        nowNs += whole(500_000, 5 * ms);
        log.note(nowNs);
        looks.push(nowNs);
      }
      for (let i = 0; i < 100; i++) {
        const timeNs = whole(0, nowNs + 10);
        expect(log.firstAtOrAfter(timeNs, nowNs + 10)).toBe(looks.find((look) => look >= timeNs) ?? nowNs + 10);
      }
    }
  });

  it('forgets the oldest looks of a long wait: answers become later, never earlier', () => {
    const log = new TickLog();
    const count = 300_000;
    for (let i = 0; i < count; i++) log.note(i * ms);
    expect(log.firstAtOrAfter((count - 1_000) * ms, count * ms)).toBe((count - 1_000) * ms);
    const oldest = log.firstAtOrAfter(0, count * ms);
    expect(oldest).toBeGreaterThan(0);
    // At least a minute of looks is kept.
    expect(oldest).toBeLessThanOrEqual((count - 60_000) * ms);
  });
});
