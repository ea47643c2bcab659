import { expect, test } from 'vitest';
import { LagBook } from '../../source/cluster/lag-book.ts';

function bookOf(...positions: number[]) {
  const shared = Float64Array.from(positions);
  const logEnds = new Float64Array(positions.length);
  return { book: new LagBook(shared, logEnds, 1_000), positions: shared, logEnds };
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

test('the partition that is silent longest is known', () => {
  const { book } = bookOf(0, 0);
  book.take(2_000, [0, 1], [1, 1]);
  book.take(3_000, [1], [1]);
  expect(book.oldestSeenMs()).toBe(2_000);
});
