/** Every hint, what it rests on and what it suggests, for people: the README's list is made from this. */
import { hintLimits as limit } from './hint-limits.ts';
import type { HintName } from './hint-reading.ts';

export interface HintKind {
  readonly restsOn: string;
  /** null: no knob helps. */
  readonly suggests: string | null;
}

const percent = (share: number): string => `${share * 100} %`;

export const hintKinds: Readonly<Record<HintName, HintKind>> = {
  'client-bound': {
    restsOn: `more than ${percent(limit.lateFraction)} of the messages offered late, a load thread at work ${percent(limit.loopBusy)} of the time, own garbage collection ${percent(limit.gcFraction)} of it, a virtual machine whose host gives ${percent(limit.stolenFraction)} of its CPU time to others (steal), or an SLO that is broken and holds from when messages were offered`,
    suggests: 'linger up where batches are small, lz4 in place of gzip or zstd, or the rate that is kept',
  },
  quota: { restsOn: 'throttle time above 0', suggests: 'the rate that the quota lets through' },
  'network-bound': {
    restsOn: `an idle ping ${limit.pingOverQuiet} × the quietest of the run and a round trip ${limit.roundTripOverQuiet} ×, ${percent(limit.sendWaitOfRoundTrip)} of which is waiting in the send buffer; not for brokers on this machine`,
    suggests: null,
  },
  replication: {
    restsOn: `acks=all less acks=1 is more than ${percent(limit.replicationShare)} of the round trip, where both were tried in the run and no other knob differed`,
    suggests: null,
  },
  'broker-bound': {
    restsOn: `the ping flat, and the round trip on all brokers ${limit.leastRoundTripMs} ms and ${limit.roundTripOverPing} pings or more, or ${limit.risenOverQuiet} × the quietest of the run; own event-loop delay less than ${percent(limit.ownShare)} of it`,
    suggests: 'a lower rate, where the round trip has risen',
  },
  'pipeline-bound': {
    restsOn: 'more and more messages between the input and the output topic, service flat',
    suggests: 'the rate that the processor keeps up with',
  },
  'consumer-bound': {
    restsOn: `lag that rises by more than 0.5 % of the rate (Theil–Sen, Mann–Kendall p < .01) and is above 0.1 s, while service does not rise by ${percent(limit.flatService)}`,
    suggests: 'more consumers, up to one a partition',
  },
  'partition skew': {
    restsOn: `one partition above ${limit.partitionOverMean} × the mean, chance apart, or one broker's round trip above ${limit.brokerOverMedian} × the median and ${limit.brokerAboveMedianMs} ms more`,
    suggests: null,
  },
  'batching-bound': {
    restsOn: `batches wait more than ${limit.queueOverRoundTrip} × their round trip: for linger where they are less than ${percent(limit.halfEmpty)} full, for their turn where they are ${percent(limit.full)} full and the queue grows or the buffer is full`,
    suggests: 'linger 0; or larger batches, more producers',
  },
  'flush/GC': {
    restsOn: `p99.9 of a second above ${limit.spikeOverMedian} × the usual at least ${limit.fewestSpikes} times a minute at one period, p50 unchanged; own pauses in those seconds tell whose it is`,
    suggests: null,
  },
  payload: {
    restsOn: `a codec, and a payload that is random (--payload-entropy 1, and a ratio below ${limit.randomRatio}) or hardly varies (--payload-entropy 0, or a ratio above ${limit.constantRatio})`,
    suggests: 'no compression, where the payload is random',
  },
};
