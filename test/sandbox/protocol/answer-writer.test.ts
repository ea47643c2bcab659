import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { AnswerWriter, type HeldBytes } from '../../../source/sandbox/protocol/answer-writer.ts';

const open: (() => void)[] = [];

afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** Both ends of a connection. */
async function socketPair(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const far = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  const near = await new Promise<Socket>((resolve) => server.once('connection', resolve));
  near.on('error', () => near.destroy());
  far.on('error', () => far.destroy());
  open.push(
    () => near.destroy(),
    () => far.destroy(),
    () => server.close(),
  );
  return { near, far };
}

class Chunk implements HeldBytes {
  readonly bytes: Buffer;
  holders = 0;

  constructor(length: number) {
    this.bytes = Buffer.alloc(length, 7);
  }

  hold(): void {
    this.holders++;
  }

  release(): void {
    this.holders--;
  }
}

describe('AnswerWriter.records', () => {
  it('holds a large chunk until the socket has it', async () => {
    const { near, far } = await socketPair();
    const chunk = new Chunk(20_000_000);
    const writer = new AnswerWriter().int32(1).records([chunk], chunk.bytes.length).int32(2);
    expect(chunk.holders).toBe(1);
    far.pause();
    writer.send(near);
    expect(chunk.holders).toBe(1);
    let received = 0;
    far.on('data', (bytes) => {
      received += bytes.length;
    });
    far.resume();
    await expect.poll(() => received).toBe(4 + 4 + 4 + chunk.bytes.length + 4);
    await expect.poll(() => chunk.holders).toBe(0);
  });

  it.each([
    ['while it is sent', false],
    ['before it is sent', true],
  ])('lets go when the connection closes %s', async (_, early) => {
    const { near, far } = await socketPair();
    far.pause();
    const chunk = new Chunk(20_000_000);
    const writer = new AnswerWriter().records([chunk], chunk.bytes.length);
    if (early) near.destroy();
    writer.send(near);
    if (!early) near.destroy();
    await expect.poll(() => chunk.holders).toBe(0);
  });

  it('copies a small one, and lets go of what is not sent', () => {
    const small = new Chunk(100);
    new AnswerWriter().records([small], 100);
    expect(small.holders).toBe(0);
    const large = new Chunk(10_000);
    new AnswerWriter().records([large], 10_000).discard();
    expect(large.holders).toBe(0);
  });
});
