import { describe, expect, it } from 'vitest';
import { Hopeless, waitUntil } from './wait-until.ts';

describe('waitUntil', () => {
  it('hands back what a later look finds', async () => {
    let looks = 0;
    const found = await waitUntil('the third look', () => (++looks === 3 ? 'there' : undefined), {
      timeoutMs: 5000,
      everyMs: 1,
    });
    expect(found).toBe('there');
    expect(looks).toBe(3);
  });

  it('looks on after an error, and names it as the cause when time is up', async () => {
    const refused = new Error('refused');
    const waiting = waitUntil(
      'an answer',
      () => {
        throw refused;
      },
      { timeoutMs: 10, everyMs: 1, describe: () => 'the last lines' },
    );
    await expect(waiting).rejects.toMatchObject({
      message: 'waited in vain: an answer (10 ms are over)\nthe last lines',
      cause: refused,
    });
  });

  it('gives up at once where waiting is no use', async () => {
    let looks = 0;
    const waiting = waitUntil(
      'an answer',
      () => {
        looks++;
        throw new Hopeless('it ended');
      },
      { timeoutMs: 60_000 },
    );
    await expect(waiting).rejects.toThrow('waited in vain: an answer (it ended)');
    expect(looks).toBe(1);
  });
});
