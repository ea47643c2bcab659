import { describe, expect, it, onTestFinished } from 'vitest';
import { ThreadHealth } from '../../source/load/thread-health.ts';
import { totalAt, totalFields } from '../../source/measure/figures.ts';
import { waitUntil } from '../support/wait-until.ts';

function health(spins: boolean) {
  const totals = new Float64Array(totalFields.length);
  const one = new ThreadHealth(totals, { deviationNs: () => -7 }, spins);
  onTestFinished(() => one.stop());
  return { one, total: (field: keyof typeof totalAt) => totals[totalAt[field]] ?? 0 };
}

function work(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

describe("a load thread's health", () => {
  it('is busy while it works and less so while it sleeps, looked at once a second', async () => {
    const { one, total } = health(false);
    work(20);
    one.tick(1e9);
    const working = total('loopBusy');
    expect(working).toBeGreaterThan(0.5);
    expect(working).toBeLessThanOrEqual(1);
    const before = performance.eventLoopUtilization();
    await waitUntil('it has slept', () => performance.eventLoopUtilization(before).idle > 20 || undefined, {
      timeoutMs: 10_000,
      everyMs: 5,
      describe: () => JSON.stringify(performance.eventLoopUtilization(before)),
    });
    one.tick(1.9e9);
    expect(total('loopBusy')).toBe(working);
    expect(total('heartbeatNs')).toBe(1.9e9);
    one.tick(2e9);
    expect(total('loopBusy')).toBeLessThan(working);
    expect(total('clockDeviationNs')).toBe(7);
  });

  it('says nothing of a thread that spins: it is always at work', () => {
    const { one, total } = health(true);
    work(20);
    one.tick(1e9);
    expect(total('loopBusy')).toBe(0);
  });
});
