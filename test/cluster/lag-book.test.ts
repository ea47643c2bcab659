import { expect, test } from 'vitest';
import { LagBook } from '../../source/cluster/lag-book.ts';
import { AckedOffsets, createAckedOffsets } from '../../source/measure/acked-offsets.ts';

function bookOf(...positions: number[]) {
  const shared = Float64Array.from(positions);
  const logEnds = new Float64Array(positions.length);
  return { book: new LagBook(shared, logEnds, 1_000, null), positions: shared, logEnds };
}

test('nothing is known before the first answers', () => {
  const { book, logEnds } = bookOf(0, 0);
  expect([...logEnds]).toEqual([Number.NaN, Number.NaN]);
  expect(book.figures()).toEqual({
    logEndTotal: null,
    lagMessages: null,
    lagMs: null,
    lagAtLeast: false,
    laggingPartitions: 0,
  });
  expect(book.oldestSeenMs()).toBe(1_000);
});

test('lag is added over the partitions that are read; the one furthest behind in time counts', () => {
  const { book, positions } = bookOf(0, 0, Number.NaN);
  book.take(2_000, [0, 1, 2], [0, 0, 0]);
  positions.set([50, 90]);
  book.take(2_250, [0, 1, 2], [100, 100, 500]);
  expect(book.figures()).toEqual({
    logEndTotal: 700,
    lagMessages: 60,
    lagMs: 125,
    lagAtLeast: false,
    laggingPartitions: 2,
  });
});

test('a position that moves on after the log end was read makes no lag smaller', () => {
  const { book, positions } = bookOf(10);
  book.take(2_000, [0], [100]);
  positions[0] = 500;
  expect(book.figures().lagMessages).toBe(90);
  book.take(2_250, [0], [400]);
  expect(book.figures()).toMatchObject({ lagMessages: 0, lagMs: 0, laggingPartitions: 0 });
});

test('a position older than the samples gives the least it can be', () => {
  const { book } = bookOf(10);
  book.take(2_000, [0], [100]);
  book.take(2_250, [0], [200]);
  expect(book.figures()).toMatchObject({ lagMs: 250, lagAtLeast: true });
});

/** Two partitions that this run writes to; log ends come in a quarter of a second apart. */
function ownBook(...positions: number[]) {
  const shared = Float64Array.from(positions);
  const acked = new AckedOffsets(createAckedOffsets(1, positions.length));
  let nowNs = 0;
  const own = { acked, nowNs: () => nowNs };
  const book = new LagBook(shared, new Float64Array(positions.length), 1_000, own);
  const take = (seconds: number, ...logEnds: number[]) => {
    nowNs = seconds * 1e9;
    book.take(1_000 + seconds * 1_000, [...logEnds.keys()], logEnds);
    return book.figures();
  };
  return { acked, positions: shared, take };
}

test.each([
  ['caught up', 100, 0],
  ['at the first of a batch that came late', 0, 5_000],
  ['within it', 50, 4_500],
  ['at its last message', 99, 4_010],
])('lag in time is the age of the oldest message of ours that was not read: %s', (_, position, lagMs) => {
  const { acked, take } = ownBook(position);
  take(5.75, 0);
  // Due from second 1 on, and in the log five seconds later.
  acked.note(0, 0, 0, 100, 1e9, 1.99e9);
  expect(take(6, 100)).toMatchObject({ lagMs, lagAtLeast: false });
});

test('after a rest it is not that of the messages before the rest', () => {
  const { acked, positions, take } = ownBook(0, 0);
  acked.note(0, 0, 0, 10, 1e9, 1.9e9);
  take(2, 10, 0);
  positions[0] = 10;
  take(60, 10, 0);
  acked.note(0, 0, 10, 1, 61.5e9, 61.5e9);
  expect(take(62, 11, 0)).toMatchObject({ lagMessages: 1, lagMs: 500 });
});

test('what no acknowledgement of ours tells of is as old as the log', () => {
  const { acked, take } = ownBook(10, 0);
  take(1, 10, 0);
  acked.note(0, 0, 0, 10, 0.5e9, 0.9e9);
  expect(take(1.25, 10, 100)).toMatchObject({ lagMs: 250, laggingPartitions: 1 });
  expect(take(1.5, 30, 100)).toMatchObject({ lagMs: 500, laggingPartitions: 2 });
});

test('a log that was cut has no past', () => {
  const { acked, take } = ownBook(5);
  acked.note(0, 0, 0, 10, 1e9, 1.9e9);
  take(2, 10);
  acked.note(0, 0, 2, 4, 3e9, 3e9);
  expect(take(4, 6)).toMatchObject({ lagMessages: 1, lagMs: 1_000 });
});

test('the partition that is silent longest is known', () => {
  const { book } = bookOf(0, 0);
  book.take(2_000, [0, 1], [1, 1]);
  book.take(3_000, [1], [1]);
  expect(book.oldestSeenMs()).toBe(2_000);
});
