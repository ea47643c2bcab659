/** What a run of `--preset latency` in good health reads as. */
import type { HintReading } from '../../../source/analysis/hint-reading.ts';
import { plannedKnobs } from '../../../source/session/knob-board.ts';
import { defaultPlan } from '../../support/default-plan.ts';

const knobs = plannedKnobs({
  ...defaultPlan,
  rate: 10_000,
  messageSizeBytes: 100,
  batchSizeBytes: 16_384,
  lingerMs: 0,
  producers: 1,
  consumers: 1,
  acks: 1,
});

const healthy: HintReading = {
  windowS: 10,
  knobs,
  targetRate: 10_000,
  ackedRate: 9_998,
  queueMs: 0.6,
  roundTripMs: 0.5,
  batchFill: 0.08,
  recordsPerBatch: 9,
  payloadEntropy: 1,
  compressionRatio: 1,
  blockedFraction: 0,
  bufferedBytes: [900, 0, 1_100, 950, 0, 800, 1_000, 0, 900, 870],
  isLocal: false,
  pingMs: 0.2,
  quietPingMs: 0.18,
  quietRoundTripMs: 0.45,
  sendWaitMs: 0,
  throttleMs: 0,
  brokers: [
    { brokerId: 1, roundTripMs: 0.5 },
    { brokerId: 2, roundTripMs: 0.6 },
    { brokerId: 3, roundTripMs: 0.4 },
  ],
  acksCompared: null,
  lateFraction: 0.0002,
  brokenByClient: null,
  loopBusy: 0.12,
  loopDelayP99Ms: 0.1,
  gcLongestMs: 0.8,
  gcFraction: 0.001,
  stolenFraction: 0.002,
  consumers: 1,
  consumersPaused: false,
  partitions: 9,
  lag: Array.from({ length: 20 }, (_, at) => ({ lagMessages: 40 + ((at * 7) % 13), lagMs: 4 + (at % 3) })),
  serviceMs: [1.1, 1, 1.2, 1.1, 1, 1.05, 1.1, 1.2, 1, 1.1],
  e2eP50Ms: 1.6,
  partitionSkew: { topic: 't', partition: 4, hottest: 4, maxOverMean: 1.2, atLeast: 0.7 },
  seconds: Array.from({ length: 60 }, (_, at) => ({ p50Ms: 1, p999Ms: 4 + (at % 5), gcPauseMs: 0.3 })),
  pipeline: null,
};

export function reading(
  changes: Partial<Omit<HintReading, 'knobs'>> = {},
  turned: Partial<HintReading['knobs']> = {},
): HintReading {
  return { ...healthy, ...changes, knobs: { ...healthy.knobs, ...turned } };
}
