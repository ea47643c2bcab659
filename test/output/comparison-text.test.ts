import { describe, expect, it, test } from 'vitest';
import { compareRuns } from '../../source/output/comparison.ts';
import { comparisonMarkdown, comparisonText } from '../../source/output/comparison-text.ts';
import { alternating, type RunChanges, runNamed, slowerP99s, steadyP99s } from './support/compared.ts';

const linger = { base: { traits: { linger: '0 ms' } }, new: { traits: { linger: '5 ms' } } };
const labelled = compareRuns(...alternating(steadyP99s, slowerP99s, linger), { force: false });

test('six runs a side', () => {
  expect(comparisonText(labelled)).toBe(`\
loadtui compare  6 base runs, 6 new runs
  base     latency, 10 s on kafka (3 brokers), orders-load ×12 RF3 acks=all
  new      the same
  changed  linger 0 ms → 5 ms

                  base       new  ratio       [95.9 %]      p
  p50, ms         2.00      2.00  1.000 [1.000, 1.000]      1  equivalent
  p99, ms         8.25      9.25  1.124 [1.072, 1.177]  .0065  different: worse
  throughput  50.0 k/s  50.0 k/s  1.000 [1.000, 1.000]      1  equivalent

  base, new: medians. ratio: new over base (Hodges–Lehmann), with its interval.
  p: exact Mann–Whitney, Holm over 3 figures.
  different: p < .05 and the interval outside [0.95, 1.05]; equivalent: the
  interval within it; inconclusive: neither.
`);
});

test('one run each', () => {
  const sides = [[runNamed(1)], [runNamed(2, { figures: { p99Ms: { value: 100, spread: null } } })]] as const;
  expect(comparisonText(compareRuns(...sides, { force: false }))).toBe(`\
loadtui compare  one run each: no significance claimed
  base     latency, 10 s on kafka (3 brokers), orders-load ×12 RF3 acks=all
  new      the same
  changed  nothing that loadtui knows of

                  base       new   change           in base            in new
  p50, ms         2.00      2.00   +0.0 %      [1.80, 2.20]      [1.80, 2.20]
  p99, ms         8.00       100  x 12.50      [7.20, 8.80]                 -
  throughput  50.0 k/s  50.0 k/s   +0.0 %  [45.0, 55.0 k/s]  [45.0, 55.0 k/s]

  [low, high]: the middle 80 % of a run's one-second intervals. So much comes
  and goes without any change.
  Labels need 5 runs a side, alternating.
`);
});

test('three runs a side', () => {
  const text = comparisonText(
    compareRuns(...alternating(steadyP99s.slice(0, 3), slowerP99s.slice(0, 3)), { force: false }),
  );
  expect(text).toContain('loadtui compare  3 base runs, 3 new runs: too few for labels\n');
  expect(text).toMatch(/p99, ms +8\.10 +9\.20 +\+13\.6 % +\[7\.90, 8\.40\] +\[9\.00, 9\.50\]\n/);
  expect(text).toContain('The smallest p that 3 v 3 can give is\n  .1000.');
  expect(text).not.toMatch(/different|equivalent|inconclusive/);
});

test('what must be known beside the figures', () => {
  const later: RunChanges = {
    traits: { acks: '1' },
    headline: 'latency, 10 s on SANDBOX (1 broker), ×3 RF1 acks=1',
    sandbox: true,
    figures: { p50Ms: 'it has no response times' },
    remarks: ['exit code 6, client-bound'],
  };
  const p99s = steadyP99s.map(() => Number.POSITIVE_INFINITY);
  const text = comparisonText(compareRuns(...alternating(steadyP99s, p99s, { new: later }), { force: true }));
  expect(text.split('\n')[0]).toContain('SANDBOX');
  expect(text).toContain('  new      latency, 10 s on SANDBOX (1 broker), ×3 RF1 acks=1\n');
  expect(text).toContain('  UNLIKE   acks as ever → 1\n');
  expect(text).toMatch(/p99, ms +8\.25 +never +>1e5 +\[>1e5, >1e5\] +\.0043 +different: worse\n/);
  expect(text).toContain('never: the percentile falls among messages that were not answered.');
  expect(text).toContain('p50 is left out. 2.json: it has no response times (so for 6 of 12 runs).');
  expect(text).toContain('  2.json and 5 more: exit code 6, client-bound.\n');
  expect(text.trimEnd().split('\n').at(-1)).toContain('SANDBOX');
});

describe('the width of the text', () => {
  const wide = (scale: number): RunChanges => ({
    headline: `latency, 10 s on kafka (3 brokers), ${'t'.repeat(249)} ×12 RF3 acks=all`,
    traits: { linger: `${scale} ms and ${'more '.repeat(30)}` },
    figures: {
      p50Ms: { value: 123_456 * scale, spread: { low: 99_999 * scale, high: 234_567 * scale } },
      throughputRate: { value: 999.4 * scale, spread: { low: 998, high: 9_994_000 } },
      maxSustainableRate: { value: 12_345_678 / scale, spread: { low: 999.4, high: 12_345_678 } },
    },
  });
  it.each([
    ['one run each', 1],
    ['three', 3],
    ['six', 6],
  ])('is 80 columns at most, %s', (_, count) => {
    const sides = alternating(steadyP99s.slice(0, count), slowerP99s.slice(0, count), {
      base: wide(1),
      new: wide(77.77),
    });
    const text = comparisonText(compareRuns(...sides, { force: false }));
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(text).not.toMatch(/ \n/);
  });
});

test('Markdown takes nothing of a document for Markdown or HTML', () => {
  const later: RunChanges = {
    ...{ session: '<b>.json', headline: '<script>alert(1)</script> a_b_c [x](y)', remarks: ['exit code 3, `a|b`'] },
    traits: { acks: '*1*' },
    figures: { p50Ms: 'it has no response times' },
  };
  const sides = [[runNamed(1)], [runNamed(2, later)]] as const;
  const text = comparisonMarkdown(compareRuns(...sides, { force: true }));
  expect(text).toContain('- new: \\<script\\>alert(1)\\</script\\> a\\_b\\_c \\[x\\](y)\n');
  expect(text).toContain('- UNLIKE: acks as ever → \\*1\\*\n');
  expect(text).toContain('p50 is left out. \\<b\\>.json: it has no response times.');
  expect(text).toContain('\\<b\\>.json: exit code 3, \\`a\\|b\\`.');
});

test('Markdown', () => {
  expect(comparisonMarkdown(labelled)).toBe(`\
## 6 base runs, 6 new runs

- base: latency, 10 s on kafka (3 brokers), orders-load ×12 RF3 acks=all
- new: the same
- changed: linger 0 ms → 5 ms

|  | base | new | ratio | [95.9 %] | p |  |
| --- | --: | --: | --: | --: | --: | --- |
| p50, ms | 2.00 | 2.00 | 1.000 | [1.000, 1.000] | 1 | equivalent |
| p99, ms | 8.25 | 9.25 | 1.124 | [1.072, 1.177] | .0065 | different: worse |
| throughput | 50.0 k/s | 50.0 k/s | 1.000 | [1.000, 1.000] | 1 | equivalent |

base, new: medians. ratio: new over base (Hodges–Lehmann), with its interval. p: exact Mann–Whitney, Holm over 3 figures.

different: p < .05 and the interval outside [0.95, 1.05]; equivalent: the interval within it; inconclusive: neither.
`);
});
