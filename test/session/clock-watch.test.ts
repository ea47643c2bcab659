import { describe, expect, it } from 'vitest';
import { ClockWatch, worthTelling } from '../../source/session/clock-watch.ts';
import { EventLog } from '../../source/session/event-log.ts';

const us = 1_000;
const zeroMs = 1_700_000_000_000;

/** Clocks that a test moves; a reading of the monotonic one takes `readingMs`. */
function rig() {
  const log = new EventLog();
  const time = { monotonicMs: 0, wallMs: zeroMs, readingMs: 0 };
  const watch = new ClockWatch(log, {
    monotonicNs: () => {
      time.monotonicMs += time.readingMs;
      return time.monotonicMs * 1e6;
    },
    wallMs: () => time.wallMs,
  });
  return {
    watch,
    time,
    log,
    /** A second goes by on the monotonic clock, and so much on the wall clock. */
    second: (wallMs = 1_000, deviations: Parameters<ClockWatch['tick']>[0] = []) => {
      time.monotonicMs += 1_000;
      time.wallMs += wallMs;
      watch.tick(deviations);
    },
    steps: () => log.events.flatMap(({ fields }) => (fields.stepMs === undefined ? [] : [fields.stepMs])),
  };
}

describe('the worst deviation of a run', () => {
  it('is kept when clocks agree again', () => {
    const { watch, second } = rig();
    second(1_000, [['a', 70 * us]]);
    second(1_000, [['a', 0]]);
    expect([watch.deviationNs, watch.worstNs]).toEqual([0, 70 * us]);
  });
});

describe('a thread whose clock is off', () => {
  it.each([
    [0, 0, false],
    [50 * us, 0, false],
    [50 * us + 1, 0, true],
    [60 * us, 60 * us, false],
    [119 * us, 60 * us, false],
    [120 * us, 60 * us, true],
    [1, Number.EPSILON, false],
  ])('by %d ns, told of at %d ns: %s', (deviationNs, toldNs, told) => {
    expect(worthTelling(deviationNs, toldNs)).toBe(told);
  });

  it('is told of once and again when it has doubled, each thread for itself; the worst is shown', () => {
    const { watch, log, second } = rig();
    const seen: number[] = [];
    for (const [a, b] of [
      [10, 0],
      [51, 0],
      [70, 0],
      [101, 60],
      [102, 60],
      [40, 60],
      [203, 60],
      [204, 60],
    ] as const) {
      second(1_000, [
        ['producer thread 0', a * us],
        ['consumer thread 1', b * us],
      ]);
      seen.push(watch.deviationNs / us);
    }
    expect(seen).toEqual([10, 51, 70, 101, 102, 60, 203, 204]);
    expect(log.events.map(({ type, fields }) => [type, fields.thread, Number(fields.deviationNs) / us])).toEqual([
      ['warning', 'producer thread 0', 51],
      ['warning', 'consumer thread 1', 60],
      ['warning', 'producer thread 0', 102],
      ['warning', 'producer thread 0', 204],
    ]);
    expect(log.events[0]?.message).toBe('the clock of producer thread 0 is off by 0.051 ms: latencies are, too');
  });
});

describe('the wall clock', () => {
  it.each<readonly [string, readonly number[], readonly number[]]>([
    ['that keeps step', [1_000, 1_000, 1_000], []],
    ['that is read in whole milliseconds', [999, 1_001, 1_000, 1_001], []],
    ['that is set ahead', [1_000, 1_120, 1_000], [120]],
    ['that is set back', [1_000, 400, 1_000, 1_000], [-600]],
    ['that is set there and back', [1_000, 2_000, 0, 1_000], [1_000, -1_000]],
    ['that is moved slowly, each time it has come to more than 50 ms', Array(240).fill(1_000.5), [51, 51]],
    ['that moves by 50 ms', [1_000, 1_050, 1_000], []],
  ])('%s', (_, wallMs, steps) => {
    const run = rig();
    for (const ms of wallMs) run.second(ms);
    expect(run.steps()).toEqual(steps);
  });

  it('is not judged by readings that were interrupted', () => {
    const run = rig();
    run.second();
    run.time.readingMs = 60;
    run.second();
    expect(run.steps()).toEqual([]);
    run.time.readingMs = 0;
    run.time.monotonicMs -= 120;
    run.second();
    expect(run.steps()).toEqual([]);
  });
});
