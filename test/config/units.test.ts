import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  formatRate,
  parseBytes,
  parseCount,
  parseDurationMs,
  parsePercent,
  parseRate,
} from '../../source/config/units.ts';
import { LoadtuiError } from '../../source/errors.ts';

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(LoadtuiError);
    if (error instanceof LoadtuiError) {
      expect(error.exitCode).toBe(2);
      return `${error.message} | ${error.next ?? ''}`;
    }
  }
  return 'accepted';
}

describe('parsing', () => {
  it.each([
    ['0', 0],
    ['16', 16],
    ['50k', 50_000],
    ['1.2M', 1_200_000],
    ['1_000', 1000],
    ['58.7k', 58_700],
  ])('count %s', (text, count) => expect(parseCount(text)).toBe(count));

  it.each(['', 'x', '-1', '1.5', '1.0001k', '5ms', '1e3'])('refuses the count "%s"', (text) => {
    expect(refusal(() => parseCount(text))).toContain(`"${text}"`);
  });

  it.each([
    ['100', 100],
    ['100B', 100],
    ['64KiB', 65_536],
    ['64 KiB', 65_536],
    ['64kib', 65_536],
    ['1MiB', 1_048_576],
    ['1.5MiB', 1_572_864],
    ['1GiB', 1_073_741_824],
  ])('bytes %s', (text, bytes) => expect(parseBytes(text)).toBe(bytes));

  it.each([
    ['64KB', 'Did you mean 64KiB? Otherwise write 64000B'],
    ['64k', 'Did you mean 64KiB?'],
    ['1M', 'Did you mean 1MiB?'],
    ['5ms', 'unknown unit "ms"'],
    ['-5B', 'not a number of bytes'],
    ['0.3B', 'not a whole number'],
    ['', 'not a number of bytes'],
  ])('refuses the bytes "%s"', (text, message) => expect(refusal(() => parseBytes(text))).toContain(message));

  it.each([
    ['0', 0],
    ['500us', 0.5],
    ['70us', 0.07],
    ['70µs', 0.07],
    ['5ms', 5],
    ['1.5s', 1500],
    ['30s', 30_000],
    ['10m', 600_000],
    ['1h', 3_600_000],
  ])('duration %s', (text, ms) => expect(parseDurationMs(text)).toBe(ms));

  it.each([
    ['60', 'did you mean 60s?'],
    ['5 seconds', 'unknown unit "seconds"'],
    ['-5s', 'not a duration'],
    ['5d', 'unknown unit "d"'],
    ['', 'not a duration'],
  ])('refuses the duration "%s"', (text, message) => expect(refusal(() => parseDurationMs(text))).toContain(message));

  it('suggests milliseconds where they are meant', () => {
    expect(refusal(() => parseDurationMs('5', 'ms'))).toContain('did you mean 5ms?');
  });

  it.each([
    ['max', null],
    ['-1', null],
    ['0', 0],
    ['50k', 50_000],
    ['50k/s', 50_000],
    ['1.2M', 1_200_000],
    ['0.5', 0.5],
    ['50MB/s', 48_828.125],
    ['1MiB/s', 1024],
  ])('rate %s at 1 KiB', (text, rate) => expect(parseRate(text, 1024)).toBe(rate));

  it.each([
    ['50MB', 'did you mean 50MB/s?'],
    ['fast', 'not a rate'],
    ['-5', 'not a rate'],
    ['5ms', 'unknown unit "ms"'],
    ['1m', 'unknown unit "m"'],
  ])('refuses the rate "%s"', (text, message) => expect(refusal(() => parseRate(text, 1024))).toContain(message));

  it('refuses a rate of bytes without a size', () => {
    expect(refusal(() => parseRate('50MB/s', 0))).toContain('message size above 0');
  });

  it.each([
    ['0.1%', 0.001],
    ['99%', 0.99],
    ['10 %', 0.1],
  ])('percentage %s', (text, fraction) => expect(parsePercent(text)).toBe(fraction));

  it('refuses a percentage without its sign', () => {
    expect(refusal(() => parsePercent('0.1'))).toContain('not a percentage');
  });
});

describe('formatting', () => {
  it.each([
    [50_000, '50k'],
    [58_700, '58.7k'],
    [1_200_000, '1.2M'],
    [61_286.6, '61286.6'],
    [999, '999'],
    [0.5, '0.5'],
    [null, 'max'],
  ])('rate %s is %s', (rate, text) => expect(formatRate(rate)).toBe(text));

  it.each([
    [0, '0B'],
    [100, '100B'],
    [1024, '1KiB'],
    [1536, '1536B'],
    [65_536, '64KiB'],
    [1_048_576, '1MiB'],
  ])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it.each([
    [0, '0ms'],
    [0.07, '70us'],
    [0.5, '500us'],
    [5, '5ms'],
    [90_000, '90s'],
    [600_000, '10m'],
    [3_600_000, '1h'],
  ])('%d ms are %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it('percentages and counts', () => {
    expect(formatPercent(0.001)).toBe('0.1%');
    expect(formatPercent(0.99)).toBe('99%');
    expect(formatCount(1_500_000)).toBe('1.5M');
    expect(formatCount(12)).toBe('12');
  });

  it.each([
    [1, '1'],
    [5, '5'],
    [10, '10'],
    [50, '50'],
    [100, '100'],
    [500, '500'],
    [999, '999'],
    [1_000, '1k'],
    [1_001, '1001'],
    [1_100, '1.1k'],
    [5_000, '5k'],
    [10_000, '10k'],
    [12_500, '12.5k'],
    [50_000, '50k'],
    [100_000, '100k'],
    [250_000, '250k'],
    [500_000, '500k'],
    [900_000, '900k'],
    [999_999, '999999'],
    [1_000_000, '1M'],
    [1_250_000, '1.25M'],
    [1_500_000, '1.5M'],
    [5_000_000, '5M'],
  ])('%d is written as %s, as a rate and as a count, and reads back', (value, text) => {
    expect([formatRate(value), formatCount(value)]).toEqual([text, text]);
    expect([parseRate(text, 1), parseCount(text)]).toEqual([value, value]);
  });

  it('reads back as the same number', () => {
    const awkward = [0.1, 1 / 3, 7, 99.99, 1234, 12_345.678, 61_286.6, 99_999_999, 1e9, 123_456_789.123];
    for (const value of awkward) {
      expect(parseRate(formatRate(value), 1)).toBe(value);
      expect(parseBytes(formatBytes(Math.ceil(value)))).toBe(Math.ceil(value));
      expect(parseCount(formatCount(Math.ceil(value)))).toBe(Math.ceil(value));
      expect(parseDurationMs(formatDuration(Math.round(value * 1e3) / 1e3))).toBe(Math.round(value * 1e3) / 1e3);
    }
  });
});
