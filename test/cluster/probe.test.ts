import type { Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { unsecured } from '../../source/clients/wire/security.ts';
import { probe } from '../../source/cluster/probe.ts';
import { deafPort, type FakeListener, listen } from './fakes.ts';

const caller = { clientId: 'test', security: unsecured };
const listeners: FakeListener[] = [];
afterEach(async () => {
  await Promise.all(listeners.splice(0).map((listener) => listener.close()));
});

async function knockAt(serve: (socket: Socket) => void, timeoutMs = 5_000) {
  const listener = await listen(serve);
  listeners.push(listener);
  return await probe({ host: '127.0.0.1', port: listener.port }, caller, timeoutMs);
}

test('nobody listens', async () => {
  const result = await probe({ host: '127.0.0.1', port: await deafPort() }, caller, 5_000);
  expect(result).toEqual({ kind: 'unavailable', reason: 'refused', detail: '' });
});

test('a name that is none', async () => {
  const result = await probe({ host: 'no-such-host.invalid', port: 9092 }, caller, 5_000);
  expect(result).toEqual({ kind: 'unavailable', reason: 'name-not-found', detail: '' });
});

test('a listener that says nothing', async () => {
  expect(await knockAt(() => undefined, 200)).toEqual({ kind: 'unavailable', reason: 'timed-out', detail: '' });
});

test('a listener that hangs up', async () => {
  expect(await knockAt((socket) => socket.end())).toEqual({ kind: 'unavailable', reason: 'closed', detail: '' });
});

test('a TLS alert', async () => {
  const alert = Buffer.from([0x15, 0x03, 0x03, 0, 2, 2, 0x46]);
  expect(await knockAt((socket) => socket.once('data', () => socket.end(alert)))).toEqual({
    kind: 'unavailable',
    reason: 'tls',
    detail: '',
  });
});

test('a real TLS listener', async () => {
  const listener = await listen(() => undefined, createTlsServer({}));
  listeners.push(listener);
  const result = await probe({ host: '127.0.0.1', port: listener.port }, caller, 5_000);
  expect(result).toEqual({ kind: 'unavailable', reason: 'tls', detail: '' });
});

test('a TLS listener that hangs up on plain text without a word', async () => {
  const result = await knockAt((socket) =>
    socket.once('data', (bytes) => {
      const helloOfTls = bytes[0] === 0x16;
      socket.end(helloOfTls ? Buffer.from([0x15, 0x03, 0x03, 0, 2, 2, 0x28]) : Buffer.alloc(0));
    }),
  );
  expect(result).toEqual({ kind: 'unavailable', reason: 'tls', detail: '' });
});

test('a web server', async () => {
  const result = await knockAt((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
  expect(result).toEqual({ kind: 'unavailable', reason: 'not-kafka', detail: '' });
});

test('an answer in several pieces, from a broker that knows only version 0', async () => {
  const result = await knockAt((socket) =>
    socket.on('data', (request) => {
      const asked = request.readInt16BE(6);
      const body = asked === 0 ? [0, 0, 0, 0, 0, 1, 0, 3, 0, 0, 0, 5] : [0, 35, 0, 0, 0, 0];
      const frame = Buffer.from([0, 0, 0, 4 + body.length, ...request.subarray(8, 12), ...body]);
      socket.write(frame.subarray(0, 5));
      setImmediate(() => socket.write(frame.subarray(5)));
    }),
  );
  expect(result).toEqual({
    kind: 'answered',
    answer: { errorCode: 0, ranges: new Map([[3, { oldest: 0, newest: 5 }]]), metadataVersionLevel: null },
  });
});
