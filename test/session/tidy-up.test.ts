import { expect, test } from 'vitest';
import type { Cluster } from '../../source/cluster/types.ts';
import { tidyUp } from '../../source/session/tidy-up.ts';
import { fakeCluster } from '../cluster/fake-cluster.ts';

const own = { topics: ['loadtui-a', 'loadtui-b'], group: 'loadtui-group' };

/** A cluster that goes on trying until it is closed, but for what `answers` says. */
function stubborn(answers: Partial<Cluster> = {}) {
  const tried: string[] = [];
  const closed = Promise.withResolvers<void>();
  const trying = (what: string) => async (): Promise<void> => {
    tried.push(what);
    await closed.promise;
    throw new Error(`${what}: closed meanwhile`);
  };
  const close = async (): Promise<void> => closed.resolve();
  const cluster = fakeCluster({ deleteTopics: trying('topics'), deleteGroups: trying('group'), close, ...answers });
  return { cluster, tried, closed: closed.promise };
}

test('topics are removed although the group cannot be, which is told', async () => {
  const { cluster } = stubborn({ deleteTopics: async () => undefined });
  const notes: string[] = [];
  const there = new Set([...own.topics, 'loadtui-kept']);
  await tidyUp(cluster, own, there, (note) => notes.push(note), 20);
  expect([...there]).toEqual(['loadtui-kept']);
  expect(notes).toEqual(['removing group loadtui-group failed: no answer within 0.02 s']);
});

test('a cluster that does not answer is given up: all that is tried ends, and nothing is told afterwards', async () => {
  const { cluster, tried, closed } = stubborn();
  const notes: string[] = [];
  const there = new Set(own.topics);
  await tidyUp(cluster, own, there, (note) => notes.push(note), 20);
  expect([...there]).toEqual(own.topics);
  await closed;
  await new Promise((resolve) => setImmediate(resolve));
  expect(tried).toEqual(['topics', 'group']);
  expect(notes).toHaveLength(2);
});

test('what was not made is not asked for', async () => {
  const notes: string[] = [];
  await tidyUp(fakeCluster({}), { topics: [], group: null }, new Set(), (note) => notes.push(note));
  expect(notes).toEqual([]);
});
