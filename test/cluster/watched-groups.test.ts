import { expect, test } from 'vitest';
import { WatchedGroups } from '../../source/cluster/watched-groups.ts';

const startMs = 10_000;

function rig(groups = ['job'], partitions = 2) {
  const logEnds = new Float64Array(partitions);
  const committed = new Float64Array(groups.length * partitions);
  const watched = new WatchedGroups(groups, logEnds, committed, startMs, null);
  const indexes = Array.from({ length: partitions }, (_, index) => index);
  return {
    logEnds,
    committed,
    watched,
    ends: (atMs: number, ...values: number[]) => watched.takeEnds(atMs, indexes, values),
    commits: (atMs: number, ...offsets: number[]) =>
      watched.takeCommitted('job', new Map(offsets.map((offset, index) => [index, offset])), atMs),
    lag: (atMs: number) => watched.lags(atMs)[0],
  };
}

const none = { lagMessages: null, lagMs: null, commitAgeMs: null };

test('without an answer nothing is known', () => {
  const { ends, lag } = rig();
  ends(startMs, 5, 7);
  expect(lag(startMs)).toMatchObject({ ...none, isFresh: false });
});

test('a group that has committed nothing has an unknown lag, not none', () => {
  const { ends, commits, lag } = rig();
  ends(startMs, 5, 7);
  commits(startMs);
  expect(lag(startMs + 10)).toMatchObject({ ...none, isFresh: true, uncommittedPartitions: 2 });
});

test('what is behind the commits counts, and how old the last change of one is', () => {
  const { ends, commits, lag, logEnds, committed } = rig();
  commits(startMs);
  commits(startMs + 1_000, 100, 40);
  ends(startMs + 1_100, 100, 40);
  expect(lag(startMs + 1_100)).toMatchObject({ lagMessages: 0, lagMs: 0, commitAgeMs: 100, commitAgeAtLeast: false });
  ends(startMs + 2_100, 200, 40);
  commits(startMs + 2_500, 100, 40);
  expect(lag(startMs + 3_000)).toMatchObject({ lagMessages: 100, lagMs: 1_000, commitAgeMs: 2_000 });
  commits(startMs + 3_100, 150, 40);
  ends(startMs + 3_200, 200, 40);
  expect(lag(startMs + 3_200)).toMatchObject({ lagMessages: 50, commitAgeMs: 100, uncommittedPartitions: 0 });
  expect([...logEnds]).toEqual([200, 40]);
  expect([...committed]).toEqual([150, 40]);
});

test('a commit that was there at the first look is older than that, until one is seen to come', () => {
  const { ends, commits, lag } = rig();
  commits(startMs, 10, 10);
  ends(startMs, 12, 10);
  expect(lag(startMs + 1_500)).toMatchObject({ lagMessages: 2, commitAgeMs: 1_500, commitAgeAtLeast: true });
  commits(startMs + 2_000, 12, 10);
  expect(lag(startMs + 2_000)).toMatchObject({ commitAgeMs: 0, commitAgeAtLeast: false });
});

test('partitions with records and no commit are told apart from those that are empty', () => {
  const { ends, commits, lag } = rig(['job'], 3);
  commits(startMs, 10);
  ends(startMs, 12, 4, 0);
  expect(lag(startMs)).toMatchObject({ lagMessages: 2, uncommittedPartitions: 1 });
});

test('an old answer is no figure of now, and the age of the commit goes on', () => {
  const { ends, commits, lag } = rig();
  commits(startMs, 10, 10);
  ends(startMs, 12, 10);
  expect(lag(startMs + 4_999)).toMatchObject({ lagMessages: 2, isFresh: true });
  expect(lag(startMs + 5_000)).toMatchObject({ lagMessages: null, lagMs: null, commitAgeMs: 5_000, isFresh: false });
});

test('a group that was deleted has no commit any more', () => {
  const { ends, commits, lag } = rig();
  commits(startMs, 10, 10);
  ends(startMs, 12, 10);
  commits(startMs + 1_000);
  ends(startMs + 1_100, 12, 10);
  expect(lag(startMs + 1_100)).toMatchObject({ ...none, uncommittedPartitions: 2 });
});

test('each group has commits of its own', () => {
  const { watched, ends, committed } = rig(['job', 'audit']);
  watched.takeCommitted('audit', new Map([[1, 3]]), startMs);
  watched.takeCommitted('nobody', new Map([[0, 9]]), startMs);
  ends(startMs, 5, 5);
  expect(watched.lags(startMs).map(({ group, lagMessages }) => [group, lagMessages])).toEqual([
    ['job', null],
    ['audit', 2],
  ]);
  expect([...committed]).toEqual([Number.NaN, Number.NaN, Number.NaN, 3]);
});
