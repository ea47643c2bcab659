import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { initProducerIdApi, listOffsetsApi } from '../../../source/clients/wire/control-apis.ts';
import { ControlConnection } from '../../../source/clients/wire/control-connection.ts';
import { metadataApi } from '../../../source/clients/wire/metadata.ts';
import { unsecured } from '../../../source/clients/wire/security.ts';
import { ProtocolReader } from '../../../source/protocol/protocol-reader.ts';
import { ProtocolWriter } from '../../../source/protocol/protocol-writer.ts';
import { startSandboxHere } from '../../../source/sandbox/server.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Question {
  readonly apiKey: number;
  readonly version: number;
  readonly correlationId: number;
}

/** Writes a version-0 answer to ApiVersions: `ranges` are key, oldest, newest. */
function versions(writer: ProtocolWriter, errorCode: number, ranges: readonly (readonly [number, number, number])[]) {
  writer.int16(errorCode).array(ranges, ([key, oldest, newest]) => writer.int16(key).int16(oldest).int16(newest));
}

/** A broker that answers as it is told; what it says nothing to stays unanswered. */
async function broker(answer: (question: Question, writer: ProtocolWriter, socket: Socket) => 'answer' | 'nothing') {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      const reader = new ProtocolReader(bytes);
      reader.int32();
      const question = { apiKey: reader.int16(), version: reader.int16(), correlationId: reader.int32() };
      const writer = new ProtocolWriter().int32(question.correlationId);
      if (answer(question, writer, socket) === 'answer') socket.write(writer.frame());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { host: '127.0.0.1', port: address.port };
}

async function open(address: { host: string; port: number }, timeoutMs = 5_000): Promise<ControlConnection> {
  const timeouts = { connectTimeoutMs: timeoutMs, requestTimeoutMs: timeoutMs };
  const connection = await ControlConnection.open({
    address,
    clientId: 'test',
    security: unsecured,
    ...timeouts,
    closed: () => undefined,
  });
  closing.push(() => connection.close());
  return connection;
}

describe('a control connection', () => {
  it('asks several questions at a time, and gives each its own answer', async () => {
    const sandbox = await startSandboxHere();
    closing.push(() => sandbox.close());
    const [first] = sandbox.brokers;
    if (first === undefined) throw new Error('no broker');
    const connection = await open(first);
    const [metadata, one, another, offsets] = await Promise.all([
      connection.ask(metadataApi, ['nowhere']),
      connection.ask(initProducerIdApi, { transactionTimeoutMs: 1000 }),
      connection.ask(initProducerIdApi, { transactionTimeoutMs: 1000 }),
      connection.ask(listOffsetsApi, {
        timestamp: -1,
        topics: [{ name: 'no', partitions: [{ partition: 0, leaderEpoch: -1 }] }],
      }),
    ]);
    expect(metadata.brokers).toEqual([{ nodeId: first.id, host: first.host, port: first.port, rack: null }]);
    expect(metadata.topics).toMatchObject([{ name: 'nowhere', errorCode: 3, partitions: [] }]);
    expect([one.errorCode, another.errorCode, one.state.epoch]).toEqual([0, 0, 0]);
    expect(one.state.idLow).not.toBe(another.state.idLow);
    expect(offsets).toMatchObject([{ topic: 'no', partition: 0, errorCode: 3 }]);
  });

  it('settles with a broker that knows an older ApiVersions only', async () => {
    const asked: number[] = [];
    const address = await broker(({ apiKey, version }, writer) => {
      asked.push(apiKey * 100 + version);
      if (apiKey !== 18) return 'nothing';
      if (version > 0) versions(writer, 35, [[18, 0, 0]]);
      else versions(writer, 0, [[3, 0, 8]]);
      return 'answer';
    });
    const connection = await open(address);
    expect(asked).toEqual([1803, 1800]);
    await expect(connection.ask(metadataApi, [])).rejects.toThrow(
      'Metadata: the broker speaks versions 0 to 8, 9 to 12',
    );
    await expect(connection.ask(listOffsetsApi, { timestamp: -1, topics: [] })).rejects.toThrow('speaks versions none');
  });

  it('rejects every question when no answer comes, and says where', async () => {
    let closed = 0;
    const address = await broker(({ apiKey }, writer) => {
      if (apiKey !== 18) return 'nothing';
      writer.flexible = true;
      writer.int16(0).array([3, 22], (key) => writer.int16(key).int16(0).int16(12).tags());
      writer.int32(0).tags();
      return 'answer';
    });
    const connection = await ControlConnection.open({
      address,
      clientId: 'test',
      security: unsecured,
      connectTimeoutMs: 200,
      requestTimeoutMs: 200,
      closed: () => closed++,
    });
    const asked = [connection.ask(metadataApi, []), connection.ask(initProducerIdApi, { transactionTimeoutMs: 1 })];
    for (const question of asked) await expect(question).rejects.toThrow(`${address.host}:${address.port}: no answer`);
    expect(closed).toBe(1);
    await expect(connection.ask(metadataApi, [])).rejects.toThrow('closed');
  });

  it('rejects an answer that ends too early, and a broker that answers no question of versions', async () => {
    const short = await broker(() => 'answer');
    await expect(open(short)).rejects.toThrow('ApiVersions: an answer that cannot be read');
    const refusing = await broker((_question, writer) => {
      versions(writer, 35, []);
      return 'answer';
    });
    await expect(open(refusing)).rejects.toThrow('ApiVersions: UNSUPPORTED_VERSION (35)');
  });

  it('rejects when the broker hangs up, and when it takes too long to answer at all', async () => {
    const hangingUp = await broker((_question, _writer, socket) => {
      socket.destroy();
      return 'nothing';
    });
    await expect(open(hangingUp)).rejects.toThrow(`${hangingUp.port}: the broker closed the connection`);
    await expect(open(await broker(() => 'nothing'), 100)).rejects.toThrow('no answer within 0.1 s');
  });
});
