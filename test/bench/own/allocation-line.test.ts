import { describe, expect, it } from 'vitest';
import {
  type AllocationLine,
  allocatedPerMessage,
  pauseP99Ms,
  readLines,
  readWindow,
  windowEnvironment,
} from '../../../bench/own/allocation-line.ts';

const line = (thread: string, allocatedBytes: number, ...gcPausesMs: number[]): AllocationLine => ({
  thread,
  allocatedBytes,
  sampledFromMs: 1000,
  sampledToMs: 3000,
  gcPausesMs,
});

describe('the time in which threads look', () => {
  it('reaches them as it was given, whatever the file is called', () => {
    const window = { pausesFromMs: 3000, samplesFromMs: 5500, toMs: 8000, file: '/tmp/a folder/lines 1' };
    expect(readWindow(windowEnvironment(window))).toEqual(window);
  });

  it.each([{}, { LOADTUI_BENCH_ALLOCATIONS: '' }, { LOADTUI_BENCH_ALLOCATIONS: '5 x' }])(
    'is none without: %j',
    (set) => {
      expect(readWindow(set)).toBeNull();
    },
  );
});

describe('what threads said', () => {
  it('is read line by line, and refused where it is no such line', () => {
    const lines = [line('producer thread 0', 10, 0.5), line('consumer thread 0', 20)];
    expect(readLines(lines.map((each) => `${JSON.stringify(each)}\n`).join(''))).toEqual(lines);
    expect(() => readLines('{"thread":"x"}\n')).toThrow();
  });

  it('is added up by kind of thread, over the messages of the time that was sampled', () => {
    const lines = [line('producer thread 0', 10), line('producer thread 1', 5), line('consumer thread 0', 20)];
    const intervals = [0, 1000, 2500, 3000].map((timeMs) => ({ timeMs, durationMs: 1000, messages: 100 }));
    expect(allocatedPerMessage(lines, 'producer thread', intervals)).toBe(15 / 150);
    expect(() => allocatedPerMessage(lines.slice(2), 'producer thread', intervals)).toThrow('no producer thread');
  });

  it('has the pauses of load threads: the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    expect(pauseP99Ms([line('producer thread 0', 1, ...hundred), line('observer', 1, 900)])).toBe(99);
    expect(pauseP99Ms([line('consumer thread 0', 1, 2, 1)])).toBe(2);
    expect(pauseP99Ms([line('consumer thread 0', 1)])).toBe(0);
  });
});
