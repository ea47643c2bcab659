import { describe, expect, it } from 'vitest';
import { javaMajorVersion } from '../kafka/harness/jars.ts';
import { parseGroup, parseOffsets, parseTopic } from '../kafka/harness/java-tools.ts';

describe('javaMajorVersion', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['java version "1.8.0_392"', 8],
    ['openjdk version "21" 2023-09-19', 21],
    ['bash: java: command not found', null],
  ])('%s → %s', (text, expected) => {
    expect(javaMajorVersion(text)).toBe(expected);
  });
});

describe("what Java's tools print", () => {
  it('offsets of one topic, whose name may hold colons and dots', () => {
    const text = 'orders.v1:0:17\norders.v1:1:0\norders.v11:0:99\n';
    expect(parseOffsets(text, 'orders.v1')).toEqual(
      new Map([
        [0, 17],
        [1, 0],
      ]),
    );
  });

  it('a group without members', () => {
    const text = `
Consumer group 'loadtui-1' has no active members.

GROUP      TOPIC  PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG  CONSUMER-ID  HOST  CLIENT-ID
loadtui-1  orders 0          90              100             10   -            -     -
loadtui-1  orders 1          -               7               -    -            -     -
`;
    expect(parseGroup(text)).toEqual([
      { group: 'loadtui-1', topic: 'orders', partition: 0, currentOffset: 90, logEndOffset: 100, lag: 10 },
      { group: 'loadtui-1', topic: 'orders', partition: 1, currentOffset: null, logEndOffset: 7, lag: null },
    ]);
  });

  it('no table where there is none', () => {
    expect(parseGroup("Error: Consumer group 'x' does not exist.")).toEqual([]);
  });

  it('a topic', () => {
    const text =
      'Topic: orders\tTopicId: abc\tPartitionCount: 3\tReplicationFactor: 1\tConfigs: min.insync.replicas=1,segment.bytes=268435456\n' +
      '\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1\tIsr: 1\n';
    expect(parseTopic(text)).toEqual({
      name: 'orders',
      partitions: 3,
      replicationFactor: 1,
      config: { 'min.insync.replicas': '1', 'segment.bytes': '268435456' },
    });
  });
});
