import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { monotonicOffsetMs, realClock, takeAnchor } from '../../source/measure/clock.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Both clocks move by 1 ms at every reading of either; CLOCK_MONOTONIC is 5,000,000 ms ahead. */
function slowClocks(): void {
  let nowMs = 1_000;
  vi.spyOn(performance, 'now').mockImplementation(() => ++nowMs);
  vi.spyOn(process.hrtime, 'bigint').mockImplementation(() => BigInt(5_000_000 + ++nowMs) * 1_000_000n);
}

describe('takeAnchor', () => {
  it('says the same time thrice: on CLOCK_MONOTONIC, as Unix ms and in two halves of Unix ns', () => {
    slowClocks();
    const anchor = takeAnchor();
    const sinceOriginMs = anchor.unixMs - performance.timeOrigin;
    expect(anchor.monotonicMs - 5_000_000).toBeCloseTo(sinceOriginMs, 2);
    const unixNs = (BigInt(anchor.epochZeroHigh) << 32n) + BigInt(anchor.epochZeroLow);
    expect(Number(unixNs / 1000n) / 1000).toBe(anchor.unixMs);
  });

  it('takes a zero that is now', () => {
    const before = performance.timeOrigin + performance.now();
    const anchor = takeAnchor();
    expect(anchor.unixMs).toBeGreaterThanOrEqual(before - 0.001);
    expect(anchor.unixMs).toBeLessThanOrEqual(performance.timeOrigin + performance.now() + 0.001);
  });
});

describe('monotonicOffsetMs', () => {
  it('is what performance.now() lacks', () => {
    slowClocks();
    expect(monotonicOffsetMs(10)).toBeCloseTo(5_000_000, 6);
  });

  it('trusts the tightest reading', () => {
    let reading = 0;
    vi.spyOn(performance, 'now').mockReturnValue(100);
    // Pairs 1,000 ms apart, but for the third: there the thread was not interrupted.
    vi.spyOn(process.hrtime, 'bigint').mockImplementation(() => {
      const pair = Math.floor(reading / 2);
      const width = pair === 2 ? 2n : 1_000_000_000n;
      return 7_000_000_000n + (reading++ % 2 === 0 ? 0n : width);
    });
    expect(monotonicOffsetMs(5)).toBeCloseTo(7_000 - 100, 3);
  });
});

describe('the deviation of a clock', () => {
  it.each([
    ['none', 0, 0],
    ['less than readings may be off', 1, 0],
    ['ahead', 80, 78],
    ['behind', -2_000, -1_998],
  ])('%s', (_, movedUs, expectedUs) => {
    let nowMs = 1_000;
    let aheadNs = 5_000_000_000_000;
    // A reading of CLOCK_MONOTONIC takes 1 µs and one of performance.now() none: each offset may be 0.5 µs off, at most 1.
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    vi.spyOn(process.hrtime, 'bigint').mockImplementation(() => {
      nowMs += 0.001;
      return BigInt(Math.round(aheadNs + nowMs * 1e6));
    });
    const clock = realClock({ monotonicMs: 0, unixMs: 0, epochZeroHigh: 0, epochZeroLow: 0 });
    expect(Math.abs(clock.deviationNs())).toBe(0);
    aheadNs += movedUs * 1_000;
    expect(Math.abs(clock.deviationNs() / 1_000 - expectedUs)).toBeLessThan(1.1);
  });
});

describe('realClock', () => {
  it('starts at zero, rises, and knows the wall clock', () => {
    const anchor = takeAnchor();
    const clock = realClock(anchor);
    const first = clock.nowNs();
    expect(first).toBeGreaterThan(-1e6);
    expect(clock.nowNs()).toBeGreaterThanOrEqual(first);
    expect(clock.toUnixMs(0)).toBe(anchor.unixMs);
    expect(clock.toUnixMs(1.5e9)).toBeCloseTo(anchor.unixMs + 1_500, 6);
  });

  it('agrees with that of another thread, though performance.now() does not', async () => {
    const anchor = takeAnchor();
    const clock = realClock(anchor);
    const module = new URL('../../source/measure/clock.ts', import.meta.url).href;
    const code = `
      import { parentPort, workerData } from 'node:worker_threads';
      const { realClock } = await import(workerData.module);
      const clock = realClock(workerData.anchor);
      parentPort.on('message', () => parentPort.postMessage(clock.nowNs()));
      parentPort.postMessage(0);`;
    const url = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
    const worker = new Worker(url, { workerData: { anchor, module } });
    try {
      await once(worker, 'message');
      const before = clock.nowNs();
      worker.postMessage('now');
      const [there] = await once(worker, 'message');
      // Half a millisecond for the error of both offsets; threads start tens of milliseconds apart.
      expect(there).toBeGreaterThanOrEqual(before - 5e5);
      expect(there).toBeLessThanOrEqual(clock.nowNs() + 5e5);
    } finally {
      await worker.terminate();
    }
  });
});
