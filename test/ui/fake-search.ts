/** Searches that never ran: the same for the same arguments. */
import type { Search, SearchStep } from '../../source/session/document-schema.ts';
import type { SessionView } from '../../source/session/view.ts';
import { fakeNowMs } from './fake-view.ts';

/** A step at `targetRate` with this p99; other figures follow from it. */
export function fakeStep(targetRate: number, p99Ms: number | null, changes: Partial<SearchStep> = {}): SearchStep {
  const latency = {
    count: targetRate * 5,
    meanMs: p99Ms === null ? null : p99Ms / 4,
    p50Ms: p99Ms === null ? null : p99Ms / 4,
    p90Ms: p99Ms === null ? null : p99Ms / 2,
    p95Ms: p99Ms === null ? null : p99Ms / 1.5,
    p99Ms,
    p999Ms: p99Ms === null ? null : p99Ms * 2,
    maxMs: p99Ms === null ? null : p99Ms * 3,
  };
  return {
    index: 0,
    timeMs: fakeNowMs,
    durationMs: 5000,
    discardedMs: 1000,
    role: 'ramp',
    targetRate,
    ackedRate: targetRate,
    response: latency,
    e2e: latency,
    overFraction: p99Ms === null ? null : 0.001 * p99Ms,
    overLow: 0,
    overHigh: 0.01,
    autocorrelation: null,
    lagSlope: null,
    slipP99Ms: 0.2,
    throttleMs: 0,
    offeredInTime: 1,
    steadyAfterMs: 2000,
    verdict: 'pass',
    marginal: false,
    limitedBy: null,
    ...changes,
  };
}

const steps: readonly SearchStep[] = [
  fakeStep(1000, 2.03),
  fakeStep(2000, 2.1),
  fakeStep(4000, 2.2),
  fakeStep(8000, 2.5),
  fakeStep(16_000, 3.1),
  fakeStep(32_000, 6.41),
  fakeStep(64_000, 10.9, { verdict: 'fail', limitedBy: 'latency' }),
  fakeStep(45_300, 7.5, { role: 'bisect' }),
  fakeStep(53_800, 8.6, { role: 'bisect', marginal: true }),
];

/** Over, and found something. */
export function fakeSearch(changes: Partial<Search> = {}): Search {
  return {
    slo: 'p99<10ms',
    timeMs: fakeNowMs - 100_000,
    durationMs: 100_000,
    outcome: 'found',
    steps: [...steps],
    maxSustainableRate: 58_700,
    bracket: [58_700, 61_300],
    limitedBy: 'latency',
    knee: {
      rate: 56_300,
      method: 'power',
      range: [1000, 64_000],
      beyond: null,
      kneedleRate: null,
      usl: null,
    },
    epochs: [1],
    knobs: { lingerMs: 5, batchSize: 65_536 },
    ...changes,
  };
}

/** A second search under way, at its tenth step. */
export const searchUnderWay = {
  searches: [
    fakeSearch({ maxSustainableRate: 48_500 }),
    fakeSearch({
      outcome: 'running',
      maxSustainableRate: null,
      knobs: { lingerMs: 0, batchSize: 65_536 },
      steps: [...steps, fakeStep(61_300, 9.6, { role: 'bisect', verdict: 'unsure' })],
    }),
  ],
  automation: {
    kind: 'find',
    title: 'find 2: p99<10ms',
    progress: 'step 10 of ~12, about 1:10 left',
    detail: 'bracket 58.7 k/s … 61.3 k/s (4.4 %)   now 61.3 k/s: 14 s, p99 9.60 ms, 0.71 % over   extending up to 30 s',
  },
} as const satisfies Partial<SessionView>;

/** Two searches are over, the card of the second stands. */
export const searchOver = {
  searches: [
    fakeSearch({ maxSustainableRate: 48_500, bracket: [48_500, 50_000] }),
    fakeSearch({ knobs: { lingerMs: 0, batchSize: 65_536 } }),
  ],
  card: { kind: 'find', text: '58.7 k/s holds p99<10ms [58.7, 61.3 k/s], limited by latency', rateHz: 58_700 },
} as const satisfies Partial<SessionView>;
