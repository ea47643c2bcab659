import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { createLineWriter } from '../../source/output/line-writer.ts';
import { capture } from './capture.ts';

test('writes lines and flushes them', async () => {
  const { lines, stream } = capture();
  const writer = createLineWriter(stream, () => undefined);
  writer.line('a');
  writer.line('b');
  await writer.flush();
  expect(lines()).toEqual(['a', 'b']);
});

test('a broken stream is told once and silent from then on', async () => {
  const { break: breakIt, lines, stream } = capture();
  const onClosed = vi.fn();
  const writer = createLineWriter(stream, onClosed);
  writer.line('a');
  breakIt();
  writer.line('b');
  writer.line('c');
  await vi.waitFor(() => expect(onClosed).toHaveBeenCalled());
  writer.line('d');
  await writer.flush();
  stream.destroy();
  await vi.waitFor(() => expect(stream.closed).toBe(true));
  expect(onClosed).toHaveBeenCalledTimes(1);
  expect(onClosed.mock.calls[0]?.[0]).toMatchObject({ code: 'EPIPE' });
  expect(lines()).toEqual(['a']);
});

test('flush waits for a slow reader, and not for one that went away', async () => {
  let proceed = (): void => undefined;
  const slow = new Writable({
    write(_chunk, _encoding, done) {
      proceed = done;
    },
  });
  const writer = createLineWriter(slow, () => undefined);
  writer.line('a');
  let flushed = false;
  const flush = writer.flush().then(() => {
    flushed = true;
  });
  await new Promise(setImmediate);
  expect(flushed).toBe(false);
  slow.destroy(new Error('gone'));
  await flush;
  expect(flushed).toBe(true);
  proceed();
});

test('a reader that closes its end of a pipe ends a program orderly', async () => {
  const module = new URL('../../source/output/line-writer.ts', import.meta.url).href;
  const program = `
    import { createLineWriter } from ${JSON.stringify(module)};
    const timer = setInterval(() => writer.line('x'.repeat(1000)), 1);
    const writer = createLineWriter(process.stdout, async (error) => {
      clearInterval(timer);
      await writer.flush();
      process.stderr.write(error.code);
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const [code] = await once(child, 'close');
  expect(said).toBe('EPIPE');
  expect(code).toBe(0);
});
