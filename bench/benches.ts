/** All benches, in the order in which they run. */
import type { Bench } from './bench.ts';
import { kafkaConsumeBench } from './kafka/consume.ts';
import { kafkaLatencyBench } from './kafka/latency.ts';
import { kafkaProduceBench } from './kafka/produce.ts';
import { kafkaSustainedBench } from './kafka/sustained.ts';
import { batchBench } from './micro/batch.ts';
import { checksumBench } from './micro/checksum.ts';
import { frameBench } from './micro/frame.ts';
import { laneBench } from './micro/lane.ts';
import { pacingBench } from './micro/pacing.ts';
import { recordWalkerBench } from './micro/record-walker.ts';
import { recorderBench } from './micro/recorder.ts';
import { sandboxConsumeBench } from './sandbox/consume.ts';
import { sandboxLatencyBench } from './sandbox/latency.ts';
import { sandboxProduceBench } from './sandbox/produce.ts';
import { soakBench } from './sandbox/soak.ts';
import { startUpBench } from './sandbox/start-up.ts';

export const benches: readonly Bench[] = [
  recorderBench,
  checksumBench,
  batchBench,
  recordWalkerBench,
  laneBench,
  pacingBench,
  frameBench,
  sandboxProduceBench,
  sandboxConsumeBench,
  sandboxLatencyBench,
  startUpBench,
  soakBench,
  kafkaProduceBench,
  kafkaConsumeBench,
  kafkaLatencyBench,
  kafkaSustainedBench,
];
