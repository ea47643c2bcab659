import { describe, expect, it } from 'vitest';
import { ArrivalCursor, dueBefore, type Segment } from '../../source/load/schedule.ts';
import { Timeline } from '../../source/session/timeline.ts';
import { random, seeds } from '../measure/support/random.ts';
import { knobsOf, ms, second } from './support/book-rig.ts';

const timeline = () => new Timeline({ arrivals: 'uniform', limiter: 'smooth', messages: null }, knobsOf());

describe('Timeline', () => {
  it('begins before the load: one epoch, nothing due', () => {
    const line = timeline();
    expect(line.phase).toBe('before');
    expect(line.epoch.index).toBe(0);
    expect(line.segment).toBeNull();
    expect(line.dueUntil(1e12)).toBe(0);
    expect(line.targetRate(0, 0, second)).toBe(0);
    expect(line.startOf('measuring')).toBeNull();
    expect(line.askedIn('measuring', 1e12)).toBe(0);
  });

  it('keeps what a change does not name', () => {
    const line = timeline();
    line.change(second, { rateHz: 100, producers: 3, phase: 'warm-up' });
    expect(line.change(2 * second, { phase: 'measuring' })).toMatchObject({ rateHz: 100, producers: 3, epoch: 0 });
    expect(line.change(3 * second, { rateHz: null })).toMatchObject({ rateHz: null, producers: 3 });
    expect(line.phase).toBe('measuring');
    // Unthrottled is a rate of its own, and none is not its absence.
    expect(line.change(4 * second, { producers: 2 })).toMatchObject({ rateHz: null, producers: 2 });
    expect(line.change(5 * second, { rateHz: 0 })).toMatchObject({ rateHz: 0 });
    expect(line.change(6 * second, { epochKnobs: knobsOf() })).toMatchObject({ rateHz: 0, epoch: 1 });
    expect(line.epochs.map(({ index, startNs }) => [index, startNs])).toEqual([
      [0, 0],
      [1, 6 * second],
    ]);
    expect(line.spans.last).toMatchObject({ epoch: 1, phase: 'measuring', startNs: 6 * second });
    expect([1, 2, 3, 4, 5, 6].map((at) => line.targetRate(at * second, at * second, (at + 1) * second))).toEqual([
      100,
      100,
      null,
      null,
      0,
      0,
    ]);
    expect(line.startOf('measuring')).toBe(2 * second);
  });

  it('asks for what a bursty limiter saved in a pause, from the moment at which it is due', () => {
    const line = new Timeline({ arrivals: 'uniform', limiter: 'bursty', messages: null }, knobsOf());
    line.change(second, { rateHz: 1_000, phase: 'measuring' });
    line.change(2 * second, { rateHz: 0 });
    const { burst } = line.change(2.25 * second, { rateHz: 1_000 });
    expect(burst).toBe(250);
    expect(line.askedIn('measuring', 2.25 * second)).toBe(1_000);
    expect(line.askedIn('measuring', 3.25 * second)).toBe(2_250);
    expect(line.dueUntil(3.25 * second)).toBe(2_250);
  });

  it('shares out a limit of messages exactly where arrivals are random, over all changes', () => {
    for (const seed of seeds) {
      const { whole, pick } = random(seed);
      const limit = whole(500, 3_000);
      const line = new Timeline({ arrivals: 'poisson', limiter: 'bursty', messages: limit }, knobsOf());
      const segments: Segment[] = [line.change(second, { rateHz: 1_000, phase: 'warm-up' })];
      let atNs = second + whole(ms, second);
      for (let at = 0; at < 12; at++) {
        const rateHz = at === 11 ? 1_000 : pick([0, 100, 1_000, 3_000]);
        segments.push(line.change(atNs, { rateHz, producers: whole(1, 4), phase: 'measuring' }));
        const knownNs = atNs;
        atNs += whole(ms, 300 * ms);
        for (let nowNs = knownNs; nowNs < atNs; nowNs += 125 * ms) line.dueUntil(nowNs);
      }
      const fromNs = segments[1]?.startNs ?? 0;
      const countBefore = (endNs: number): number => {
        let count = 0;
        for (let slot = 0; slot < 4; slot++) {
          const cursor = new ArrivalCursor(slot, limit);
          for (const segment of segments) cursor.add(segment);
          cursor.pass(endNs);
          while (cursor.nextNs < endNs) {
            if (cursor.nextNs >= fromNs) count++;
            cursor.advance();
            cursor.pass(endNs);
          }
        }
        return count;
      };
      for (const endNs of [atNs + 10 * ms, atNs + second]) expect(line.dueUntil(endNs)).toBe(countBefore(endNs));
      expect(countBefore(atNs + 60 * second)).toBe(limit);
      expect(line.dueUntil(atNs + 60 * second)).toBe(limit);
    }
  });

  it('knows when the last message of a limit is due, and ends when the gap after it is over', () => {
    const of = (arrivals: 'uniform' | 'poisson', messages: number | null): Timeline => {
      const line = new Timeline({ arrivals, limiter: 'smooth', messages }, knobsOf());
      line.change(second, { rateHz: 1_000, phase: 'warm-up' });
      line.change(2 * second, { rateHz: 1_000, producers: 2, phase: 'measuring' });
      return line;
    };
    const even = of('uniform', 500);
    expect(even.limitDueNs(2 * second, 2.4 * second)).toBeNull();
    expect(even.limitDueNs(2 * second, 2.4991 * second)).toBeCloseTo(2.5 * second, -1);
    // A change on the way: what was due before it counts.
    const changed = of('uniform', 500);
    changed.change(2.25 * second, { rateHz: 100 });
    expect(changed.limitDueNs(3 * second, 4.749 * second)).toBeCloseTo(4.75 * second, -1);
    changed.change(4.75 * second, { rateHz: 0 });
    expect(changed.limitDueNs(5 * second, 5 * second)).toBeNull();
    expect(of('uniform', null).limitDueNs(99 * second, 99 * second)).toBeNull();

    const chance = of('poisson', 500);
    expect(chance.limitDueNs(2.1 * second, 99 * second)).toBeNull();
    const dueNs = chance.limitDueNs(9 * second, 9 * second) ?? 0;
    const lastNs = dueNs - ms;
    expect(lastNs).toBeGreaterThan(2.3 * second);
    expect(lastNs).toBeLessThan(2.8 * second);
    const again = of('poisson', 500);
    expect(again.dueUntil(lastNs)).toBe(499);
    expect(again.dueUntil(lastNs + 1)).toBe(500);
  });

  it('lets a span begin in the past where nothing is due any more', () => {
    const line = timeline();
    line.change(second, { rateHz: 10, phase: 'measuring' });
    expect(line.momentAfter(1.5 * second)).toBe(1.5 * second);
    expect(line.momentAfter(0.5 * second)).toBe(second + ms);
  });

  it('draws other Poisson arrivals in every segment', () => {
    const line = new Timeline({ arrivals: 'poisson', limiter: 'smooth', messages: null }, knobsOf());
    const first = line.change(second, { rateHz: 10, phase: 'measuring' });
    const next = line.change(2 * second, {});
    expect(first.arrivals).toBe('poisson');
    expect(next.seed).not.toBe(first.seed);
  });

  it('lets a change take hold a little ahead of now, on a whole nanosecond, each after the last', () => {
    for (const seed of seeds) {
      const { whole, next } = random(seed);
      const line = timeline();
      let nowNs = 0;
      let lastNs = 0;
      for (let at = 0; at < 100; at++) {
        nowNs += whole(0, 30 * ms) * next();
        const atNs = line.moment(nowNs);
        expect(Number.isInteger(atNs)).toBe(true);
        expect(atNs).toBeGreaterThan(lastNs);
        expect(atNs - nowNs).toBeGreaterThanOrEqual(20 * ms);
        line.change(atNs, { rateHz: whole(0, 1_000) });
        lastNs = atNs;
      }
    }
  });

  it('knows how many messages are due, over all changes', () => {
    for (const seed of seeds) {
      const { whole } = random(seed);
      const line = timeline();
      let startNs = second;
      let segment = line.change(startNs, { rateHz: 500, phase: 'measuring' });
      let due = 0;
      for (let at = 0; at < 20; at++) {
        const endNs = startNs + whole(ms, second);
        due += dueBefore(segment, endNs);
        expect(line.dueUntil(endNs)).toBe(due);
        segment = line.change(endNs, { rateHz: whole(0, 5_000) });
        expect(line.dueUntil(endNs)).toBe(due);
        startNs = endNs;
      }
    }
  });

  it('knows what was asked for in a phase', () => {
    const line = timeline();
    line.change(second, { rateHz: 1_000, phase: 'warm-up' });
    line.change(2 * second, { phase: 'measuring' });
    line.change(3 * second, { rateHz: 500, epochKnobs: knobsOf() });
    line.change(4 * second, { rateHz: 0 });
    line.change(6 * second, { rateHz: 200 });
    line.change(8 * second, { rateHz: 0, phase: 'draining' });
    expect(line.askedIn('measuring', 2.5 * second)).toBe(500);
    expect(line.askedIn('measuring', 5 * second)).toBe(1_500);
    expect(line.askedIn('measuring', 99 * second)).toBe(1_900);
    expect(line.askedIn('warm-up', 99 * second)).toBe(1_000);
    line.change(100 * second, { rateHz: null, phase: 'measuring' });
    expect(line.askedIn('measuring', 101 * second)).toBeNull();
    expect(line.askedIn('warm-up', 101 * second)).toBe(1_000);
  });
});
