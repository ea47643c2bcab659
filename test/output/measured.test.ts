import { expect, test } from 'vitest';
import { measuredRates } from '../../source/output/measured.ts';
import { sampleDocument, sampleInterval, sampleTotals } from '../session/sample.ts';

const { latency } = sampleDocument();

test('long intervals count for more, other phases not at all', () => {
  const intervals = [
    sampleInterval(0, { phase: 'warm-up', ackedRate: 1 }),
    sampleInterval(1, { durationMs: 250, ackedRate: 400, targetRate: 400, consumedRate: 0 }),
    sampleInterval(2, { durationMs: 750, ackedRate: 1200, targetRate: 1600, consumedRate: 1000 }),
    sampleInterval(3, { phase: 'draining', ackedRate: 9999 }),
  ];
  expect(measuredRates({ intervals, latency, totals: sampleTotals })).toEqual({
    durationMs: 1000,
    targetRate: 1300,
    ackedRate: 1000,
    consumedRate: 750,
    achievedFraction: 1000 / 1300,
    ackedBytesRate: 100_000,
    consumedBytesRate: 75_000,
  });
});

test.each([
  ['nothing measured', [], null],
  ['unthrottled for a while', [sampleInterval(1), sampleInterval(2, { targetRate: null })], null],
  ['paused all the time', [sampleInterval(1, { targetRate: 0, ackedRate: 0 })], null],
  ['a stall', [sampleInterval(1, { ackedRate: 0 }), sampleInterval(2, { ackedRate: 1900 })], 0.95],
])('achieved with %s', (_what, intervals, expected) => {
  expect(measuredRates({ intervals, latency, totals: sampleTotals }).achievedFraction).toBe(expected);
});

test('a backlog of the warm-up that is worked off meanwhile is no rate of this phase, and a shortfall is one', () => {
  const totals = { ...sampleTotals, acked: 1000, consumed: 1000 };
  const of = (ackedRate: number) =>
    measuredRates({
      intervals: [sampleInterval(1, { ackedRate, consumedRate: ackedRate, targetRate: 1000 })],
      latency,
      totals,
    });
  expect(of(1359)).toMatchObject({ ackedRate: 1000, consumedRate: 1000, achievedFraction: 1 });
  expect(of(950)).toMatchObject({ ackedRate: 1000, consumedRate: 1000, achievedFraction: 1 });
  expect(of(800)).toMatchObject({ ackedRate: 800, consumedRate: 800, achievedFraction: 0.8 });
});

test('bytes read are those of this run and of others', () => {
  const totals = { ...sampleTotals, consumed: 0, bytesConsumed: 0, foreign: 2_000, bytesForeign: 2_048_000 };
  expect(
    measuredRates({ intervals: [sampleInterval(0, { phase: 'measuring', consumedRate: 500 })], latency, totals }),
  ).toMatchObject({
    consumedRate: 500,
    consumedBytesRate: 512_000,
  });
});
