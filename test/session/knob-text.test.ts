import { describe, expect, it } from 'vitest';
import type { KnobName, KnobValue } from '../../source/config/knobs.ts';
import { changeText, knobText, pastRails } from '../../source/session/knob-text.ts';

describe('knobText', () => {
  it.each<readonly [KnobName, KnobValue, string]>([
    ['rate', 50_000, '50.0 k/s'],
    ['rate', 999, '999/s'],
    ['rate', 1_234_567, '1.23 M/s'],
    ['rate', null, 'max'],
    ['batchSize', 65_536, '64 KiB'],
    ['batchSize', 2 ** 20, '1 MiB'],
    ['messageSize', 100, '100 B'],
    ['messageSize', 1_500, '1500 B'],
    ['lingerMs', 0.5, '0.5 ms'],
    ['producers', 4, '4'],
    ['acks', 'all', 'all'],
    ['acks', 0, '0'],
    ['compression', 'none', 'none'],
  ])('%s %s is %s', (name, value, text) => {
    expect(knobText(name, value)).toBe(text);
  });
});

describe('changeText', () => {
  it.each<readonly [KnobName, KnobValue, KnobValue, boolean, string]>([
    ['lingerMs', 5, 20, true, 'linger 5 ms → 20 ms'],
    ['acks', 'all', 1, true, 'acks all → 1, idempotence off'],
    ['acks', 0, 'all', true, 'acks 0 → all, idempotence on'],
    ['acks', 0, 1, true, 'acks 0 → 1'],
    ['acks', 'all', 1, false, 'acks all → 1'],
  ])('%s %s → %s where idempotent is %s', (name, from, to, idempotent, text) => {
    expect(changeText({ name, from, to }, { idempotent })).toBe(text);
  });
});

describe('pastRails', () => {
  it.each<readonly [string, KnobValue, KnobValue, number | null, RegExp | null]>([
    ['less is never asked about', 10, 1_000, null, null],
    ['nor the same', 1_000, 1_000, null, null],
    ['nor up to twice what there is', 2_000, 1_000, null, null],
    ['more is', 2_001, 1_000, null, /^1\.00 k\/s → 2\.00 k\/s is × 2\.00 \(about .* MB\/s\)/],
    ['what ran clean counts', 9_000, 1_000, 5_000, null],
    ['and is twice allowed, not more', 10_001, 1_000, 5_000, /× 10\.0/],
    ['back to what ran clean after backing off', 5_000, 100, 5_000, null],
    ['a clean rate below the present one', 900, 800, 100, /800\/s → 900\/s/],
    ['unthrottled', null, 1_000, 1e9, /max: as fast as the cluster takes it/],
    ['from unthrottled to anything', 1e6, null, null, null],
    ['what is no rate', 'all', 1, null, null],
  ])('%s', (_, value, before, cleanRate, question) => {
    const asked = pastRails(value, before, cleanRate, 1_000);
    if (question === null) expect(asked).toBeNull();
    else expect(asked).toMatch(question);
  });

  it('says how many bytes that would be', () => {
    expect(pastRails(50_000, 10_000, null, 200)).toContain('(about 10.0 MB/s)');
  });
});
