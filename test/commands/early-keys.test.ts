import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { type EarlyKeys, type KeyInput, takeKeys } from '../../source/commands/early-keys.ts';

/** A terminal's input as far as it matters here. */
class FakeInput extends EventEmitter {
  isTTY = true;
  isRaw = false;
  isPaused = true;

  setRawMode(mode: boolean): this {
    this.isRaw = mode;
    return this;
  }

  resume(): this {
    this.isPaused = false;
    return this;
  }

  pause(): this {
    this.isPaused = true;
    return this;
  }
}

describe('the keyboard before the screen', () => {
  let keys: EarlyKeys | null = null;

  const take = (change: Partial<FakeInput> = {}) => {
    const input = Object.assign(new FakeInput(), change);
    const told: string[] = [];
    keys = takeKeys(input as FakeInput & KeyInput);
    return { input, keys, told, heed: { quit: () => told.push('quit'), interrupt: () => told.push('interrupt') } };
  };

  afterEach(() => keys?.release());

  it('tells q and ctrl-c, those that came early first, and nothing else', () => {
    const { input, keys, told, heed } = take();
    expect(input).toMatchObject({ isRaw: true, isPaused: false });
    input.emit('data', Buffer.from('xq'));
    keys.heed(heed);
    expect(told).toEqual(['quit']);
    input.emit('data', Buffer.from('yr\u001a'));
    input.emit('data', Buffer.from('\u001b[?q'));
    input.emit('data', Buffer.from('\u0003\u0003'));
    expect(told).toEqual(['quit', 'interrupt', 'interrupt']);
  });

  it('leaves the terminal to a question, and takes it again', async () => {
    const { input, keys } = take();
    const during = await keys.aside(async () => ({ raw: input.isRaw, listeners: input.listenerCount('data') }));
    expect(during).toEqual({ raw: false, listeners: 0 });
    expect(input).toMatchObject({ isRaw: true, isPaused: false });
    await expect(keys.aside(() => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    expect(input.isRaw).toBe(true);
  });

  it('hands over without echo in between, and gives back in the end', () => {
    const exits = process.listenerCount('exit');
    const { input, keys } = take();
    expect(process.listenerCount('exit')).toBe(exits + 1);
    keys.handOver();
    expect(input).toMatchObject({ isRaw: true, isPaused: false });
    expect(input.listenerCount('data')).toBe(0);
    keys.release();
    keys.release();
    expect(input).toMatchObject({ isRaw: false, isPaused: true });
    expect(process.listenerCount('exit')).toBe(exits);
  });

  it('gives back what the screen never took', () => {
    const { input, keys } = take();
    keys.release();
    expect(input).toMatchObject({ isRaw: false, isPaused: true });
    expect(input.listenerCount('data')).toBe(0);
  });

  it('takes no input that is no terminal', () => {
    const { input, keys } = take({ isTTY: false });
    expect(input).toMatchObject({ isRaw: false, isPaused: true });
    keys.release();
    expect(input).toMatchObject({ isRaw: false, isPaused: true });
  });
});
