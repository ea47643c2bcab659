import { describe, expect, it } from 'vitest';
import { middleRound, type Round, roundOf } from '../../../bench/scale/round.ts';
import type { IntervalRow } from '../../../source/session/document-schema.ts';
import { sampleDocument, sampleInterval } from '../../session/sample.ts';

/** A second in which so many were acknowledged and read, at so much CPU and memory. */
function second(at: number, rate: number, cpuPercent: number | null, rssBytes: number): IntervalRow {
  const { process } = sampleInterval(at);
  const rates = { ackedRate: rate, consumedRate: rate / 2 };
  return sampleInterval(at, { ...rates, process: { ...process, cpuPercent, rssBytes } });
}

const intervals = [
  second(0, 9000, 100, 9e8),
  second(1, 1000, null, 2e8),
  second(2, 3000, 30, 3e8),
  second(3, 2000, 20, 1e8),
];
const document = sampleDocument({ intervals });
const zeroMs = intervals[0]?.timeMs ?? 0;

describe('roundOf', () => {
  it('counts what was measured, without the warm-up', () => {
    const used = (atMs: number, ns: number) => ({ atMs: zeroMs + atMs, producersNs: ns, consumersNs: ns });
    const samples = [used(500, 0), used(1500, 1e6), used(2500, 5e6), used(4500, 9e9)];
    expect(roundOf(document, samples)).toMatchObject({
      askedPerSecond: 1000,
      heldPerSecond: 2000,
      readPerSecond: 1000,
      // Half a core-second over the 5,000 messages of the seconds whose CPU is known.
      processNs: 100_000,
      // 4 ms in the second between the two samples that lie in the measured phase.
      producersNs: 2000,
      consumersNs: 4000,
      rssBytes: 3e8,
    });
  });

  it('says null where the system does not know', () => {
    const unknown = [second(1, 1000, null, 1e8)];
    expect(roundOf(sampleDocument({ intervals: unknown }), [])).toMatchObject({
      processNs: null,
      producersNs: null,
      consumersNs: null,
    });
  });

  it('refuses a run in which nothing was acknowledged', () => {
    expect(() => roundOf(sampleDocument({ intervals: [second(1, 0, 10, 1e8)] }), [])).toThrow(
      'nothing was acknowledged',
    );
  });
});

describe('middleRound', () => {
  const round = (processNs: number): Round => ({ ...roundOf(document, []), processNs });

  it.each([
    [[3, 1, 2], 2],
    [[4, 1], 1],
    [[7], 7],
  ])('of %j', (costs, middle) => {
    expect(middleRound(costs.map(round))?.processNs).toBe(middle);
  });

  it('is none of none', () => {
    expect(middleRound([])).toBeNull();
  });
});
