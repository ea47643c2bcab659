import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { kafkaAvailable } from './harness/jars.ts';
import { RealKafka } from './harness/kafka.ts';
import { expectDone, Loadtui } from './harness/loadtui.ts';

/** A load that a busy machine carries too, so that verdicts do not depend on it. */
const lightly = ['--preset', 'latency', '--rate', '2000', '--warm-up', '2s', '--no-achieved-gate', '--slo', 'none'];

describe.runIf(kafkaAvailable())('the main job against a real Kafka', () => {
  let kafka: RealKafka;
  let loadtui: Loadtui;

  beforeAll(async () => {
    kafka = await RealKafka.start({ tls: true });
  });

  afterAll(async () => {
    await kafka?.stop();
  });

  afterEach(async () => {
    await loadtui?.close();
  });

  const start = async (...args: readonly string[]): Promise<void> => {
    loadtui = await Loadtui.start('--brokers', kafka.bootstrap, ...args);
  };

  it('makes its topic, measures, saves, and leaves nothing behind', async () => {
    await start(...lightly, '--plain', '--duration', '5s', '--save', 'run.json');
    const { exitCode, stdout, stderr } = await loadtui.finished();
    expectDone({ exitCode, stdout, stderr });
    for (const line of stdout) expect([...line].length, line).toBeLessThanOrEqual(80);
    expect(stdout.join('\n')).not.toMatch(/SANDBOX|NaN|undefined/);

    const { cluster, totals, latency, run } = await loadtui.document('run.json');
    expect(run.verdict.exitCode).toBe(exitCode);
    expect(cluster).toMatchObject({ sandbox: false, brokers: [{ id: 1 }], version: { metadataVersion: '4.3-IV0' } });
    expect(cluster.topics).toMatchObject([{ created: true }]);
    expect(totals.scheduled).toBe(10_000);
    expect(totals).toMatchObject({
      acked: 10_000,
      failed: 0,
      missed: 0,
      missing: 0,
      duplicated: 0,
      reordered: 0,
      foreign: 0,
    });
    expect(totals.consumed).toBe(10_000);
    expect(latency.response.count).toBe(10_000);
    expect(latency.e2e.count).toBe(10_000);
    expect(latency.response.p50Ms).toBeGreaterThan(0);

    const made = cluster.topics.map((topic) => topic.name);
    const [topics, groups] = await Promise.all([kafka.tools.listTopics(), kafka.tools.listGroups()]);
    for (const name of made) expect(topics).not.toContain(name);
    expect(groups).toEqual([]);
  });

  it('makes topics with bounded retention, and keeps them when told to', async () => {
    await start(...lightly, '--plain', '--duration', '2s', '--keep-topics', '--save', 'run.json');
    expectDone(await loadtui.finished());
    const { cluster, wholeRun } = await loadtui.document('run.json');
    const name = cluster.topics[0]?.name ?? '';
    expect(name).toMatch(/^loadtui-/);
    const { config, partitions } = await kafka.tools.describeTopic(name);
    expect(partitions).toBe(cluster.topics[0]?.partitions);
    expect(config).toMatchObject({ 'retention.ms': '600000', 'segment.bytes': '268435456' });
    expect(await kafka.tools.logEnd(name)).toBe(wholeRun.acked + wholeRun.probes);
  });

  it('accounts for every record of an existing topic', async () => {
    await kafka.tools.createTopic('orders', 3);
    await start(...lightly, '--plain', '--duration', '5s', '--topic', 'orders', '--save', 'run.json');
    expectDone(await loadtui.finished());
    const { cluster, totals, wholeRun } = await loadtui.document('run.json');
    expect(cluster.topics).toMatchObject([{ name: 'orders', partitions: 3, replicationFactor: 1, created: false }]);
    expect(totals).toMatchObject({ failed: 0, missing: 0, duplicated: 0 });
    expect(wholeRun.logEndGrowth).toBe(wholeRun.acked + wholeRun.probes);
    expect(await kafka.tools.logEnd('orders')).toBe(wholeRun.acked + wholeRun.probes);
    expect(await kafka.tools.listTopics()).toContain('orders');
  });

  it('writes to a topic that holds records only with --yes', async () => {
    await kafka.tools.createTopic('in-use', 1);
    await kafka.tools.produce('in-use', 500, 100);

    await start(...lightly, '--plain', '--duration', '2s', '--topic', 'in-use');
    const refused = await loadtui.finished();
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toMatch(/in-use[\s\S]*--yes/);
    expect(await kafka.tools.logEnd('in-use')).toBe(500);
    await loadtui.close();

    await start(...lightly, '--plain', '--duration', '2s', '--topic', 'in-use', '--yes', '--save', 'run.json');
    expectDone(await loadtui.finished());
    const { totals, wholeRun } = await loadtui.document('run.json');
    expect(totals).toMatchObject({ missing: 0, duplicated: 0 });
    expect(await kafka.tools.logEnd('in-use')).toBe(500 + wholeRun.acked + wholeRun.probes);
  });

  it('names what is wrong with the topic or the cluster', async () => {
    await start(...lightly, '--plain', '--topic', 'order');
    const missing = await loadtui.finished();
    expect(missing.exitCode).toBe(3);
    expect(missing.stderr).toMatch(/order/);
    expect(missing.stderr).toMatch(/--create/);
    await loadtui.close();

    loadtui = await Loadtui.start(...lightly, '--plain', '--brokers', kafka.tlsAddress ?? '');
    const tls = await loadtui.finished();
    expect(tls.exitCode).toBe(3);
    expect(tls.stderr).toMatch(/TLS/);
    await loadtui.close();

    loadtui = await Loadtui.start(...lightly, '--plain', '--brokers', '127.0.0.1:1');
    const nobody = await loadtui.finished();
    expect(nobody.exitCode).toBe(3);
    expect(nobody.stderr).toContain('127.0.0.1:1');
  });
});
