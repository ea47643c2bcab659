import { expect, test } from 'vitest';
import { metadata } from '../../source/cluster/apis.ts';
import { BrokerLink } from '../../source/cluster/broker-link.ts';
import { waitUntil } from '../support/wait-until.ts';
import { deafPort, listen } from './fakes.ts';

const anHourMs = 3_600_000;
const patient = { clientId: 'test', connectTimeoutMs: anHourMs, requestTimeoutMs: anHourMs };

test('a link that is closed waits no longer for a broker that takes connections and never answers', async (context) => {
  let asked = false;
  const silent = await listen((socket) => {
    socket.on('data', () => {
      asked = true;
    });
  });
  context.onTestFinished(() => silent.close());
  const link = new BrokerLink({ host: '127.0.0.1', port: silent.port }, patient);
  const answer = link.call(metadata, [], false).catch((error: unknown) => error);
  await waitUntil('the first request', () => asked || undefined, { timeoutMs: 4_000 });
  link.close();
  expect(await answer).toMatchObject({ name: 'BrokerUnavailable', reason: 'closed' });
});

test('nobody at the address is a reason to try again', async () => {
  const link = new BrokerLink({ host: '127.0.0.1', port: await deafPort() }, patient);
  await expect(link.call(metadata, [], false)).rejects.toMatchObject({ name: 'BrokerUnavailable', reason: 'refused' });
  link.close();
});
