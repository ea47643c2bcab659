import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { lookUpRanges, type RangeQuery } from '../../../source/clients/wire/offset-range.ts';
import { unsecured } from '../../../source/clients/wire/security.ts';
import type { BrokerAddress } from '../../../source/clients/wire/types.ts';
import { ProducerRig } from './support/producer-rig.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A listener that does `serve` with each connection. */
async function listen(serve: (socket: Socket) => void): Promise<BrokerAddress> {
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { id: 1, host: '127.0.0.1', port: address.port };
}

const query = (partition: number): RangeQuery => ({ topic: 'rig', partition, leaderEpoch: -1 });

const caller = { clientId: 'test', security: unsecured };

describe('lookUpRanges', () => {
  test('answers in the order of the queries, with an error for each that has one', async () => {
    const rig = await ProducerRig.start({ partitions: 3 });
    closing.push(() => rig.close());
    rig.offer(7, 2);
    rig.offer(3, 0);
    await rig.settled();
    const [broker] = rig.sandbox.brokers;
    if (broker === undefined) throw new Error('no broker');
    expect(await lookUpRanges(broker, caller, 5000, [query(2), query(9), query(0), query(1)])).toEqual([
      { errorCode: 0, start: 0, end: 7 },
      { errorCode: 3, start: -1, end: -1 },
      { errorCode: 0, start: 0, end: 3 },
      { errorCode: 0, start: 0, end: 0 },
    ]);
  });

  test('rejects where nobody listens, and where the connection breaks', async () => {
    const refusing = await listen(() => undefined);
    await closing.pop()?.();
    await expect(lookUpRanges(refusing, caller, 2000, [query(0)])).rejects.toThrow();
    const breaking = await listen((socket) => socket.once('data', () => socket.resetAndDestroy()));
    await expect(lookUpRanges(breaking, caller, 2000, [query(0)])).rejects.toThrow();
  });
});
