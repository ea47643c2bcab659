/** What a client sees that waits for each answer before it asks again: a second opinion on a broker, during a run. */
import type { Histogram } from 'hdr-histogram-js';
import { createLatencyHistogram, recordLatency } from '../../../source/analysis/latency-summary.ts';
import type { Sandbox } from '../../../source/sandbox/types.ts';
import { makeBatch } from '../../sandbox/support/batches.ts';
import { RawClient } from '../../sandbox/support/raw-client.ts';

/** One message at a time to a topic of its own, the next no sooner than `pauseMs` after the last answer. */
export async function closedLoop(sandbox: Sandbox, goesOn: () => boolean, pauseMs = 1): Promise<Histogram> {
  const [broker] = sandbox.brokers;
  if (broker === undefined) throw new Error('a sandbox has a broker');
  const client = await RawClient.connect(broker);
  await client.createTopic('closed-loop');
  const batch = makeBatch();
  const histogram = createLatencyHistogram();
  while (goesOn()) {
    const sentMs = performance.now();
    await client.produce(batch, { topic: 'closed-loop' });
    recordLatency(histogram, (performance.now() - sentMs) * 1e6);
    await new Promise((wake) => setTimeout(wake, pauseMs));
  }
  client.close();
  return histogram;
}
