import { describe, expect, it } from 'vitest';
import { knobs } from '../../source/config/knobs.ts';
import * as format from '../../source/ui/format.ts';

describe('numbers', () => {
  it.each([
    [50_000, '50.0 k/s'],
    [999, '999 /s'],
    [999.6, '1.00 k/s'],
    [1_200_000, '1.20 M/s'],
    [999_950, '1.00 M/s'],
    [0, '0 /s'],
    [0.5, '0.50 /s'],
    [null, 'max'],
  ])('rate %s is %s', (value, expected) => {
    expect(format.formatRate(value)).toBe(expected);
  });

  it.each([
    [5_001_000, '4.77 MiB'],
    [65_536, '64.0 KiB'],
    [100, '100 B'],
    [null, '—'],
    [1023.9, '1.00 KiB'],
  ])('%s bytes are %s', (value, expected) => {
    expect(format.formatBytes(value)).toBe(expected);
  });

  it.each([
    [12.7, '12.7'],
    [3.971, '3.97'],
    [0.99, '0.99'],
    [0.012, '0.012'],
    [127.4, '127'],
    [9.999, '10.0'],
    [12_345, '12.3s'],
    [0, '0'],
    [null, '—'],
  ])('%s ms are %s', (value, expected) => {
    expect(format.formatMs(value)).toBe(expected);
  });

  it.each([
    [8, '8 ms'],
    [1250, '1.25 s'],
    [210_000, '3.50 min'],
    [null, '—'],
  ])('a span of %s is %s', (value, expected) => {
    expect(format.formatSpan(value)).toBe(expected);
  });

  it.each([
    [102_000, '01:42'],
    [3_702_000, '1:01:42'],
    [-5, '00:00'],
  ])('%s ms on the stopwatch are %s', (value, expected) => {
    expect(format.formatElapsed(value)).toBe(expected);
  });

  it.each([
    [60_000, '60k'],
    [2500, '2.5k'],
    [0, '0'],
  ])('axis label of %s is %s', (value, expected) => {
    expect(format.formatAxis(value)).toBe(expected);
  });

  it('separates thousands and writes short counts', () => {
    expect(format.formatCount(1_204_881)).toBe('1,204,881');
    expect(format.formatShort(12_345)).toBe('12.3k');
    expect(format.formatShort(412)).toBe('412');
    expect(format.formatPercent(0.9996)).toBe('100.0%');
    expect(format.formatByteRate(5_001_000)).toBe('4.77 MiB/s');
  });
});

describe('percentiles', () => {
  it('name their window unless it is one second', () => {
    expect(format.formatPercentile({ valueMs: 12.7, windowS: 10, atLeast: false })).toEqual({
      value: '12.7',
      window: '(10 s)',
    });
    expect(format.formatPercentile({ valueMs: 12.7, windowS: 1, atLeast: true })).toEqual({
      value: '> 12.7',
      window: '',
    });
    expect(format.formatPercentile({ valueMs: null, windowS: 60, atLeast: true })).toEqual({ value: '—', window: '' });
  });
});

describe('knob values', () => {
  it.each([
    ['rate', 50_000, '50.0 k/s'],
    ['rate', null, 'max'],
    ['batchSize', 65_536, '64 KiB'],
    ['batchSize', 1500, '1500 B'],
    ['lingerMs', 0.5, '0.5 ms'],
    ['producers', 4, '4'],
    ['acks', 'all', 'all'],
    ['acks', 0, '0'],
  ] as const)('%s %s is shown as %s', (name, value, expected) => {
    expect(format.formatKnob(knobs[name], value)).toBe(expected);
  });
});
