import { expect, it } from 'vitest';
import { searchVerdict } from '../../../source/session/automation/search-row.ts';
import type { Search } from '../../../source/session/document-schema.ts';
import { fakeSearch } from '../../ui/fake-search.ts';

const knee = fakeSearch({}).knee;

it.each<[string, Partial<Search>, 'found' | 'none' | 'client']>([
  ['confirmed', { outcome: 'found' }, 'found'],
  ['at the cap', { outcome: 'at-cap' }, 'found'],
  ['out of time, confirmed before', { outcome: 'out-of-time' }, 'found'],
  ['out of time, nothing confirmed', { outcome: 'out-of-time', maxSustainableRate: null }, 'none'],
  ['not confirmed', { outcome: 'unconfirmed', maxSustainableRate: null }, 'none'],
  ['even the lowest fails', { outcome: 'none', maxSustainableRate: null, bracket: null }, 'none'],
  ['did not recover', { outcome: 'not-recovered', maxSustainableRate: null }, 'none'],
  ['the load generator was the limit', { outcome: 'client' }, 'client'],
  ['ended by who was there', { outcome: 'stopped', maxSustainableRate: null }, 'found'],
  ['a knee', { slo: '', outcome: 'found', maxSustainableRate: null, knee }, 'found'],
  ['too few rates for a knee', { slo: '', outcome: 'at-cap', maxSustainableRate: null, knee: null }, 'none'],
])('%s', (_what, changes, kind) => {
  expect(searchVerdict([fakeSearch(changes)], null).kind).toBe(kind);
});

it('is none where the soak after it broke, or where none began', () => {
  expect(searchVerdict([fakeSearch({})], true).kind).toBe('found');
  expect(searchVerdict([fakeSearch({})], false).kind).toBe('none');
  expect(searchVerdict([], null).kind).toBe('none');
});
