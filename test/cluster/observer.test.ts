import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCluster } from '../../source/cluster/cluster.ts';
import { Observer } from '../../source/cluster/observer.ts';
import type { ObserverReport, ObserverSetup } from '../../source/cluster/observer-protocol.ts';
import type { Cluster } from '../../source/cluster/types.ts';
import type { WatchedLag } from '../../source/cluster/watched-groups.ts';
import { plaintext } from '../../source/config/security/material.ts';
import { AckedOffsets, createAckedOffsets } from '../../source/measure/acked-offsets.ts';
import { realClock, takeAnchor } from '../../source/measure/clock.ts';
import { startSandbox } from '../../source/sandbox/start.ts';
import type { Sandbox } from '../../source/sandbox/types.ts';
import { waitUntil } from '../support/wait-until.ts';
import { deafPort, testTuning } from './fakes.ts';
import { produce } from './produce.ts';

let sandbox: Sandbox;
let cluster: Cluster;
let port = 0;

beforeAll(async () => {
  sandbox = await startSandbox({ brokers: 2 });
  port = sandbox.brokers[0]?.port ?? 0;
  cluster = openCluster({ brokers: [`127.0.0.1:${port}`], clientId: 'test', security: plaintext, tuning: testTuning });
  await cluster.connect(5_000);
});
afterAll(async () => {
  await cluster.close();
  await sandbox.close();
});

interface Watched {
  readonly observer: Observer;
  readonly setup: ObserverSetup;
  readonly reports: ObserverReport[];
  readonly positions: Float64Array;
}

async function watchTopic(
  topic: string,
  partitions: number,
  group: string | null,
  own: ObserverSetup['own'] = null,
  watch: ObserverSetup['watch'] = null,
): Promise<Watched> {
  await cluster.createTopics([{ name: topic, partitions, replicationFactor: 1, config: {} }]);
  const shared = () => new SharedArrayBuffer(8 * partitions);
  const setup: ObserverSetup = {
    brokers: [`127.0.0.1:${port}`],
    clientId: 'observer',
    security: plaintext,
    tuning: testTuning,
    partitions: Array.from({ length: partitions }, (_, partition) => ({ topic, partition })),
    group,
    positions: shared(),
    logEnds: shared(),
    committed: shared(),
    own,
    watch,
  };
  const positions = new Float64Array(setup.positions).fill(Number.NaN);
  const reports: ObserverReport[] = [];
  const observer = new Observer(setup, {
    report: (report) => reports.push(report),
    died: (error) => {
      throw error;
    },
  });
  await observer.ready;
  return { observer, setup, reports, positions };
}

function reported<K extends ObserverReport['kind']>(
  { reports }: Watched,
  kind: K,
  accept: (report: Extract<ObserverReport, { kind: K }>) => boolean = () => true,
): Promise<true> {
  const is = (report: ObserverReport): report is Extract<ObserverReport, { kind: K }> => report.kind === kind;
  return waitUntil(`a report of ${kind}`, () => (reports.some((each) => is(each) && accept(each)) ? true : undefined), {
    timeoutMs: 10_000,
    everyMs: 20,
    describe: () => JSON.stringify(reports.slice(-5)),
  });
}

test('log ends, lag, committed offsets, pings and the host are reported', async () => {
  const watched = await watchTopic('watched', 3, 'watched-group');
  const { observer, setup, positions } = watched;
  try {
    positions.set([0, 0]);
    await produce(port, 'watched', 0, 10);
    await produce(port, 'watched', 2, 5);
    await reported(watched, 'offsets', ({ lagMessages, logEndTotal }) => lagMessages === 10 && logEndTotal === 15);
    expect([...new Float64Array(setup.logEnds)]).toEqual([10, 0, 5]);
    positions.set([4, 0]);
    await reported(
      watched,
      'offsets',
      ({ lagMessages, laggingPartitions }) => lagMessages === 6 && laggingPartitions === 1,
    );
    await reported(watched, 'committed', ({ committedLagMessages }) => committedLagMessages === 6);
    await reported(watched, 'ping', ({ roundTrips }) => roundTrips.every(({ roundTripMs }) => roundTripMs !== null));
    await reported(watched, 'host', ({ sample }) => sample.processRssBytes !== null);
    positions.set([10, 0]);
    expect(await observer.commitNow()).toBe(true);
    expect([...new Float64Array(setup.committed)]).toEqual([10, 0, Number.NaN]);
    expect(await cluster.committed('watched-group', setup.partitions)).toEqual(
      new Map([
        [0, 10],
        [1, 0],
      ]),
    );
  } finally {
    await observer.close();
  }
});

test('a message of ours is as old as its intended time says, not as its place in the log', async () => {
  const anchor = takeAnchor();
  const table = createAckedOffsets(2, 1);
  const watched = await watchTopic('ours', 1, null, { anchor, acked: table });
  try {
    watched.positions[0] = 4;
    const dueNs = realClock(anchor).nowNs() - 3_600e9;
    new AckedOffsets(table).note(1, 0, 0, 10, dueNs, dueNs);
    await produce(port, 'ours', 0, 10);
    await reported(watched, 'offsets', ({ lagMessages, lagMs }) => lagMessages === 6 && (lagMs ?? 0) >= 3_600e3);
  } finally {
    await watched.observer.close();
  }
});

test("another group's lag is unknown until it commits, then what it is behind, with the age of the commit", async () => {
  const watch = {
    groups: ['job'],
    partitions: null,
    own: null,
    logEnds: new SharedArrayBuffer(16),
    committed: new SharedArrayBuffer(16),
  };
  const watched = await watchTopic('followed', 2, null, null, watch);
  try {
    await produce(port, 'followed', 0, 10);
    const lagIs = (accept: (lag: WatchedLag) => boolean): Promise<true> =>
      reported(watched, 'watched', ({ groups }) => groups.length === 1 && groups.every(accept));
    await lagIs(
      ({ isFresh, lagMessages, commitAgeMs, uncommittedPartitions }) =>
        isFresh && lagMessages === null && commitAgeMs === null && uncommittedPartitions === 1,
    );
    await cluster.commit('job', watched.setup.partitions, new Map([[0, 4]]));
    await lagIs(({ lagMessages, commitAgeMs }) => lagMessages === 6 && commitAgeMs !== null);
    expect([...new Float64Array(watch.logEnds)]).toEqual([10, 0]);
    expect([...new Float64Array(watch.committed)]).toEqual([4, Number.NaN]);
    await lagIs(({ commitAgeMs, commitAgeAtLeast }) => (commitAgeMs ?? 0) >= 1_000 && !commitAgeAtLeast);
  } finally {
    await watched.observer.close();
  }
});

test('groups are followed in topics that this run does not read', async () => {
  const shared = () => new SharedArrayBuffer(8);
  await cluster.createTopics([{ name: 'pipe-in', partitions: 1, replicationFactor: 1, config: {} }]);
  const partitions = [{ topic: 'pipe-in', partition: 0 }];
  const watch = { groups: ['copier'], partitions, own: null, logEnds: shared(), committed: shared() };
  const watched = await watchTopic('pipe-out', 3, null, null, watch);
  try {
    await cluster.commit('copier', partitions, new Map([[0, 0]]));
    await produce(port, 'pipe-in', 0, 7);
    await reported(watched, 'watched', ({ groups }) => groups[0]?.lagMessages === 7);
    await reported(watched, 'offsets', ({ logEndTotal }) => logEndTotal === 0);
  } finally {
    await watched.observer.close();
  }
});

test('a leader that moves is followed', async () => {
  const watched = await watchTopic('moving', 1, null);
  try {
    await reported(watched, 'offsets', ({ logEndTotal }) => logEndTotal === 0);
    await sandbox.inject({ kind: 'move-leader', topic: 'moving', partition: 0, to: 2 });
    await produce(port, 'moving', 0, 3);
    await sandbox.inject({ kind: 'move-leader', topic: 'moving', partition: 0, to: 1 });
    await reported(watched, 'offsets', ({ logEndTotal }) => logEndTotal === 3);
  } finally {
    await watched.observer.close();
  }
});

test('without the right to commit it is said once, and offsets go on', async () => {
  const watched = await watchTopic('forbidden', 1, 'forbidden-group');
  try {
    await sandbox.inject({ kind: 'error', errorCode: 30, when: 'before-append', count: 1, apiKey: 8 });
    watched.positions[0] = 0;
    expect(await watched.observer.commitNow()).toBe(false);
    expect(await watched.observer.commitNow()).toBe(false);
    expect(watched.reports.filter(({ kind }) => kind === 'commit-refused')).toHaveLength(1);
    await reported(watched, 'offsets', ({ logEndTotal }) => logEndTotal === 0);
  } finally {
    await watched.observer.close();
  }
});

test('silence is told with its beginning, and its end', async () => {
  const watched = await watchTopic('silent', 2, null);
  try {
    await reported(watched, 'offsets', ({ logEndTotal }) => logEndTotal === 0);
    await sandbox.inject({ kind: 'stall', durationMs: 3_500 });
    const stalledMs = Date.now();
    await reported(watched, 'no-answer', ({ about, sinceMs }) => about === 'offsets' && sinceMs <= stalledMs + 1_000);
    await reported(watched, 'answered', ({ about }) => about === 'offsets');
  } finally {
    await watched.observer.close();
  }
});

test('an observer that is closed before it has found the cluster ends at once', async () => {
  const shared = () => new SharedArrayBuffer(8);
  const observer = new Observer(
    {
      brokers: [`127.0.0.1:${await deafPort()}`],
      clientId: 'observer',
      security: plaintext,
      tuning: testTuning,
      partitions: [{ topic: 'none', partition: 0 }],
      group: null,
      positions: shared(),
      logEnds: shared(),
      committed: shared(),
      own: null,
      watch: null,
    },
    {
      report: () => undefined,
      died: () => {
        throw new Error('it was closed, it did not die');
      },
    },
  );
  await observer.close();
  await expect(observer.ready).rejects.toMatchObject({ name: 'LoadtuiError' });
  expect(await observer.commitNow()).toBe(false);
  await observer.close();
});
