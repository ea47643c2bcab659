import { describe, expect, it } from 'vitest';
import { editDistance, nearestName } from '../../source/config/nearest-name.ts';

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
  const known = ['rate', 'batch-size', 'brokers', 'partitions'];
  it.each([
    ['rte', 'rate'],
    ['Batch-Size', 'batch-size'],
    ['batchsize', 'batch-size'],
    ['partit', 'partitions'],
    ['wholly-different', null],
    ['x', null],
  ])('%s is near %s', (written, nearest) => expect(nearestName(written, known)).toBe(nearest));
});
