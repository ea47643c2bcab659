import { expect, test } from 'vitest';
import { metadataApi } from '../../source/clients/wire/metadata.ts';
import { unsecured } from '../../source/clients/wire/security.ts';
import { BrokerLink } from '../../source/cluster/broker-link.ts';
import { waitUntil } from '../support/wait-until.ts';
import { deafPort, listen } from './fakes.ts';

const anHourMs = 3_600_000;
const patient = { clientId: 'test', security: unsecured, connectTimeoutMs: anHourMs, requestTimeoutMs: anHourMs };

test('a link that is closed waits no longer for a broker that takes connections and never answers', async (context) => {
  let asked = false;
  const silent = await listen((socket) => {
    socket.on('data', () => {
      asked = true;
    });
  });
  context.onTestFinished(() => silent.close());
  const link = new BrokerLink({ host: '127.0.0.1', port: silent.port }, patient);
  const answer = link.call(metadataApi, []).catch((error: unknown) => error);
  await waitUntil('the first request', () => asked || undefined, { timeoutMs: 4_000 });
  link.close();
  expect(await answer).toMatchObject({ name: 'BrokerUnavailable', reason: 'closed' });
});

test('nobody at the address is a reason to try again', async () => {
  const link = new BrokerLink({ host: '127.0.0.1', port: await deafPort() }, patient);
  await expect(link.call(metadataApi, [])).rejects.toMatchObject({ name: 'BrokerUnavailable', reason: 'refused' });
  link.close();
});

test('one who speaks TLS, and one who is no Kafka, are told from one who does not answer', async (context) => {
  const tlsAlert = Buffer.from([0x15, 3, 3, 0, 2, 2, 70]);
  for (const [bytes, reason] of [
    [tlsAlert, 'tls'],
    [Buffer.from('HTTP/1.1 400 Bad Request'), 'not-kafka'],
  ] as const) {
    const other = await listen((socket) => socket.on('data', () => socket.write(bytes)));
    context.onTestFinished(() => other.close());
    const link = new BrokerLink({ host: '127.0.0.1', port: other.port }, patient);
    await expect(link.call(metadataApi, [])).rejects.toMatchObject({ name: 'BrokerUnavailable', reason });
    link.close();
  }
});

test('after a broken connection the next call connects anew', async (context) => {
  let connections = 0;
  const closing = await listen((socket) => {
    connections++;
    socket.on('data', () => socket.destroy());
  });
  context.onTestFinished(() => closing.close());
  const link = new BrokerLink({ host: '127.0.0.1', port: closing.port }, patient);
  for (let calls = 1; calls <= 2; calls++) {
    await expect(link.call(metadataApi, [])).rejects.toMatchObject({ name: 'BrokerUnavailable', reason: 'closed' });
    expect(connections).toBe(calls);
  }
  link.close();
});
