import { describe, expect, it } from 'vitest';
import {
  formatRateSchedule,
  highestRate,
  legsOf,
  parseRateSchedule,
  rateWithin,
  scheduleMs,
} from '../../source/config/rate-schedule.ts';

const legs = (text: string, most = 100) => {
  const taken: [number, number, number][] = [];
  for (const { fromHz, toHz, forMs } of legsOf(parseRateSchedule(text))) {
    taken.push([Math.round(fromHz), Math.round(toHz), forMs]);
    if (taken.length === most) break;
  }
  return taken;
};

describe('a rate schedule', () => {
  it.each([
    '10k:200k:60s',
    '10k:200k:60s:step=5s:geometric',
    '200k:10k:1m',
    '10k for 30s',
    'sine 50k 20k 60s',
    'sine 50k 20k 60s for 10m',
    'bursts 10k 100k 200ms 5s for 5m',
  ])('reads back as it is written: %s', (text) => {
    const parts = parseRateSchedule(text);
    expect(parseRateSchedule(formatRateSchedule(parts).join('\n'))).toEqual(parts);
  });

  it('is the same in words as in a flag', () => {
    expect(parseRateSchedule('ramp 10k 200k 60s step 5s geometric')).toEqual(
      parseRateSchedule('10k:200k:60s:step=5s:geometric'),
    );
    expect(parseRateSchedule('none')).toEqual([]);
  });

  it.each([
    ['', /is empty/],
    ['10k:200k', /no part of a rate schedule/],
    ['10k:200k:60', /60s/],
    ['10k:200k:60s:slowly', /no part of a rate schedule/],
    ['0:10k:10s:geometric', /cannot begin or end at 0/],
    ['10k:20k:10s:step=20s', /longer than its ramp/],
    ['10k:20k:10s:step=49ms', /a step of 49ms is too short/],
    ['bursts 1k 10k 5ms 5s', /a burst of 5ms is too short/],
    ['bursts 1k 10k 5s 5001ms', /the time between bursts of 1ms is too short/],
    ['sine 10k 20k 60s', /swings below 0/],
    ['bursts 1k 10k 5s 5s', /no time between/],
    ['max for 10s', /no rate of messages/],
    ['50MB/s for 10s', /no rate of messages/],
    ['sine 50k 20k 60s, 10k for 5s', /never ends/],
  ])('refuses "%s"', (text, message) => {
    expect(() => parseRateSchedule(text)).toThrow(message);
  });

  it('comes in legs, one after the other', () => {
    expect(legs('10k for 30s, 10k:200k:60s')).toEqual([
      [10_000, 10_000, 30_000],
      [10_000, 200_000, 60_000],
    ]);
    expect(legs('1k:16k:10s:step=2s:geometric')).toEqual([
      [1_000, 1_000, 2_000],
      [2_000, 2_000, 2_000],
      [4_000, 4_000, 2_000],
      [8_000, 8_000, 2_000],
      [16_000, 16_000, 2_000],
    ]);
    expect(legs('bursts 1k 9k 200ms 5s', 3)).toEqual([
      [1_000, 1_000, 4_800],
      [9_000, 9_000, 200],
      [1_000, 1_000, 4_800],
    ]);
    expect(legs('bursts 1k 9k 200ms 5s for 4900ms')).toEqual([
      [1_000, 1_000, 4_800],
      [9_000, 9_000, 100],
    ]);
  });

  it('swings as a sine does', () => {
    const swing = [...legsOf(parseRateSchedule('sine 50k 20k 32s for 32s'))];
    expect(swing).toHaveLength(32);
    expect(swing.map(({ fromHz }) => Math.round(fromHz)).filter((_, leg) => leg % 8 === 0)).toEqual([
      50_000, 70_000, 50_000, 30_000,
    ]);
  });

  it('knows how long it lasts, how high it goes, and where it is', () => {
    const parts = parseRateSchedule('10k for 30s, 10k:200k:60s');
    expect([scheduleMs(parts), highestRate(parts)]).toEqual([90_000, 200_000]);
    expect(scheduleMs(parseRateSchedule('sine 50k 20k 60s'))).toBeNull();
    const [leg] = legsOf(parseRateSchedule('100:10k:10s:geometric'));
    expect(leg === undefined ? 0 : rateWithin(leg, 5_000)).toBeCloseTo(1_000, 6);
  });
});
