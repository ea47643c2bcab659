import { describe, expect, it } from 'vitest';
import { type ServedRequest, serve, startOfService } from '../../source/sandbox/service-model.ts';
import { defaultSandboxOptions, type ServiceModel } from '../../source/sandbox/types.ts';

const unlimited = defaultSandboxOptions.service;
const thousand: ServiceModel = { ...unlimited, capacityMessagesPerSecond: 1000 };

interface Arrival {
  readonly atMs: number;
  readonly messages?: number;
  readonly bytes?: number;
}

function run(model: ServiceModel, arrivals: readonly Arrival[]): ServedRequest[] {
  let state = startOfService(model.seed);
  return arrivals.map(({ atMs, messages = 1, bytes = 100 }) => {
    const served = serve(model, state, atMs, messages, bytes);
    state = served.state;
    return served;
  });
}

function evenly(count: number, everyMs: number, messages = 1): Arrival[] {
  return Array.from({ length: count }, (_, index) => ({ atMs: index * everyMs, messages }));
}

describe('serve', () => {
  it.each<[string, ServiceModel, readonly Arrival[], readonly number[], readonly number[]]>([
    ['no limit', unlimited, [{ atMs: 5 }, { atMs: 6 }], [5, 6], [5, 6]],
    ['latency is added and does not queue', { ...unlimited, latencyMs: 2 }, [{ atMs: 0 }, { atMs: 1 }], [0, 1], [2, 3]],
    ['one after the other', thousand, [{ atMs: 0 }, { atMs: 0 }, { atMs: 0.5 }], [1, 2, 3], [1, 2, 3]],
    ['idle time is not saved up', thousand, [{ atMs: 0 }, { atMs: 10 }], [1, 11], [1, 11]],
    [
      'by messages',
      thousand,
      [
        { atMs: 0, messages: 5 },
        { atMs: 0, messages: 2 },
      ],
      [5, 7],
      [5, 7],
    ],
    [
      'by bytes',
      { ...unlimited, capacityBytesPerSecond: 1_000_000, latencyMs: 1 },
      [
        { atMs: 0, bytes: 4000 },
        { atMs: 1, bytes: 1000 },
      ],
      [4, 5],
      [5, 6],
    ],
  ])('%s', (_, model, arrivals, finished, answered) => {
    const served = run(model, arrivals);
    expect(served.map(({ finishedAtMs }) => finishedAtMs)).toEqual(finished);
    expect(served.map(({ answeredAtMs }) => answeredAtMs)).toEqual(answered);
  });

  it('serves exactly its capacity when flooded', () => {
    const served = run(thousand, evenly(5000, 0.1));
    expect(served.at(-1)?.finishedAtMs).toBeCloseTo(5000, 6);
  });

  it.each([
    [0, 30],
    [25_000, 40],
    [62_500, 80],
    [99_000, 3000],
    [150_000, 3000],
  ])('adds curve / (1 − λ/limit) at λ = %d', (recent, extraMs) => {
    const model = { ...unlimited, latencyMs: 20, curve: { ms: 30, limitMessagesPerSecond: 100_000 } };
    const { finishedAtMs, answeredAtMs } = serve(model, startOfService(1), 5, 10, 1000, recent);
    expect(finishedAtMs).toBe(5);
    expect(answeredAtMs).toBeCloseTo(25 + extraMs, 6);
  });

  it('exponential service has the right mean and the wait of M/M/1', () => {
    const model: ServiceModel = { ...thousand, service: 'exponential', seed: 7 };
    // Poisson arrivals at half the capacity, from a generator of this test's own.
    let random = 12_345;
    let atMs = 0;
    const arrivals = Array.from({ length: 200_000 }, () => {
      random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      atMs += -Math.log((random + 1) / 0x8000_0001) * 2;
      return { atMs };
    });
    const served = run(model, arrivals);
    const totalMs = served.reduce(
      (sum, { finishedAtMs }, index) => sum + finishedAtMs - (arrivals[index]?.atMs ?? 0),
      0,
    );
    // 1 / (μ − λ) = 1 / (1 − 0.5) ms
    expect(totalMs / served.length).toBeGreaterThan(1.9);
    expect(totalMs / served.length).toBeLessThan(2.1);
  });

  it('repeats itself with the same seed and not with another', () => {
    const model: ServiceModel = { ...thousand, service: 'exponential' };
    const times = (seed: number) => run({ ...model, seed }, evenly(50, 1)).map(({ finishedAtMs }) => finishedAtMs);
    expect(times(3)).toEqual(times(3));
    expect(times(3)).not.toEqual(times(4));
  });
});
