import { expect, test } from 'vitest';
import { type HoldReading, nextHoldRate } from '../../source/analysis/hold.ts';

const good: HoldReading = { rateHz: 1_000, isBroken: false, clientOk: true, maxHz: null };

test.each([
  ['good: 2 % more', good, 1_020],
  ['broken: a tenth less', { ...good, isBroken: true }, 900],
  ['no further than the cap', { ...good, maxHz: 1_010 }, 1_010],
  ['at the cap it stays', { ...good, maxHz: 1_000 }, 1_000],
  ['a client that is late is not asked for more', { ...good, clientOk: false }, 1_000],
  ['and steps back all the same', { ...good, clientOk: false, isBroken: true }, 900],
] as const)('%s', (_what, reading, rateHz) => {
  expect(nextHoldRate(reading)).toBeCloseTo(rateHz, 9);
});

test('hovers around the crossing of a curve: never far above for long', () => {
  let rateHz = 20_000;
  const rates: number[] = [];
  for (let look = 0; look < 400; look++) {
    rateHz = nextHoldRate({ ...good, rateHz, isBroken: rateHz > 50_000 });
    rates.push(rateHz);
  }
  const settled = rates.slice(100);
  expect(Math.max(...settled)).toBeLessThan(51_100);
  expect(Math.min(...settled)).toBeGreaterThan(44_000);
});
