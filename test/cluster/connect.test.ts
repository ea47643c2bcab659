import { afterEach, expect, test } from 'vitest';
import { openCluster } from '../../source/cluster/cluster.ts';
import type { Cluster } from '../../source/cluster/types.ts';
import { plaintext } from '../../source/config/security/material.ts';
import { startSandboxHere } from '../../source/sandbox/server.ts';
import { deafPort, listen, testTuning } from './fakes.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(cleanUp.splice(0).map((close) => close()));
});

function clusterAt(...ports: number[]): Cluster {
  const brokers = ports.map((port) => `127.0.0.1:${port}`);
  const cluster = openCluster({ brokers, clientId: 'test', security: plaintext, tuning: testTuning });
  cleanUp.push(() => cluster.close());
  return cluster;
}

test('every address is named with its reason', async () => {
  const silent = await listen(() => undefined);
  cleanUp.push(silent.close);
  const deaf = await deafPort();
  const startMs = performance.now();
  await expect(clusterAt(deaf, silent.port).connect(600)).rejects.toMatchObject({
    code: 'CANNOT_REACH',
    exitCode: 3,
    message: expect.stringMatching(
      new RegExp(`127.0.0.1:${deaf}: connection refused.*127.0.0.1:${silent.port}: no answer in time`),
    ),
    next: expect.stringContaining('--brokers'),
  });
  expect(performance.now() - startMs).toBeLessThan(5_000);
});

test('a TLS listener is named as such, at once', async () => {
  const tls = await listen((socket) => socket.once('data', () => socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, 0x46]))));
  cleanUp.push(tls.close);
  const startMs = performance.now();
  await expect(clusterAt(tls.port).connect(15_000)).rejects.toMatchObject({
    code: 'TLS_LISTENER',
    exitCode: 3,
    message: expect.stringContaining(`127.0.0.1:${tls.port} is a TLS listener`),
  });
  expect(performance.now() - startMs).toBeLessThan(5_000);
});

test('one good address is enough', async () => {
  const sandbox = await startSandboxHere();
  cleanUp.push(() => sandbox.close());
  const info = await clusterAt(await deafPort(), sandbox.brokers[0]?.port ?? 0).connect(5_000);
  expect(info.brokers).toHaveLength(1);
});

test('a silent address beside a good one costs no time', async () => {
  const silent = await listen(() => undefined);
  cleanUp.push(silent.close);
  const sandbox = await startSandboxHere();
  cleanUp.push(() => sandbox.close());
  const startMs = performance.now();
  const info = await clusterAt(silent.port, sandbox.brokers[0]?.port ?? 0).connect(10_000);
  expect(info.brokers).toHaveLength(1);
  expect(performance.now() - startMs).toBeLessThan(4_000);
});

test('a broker that comes up while we try is found', async () => {
  const port = await deafPort();
  const connecting = clusterAt(port).connect(10_000);
  const sandbox = await startSandboxHere({ port });
  cleanUp.push(() => sandbox.close());
  expect((await connecting).brokers).toHaveLength(1);
});

test('an advertised address that does not answer is named as such', async () => {
  const sandbox = await startSandboxHere({ brokers: 2 });
  cleanUp.push(() => sandbox.close());
  await sandbox.inject({ kind: 'refuse', durationMs: 60_000, brokerId: 2 });
  const [first, second] = sandbox.brokers;
  await expect(clusterAt(first?.port ?? 0).connect(600)).rejects.toMatchObject({
    code: 'CANNOT_REACH',
    message: expect.stringContaining(`bootstrap answered, but broker 2 advertises 127.0.0.1:${second?.port}`),
    next: expect.stringContaining('advertised.listeners'),
  });
});
