import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { unsecured } from '../../../source/clients/wire/security.ts';
import { BrokerSocket } from '../../../source/clients/wire/socket.ts';

let server: Server;
let port = 0;
let accepted: Socket[] = [];

beforeEach(async () => {
  accepted = [];
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    accepted.push(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});

afterEach(async () => {
  for (const socket of accepted) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

function open(receiveBufferBytes = 1024, asking = false) {
  const frames: string[] = [];
  const closed: string[] = [];
  let ready = 0;
  const socket = new BrokerSocket({
    address: { id: 1, host: '127.0.0.1', port },
    clientId: 'test',
    security: unsecured,
    receiveBufferBytes,
    onFrame: (bytes, view, start, end) => {
      expect(view.getInt32(start - 4)).toBe(end - start);
      frames.push(bytes.toString('latin1', start, end));
    },
    onReady: () => ready++,
    onClosed: (reason) => closed.push(reason),
  });
  socket.connect(asking);
  return { socket, frames, closed, readyCount: () => ready };
}

async function opened(receiveBufferBytes?: number) {
  const opening = open(receiveBufferBytes);
  await vi.waitFor(() => {
    expect(opening.socket.state).toBe('ready');
    expect(accepted).toHaveLength(1);
  });
  const peer = accepted[0];
  if (peer === undefined) throw new Error('nobody connected');
  return { ...opening, peer };
}

function frame(text: string): Buffer {
  const bytes = Buffer.alloc(4 + text.length);
  bytes.writeInt32BE(text.length);
  bytes.write(text, 4, 'latin1');
  return bytes;
}

const write = (peer: Socket, bytes: Uint8Array) => new Promise((resolve) => peer.write(bytes, resolve));

test('several frames in one piece and a frame in many pieces arrive whole and in order', async () => {
  const { frames, peer, socket } = await opened();
  const third = frame('third-'.repeat(10));
  await write(peer, Buffer.concat([frame('first'), frame('second'), third.subarray(0, 2)]));
  await vi.waitFor(() => expect(frames).toEqual(['first', 'second']));
  for (let at = 2; at < third.length; at += 7) {
    await write(peer, third.subarray(at, at + 7));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await vi.waitFor(() => expect(frames).toEqual(['first', 'second', 'third-'.repeat(10)]));
  socket.close();
});

test('the receive buffer grows to a large frame and takes small ones after it', async () => {
  const { frames, peer, socket } = await opened(1024);
  const large = Array.from({ length: 300_000 }, (_, i) => String.fromCharCode(33 + (i % 90))).join('');
  await write(peer, Buffer.concat([frame('small'), frame(large), frame('after')]));
  await vi.waitFor(() => expect(frames).toHaveLength(3));
  expect(frames[1] === large).toBe(true);
  expect(frames[2]).toBe('after');
  socket.close();
});

test('pieces of one write arrive in order, and the kernel having them is told', async () => {
  const { peer, socket } = await opened();
  let received = '';
  peer.on('data', (data) => {
    received += data.toString('latin1');
  });
  const written = vi.fn();
  socket.write([Buffer.from('one '), Buffer.from('two '), Buffer.from('three ')], written);
  socket.write([Buffer.from('four')]);
  await vi.waitFor(() => expect(received).toBe('one two three four'));
  expect(written).toHaveBeenCalledTimes(1);
  expect(socket.queuedBytes).toBe(0);
  socket.close();
});

test.each([
  ['a length too small for an answer', Buffer.from([0, 0, 0, 1, 9]), /not a Kafka answer/],
  ['a negative length', Buffer.from([255, 255, 255, 255, 9]), /not a Kafka answer/],
  ['a TLS alert', Buffer.from([0x15, 3, 3, 0, 2, 2, 70]), /speaks TLS/],
])('%s closes the connection and says so', async (_, bytes, reason) => {
  const { peer, closed, frames, socket } = await opened();
  await write(peer, bytes);
  await vi.waitFor(() => expect(closed).toHaveLength(1));
  expect(closed[0]).toMatch(reason);
  expect(frames).toEqual([]);
  expect(socket.state).toBe('closed');
});

test('the end of the connection is told once, and it can be opened again', async () => {
  const { peer, closed, socket, readyCount, frames } = await opened();
  await write(peer, frame('half').subarray(0, 6));
  peer.end();
  await vi.waitFor(() => expect(closed).toHaveLength(1));
  expect(socket.state).toBe('closed');
  expect(() => socket.write([Buffer.from('x')])).toThrow(/closed/);
  socket.connect();
  await vi.waitFor(() => {
    expect(readyCount()).toBe(2);
    expect(accepted).toHaveLength(2);
  });
  accepted[1]?.write(frame('again'));
  await vi.waitFor(() => expect(frames).toEqual(['again']));
  socket.close();
  expect(closed).toHaveLength(2);
});

test('a refused connection is told with its reason', async () => {
  await new Promise((resolve) => server.close(resolve));
  const { closed, readyCount } = open();
  await vi.waitFor(() => expect(closed).toHaveLength(1));
  expect(closed[0]).toContain('ECONNREFUSED');
  expect(readyCount()).toBe(0);
  server.listen(0, '127.0.0.1');
});

test('one that asks is ready once its question is answered: a process that stands still takes connections too', async () => {
  const { closed, frames, readyCount, socket } = open(1024, true);
  await vi.waitFor(() => expect(accepted).toHaveLength(1));
  const [peer] = accepted;
  if (peer === undefined) throw new Error('nobody connected');
  const question = await new Promise<Buffer>((resolve) => peer.once('data', resolve));
  // ApiVersions, version 0.
  expect([question.readInt32BE(0), question.readInt16BE(4), question.readInt16BE(6)]).toEqual([14, 18, 0]);
  expect(socket.state).toBe('asking');
  expect(readyCount()).toBe(0);
  expect(() => socket.write([Buffer.from('x')])).toThrow(/asking/);
  await write(peer, Buffer.concat([frame('versions'), frame('first')]));
  await vi.waitFor(() => expect(frames).toEqual(['first']));
  expect([readyCount(), socket.state]).toEqual([1, 'ready']);
  socket.close();
  expect(closed).toHaveLength(1);
});

test('closing inside a frame handler stops at that frame', async () => {
  const seen: string[] = [];
  const socket = new BrokerSocket({
    address: { id: 1, host: '127.0.0.1', port },
    clientId: 'test',
    security: unsecured,
    receiveBufferBytes: 1024,
    onFrame: (bytes, _view, start, end) => {
      seen.push(bytes.toString('latin1', start, end));
      socket.close();
    },
    onReady: () => undefined,
    onClosed: () => undefined,
  });
  socket.connect();
  await vi.waitFor(() => expect(accepted).toHaveLength(1));
  accepted[0]?.write(Buffer.concat([frame('one!'), frame('two!')]));
  await vi.waitFor(() => expect(seen).toEqual(['one!']));
  expect(socket.state).toBe('closed');
});
