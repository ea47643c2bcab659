/** What a run suffers from, the evidence first: all hints that a reading gives, worst first. Pure. */
import { batchingBound } from './hint-batching.ts';
import { clientBound } from './hint-client.ts';
import { brokerBound, networkBound, quota, replication } from './hint-cluster.ts';
import { consumerBound, pipelineBound } from './hint-consumers.ts';
import { payload } from './hint-payload.ts';
import { type Finding, type HintName, type HintReading, hintNames } from './hint-reading.ts';
import { skewed } from './hint-skew.ts';
import { periodicSpikes } from './hint-spikes.ts';

const finders: Readonly<Record<HintName, (reading: HintReading) => Finding | null>> = {
  'client-bound': clientBound,
  quota,
  'network-bound': networkBound,
  replication,
  'broker-bound': brokerBound,
  'pipeline-bound': pipelineBound,
  'consumer-bound': consumerBound,
  'partition skew': skewed,
  'batching-bound': batchingBound,
  'flush/GC': periodicSpikes,
  payload,
};

/** Where the one is found, the others say the same thing less well, or their figures are not to be trusted. */
const explains: Readonly<Partial<Record<HintName, readonly HintName[]>>> = {
  quota: ['broker-bound', 'batching-bound'],
  'network-bound': ['broker-bound'],
  replication: ['broker-bound'],
};

/**
 * In the order of `hintNames`: first what spoils the figures, then what caps the rate, then what adds to latency; last what
 * real data would not show.
 */
export function findHints(reading: HintReading): readonly Finding[] {
  const found = hintNames.flatMap((name) => finders[name](reading) ?? []);
  const explained = new Set(found.flatMap(({ name }) => explains[name] ?? []));
  return found.filter(({ name }) => !explained.has(name));
}
