import { describe, expect, it } from 'vitest';
import { ReplayPictures } from '../../source/session/replay-view.ts';
import { fakeSearch, fakeStep } from '../ui/fake-search.ts';
import { sampleDocument, sampleInterval, sampleState, sampleTotals, startMs } from './sample.ts';

const pictures = (...changes: Parameters<typeof sampleDocument>) => new ReplayPictures(sampleDocument(...changes));
const event = (second: number, changes: object = {}) => ({
  timeMs: startMs + second * 1000,
  type: 'knob' as const,
  message: `at ${second}`,
  outcome: null,
  mark: null,
  fields: {},
  ...changes,
});

describe('the length of a saved session', () => {
  it('is that of the run; of one that broke off, until its last second', () => {
    expect(pictures().lengthMs).toBe(4200);
    const { run } = sampleState();
    expect(pictures({ run: { ...run, endedAtMs: null } }).lengthMs).toBe(4000);
    expect(pictures({ run: { ...run, endedAtMs: null }, intervals: [] }).lengthMs).toBe(0);
  });
});

describe('a picture of a saved session', () => {
  it('says what ran where', () => {
    expect(pictures().at(2500)).toMatchObject({
      nowMs: startMs + 2500,
      elapsedMs: 2500,
      runId: '0123456789abcdef',
      plan: { preset: 'latency', mode: 'both', slos: [{ text: 'response.p99<10ms' }] },
      sandbox: false,
      cluster: { brokers: 1, version: '4.3-IV0', address: 'b1:9092' },
      topic: { name: 'orders-load', partitions: 12, replicationFactor: 3, count: 1 },
    });
  });

  it('has the phase of its moment, and the figures of the last full second', () => {
    const intervals = [0, 1, 2, 3].map((second) =>
      sampleInterval(second, { ackedRate: 100 * second, inFlight: second, lagMessages: second }),
    );
    const shown = (positionMs: number) => {
      const { phase, phaseElapsedMs, ackedRate, inFlight, points, lag } = pictures({ intervals }).at(positionMs);
      return [phase, phaseElapsedMs, ackedRate, inFlight, points.length, lag.totalMessages];
    };
    expect(shown(500)).toEqual(['warm-up', 500, 0, 0, 0, null]);
    expect(shown(1000)).toEqual(['measuring', 0, 0, 0, 1, 0]);
    expect(shown(2999)).toEqual(['measuring', 1999, 100, 1, 2, 1]);
    expect(shown(3000)).toEqual(['measuring', 2000, 200, 2, 3, 2]);
    expect(shown(4200)).toEqual(['measuring', 3200, 300, 3, 4, 3]);
  });

  it('begins before the load', () => {
    const late = pictures({ intervals: [sampleInterval(2)] }).at(0);
    expect(late).toMatchObject({
      phase: 'connecting',
      targetRate: 1000,
      ackedRate: 0,
      inFlight: 0,
      slos: [{ held: null }],
    });
    expect(late.latency.response.p99.valueMs).toBeNull();
  });

  it('keeps the latencies of the load while it drains', () => {
    const none = { ...sampleInterval(3).response, count: 0, p50Ms: null, p99Ms: null, p999Ms: null };
    const draining = sampleInterval(3, { phase: 'draining', targetRate: 0, ackedRate: 7, response: none });
    const view = pictures({ intervals: [1, 2].map((second) => sampleInterval(second)).concat(draining) }).at(4000);
    expect(view).toMatchObject({ phase: 'draining', ackedRate: 7, achievedFraction: null, slos: [{ held: true }] });
    expect(view.latency.response.p99.valueMs).toBe(2.99);
  });

  it('has the knobs of the epoch', () => {
    const [epoch] = sampleState().epochs;
    if (epoch === undefined) throw new Error('the sample has an epoch');
    const epochs = [epoch, { ...epoch, index: 1, knobs: { rate: { requested: 2000, applied: 1000 } } }];
    const intervals = [0, 1, 2].map((second) => sampleInterval(second, { epoch: second === 2 ? 1 : 0 }));
    const knobsAt = (positionMs: number) => pictures({ epochs, intervals }).at(positionMs).knobs;
    expect(knobsAt(1500).find(({ name }) => name === 'rate')).toMatchObject({ requested: 1000, applied: 1000 });
    expect(knobsAt(2000)).toEqual([
      { name: 'rate', requested: 2000, applied: 1000, appliedThreads: 1, totalThreads: 1, note: null },
    ]);
  });

  it('has the events up to its moment, marks on the axis, and what was paused', () => {
    const events = [
      event(1, { mark: 1, fields: { knob: 'rate' } }),
      event(2, { type: 'pause' }),
      event(2.5, { type: 'pause', fields: { consumers: true } }),
      event(3, { type: 'resume', mark: 2 }),
    ];
    const at = (positionMs: number) => pictures({ events }).at(positionMs);
    expect(at(999).events).toEqual([]);
    expect(at(1000).events).toEqual([events[0]]);
    expect(at(4000).points.map(({ marks }) => marks)).toEqual([[], [1], [], [2]]);
    const paused = [1500, 2000, 2600, 3000].map((ms) => [at(ms).paused, at(ms).consumersPaused]);
    expect(paused).toEqual([
      [false, false],
      [true, false],
      [true, true],
      [false, true],
    ]);
  });

  it('adds up the warm-up, then the measured messages; what is missing never exceeds the account', () => {
    const intervals = [0, 1, 2, 3].map((second) => sampleInterval(second, { consumed: second === 2 ? 990 : 1000 }));
    const totalsAt = (positionMs: number) =>
      pictures({ intervals, totals: { ...sampleTotals, missing: 8 } }).at(positionMs).totals;
    expect([1000, 2000, 3000, 4000].map((ms) => totalsAt(ms).acked)).toEqual([1000, 1000, 2000, 3000]);
    expect([2000, 3000, 4000].map((ms) => totalsAt(ms).missing)).toEqual([0, 8, 8]);
    expect(pictures({ intervals, totals: { ...sampleTotals, missing: null } }).at(4000).totals.missing).toBeNull();
  });

  it('has what went over the wire, by second and in all, and the ratio at the knob of a codec', () => {
    const [epoch] = sampleState().epochs;
    if (epoch === undefined) throw new Error('the sample has an epoch');
    const epochs = [{ ...epoch, knobs: { compression: { requested: 'lz4', applied: 'lz4' } } } as const];
    const intervals = [
      sampleInterval(1, { wireBytesSent: 50_000, compressionRatio: 2 }),
      sampleInterval(2, { wireBytesSent: 50_000, compressionRatio: 4 }),
      sampleInterval(3, { sent: 0, sentRate: 0, wireBytesSent: 0, compressionRatio: null }),
    ];
    const shown = pictures({ epochs, intervals });
    const at = (positionMs: number) => {
      const { compressionRatio, knobs, totals, wireBytesRate } = shown.at(positionMs);
      return [wireBytesRate, compressionRatio, knobs[0]?.note, totals.wireBytesSent, totals.compressionRatio];
    };
    expect(at(2000)).toEqual([50_000, 2, '2.0×', 50_000, 2]);
    expect(at(3000)).toEqual([50_000, 4, '4.0×', 100_000, 3]);
    expect(at(4000)).toEqual([0, null, null, 100_000, 3]);
  });

  it('of a pipeline names both topics, and has what was inside', () => {
    const { cluster, plan } = sampleState();
    const [topic] = cluster.topics;
    if (topic === undefined) throw new Error('the sample has a topic');
    const { inPipeline, ...view } = pictures({
      plan: { ...plan, plan: { ...plan.plan, consumeTopic: 'out' } },
      cluster: { ...cluster, topics: [topic, { ...topic, name: 'out', partitions: 2 }] },
      intervals: [0, 1].map((second) => sampleInterval(second, { inPipeline: 10 * second })),
    }).at(2000);
    expect(inPipeline).toBe(10);
    expect(view.topic).toMatchObject({ name: 'orders-load', count: 1, consumed: 'out' });
    expect(view.lag.partitions).toBe(2);
    expect(pictures({}).at(2000)).not.toHaveProperty('inPipeline');
  });

  it('has the lag rows of the last sample, worst first', () => {
    const [sample] = sampleState().lag;
    if (sample === undefined) throw new Error('the sample has a lag row');
    const lag = [
      { ...sample, partition: 0, lag: 5 },
      { ...sample, partition: 1, lag: 9 },
      { ...sample, partition: 2, lag: null },
      { ...sample, timeMs: startMs + 3000, partition: 3, lag: 1 },
    ];
    const rowsAt = (positionMs: number) =>
      pictures({ lag })
        .at(positionMs)
        .lag.rows.map(({ partition }) => partition);
    expect(rowsAt(2999)).toEqual([1, 0, 2]);
    expect(rowsAt(3000)).toEqual([3]);
    expect(pictures({ lag }).at(0).lag).toMatchObject({ group: 'loadtui-0123456789abcdef', partitions: 12 });
  });

  it("keeps other people's groups apart", () => {
    const [sample] = sampleState().lag;
    if (sample === undefined) throw new Error('the sample has a lag row');
    const { plan } = sampleState();
    const theirs = { group: 'theirs', lagMessages: 40, lagMs: 12, commitAgeMs: 900 };
    const { lag } = pictures({
      plan: { ...plan, plan: { ...plan.plan, watchGroups: ['theirs'] } },
      lag: [sample, { ...sample, group: 'theirs', position: null, lag: null, partition: 3, committedLag: 40 }],
      intervals: [sampleInterval(0, { watched: [theirs] })],
    }).at(4000);
    expect(lag.rows.map(({ partition }) => partition)).toEqual([7]);
    expect(lag.watched).toMatchObject([{ ...theirs, isFresh: true }]);
    expect(pictures().at(4000).lag).not.toHaveProperty('watched');
  });

  it.each([
    [0.1, true, 'client ok: slip p99 0.1 ms'],
    [5, true, 'client ok: slip p99 5.0 ms'],
    [5.1, false, 'client-bound: slip p99 5.1 ms'],
  ])('says that the client was late where p99 of slip is %d ms: %s', (p99Ms, ok, text) => {
    const intervals = [sampleInterval(0, { slip: { ...sampleInterval(0).slip, p99Ms } })];
    expect(pictures({ intervals }).at(1000).clientHealth).toEqual({ ok, text });
  });

  it('has the bytes of the values, and the history of the machine', () => {
    const view = pictures().at(4000);
    expect(view).toMatchObject({ ackedBytesRate: 100_000, consumedBytesRate: 100_000, retryRate: 0 });
    expect(view.host.networkBytesRate).toEqual({ values: [360_000, 360_000, 360_000, 360_000], current: 360_000 });
    expect(view.host.diskBytesRate.current).toBeNull();
  });
});

it.each(['find', 'sweep'] as const)('of a run whose task was to %s judges no second by the objectives', (task) => {
  const { plan } = sampleState();
  expect(pictures({ plan: { ...plan, plan: { ...plan.plan, task } } }).at(4000).slos).toEqual([]);
  expect(pictures().at(4000).slos).toHaveLength(1);
});

describe('a search in a picture of a saved session', () => {
  const at = (second: number) => startMs + second * 1000;
  /** A step of three seconds, the first of which is left out. */
  const step = (second: number, changes: Parameters<typeof fakeStep>[2] = {}) =>
    fakeStep(1000 * (second + 1), 20, { timeMs: at(second), discardedMs: 1000, durationMs: 2000, ...changes });
  const failed = step(3, { verdict: 'fail', limitedBy: 'latency', marginal: true });
  const search = (changes: Parameters<typeof fakeSearch>[0] = {}) =>
    fakeSearch({ timeMs: at(0), durationMs: 6000, steps: [step(0), failed], ...changes });
  const searchesAt = (second: number, ...searches: ReturnType<typeof search>[]) =>
    pictures({ searches: searches.length === 0 ? [search()] : searches }).at(second * 1000).searches;

  it('says nothing about a step before that is over', () => {
    const [shown] = searchesAt(5);
    expect(shown?.steps[0]).toEqual(step(0));
    expect(shown?.steps[1]).toMatchObject({
      targetRate: failed.targetRate,
      durationMs: 1000,
      verdict: 'unsure',
      marginal: false,
      limitedBy: null,
      overFraction: null,
      response: { count: 0, p99Ms: null },
      e2e: { count: 0, p99Ms: null },
    });
    expect(searchesAt(6)[0]?.steps[1]).toEqual(failed);
  });

  it('says nothing of what it comes to before it is over', () => {
    const nothing = { outcome: 'running', knee: null, maxSustainableRate: null, bracket: null, limitedBy: null };
    expect(searchesAt(5)).toMatchObject([nothing]);
    expect(searchesAt(6)).toEqual([search()]);
  });

  it('is over with its last step where it stood still in between', () => {
    const resumed = search({ steps: [step(0), { ...failed, timeMs: at(60) }] });
    expect(searchesAt(61, resumed)).toMatchObject([{ outcome: 'running' }]);
    expect(searchesAt(63, resumed)).toEqual([resumed]);
  });
});
