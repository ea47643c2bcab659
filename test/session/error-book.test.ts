import { expect, it } from 'vitest';
import type { ErrorTally } from '../../source/load/protocol.ts';
import { ErrorBook } from '../../source/session/error-book.ts';

const error = (code: number, givenUp: number, retried: number, firstMs: number): ErrorTally => ({
  ...{ code, givenUp, retried, firstMs },
  lastMs: firstMs + 5,
});

it('has the errors of all threads, one by name, as each told them last', () => {
  const book = new ErrorBook();
  expect(book.rows()).toEqual([]);
  book.take('producer thread 0', [error(19, 1, 1, 100)]);
  book.take('producer thread 0', [error(19, 3, 20, 100), error(6, 0, 1, 50)]);
  book.take('producer thread 1', [error(19, 4, 0, 90)]);
  expect(book.rows()).toEqual([
    { code: 'NOT_ENOUGH_REPLICAS', count: 7, retried: 20, firstMs: 90, lastMs: 105 },
    { code: 'NOT_LEADER_OR_FOLLOWER', count: 0, retried: 1, firstMs: 50, lastMs: 55 },
  ]);
  expect(book.messages('NOT_ENOUGH_REPLICAS', 'retried')).toBe(20);
  expect(book.messages('NOT_ENOUGH_REPLICAS', 'count')).toBe(7);
  expect(book.messages('TIMED_OUT', 'count')).toBe(0);
});
