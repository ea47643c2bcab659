import { describe, expect, it } from 'vitest';
import type { HintName, HintReading } from '../../source/analysis/hint-reading.ts';
import { findHints } from '../../source/analysis/hints.ts';
import { reading } from './support/healthy-reading.ts';

type Row = readonly [what: string, given: HintReading, evidence: string, suggestion: unknown];

const rising = (from: number, step: number) =>
  Array.from({ length: 20 }, (_, at) => ({ lagMessages: from + at * step, lagMs: (from + at * step) / 10 }));
const slowly = [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5];
const growing = [1e6, 2e6, 3e6, 4e6, 5e6, 6e6, 7e6, 8e6];
/** A spike of so much every so many seconds. */
const spiky = (
  everyS: number,
  p999Ms: number,
  changes: { readonly p50Ms?: number; readonly gcPauseMs?: number } = {},
) =>
  Array.from({ length: 60 }, (_, at) => ({
    p50Ms: at % everyS === 0 ? (changes.p50Ms ?? 1) : 1,
    p999Ms: at % everyS === 0 ? p999Ms : 4,
    gcPauseMs: at % everyS === 0 ? (changes.gcPauseMs ?? 0.3) : 0.3,
  }));
const slowBrokers = [20, 24, 22].map((roundTripMs, brokerId) => ({ brokerId, roundTripMs }));
const slow = { roundTripMs: 22, brokers: slowBrokers };
const lag = rising(1_000, 500);
const skewOf = (maxOverMean: number, atLeast: number) => ({
  partitionSkew: { topic: 'orders', partition: 3, hottest: 3, maxOverMean, atLeast },
});

const found: Readonly<Record<HintName, readonly Row[]>> = {
  'client-bound': [
    ['late offers', reading({ lateFraction: 0.023 }), '2.3 % of the messages offered late', null],
    [
      'late offers, and the rate is not kept',
      reading({ lateFraction: 0.2, ackedRate: 8_140 }),
      '20 % of the messages',
      { knob: 'rate', from: 10_000, to: 8_100 },
    ],
    [
      'a busy thread that sends batch by batch',
      reading({ loopBusy: 0.97, recordsPerBatch: 2 }),
      'the busiest load thread is at work 97 % of the time',
      { knob: 'lingerMs', from: 0, to: 0.5 },
    ],
    [
      'a busy thread',
      reading({ loopBusy: 1, recordsPerBatch: 500, targetRate: null }, { rate: null }),
      'at work 100 % of the time',
      null,
    ],
    [
      'a busy thread that compresses dearly',
      reading({ loopBusy: 1, recordsPerBatch: 500, compressionRatio: 3, payloadEntropy: 0.3 }, { compression: 'zstd' }),
      'at work 100 % of the time, zstd included',
      { knob: 'compression', from: 'zstd', to: 'lz4' },
    ],
    [
      'own garbage collection',
      reading({ gcFraction: 0.08, gcLongestMs: 41 }),
      'longest own GC pause 41 ms (8 % of the time)',
      null,
    ],
    [
      'a host that is busy with others',
      reading({ stolenFraction: 0.116 }),
      'the host of this machine gives 12 % of its CPU time to others',
      null,
    ],
    [
      'an objective that holds by service',
      reading({ brokenByClient: 'response.p99<10ms' }),
      'response.p99<10ms holds from when messages were offered',
      null,
    ],
  ],
  quota: [
    [
      'throttled and cut',
      reading({ throttleMs: 900, ackedRate: 6_210 }),
      'brokers asked producers to wait in the last 10 s (900 ms, all batches together); 6.21 k/s of 10 k/s asked for',
      { knob: 'rate', from: 10_000, to: 6_200 },
    ],
    [
      'throttled and kept',
      reading({ throttleMs: 5 }),
      '10 k/s of 10 k/s asked for are acknowledged',
      { knob: 'rate', from: 10_000, to: 9_000 },
    ],
    [
      'throttled, unthrottled by us',
      reading({ throttleMs: 5, targetRate: null, ackedRate: 500 }, { rate: null }),
      '500/s are acknowledged',
      null,
    ],
  ],
  'network-bound': [
    [
      'ping, round trip and send buffer',
      reading({ pingMs: 3, roundTripMs: 8, sendWaitMs: 5 }),
      'of a round trip of 8 ms (once 0.45 ms) 5 ms is waiting in the send buffer, and an idle ping takes 3 ms (once 0.18 ms)',
      null,
    ],
  ],
  replication: [
    [
      'most of the round trip',
      reading({ acksCompared: { oneMs: 2, allMs: 5 } }, { acks: 'all' }),
      'round trip 5 ms with acks=all and 2 ms with acks=1: 60 % is waiting for replicas',
      null,
    ],
  ],
  'broker-bound': [
    [
      'slow on all brokers',
      reading(slow),
      'round trip 22 ms (once 0.45 ms) on all 3 brokers, 20 ms at least, while an idle ping takes 0.2 ms; own event loop late by 0.1 ms',
      { knob: 'rate', from: 10_000, to: 8_000 },
    ],
    ['slow from the start', reading({ ...slow, quietRoundTripMs: 21 }), 'round trip 22 ms on all 3 brokers', null],
    [
      'risen, though not long',
      reading({ roundTripMs: 3, brokers: [] }),
      'round trip 3 ms (once 0.45 ms), while',
      { knob: 'rate', from: 10_000, to: 8_000 },
    ],
  ],
  'pipeline-bound': [
    [
      'more and more inside',
      reading({
        pipeline: {
          samples: Array.from({ length: 12 }, (_, at) => ({ inPipeline: 5_000 + at * 2_000, serviceMs: 1 })),
          ackedRate: 10_000,
          watched: null,
        },
      }),
      '27,000 messages in the pipeline, 2,000/s more, while service stays at 1.00 ms',
      { knob: 'rate', from: 10_000, to: 8_000 },
    ],
  ],
  'consumer-bound': [
    [
      'lag rises',
      reading({ lag }),
      'lag 10,500 messages (1.05 s behind) and 1,000/s more, e2e p50 1.6 ms, while service stays at 1.1 ms',
      { knob: 'consumers', from: 1, to: 2 },
    ],
    [
      'they are paused',
      reading({ lag, consumersPaused: true, e2eP50Ms: null }),
      'consumers are paused: lag 10,500 messages (1.05 s behind) and 1,000/s more, while',
      null,
    ],
    ['one for each partition already', reading({ lag, consumers: 9 }, { consumers: 9 }), 'lag 10,500', null],
  ],
  'partition skew': [
    ['one partition', reading(skewOf(4.24, 3.9)), 'partition 3 of orders gets 4.24 × the mean of all partitions', null],
    [
      'one broker',
      reading({ brokers: [1, 1.2, 4].map((roundTripMs, brokerId) => ({ brokerId, roundTripMs })) }),
      'broker 2 takes 4 ms to answer, 3.33 × the median',
      null,
    ],
  ],
  'batching-bound': [
    [
      'waits for linger',
      reading({ queueMs: 5, batchFill: 0.12 }, { lingerMs: 5 }),
      'a batch waits 5 ms and its answer takes 0.5 ms: 91 % is waiting for linger, batches 12 % full',
      { knob: 'lingerMs', from: 5, to: 0 },
    ],
    [
      'full and blocked',
      reading({
        queueMs: 80,
        roundTripMs: 3,
        brokers: [],
        quietRoundTripMs: 2.5,
        batchFill: 0.98,
        blockedFraction: 0.4,
      }),
      'batches 98 % full wait 80 ms, 26.7 × their round trip of 3 ms, and the buffer is full 40 % of the time',
      { knob: 'batchSize', from: 16_384, to: 32_768 },
    ],
    [
      'full and growing',
      reading(
        { queueMs: 80, roundTripMs: 3, brokers: [], quietRoundTripMs: 2.5, batchFill: 0.98, bufferedBytes: growing },
        { batchSize: 2 ** 20 },
      ),
      'the queue grows',
      { knob: 'producers', from: 1, to: 2 },
    ],
  ],
  'flush/GC': [
    [
      "a broker's",
      reading({ seconds: spiky(10, 48) }),
      "p99.9 goes from 4 ms to 48 ms about every 10 s, p50 stays at 1 ms; our own garbage collection took 0.3 ms in those seconds: it is the broker's",
      null,
    ],
    [
      'our own',
      reading({ seconds: spiky(7, 48, { gcPauseMs: 45 }) }),
      'about every 7 s, p50 stays at 1 ms; our own garbage collection took 45 ms in those seconds: it is ours',
      null,
    ],
  ],
  payload: [
    [
      'random',
      reading({ compressionRatio: 1.02 }, { compression: 'lz4' }),
      'the payload is random: lz4 costs CPU and gives 1.02×; --payload-entropy 0.3 is nearer to real data',
      { knob: 'compression', from: 'lz4', to: 'none' },
    ],
    [
      'random letters, which entropy coding still takes to six bits',
      reading({ compressionRatio: 1.334 }, { compression: 'zstd' }),
      'zstd costs CPU and gives 1.33×',
      { knob: 'compression', from: 'zstd', to: 'none' },
    ],
    [
      'constant',
      reading({ compressionRatio: 3.6, payloadEntropy: 0 }, { compression: 'gzip' }),
      'the payload is constant: gzip gives 3.6×, which real data would not; --payload-entropy 0.3',
      null,
    ],
    [
      'hardly varied',
      reading({ compressionRatio: 31, payloadEntropy: 0.01 }, { compression: 'zstd' }),
      'the payload hardly varies: zstd gives 31×',
      null,
    ],
  ],
};

/** Just not: what each hint needs is there but for one thing. */
const nearMisses: readonly (readonly [what: string, given: HintReading])[] = [
  ['a healthy run', reading()],
  ['random, and no codec', reading({ compressionRatio: 1 })],
  ['a codec, and nothing is sent', reading({ compressionRatio: null }, { compression: 'lz4' })],
  ['some of it is random', reading({ compressionRatio: 2.8, payloadEntropy: 0.3 }, { compression: 'lz4' })],
  ['nearly all of it is random', reading({ compressionRatio: 1.1, payloadEntropy: 0.9 }, { compression: 'lz4' })],
  ['random, and short: it is framing that is compressed', reading({ compressionRatio: 1.5 }, { compression: 'zstd' })],
  ['much the same', reading({ compressionRatio: 20, payloadEntropy: 0.05 }, { compression: 'zstd' })],
  ['99 % offered in time', reading({ lateFraction: 0.01 })],
  ['a busy thread with some rest', reading({ loopBusy: 0.94 })],
  ['some garbage', reading({ gcFraction: 0.049, gcLongestMs: 60 })],
  ['a host that has others too', reading({ stolenFraction: 0.019 })],
  [
    'ping and round trip are up, and nothing waits in the send buffer',
    reading({ pingMs: 3, roundTripMs: 8, sendWaitMs: 1 }),
  ],
  [
    'the same on this machine: there is no network',
    reading({ pingMs: 3, roundTripMs: 8, sendWaitMs: 5, isLocal: true }),
  ],
  ['bytes wait, and the ping is as ever', reading({ roundTripMs: 2.2, brokers: [], sendWaitMs: 2 })],
  ['replicas cost half of it', reading({ acksCompared: { oneMs: 2.5, allMs: 5 } }, { acks: 'all' })],
  ['acks=1 now', reading({ acksCompared: { oneMs: 2, allMs: 5 } }, { acks: 1 })],
  [
    'one broker is as fast as ever',
    reading({ ...slow, brokers: [20, 24, 0.5].map((roundTripMs, brokerId) => ({ brokerId, roundTripMs })) }),
  ],
  ['slow to answer a ping as well', reading({ ...slow, pingMs: 20, quietPingMs: 19, quietRoundTripMs: 20 })],
  ['our own event loop explains it', reading({ ...slow, loopDelayP99Ms: 9 })],
  ['acks=0: nobody answers', reading({ roundTripMs: null, brokers: [] }, { acks: 0 })],
  ['much lag that does not rise', reading({ lag: rising(100_000, 0) })],
  ['lag rises by less than 0.5 % of the rate', reading({ lag: rising(5_000, 24) })],
  ['lag rises and is less than 0.1 s', reading({ lag: rising(10, 30) })],
  ['lag rises because the cluster slows down', reading({ lag, serviceMs: slowly })],
  ['nobody reads', reading({ lag, consumers: 0 })],
  ['lag is not known', reading({ lag: [] })],
  ['1.5 × the mean', reading(skewOf(1.5, 1.5))],
  ['skew that may be chance', reading(skewOf(2.6, 1.1))],
  ['twice the median', reading({ brokers: [2, 2, 4].map((roundTripMs, brokerId) => ({ brokerId, roundTripMs })) })],
  [
    'a broker that is slower by nothing worth telling',
    reading({ brokers: [0.3, 0.3, 1.2].map((roundTripMs, brokerId) => ({ brokerId, roundTripMs })) }),
  ],
  ['batches half full', reading({ queueMs: 5, batchFill: 0.5 }, { lingerMs: 5 })],
  [
    'the wait is no more than twice the answer',
    reading({ queueMs: 5, roundTripMs: 2.5, brokers: [], quietRoundTripMs: 2, batchFill: 0.1 }, { lingerMs: 5 }),
  ],
  ['the wait is not for linger', reading({ queueMs: 5, batchFill: 0.1 }, { lingerMs: 100 })],
  ['no linger, and the pacing alone', reading({ queueMs: 1.4, batchFill: 0.1 })],
  [
    'full batches that go out as they should',
    reading({ queueMs: 80, roundTripMs: 3, brokers: [], quietRoundTripMs: 2.5, batchFill: 0.98 }),
  ],
  ['four spikes', reading({ seconds: spiky(16, 48) })],
  [
    'spikes at no period',
    reading({
      seconds: spiky(60, 4).map((second, at) =>
        [3, 9, 12, 30, 33, 51].includes(at) ? { ...second, p999Ms: 48 } : second,
      ),
    }),
  ],
  ['p50 rises with them', reading({ seconds: spiky(10, 48, { p50Ms: 9 }) })],
  ['spikes of nothing much', reading({ seconds: spiky(10, 8) })],
  ['every other second: no spikes', reading({ seconds: spiky(2, 48) })],
  ['the first seconds', reading({ seconds: spiky(3, 48).slice(0, 15) })],
];

describe('findHints', () => {
  describe.each(Object.entries(found))('%s', (name, rows) => {
    it.each(rows)('%s', (_what, given, evidence, suggestion) => {
      const hints = findHints(given);
      expect(hints.map((hint) => hint.name)).toEqual([name]);
      expect(hints[0]?.evidence).toContain(evidence);
      expect(hints[0]?.suggestion).toEqual(suggestion);
    });
  });

  it.each(nearMisses)('nothing: %s', (_what, given) => {
    expect(findHints(given)).toEqual([]);
  });

  it('goes by our own lateness, not by its name: a round trip is no longer for a late offer', () => {
    expect(findHints(reading({ ...slow, lateFraction: 0.1 })).map(({ name }) => name)).toEqual([
      'client-bound',
      'broker-bound',
    ]);
  });

  it('gives several, worst first', () => {
    const given = reading({ ...skewOf(4, 3.9), lag, queueMs: 5, batchFill: 0.12 }, { lingerMs: 5 });
    expect(findHints(given).map(({ name }) => name)).toEqual(['consumer-bound', 'partition skew', 'batching-bound']);
  });

  it.each([
    ['our own pauses make spikes', reading({ seconds: spiky(10, 48), gcFraction: 0.1 }), ['client-bound']],
    [
      'not so a host that takes the CPU away',
      reading({ seconds: spiky(10, 48), stolenFraction: 0.1 }),
      ['client-bound', 'flush/GC'],
    ],
    ['a quota makes queues', reading({ ...slow, throttleMs: 100 }), ['quota']],
    [
      'replicas are why brokers take long',
      reading({ ...slow, acksCompared: { oneMs: 2, allMs: 22 } }, { acks: 'all' }),
      ['replication'],
    ],
  ])('says a thing once: %s', (_what, given, names) => {
    expect(findHints(given).map(({ name }) => name)).toEqual(names);
  });
});
