import { describe, expect, it } from 'vitest';
import { checkLittlesLaw } from '../../source/analysis/littles-law.ts';

describe("Little's law", () => {
  const second = { durationMs: 1000, acked: 50_000, serviceSumMs: 50_000 * 4.2 };

  it('expects 210 under way at 50,000/s and 4.2 ms', () => {
    const check = checkLittlesLaw({ ...second, inFlightMs: 210_000 });
    expect(check?.expected).toBeCloseTo(210, 9);
    expect(check).toMatchObject({ inFlight: 210, holds: true });
    expect(check?.deviation).toBeCloseTo(0, 12);
  });

  it.each([
    [200.01, true],
    [199.9, false],
    [221, true],
    [221.1, false],
  ])('%s under way: %s', (inFlight, holds) => {
    expect(checkLittlesLaw({ ...second, inFlightMs: inFlight * 1000 })?.holds).toBe(holds);
  });

  it('says nothing of a stretch shorter than 40 services, or without messages', () => {
    expect(checkLittlesLaw({ durationMs: 167.9, acked: 100, serviceSumMs: 420, inFlightMs: 500 })).toBeNull();
    expect(checkLittlesLaw({ durationMs: 168, acked: 100, serviceSumMs: 420, inFlightMs: 420 })).not.toBeNull();
    expect(checkLittlesLaw({ durationMs: 1000, acked: 0, serviceSumMs: 0, inFlightMs: 10 })).toBeNull();
    expect(checkLittlesLaw({ durationMs: 1000, acked: 5, serviceSumMs: 0, inFlightMs: 0 })).toBeNull();
  });
});
