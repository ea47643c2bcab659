import { describe, expect, it } from 'vitest';
import { knobText, pastRails } from '../../source/session/knob-text.ts';

describe('knob values', () => {
  it.each([
    ['rate', 50_000, '50.0 k/s'],
    ['rate', null, 'max'],
    ['batchSize', 65_536, '64 KiB'],
    ['batchSize', 1500, '1500 B'],
    ['messageSize', 2 ** 20, '1 MiB'],
    ['lingerMs', 0.5, '0.5 ms'],
    ['producers', 4, '4'],
    ['acks', 'all', 'all'],
    ['acks', 0, '0'],
  ] as const)('%s %s is shown as %s', (name, value, expected) => {
    expect(knobText(name, value)).toBe(expected);
  });
});

describe('rates beyond what ran clean', () => {
  it.each([
    ['lower', 1000, 50_000, null],
    ['the same', 50_000, 50_000, null],
    ['twice what is proven', 100_000, 50_000, null],
    ['more than that', 5_000_000, 50_000, '50.0 k/s → 5.00 M/s is × 100 (about 5,000 MB/s)'],
    ['as fast as it goes', null, 50_000, '50.0 k/s → max: as fast as the cluster takes it'],
    ['down from as fast as it goes', 50_000, null, null],
  ])('%s', (_, value, before, question) => {
    expect(pastRails(value, before, null, 1000)).toBe(question);
  });

  it('are measured against the clean rate, not the present one', () => {
    expect(pastRails(90_000, 10_000, 50_000, 1000)).toBeNull();
    expect(pastRails(110_000, 10_000, 50_000, 1000)).not.toBeNull();
  });
});
