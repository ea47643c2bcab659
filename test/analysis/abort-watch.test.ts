import { describe, expect, it } from 'vitest';
import { type AbortReading, AbortWatch } from '../../source/analysis/abort-watch.ts';
import { parseAbortRules } from '../../source/config/abort-rules.ts';

const well: Omit<AbortReading, 'nowMs'> = { acked: 1_000, failed: 0, expecting: true };
const failing = { acked: 50, failed: 50, expecting: true };
const silent = { acked: 0, failed: 0, expecting: true };

/** One reading a second; answers at which one a rule fired, with its text. */
function firedAt(rules: string, readings: readonly Omit<AbortReading, 'nowMs'>[]): readonly [number, string] | null {
  const watch = new AbortWatch(parseAbortRules(rules));
  for (const [at, reading] of readings.entries()) {
    const rule = watch.read({ nowMs: 1_000_000 + at * 1_000, ...reading });
    if (rule !== null) return [at, rule.text];
  }
  return null;
}

const times = <Value>(count: number, value: Value): Value[] => Array(count).fill(value);

describe('AbortWatch', () => {
  it.each<readonly [string, string, readonly Omit<AbortReading, 'nowMs'>[], readonly [number, string] | null]>([
    ['all is well', 'errors>10% for 10s, no-acks for 30s', times(100, well), null],
    ['errors last', 'errors>10% for 10s', times(20, failing), [10, 'errors>10% for 10s']],
    ['errors end in time', 'errors>10% for 10s', [...times(10, failing), well], null],
    ['errors begin later', 'errors>10% for 3s', [...times(5, well), ...times(9, failing)], [8, 'errors>10% for 3s']],
    [
      'errors with a break begin anew',
      'errors>10% for 3s',
      [...times(3, failing), well, ...times(4, failing)],
      [7, 'errors>10% for 3s'],
    ],
    ['as many errors as are allowed', 'errors>10% for 1s', times(9, { acked: 90, failed: 10, expecting: true }), null],
    ['one more', 'errors>10% for 1s', times(9, { acked: 89, failed: 10, expecting: true }), [1, 'errors>10% for 1s']],
    [
      'nothing but errors',
      'errors>99% for 2s',
      times(9, { acked: 0, failed: 1, expecting: true }),
      [2, 'errors>99% for 2s'],
    ],
    ['silence is no error', 'errors>10% for 2s', times(99, silent), null],
    [
      'errors that come in bursts',
      'errors>10% for 10s',
      times(12, [{ acked: 0, failed: 500, expecting: true }, silent, silent]).flat(),
      [12, 'errors>10% for 10s'],
    ],
    ['no answers', 'no-acks for 5s', times(9, silent), [5, 'no-acks for 5s']],
    [
      'nothing but errors is no answer',
      'no-acks for 5s',
      times(9, { acked: 0, failed: 9, expecting: true }),
      [5, 'no-acks for 5s'],
    ],
    ['none is expected', 'no-acks for 5s', times(99, { ...silent, expecting: false }), null],
    ['an answer in time', 'no-acks for 5s', times(9, [...times(5, silent), well]).flat(), null],
    ['the first rule that fires', 'no-acks for 5s, errors>1% for 2s', times(9, failing), [2, 'errors>1% for 2s']],
    ['no rules', 'none', times(99, silent), null],
  ])('%s', (_, rules, readings, fired) => {
    expect(firedAt(rules, readings)).toEqual(fired);
  });

  it('starts anew after a pause', () => {
    const watch = new AbortWatch(parseAbortRules('no-acks for 5s'));
    expect(watch.read({ nowMs: 0, ...silent })).toBeNull();
    expect(watch.read({ nowMs: 4_000, ...silent })).toBeNull();
    watch.reset();
    expect(watch.read({ nowMs: 6_000, ...silent })).toBeNull();
    expect(watch.read({ nowMs: 10_999, ...silent })).toBeNull();
    expect(watch.read({ nowMs: 11_000, ...silent })?.text).toBe('no-acks for 5s');
  });
});
