import { describe, expect, it } from 'vitest';
import { Patience, untilNs, within } from '../../source/session/wait.ts';

const never = (): Promise<never> => new Promise(() => undefined);

describe('waiting', () => {
  it('ends once the moment is there, and not before', async () => {
    let nowNs = 0;
    const looks: number[] = [];
    await untilNs(() => {
      looks.push(nowNs);
      nowNs += 400_000;
      return nowNs;
    }, 1e6);
    expect(looks.length).toBeGreaterThan(2);
    expect(nowNs).toBeGreaterThanOrEqual(1e6);
  });

  it('hands on what the work says, and says what took too long', async () => {
    expect(await within(Promise.resolve(7), 1000, 'late')).toBe(7);
    await expect(within(Promise.reject(new Error('no')), 1000, 'late')).rejects.toThrow('no');
    await expect(within(never(), 1, 'late')).rejects.toThrow('late');
  });

  it('has one limit for several works, and a short last chance for each after it', async () => {
    const patience = new Patience(300);
    await expect(patience.waitFor(never(), 'late')).rejects.toThrow('late');
    expect(await patience.waitFor(Promise.resolve('quick'), 'late')).toBe('quick');
    const startMs = performance.now();
    for (let at = 0; at < 3; at++) await expect(patience.waitFor(never(), 'late')).rejects.toThrow('late');
    const tookMs = performance.now() - startMs;
    expect(tookMs).toBeGreaterThan(500);
    expect(tookMs).toBeLessThan(3 * 300 + 5000);
  });
});
