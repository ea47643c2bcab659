import { afterEach, describe, expect, it, vi } from 'vitest';
import { Timeline } from '../../source/sandbox/timeline.ts';

afterEach(() => {
  vi.useRealTimers();
});

function start(): Timeline {
  vi.useFakeTimers();
  return new Timeline(() => Date.now());
}

describe('Timeline', () => {
  it('runs by time, and equal times in the order in which they were made', () => {
    const timeline = start();
    const from = timeline.now();
    const done: string[] = [];
    const times = [30, 10, 20, 10, 5, 30, 10];
    for (const [index, time] of times.entries()) timeline.at(from + time, () => done.push(`${time}.${index}`));
    vi.advanceTimersByTime(20);
    expect(done).toEqual(['5.4', '10.1', '10.3', '10.6', '20.2']);
    vi.advanceTimersByTime(20);
    expect(done.slice(5)).toEqual(['30.0', '30.5']);
  });

  it('keeps the order of many', () => {
    const timeline = start();
    const from = timeline.now();
    const done: number[] = [];
    const times = Array.from({ length: 1000 }, (_, index) => (index * 7919) % 997);
    for (const time of times) timeline.at(from + time, () => done.push(time));
    vi.advanceTimersByTime(1000);
    expect(done).toEqual(times.toSorted((a, b) => a - b));
  });

  it('takes new entries while it runs, forgets cancelled ones and stops when closed', () => {
    const timeline = start();
    const done: string[] = [];
    timeline.after(1, () => {
      done.push('first');
      timeline.after(0, () => done.push('second'));
      cancelled.cancel();
    });
    const cancelled = timeline.after(2, () => done.push('cancelled'));
    timeline.after(9, () => done.push('late'));
    vi.advanceTimersByTime(5);
    timeline.close();
    timeline.after(0, () => done.push('closed'));
    vi.advanceTimersByTime(100);
    expect(done).toEqual(['first', 'second']);
  });

  it('waits longer than a timer can', () => {
    const timeline = start();
    const done: string[] = [];
    timeline.after(3_000_000_000, () => done.push('far'));
    vi.advanceTimersByTime(2_999_999_999);
    expect(done).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(done).toEqual(['far']);
  });

  it('keeps a time of a fraction of a millisecond, never early', async () => {
    const timeline = new Timeline();
    const waits: number[] = [];
    for (let round = 0; round < 41; round++) {
      const from = timeline.now();
      await new Promise<void>((resolve) => timeline.after(0.3, resolve));
      waits.push(timeline.now() - from);
    }
    waits.sort((a, b) => a - b);
    expect(waits[0]).toBeGreaterThanOrEqual(0.3);
    expect(waits[20]).toBeLessThan(0.9);
  });

  it('is not woken by what was cancelled', () => {
    const timeline = start();
    const cancelled = [timeline.after(10, () => undefined), timeline.after(20, () => undefined)];
    const done: string[] = [];
    timeline.after(5, () => done.push('kept'));
    for (const each of cancelled) each.cancel();
    vi.advanceTimersByTime(6);
    expect(done).toEqual(['kept']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
