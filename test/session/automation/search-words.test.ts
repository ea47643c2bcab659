import { describe, expect, it } from 'vitest';
import {
  changesAgainst,
  figureOf,
  overText,
  type ResultCells,
  resultCells,
  stepMs,
  verdictText,
} from '../../../source/session/automation/search-words.ts';
import type { Search } from '../../../source/session/document-schema.ts';
import { fakeSearch, fakeStep } from '../../ui/fake-search.ts';

describe('the figure that steps are shown by', () => {
  it.each([
    ['p99<10ms', 'response', 99, 10],
    ['e2e.p99.9<50ms', 'e2e', 99.9, 50],
    ['errors<0.1%, p50<2ms, p99<9ms', 'response', 50, 2],
    ['p99.99<10ms', 'response', 99, null],
    ['service.p99<10ms', 'response', 99, null],
    ['lag<5s', 'response', 99, null],
    ['', 'response', 99, null],
    ['not an objective', 'response', 99, null],
  ])('of "%s"', (slo, tag, percentile, ms) => {
    const figure = figureOf({ slo });
    expect({ tag: figure.tag, percentile: figure.percentile, ms: figure.limit?.ms ?? null }).toEqual({
      tag,
      percentile,
      ms,
    });
  });

  it('is read from the step', () => {
    const step = { ...fakeStep(1000, 8), e2e: fakeStep(1000, 80).e2e };
    expect(stepMs(step, figureOf({ slo: 'p50<10ms' }))).toBe(2);
    expect(stepMs(step, figureOf({ slo: 'e2e.p99.9<50ms' }))).toBe(160);
  });
});

describe('a verdict', () => {
  it.each([
    [{}, 'pass'],
    [{ marginal: true }, 'pass, marginal'],
    [{ verdict: 'fail', limitedBy: 'lag' }, 'FAIL lag'],
    [{ verdict: 'fail', limitedBy: 'latency', marginal: true }, 'FAIL latency, marginal'],
    [{ verdict: 'client', limitedBy: 'client' }, 'client-bound'],
    [{ verdict: 'unsure' }, '…'],
  ] as const)('%j', (changes, text) => {
    expect(verdictText(fakeStep(1000, 1, changes))).toBe(text);
  });
});

describe('the share over the objective', () => {
  it.each([
    [null, ''],
    [0, '0.00 %'],
    [0.0071, '0.71 %'],
    [0.09996, '10.0 %'],
    [0.7058, '70.6 %'],
    [1, '100.0 %'],
  ])('%s: "%s"', (overFraction, text) => {
    expect(overText(fakeStep(1000, 1, { overFraction }))).toBe(text);
  });
});

describe('a result', () => {
  it.each<[Partial<Search>, ResultCells]>([
    [{}, { rate: '58.7 k/s', bracket: '[58.7, 61.3 k/s]', limit: 'latency' }],
    [
      { outcome: 'client', limitedBy: 'client' },
      { rate: '≥58.7 k/s', bracket: '[58.7, 61.3 k/s]', limit: 'client' },
    ],
    [
      { outcome: 'at-cap', bracket: [58_700, null], limitedBy: null },
      { rate: '58.7 k/s', bracket: '', limit: 'at cap' },
    ],
    [
      { outcome: 'stopped', maxSustainableRate: null },
      { rate: '-', bracket: '[58.7, 61.3 k/s]', limit: 'stopped' },
    ],
  ])('%#', (changes, cells) => {
    expect(resultCells(fakeSearch(changes))).toEqual(cells);
  });

  it('says what came out otherwise, and what was turned', () => {
    const before = fakeSearch({ maxSustainableRate: 50_000, knobs: { rate: 1, lingerMs: 5, acks: 'all' } });
    const after = fakeSearch({ maxSustainableRate: 40_000, knobs: { rate: 9, lingerMs: 0, acks: 1 }, slo: 'p99<5ms' });
    expect(changesAgainst(after, before, 1)).toEqual([
      '−20 % against find 1',
      'p99<10ms → p99<5ms',
      'linger 5 ms → 0 ms',
      'acks all → 1',
    ]);
    expect(changesAgainst(fakeSearch({ maxSustainableRate: null }), fakeSearch(), 1)).toEqual([]);
  });
});
