import { afterEach, expect, test, vi } from 'vitest';
import { Observation } from '../../source/cluster/observation.ts';
import { plaintext } from '../../source/config/security/material.ts';
import { fakeCluster } from './fake-cluster.ts';
import { testTuning } from './fakes.ts';

afterEach(() => void vi.restoreAllMocks());

test('what has moved is committed, and now and then what has not: a paused run shows that it is there', async () => {
  const commits: number[][] = [];
  const group = fakeCluster({
    commit: async (_group, _partitions, positions) => commits.push([...positions].flat()) > 0,
    committed: async () => new Map(),
  });
  const shared = (): SharedArrayBuffer => new SharedArrayBuffer(16);
  const positions = shared();
  new Float64Array(positions).set([5, Number.NaN]);
  const partitions = [0, 1].map((partition) => ({ topic: 'loadtui-0123456789abcdef', partition }));
  const setup = {
    brokers: [],
    security: plaintext,
    clientId: 'test',
    tuning: testTuning,
    partitions,
    group: 'mine',
    own: null,
    watch: null,
  };
  const observation = new Observation(
    { ...setup, positions, logEnds: shared(), committed: shared() },
    { offsets: fakeCluster({}), group },
    () => undefined,
  );
  const startMs = performance.now();
  const now = vi.spyOn(performance, 'now');
  for (const afterMs of [0, 1_000, 9_000, 10_500, 11_000, 21_500]) {
    now.mockReturnValue(startMs + afterMs);
    expect(await observation.commitNow()).toBe(true);
  }
  expect(commits).toEqual([
    [0, 5],
    [0, 5],
    [0, 5],
  ]);
});
