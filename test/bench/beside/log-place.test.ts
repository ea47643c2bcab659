import { describe, expect, it } from 'vitest';
import { canHoldLogs, rollingTopicConfig } from '../../../bench/beside/log-place.ts';

const tmpfs = 0x01021994;
const ext4 = 0xef53;
const blocksOf4GiB = 1024 ** 2;

describe('canHoldLogs', () => {
  it.each([
    ['a tmpfs with enough of it', { type: tmpfs, bavail: blocksOf4GiB, bsize: 4096 }, true],
    ['a tmpfs with less', { type: tmpfs, bavail: blocksOf4GiB - 1, bsize: 4096 }, false],
    ['a disk', { type: ext4, bavail: 100 * blocksOf4GiB, bsize: 4096 }, false],
  ])('%s', (_, system, expected) => {
    expect(canHoldLogs(system)).toBe(expected);
  });
});

describe('rollingTopicConfig', () => {
  it('keeps 256 MiB in segments of half of it', () => {
    expect(rollingTopicConfig(1)).toMatchObject({ 'retention.bytes': '268435456', 'segment.bytes': '134217728' });
  });

  it('shares them among the partitions, down to the smallest segment there is', () => {
    expect(rollingTopicConfig(16)).toMatchObject({ 'retention.bytes': '16777216', 'segment.bytes': '8388608' });
    expect(rollingTopicConfig(1000)['segment.bytes']).toBe('1048576');
  });
});
