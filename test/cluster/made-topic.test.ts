import { expect, test } from 'vitest';
import { isMadeTopic, madeTopicConfig, madeTopicName, neededMessageBytes } from '../../source/cluster/made-topic.ts';

test.each([
  ['loadtui-0123456789abcdef', true],
  ['loadtui-0123456789abcdef-12', true],
  ['loadtui-01234567', true],
  ['loadtui-0123456', false],
  ['loadtui-0123456789abcdef0', false],
  ['loadtui-0123456789ABCDEF', false],
  ['loadtui-0123456789abcdef-', false],
  ['loadtui-0123456789abcdef-0', false],
  ['loadtui-0123456789abcdef-x', false],
  ['loadtui-0123456789abcdef-1-2', false],
  ['loadtui-orders', false],
  ['loadtui-', false],
  ['my-loadtui-0123456789abcdef', false],
  ['loadtui-0123456789abcdef\n', false],
])('%j is %s as a name of ours', (name, ours) => {
  expect(isMadeTopic(name)).toBe(ours);
});

test('every name that is made is known again', () => {
  for (const index of [0, 1, 9, 10, 99_999]) expect(isMadeTopic(madeTopicName('0123456789abcdef', index))).toBe(true);
});

const plan = {
  messageSizeBytes: 1024,
  batchSizeBytes: 65_536,
  keys: { kind: 'none' },
  headers: [],
  stamp: 'value',
  topicConfig: {},
} as const;

test('made topics are bounded in time and bytes', () => {
  expect(madeTopicConfig(plan)).toEqual({
    'cleanup.policy': 'delete',
    'retention.ms': '600000',
    'segment.bytes': '268435456',
    'retention.bytes': '268435456',
    'file.delete.delay.ms': '1000',
  });
});

test('a large message widens the topic by its size and a kibibyte at least', () => {
  const limit = Number(madeTopicConfig({ ...plan, messageSizeBytes: 1_048_576 })['max.message.bytes']);
  expect(limit).toBeGreaterThanOrEqual(1_048_576 + 1024);
  expect(limit).toBeLessThan(1_048_576 + 2048);
});

test('a large batch widens the topic too', () => {
  expect(Number(madeTopicConfig({ ...plan, batchSizeBytes: 4_194_304 })['max.message.bytes'])).toBeGreaterThan(
    4_194_304,
  );
});

test('what the plan says of the topic wins', () => {
  const config = madeTopicConfig({ ...plan, topicConfig: { 'retention.ms': '1000', 'min.insync.replicas': '2' } });
  expect(config).toMatchObject({ 'retention.ms': '1000', 'min.insync.replicas': '2' });
});

test('keys and headers count as part of a message', () => {
  const bare = neededMessageBytes(plan);
  const keyed = neededMessageBytes({ ...plan, keys: { kind: 'pool', prefix: 'k', count: 100, order: 'random' } });
  const headed = neededMessageBytes({ ...plan, headers: [{ name: 'h', kind: 'text', value: 'x'.repeat(500) }] });
  expect(keyed).toBeGreaterThan(bare);
  expect(headed).toBeGreaterThanOrEqual(bare + 501);
});
