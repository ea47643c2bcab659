import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Processor } from '../session/support/processor.ts';
import { kafkaAvailable } from './harness/jars.ts';
import { RealKafka } from './harness/kafka.ts';
import { expectDone, Loadtui } from './harness/loadtui.ts';

describe.runIf(kafkaAvailable())('a pipeline on a real Kafka', () => {
  let kafka: RealKafka;
  let loadtui: Loadtui;
  let processor: Processor;

  beforeAll(async () => {
    kafka = await RealKafka.start();
  });

  afterAll(async () => {
    await kafka?.stop();
  });

  afterEach(async () => {
    await processor?.stop();
    await loadtui?.close();
  });

  let attempt = 0;

  it('is measured from end to end, and the group of the job in it is watched as other tools see it', async () => {
    // Its own topics and group at each attempt.
    attempt++;
    const [from, to, group] = [`pipe-in-${attempt}`, `pipe-out-${attempt}`, `copier-${attempt}`];
    await kafka.tools.createTopic(from, 3);
    await kafka.tools.createTopic(to, 2);
    const job = { brokers: [kafka.bootstrap], from, to, group, perSecond: 5_000 };
    processor = new Processor({ ...job, partition: (at) => at % 2 });
    await processor.start();
    loadtui = await Loadtui.start(
      ...['--brokers', kafka.bootstrap, '--topic', from, '--consume-topic', to, '--watch-group', group],
      ...['--preset', 'latency', '--acks', 'all', '--rate', '500', '--warm-up', '1s', '--duration', '0', '--json'],
      ...['--no-achieved-gate', '--slo', 'none', '--commands', '-', '--save', 'run.json'],
    );
    const unknown = await loadtui.waitForLine('no commit yet', (line) =>
      line.includes(`"watched":[{"group":"${group}","lagMessages":null`),
    );
    await processor.commit();
    await loadtui.waitForLine(
      'the commit is seen',
      (line) =>
        new RegExp(`"watched":\\[\\{"group":"${group}","lagMessages":\\d+`).test(line) &&
        line.includes('"phase":"measuring"'),
      unknown,
    );
    loadtui.command(':quit');
    expectDone(await loadtui.finished());

    const { totals, wholeRun, latency, lag } = await loadtui.document('run.json');
    expect(totals.scheduled).toBeGreaterThan(0);
    expect(totals).toMatchObject({ acked: totals.scheduled, consumed: totals.scheduled, failed: 0, unknown: 0 });
    expect(totals).toMatchObject({ missing: 0, duplicated: 0, reordered: 0, foreign: 0 });
    expect(latency.e2e.count).toBe(totals.scheduled);
    expect(await kafka.tools.logEnd(from)).toBe(wholeRun.acked + wholeRun.probes);
    expect(await kafka.tools.logEnd(to)).toBe(wholeRun.acked + wholeRun.probes);
    const lastMs = Math.max(...lag.map(({ timeMs }) => timeMs));
    const watched = lag.filter((row) => row.group === group && row.timeMs === lastMs);
    const others = await kafka.tools.describeGroup(group);
    for (const { partition, committedOffset, logEndOffset } of watched) {
      const other = others.find((row) => row.topic === from && row.partition === partition);
      expect(other).toMatchObject({ currentOffset: committedOffset });
      // The last sample may be a moment older than the last record.
      expect(other?.logEndOffset).toBeGreaterThanOrEqual(logEndOffset ?? Number.POSITIVE_INFINITY);
    }
    expect(watched).toHaveLength(3);
  });
});
