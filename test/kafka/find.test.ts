import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSlos } from '../../source/config/slo.ts';
import { Stage } from '../session/support/live-run.ts';
import { kafkaAvailable } from './harness/jars.ts';
import { RealKafka } from './harness/kafka.ts';

/** Searches in a fifth of their time: what is asked here is not how near they come. */
const hasty = { searchHaste: 5 };

describe.runIf(kafkaAvailable())('a search on a real Kafka', () => {
  let kafka: RealKafka;

  beforeAll(async () => {
    kafka = await RealKafka.start();
  });

  afterAll(async () => {
    await kafka?.stop();
  });

  const find = (changes: Parameters<Stage['run']>[1]): Parameters<Stage['run']>[1] => ({
    ...{ brokers: [kafka.bootstrap], task: 'find', quick: true, rate: 500, acks: 'all', messageSizeBytes: 1024 },
    ...changes,
  });
  const nowhere = { brokers: [] };

  it('ends at the cap where nothing gives way below it, and all messages have a fate', async (test) => {
    const slos = parseSlos('p90<1s, e2e.p90<1s, lag<5s');
    const run = new Stage(test).run(nowhere, find({ fromRate: 500, maxRate: 4000, slos }), hasty);
    const { document, exitCode } = await run.result;
    expect(document.search).toMatchObject({ outcome: 'at-cap', maxSustainableRate: 4000, limitedBy: null });
    expect(exitCode).toBe(0);
    const { totals, wholeRun } = document;
    expect(totals).toMatchObject({ acked: totals.scheduled, consumed: totals.scheduled, failed: 0, unknown: 0 });
    expect(totals).toMatchObject({ missing: 0, duplicated: 0, reordered: 0 });
    expect(wholeRun.acked + wholeRun.probes).toBe(wholeRun.logEndGrowth);
  });

  it('blames a quota for what a quota holds back', async (test) => {
    await kafka.tools.limitProducers(500_000);
    const run = new Stage(test).run(nowhere, find({ fromRate: 250, maxRate: 64_000, slos: parseSlos('p99<1s') }));
    await run.event('search', 'fail (throttle)');
    const { bracket, limitedBy } = run.view().searches[0] ?? {};
    expect(limitedBy).toBe('throttle');
    expect(bracket?.[1]).toBeLessThanOrEqual(2000);
    run.control.stop('quit');
  });
});
