import { describe, expect, it } from 'vitest';
import { didYouMean, editDistance, nearestName, nearestNames } from '../../source/config/nearest-name.ts';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['kitten', 'sitting', 3],
    ['rate', 'rte', 1],
    ['abc', '', 3],
  ])('%s to %s is %d', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
    expect(editDistance(to, from)).toBe(distance);
  });
});

describe('nearestName', () => {
  const known = ['rate', 'batch-size', 'brokers', 'partitions', 'producers'];
  it.each([
    ['rte', 'rate'],
    ['Batch-Size', 'batch-size'],
    ['batchsize', 'batch-size'],
    ['partit', 'partitions'],
    ['prod', 'producers'],
    ['size', 'batch-size'],
    ['br', 'brokers'],
    ['wholly-different', null],
    ['zzzzzz', null],
    ['x', null],
    ['', null],
  ])('%s is near %s', (written, nearest) => expect(nearestName(written, known)).toBe(nearest));

  it('does not take a name of which no letter was written', () => {
    expect(nearestName('2', ['0', '1', 'all'])).toBeNull();
  });
});

describe('nearestNames', () => {
  const topics = ['orders', 'payments', 'shipments', 'orders-old', 'orders-new'];
  it.each([
    ['odrers', 3, ['orders']],
    ['zzz', 3, []],
    ['pay', 3, ['payments']],
    ['ments', 3, ['payments', 'shipments']],
    ['orders', 2, ['orders', 'orders-old']],
  ])('near %s, at most %d: %j', (written, most, names) => {
    expect(nearestNames(written, topics, most)).toEqual(names);
  });
});

describe('didYouMean', () => {
  it('asks, or says what helps instead', () => {
    expect(didYouMean('lingr', ['linger'], 'See --help.', '--')).toBe('Did you mean --linger?');
    expect(didYouMean('zzz', ['linger'], 'See --help.', '--')).toBe('See --help.');
  });
});
