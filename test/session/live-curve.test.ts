import { describe, expect, it } from 'vitest';
import { liveCurve } from '../../source/session/live-curve.ts';
import type { ChartPoint } from '../../source/session/view.ts';
import { fakeEvent } from '../ui/fake-view.ts';

/** A second of an M/M/1 queue that serves 10,000 a second. */
function second(at: number, rateHz: number, meanMs = 1000 / (10_000 - rateHz)): ChartPoint {
  const figures = { meanMs, p50Ms: meanMs * 0.7, p99Ms: meanMs * 4.6, p999Ms: null };
  return {
    timeMs: at * 1000,
    durationMs: 1000,
    targetRate: rateHz,
    sentRate: rateHz,
    ackedRate: rateHz,
    consumedRate: 0,
    latency: { response: figures, service: figures, slip: figures, e2e: figures },
    marks: [],
  };
}

const ramp = Array.from({ length: 90 }, (_, at) => second(at, 500 + at * 100));

describe('the curve of a run without a search', () => {
  it('has the knee of a ramp, with the range tested', () => {
    const { knee, rates, seconds } = liveCurve(ramp, []);
    expect(seconds).toHaveLength(89);
    expect(rates.length).toBeLessThan(40);
    // Of a queue of that kind the knee is at half its capacity.
    expect(knee?.rate).toBeGreaterThan(4_400);
    expect(knee?.rate).toBeLessThan(5_600);
    expect(knee?.beyond).toBeNull();
    expect(knee?.range[0]).toBeGreaterThan(500);
    expect(knee?.range[1]).toBeGreaterThan(8_500);
  });

  it('has what was done by hand: a point a rate, in which one slow second does not show', () => {
    const points = [1000, 2000, 4000].flatMap((rate, step) =>
      Array.from({ length: 5 }, (_, at) => second(step * 5 + at, rate, at === 3 ? 500 : undefined)),
    );
    const { knee, rates } = liveCurve(points, []);
    expect(rates.map(({ rateHz }) => rateHz)).toEqual([1000, 2000, 4000]);
    expect(rates.every(({ meanMs }) => meanMs < 1)).toBe(true);
    expect(knee).toMatchObject({ beyond: 'high', rate: 4000, range: [1000, 4000] });
  });

  it('leaves out the second after a jump', () => {
    const points = [second(0, 1000), second(1, 1000), second(2, 4000, 99), second(3, 4000)];
    expect(liveCurve(points, []).seconds).toHaveLength(2);
  });

  it('begins anew where another knob was turned, or figures were made fresh', () => {
    const turned = fakeEvent({ type: 'knob', timeMs: 30_000, fields: { knob: 'lingerMs' } });
    const rate = fakeEvent({ type: 'knob', timeMs: 60_000, fields: { knob: 'rate' } });
    const fresh = fakeEvent({ type: 'figures', timeMs: 80_000, fields: {} });
    expect(liveCurve(ramp, [turned, rate]).seconds).toHaveLength(60);
    expect(liveCurve(ramp, [turned, rate, fresh]).seconds).toHaveLength(10);
  });

  it('has no knee of two rates, and nothing of a paused load', () => {
    expect(liveCurve([second(0, 1000), second(1, 1000), second(2, 1100), second(3, 1100)], []).knee).toBeNull();
    expect(liveCurve([second(0, 0), second(1, 0)], [])).toEqual({ seconds: [], rates: [], knee: null });
  });
});
