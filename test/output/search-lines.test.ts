import { describe, expect, test } from 'vitest';
import { asideLines, closingLines } from '../../source/output/lines.ts';
import { progressText, resultText, searchLines } from '../../source/output/search-lines.ts';
import { summaryText } from '../../source/output/summary.ts';
import { sampleDocument } from '../session/sample.ts';
import { fakeSearch, fakeStep, searchOver, searchUnderWay } from '../ui/fake-search.ts';
import { fakeView } from '../ui/fake-view.ts';

describe('a search in plain lines', () => {
  test('says every ten seconds where it stands', () => {
    expect(progressText(searchUnderWay.automation)).toBe(
      'find 2: p99<10ms: step 10 of ~12, about 1:10 left, bracket 58.7 k/s … 61.3 k/s (4.4 %)',
    );
    const lines = asideLines(fakeView(searchUnderWay));
    expect(lines.join(' ')).toContain('step 10 of ~12');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(asideLines(fakeView())).toEqual([]);
  });

  test('ends with its steps as a table, and its result', () => {
    const lines = searchLines([fakeSearch()]);
    expect(lines.slice(0, 3)).toEqual([
      'find 1: p99<10ms',
      '       rate    p99 ms      over  verdict',
      '   1.00 k/s      2.03    0.20 %  pass',
    ]);
    expect(lines).toContain('   64.0 k/s      10.9    1.09 %  FAIL latency');
    expect(lines.slice(-2)).toEqual([
      'find 1: 58.7 k/s holds p99<10ms [58.7, 61.3 k/s], limited by latency',
      'knee 56.3 k/s (1 k – 64 k)',
    ]);
  });

  test('says what came out otherwise than before', () => {
    expect(resultText(searchOver.searches, 1)).toMatch(/latency \(\+21 % against find 1; linger 5 ms → 0 ms\)$/);
  });

  test('says a knee once that it was for', () => {
    const knee = fakeSearch({ slo: '', maxSustainableRate: null });
    expect(searchLines([knee]).filter((line) => line.includes('knee 56.3'))).toHaveLength(1);
    const summary = summaryText({ ...sampleDocument(), searches: [knee] }, { savedPath: null, again: null });
    expect(summary.match(/knee 56\.3/g)).toHaveLength(1);
    expect(summary).not.toMatch(/^ +$/m);
  });

  test('is in the closing lines and in the summary, within their width', () => {
    const steps = [
      fakeStep(1e9, 123_456, { verdict: 'fail', limitedBy: 'throttle', marginal: true }),
      fakeStep(1, null),
    ];
    const odd = fakeSearch({ slo: 'e2e.p99.9<1234ms, lag<5s, errors<0.1%', steps, knee: null });
    const empty = fakeSearch({ slo: '', steps: [], outcome: 'stopped', maxSustainableRate: null, bracket: null });
    const document = { ...sampleDocument(), searches: [...searchOver.searches, odd, empty] };
    const closing = closingLines(document);
    for (const line of closing) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(closing).toContain('   64.0 k/s      10.9    1.09 %  FAIL latency');
    expect(closing).toContain('find 4: the knee');
    expect(closing.join('\n')).toContain('1.00 G/s');
    expect(summaryText(document, { savedPath: null, again: null })).toMatch(/find 2 .*\n?.*against find 1/);
  });
});
