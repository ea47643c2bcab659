import { describe, expect, it } from 'vitest';
import { defaultAbortText, formatAbortRules, parseAbortRules } from '../../source/config/abort-rules.ts';
import { parseSlo, parseSlos, shortSloText } from '../../source/config/slo.ts';
import { refusalOf } from './support.ts';

describe('an SLO', () => {
  it.each([
    ['p99<10ms', { kind: 'latency', tag: 'response', percentile: 99, limitMs: 10, text: 'response.p99<10ms' }],
    [
      'response.p50<500us',
      { kind: 'latency', tag: 'response', percentile: 50, limitMs: 0.5, text: 'response.p50<500us' },
    ],
    ['e2e.p99.9 <= 50ms', { kind: 'latency', tag: 'e2e', percentile: 99.9, limitMs: 50, text: 'e2e.p99.9<50ms' }],
    [
      'service.p99.99<1s',
      { kind: 'latency', tag: 'service', percentile: 99.99, limitMs: 1000, text: 'service.p99.99<1s' },
    ],
    ['errors<0.1%', { kind: 'errors', limitFraction: 0.001, text: 'errors<0.1%' }],
    ['lag<5s', { kind: 'lag', limitMs: 5000, text: 'lag<5s' }],
    ['achieved>99%', { kind: 'achieved', atLeastFraction: 0.99, text: 'achieved>99%' }],
    ['achieved>=99.5%', { kind: 'achieved', atLeastFraction: 0.995, text: 'achieved>99.5%' }],
  ])('%s', (text, slo) => {
    expect(parseSlo(text)).toEqual(slo);
    expect(parseSlo(parseSlo(text).text)).toEqual(slo);
    expect(parseSlo(shortSloText(parseSlo(text)))).toEqual(slo);
  });

  it.each([
    ['p99', 'not an SLO'],
    ['p99<10', 'did you mean 10ms?'],
    ['p99>10ms', 'wrong way round'],
    ['achieved<99%', 'wrong way round'],
    ['p999<10ms', 'Did you mean p99.9?'],
    ['p0<10ms', 'between 0 and 100'],
    ['p99<0ms', 'no time at all'],
    ['slip.p99<10ms', 'what is "slip.p99"?'],
    ['latency<10ms', 'what is "latency"?'],
    ['errors<1', 'not a percentage'],
    ['errors<101%', 'more than 100%'],
    ['lag<5', 'did you mean 5s?'],
    ['', 'not an SLO'],
  ])('refuses "%s"', (text, message) => expect(refusalOf(() => parseSlo(text))).toContain(message));

  it('comes in lists, each once', () => {
    expect(parseSlos('p99<10ms, lag<5s\nresponse.p99<10ms').map((slo) => slo.text)).toEqual([
      'response.p99<10ms',
      'lag<5s',
    ]);
    expect(parseSlos('none')).toEqual([]);
    expect(refusalOf(() => parseSlos(' , '))).toContain('empty');
  });
});

describe('abort rules', () => {
  it('reads the default', () => {
    expect(parseAbortRules(defaultAbortText)).toEqual([
      { kind: 'errors', overFraction: 0.1, forMs: 10_000, text: 'errors>10% for 10s' },
      { kind: 'no-acks', forMs: 30_000, text: 'no-acks for 30s' },
    ]);
  });

  it.each([defaultAbortText, 'none', 'no-acks for 5m', 'errors > 0.5% for 500ms'])('%s reads back', (text) => {
    const rules = parseAbortRules(text);
    expect(parseAbortRules(formatAbortRules(rules))).toEqual(rules);
  });

  it.each([
    ['errors>10%', 'for how long'],
    ['errors>10% for 10', 'did you mean 10s?'],
    ['errors>10 for 10s', 'not a percentage'],
    ['errors>100% for 10s', 'never come true'],
    ['lag>5s for 10s', 'not a rule'],
    ['no-acks for 0s', 'above 0'],
    ['', 'empty'],
  ])('refuses "%s"', (text, message) => expect(refusalOf(() => parseAbortRules(text))).toContain(message));
});
