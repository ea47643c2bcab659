import { afterEach, describe, expect, test, vi } from 'vitest';
import type { PartitionTable } from '../../../source/clients/types.ts';
import { MetadataDirectory } from '../../../source/clients/wire/directory.ts';
import { unsecured } from '../../../source/clients/wire/security.ts';
import { openCluster } from '../../../source/cluster/cluster.ts';
import { plaintext } from '../../../source/config/security/material.ts';
import { startSandboxHere } from '../../../source/sandbox/server.ts';
import type { Sandbox } from '../../../source/sandbox/types.ts';
import { testTuning } from './support/producer-rig.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const addresses = (sandbox: Sandbox) => sandbox.brokers.map(({ host, port }) => `${host}:${port}`);

async function sandboxWith(topics: Record<string, number>, brokers = 1): Promise<Sandbox> {
  const sandbox = await startSandboxHere({ brokers });
  closers.push(() => sandbox.close());
  const cluster = openCluster({
    brokers: addresses(sandbox),
    clientId: 'maker',
    security: plaintext,
    tuning: testTuning,
  });
  await cluster.connect(5_000);
  await cluster.createTopics(
    Object.entries(topics).map(([name, partitions]) => ({ name, partitions, replicationFactor: 1, config: {} })),
  );
  await cluster.close();
  return sandbox;
}

function directory(
  bootstrap: readonly string[],
  partitions: PartitionTable,
  requestTimeoutMs = 3_000,
): MetadataDirectory {
  const made = new MetadataDirectory({ ...testTuning, security: unsecured, requestTimeoutMs, bootstrap, partitions });
  closers.push(() => made.close());
  return made;
}

const table = (topics: Record<string, number>): PartitionTable =>
  Object.entries(topics).flatMap(([topic, count]) =>
    Array.from({ length: count }, (_, partition) => ({ topic, partition })),
  );

test('finds the leaders of many topics, past a bootstrap broker that is down', async () => {
  const topics = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`topic-${i}`, 3]));
  const sandbox = await sandboxWith(topics, 3);
  const leaders = directory(['127.0.0.1:1', ...addresses(sandbox)], table(topics));
  await leaders.start();
  const found = Array.from({ length: 60 }, (_, i) => leaders.leaderOf(i));
  expect(new Set(found)).toEqual(new Set([1, 2, 3]));
  expect(leaders.leaderEpochOf(0)).toBeGreaterThanOrEqual(0);
  const [first] = sandbox.brokers;
  expect(leaders.broker(1)).toEqual({ id: 1, host: first?.host, port: first?.port });
  expect(leaders.broker(9)).toBeUndefined();
});

test('a refresh tells of a moved leader, once for many calls', async () => {
  const sandbox = await sandboxWith({ t: 2 }, 2);
  const leaders = directory(addresses(sandbox), table({ t: 2 }));
  await leaders.start();
  const from = leaders.leaderOf(0);
  const epoch = leaders.leaderEpochOf(0);
  const changes = vi.fn();
  const stop = leaders.onChange(changes);
  await sandbox.inject({ kind: 'move-leader', topic: 't', partition: 0, to: 3 - from });
  for (let i = 0; i < 100; i++) leaders.refresh('not the leader');
  await vi.waitFor(() => expect(leaders.leaderOf(0)).toBe(3 - from));
  expect(leaders.leaderEpochOf(0)).toBeGreaterThan(epoch);
  expect(changes).toHaveBeenCalledTimes(1);
  stop();
  await sandbox.inject({ kind: 'move-leader', topic: 't', partition: 0, to: from });
  leaders.refresh('not the leader');
  await vi.waitFor(() => expect(leaders.leaderOf(0)).toBe(from));
  expect(changes).toHaveBeenCalledTimes(1);
});

test('goes on after the broker it asked is gone', async () => {
  const sandbox = await sandboxWith({ t: 2 }, 2);
  const leaders = directory(addresses(sandbox), table({ t: 2 }));
  await leaders.start();
  await sandbox.inject({ kind: 'refuse', durationMs: 300, brokerId: 1 });
  await sandbox.inject({ kind: 'disconnect', brokerId: 1 });
  const from = leaders.leaderOf(0);
  await sandbox.inject({ kind: 'move-leader', topic: 't', partition: 0, to: 3 - from });
  leaders.refresh('connection broke');
  await vi.waitFor(() => expect(leaders.leaderOf(0)).toBe(3 - from), { timeout: 5_000 });
});

describe('start fails with what happened', () => {
  test('a topic that does not exist, which asking does not create', async () => {
    const sandbox = await startSandboxHere({ autoCreateTopics: true });
    closers.push(() => sandbox.close());
    const leaders = directory(addresses(sandbox), table({ none: 1 }), 150);
    await expect(leaders.start()).rejects.toMatchObject({ code: 'TOPIC_MISSING', fault: 'cluster' });
  });

  test('nobody answers', async () => {
    const leaders = directory(['127.0.0.1:1'], table({ t: 1 }), 150);
    await expect(leaders.start()).rejects.toMatchObject({
      code: 'CANNOT_REACH',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});
