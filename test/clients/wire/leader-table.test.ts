import { describe, expect, test } from 'vitest';
import { LeaderTable } from '../../../source/clients/wire/leader-table.ts';
import type { ClusterMetadata } from '../../../source/clients/wire/metadata.ts';

const partitions = [
  { topic: 'a', partition: 0 },
  { topic: 'a', partition: 1 },
  { topic: 'b', partition: 0 },
];

type Leadership = readonly [leaderId: number, leaderEpoch: number];

/** Metadata of topic `a`, and of `b` where it is given. */
function metadata(
  a: readonly Leadership[],
  options: { b?: Leadership; topicId?: string; ports?: number[] } = {},
): ClusterMetadata {
  const topic = (name: string, leaders: readonly Leadership[]) => ({
    errorCode: 0,
    name,
    topicId: options.topicId ?? 'one',
    partitions: leaders.map(([leaderId, leaderEpoch], partitionIndex) => ({
      errorCode: 0,
      partitionIndex,
      leaderId,
      leaderEpoch,
    })),
  });
  const ports = options.ports ?? [9092, 9093];
  return {
    brokers: ports.map((port, i) => ({ nodeId: i + 1, host: 'h', port })),
    topics: [topic('a', a), ...(options.b === undefined ? [] : [topic('b', [options.b])]), topic('foreign', [[5, 5]])],
  };
}

const leaders = (table: LeaderTable) => partitions.map((_, i) => [table.leaderOf(i), table.epochOf(i)]);

test('partitions of several topics are told apart', () => {
  const table = new LeaderTable(partitions);
  expect(table.topics).toEqual(['a', 'b']);
  expect(
    table.take(
      metadata([
        [1, 3],
        [2, 4],
      ]),
    ),
  ).toBe(true);
  expect(table.allLed).toBe(false);
  expect(table.firstUnseen).toEqual({ topic: 'b', partition: 0 });
  expect(
    table.take(
      metadata(
        [
          [1, 3],
          [2, 4],
        ],
        { b: [1, 0] },
      ),
    ),
  ).toBe(true);
  expect(leaders(table)).toEqual([
    [1, 3],
    [2, 4],
    [1, 0],
  ]);
  expect(table.allLed).toBe(true);
  expect(table.firstUnseen).toBeUndefined();
  expect(table.leaderOf(99)).toBe(-1);
});

describe('what an answer changes', () => {
  const before = metadata(
    [
      [1, 3],
      [2, 4],
    ],
    { b: [1, 0] },
  );
  test.each<[string, ClusterMetadata, boolean, number[][]]>([
    [
      'the same again',
      before,
      false,
      [
        [1, 3],
        [2, 4],
        [1, 0],
      ],
    ],
    [
      'a newer leader',
      metadata(
        [
          [2, 4],
          [2, 4],
        ],
        { b: [1, 0] },
      ),
      true,
      [
        [2, 4],
        [2, 4],
        [1, 0],
      ],
    ],
    [
      'an older answer',
      metadata(
        [
          [2, 2],
          [1, 3],
        ],
        { b: [1, 0] },
      ),
      false,
      [
        [1, 3],
        [2, 4],
        [1, 0],
      ],
    ],
    [
      'a leader lost',
      metadata(
        [
          [-1, 3],
          [2, 4],
        ],
        { b: [1, 0] },
      ),
      true,
      [
        [-1, 3],
        [2, 4],
        [1, 0],
      ],
    ],
    [
      'a topic made again',
      metadata(
        [
          [2, 0],
          [1, 0],
        ],
        { b: [1, 0], topicId: 'two' },
      ),
      true,
      [
        [2, 0],
        [1, 0],
        [1, 0],
      ],
    ],
    [
      'a broker at another address',
      metadata(
        [
          [1, 3],
          [2, 4],
        ],
        { ports: [9092, 9999] },
      ),
      true,
      [
        [1, 3],
        [2, 4],
        [1, 0],
      ],
    ],
    [
      'no brokers and no topics',
      { brokers: [], topics: [] },
      false,
      [
        [1, 3],
        [2, 4],
        [1, 0],
      ],
    ],
  ])('%s', (_, answer, changed, expected) => {
    const table = new LeaderTable(partitions);
    table.take(before);
    expect(table.take(answer)).toBe(changed);
    expect(leaders(table)).toEqual(expected);
    expect(table.brokers.size).toBe(2);
  });
});
