import { expect, test } from 'vitest';
import { byTopic } from '../../source/clients/by-topic.ts';
import { placesOf } from '../../source/clients/partition-places.ts';

const partitions = [
  { topic: 'b', partition: 1 },
  { topic: 'a', partition: 0 },
  { topic: 'b', partition: 0 },
];

test('what is asked of partitions, by topic', () => {
  expect(byTopic(partitions, ({ partition }) => ({ partition, wanted: true }))).toEqual([
    {
      name: 'b',
      partitions: [
        { partition: 1, wanted: true },
        { partition: 0, wanted: true },
      ],
    },
    { name: 'a', partitions: [{ partition: 0, wanted: true }] },
  ]);
  expect(byTopic([], String)).toEqual([]);
});

test('from topic and partition back to the place in the table, made once', () => {
  const places = placesOf(partitions);
  expect(places.get('b')?.[0]).toBe(2);
  expect(places.get('b')?.[1]).toBe(0);
  expect(places.get('b')?.[7]).toBeUndefined();
  expect(places.get('c')).toBeUndefined();
  expect(placesOf(partitions)).toBe(places);
});
