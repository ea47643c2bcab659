import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { LoadtuiError } from '../../source/errors.ts';
import { startSandboxHere } from '../../source/sandbox/server.ts';
import { startSandbox } from '../../source/sandbox/start.ts';
import type { Sandbox } from '../../source/sandbox/types.ts';
import { makeBatch } from './support/batches.ts';
import { RawClient } from './support/raw-client.ts';

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function clientOf(sandbox: Sandbox): Promise<RawClient> {
  const [first] = sandbox.brokers;
  if (first === undefined) throw new Error('no broker');
  const client = await RawClient.connect(first);
  open.push(client);
  return client;
}

describe('startSandbox', () => {
  it('serves from a thread of its own, and ends', async () => {
    const sandbox = await startSandbox({ brokers: 2 });
    open.push(sandbox);
    expect(sandbox.brokers.map(({ id }) => id)).toEqual([1, 2]);
    const client = await clientOf(sandbox);
    await client.createTopic('t');
    await sandbox.inject({ kind: 'duplicate', count: 1 });
    await sandbox.setService({ latencyMs: 1 });
    await client.produce(makeBatch({ records: 4 }));
    expect((await client.offset(-1)).offset).toBe(8);
    expect(await sandbox.stats()).toMatchObject({
      producedBatches: 1,
      producedRecords: 4,
      connections: 1,
      faultsApplied: { duplicate: 1 },
    });
    await sandbox.close();
    await client.closed;
    await sandbox.close();
    await expect(sandbox.stats()).rejects.toMatchObject({ code: 'THREAD_DIED' });
  });

  it('carries an error of the operator over', async () => {
    const sandbox = await startSandbox();
    open.push(sandbox);
    const moved = sandbox.inject({ kind: 'move-leader', topic: 'nobody', partition: 0, to: 1 });
    await expect(moved).rejects.toMatchObject({ code: 'USAGE', fault: 'usage', next: expect.any(String) });
  });

  it.each([
    ['in a thread', startSandbox],
    ['here', startSandboxHere],
  ])('names a port that is taken, %s', async (_, start) => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise((resolve) => taken.close(resolve)) });
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const started = start({ port });
    await expect(started).rejects.toBeInstanceOf(LoadtuiError);
    await expect(started).rejects.toMatchObject({ code: 'PORT_IN_USE', fault: 'usage' });
    await expect(started).rejects.toThrow(String(port));
  });
});
