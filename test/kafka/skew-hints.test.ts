import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { kafkaAvailable } from './harness/jars.ts';
import { RealKafka } from './harness/kafka.ts';
import { expectDone, Loadtui } from './harness/loadtui.ts';

describe.runIf(kafkaAvailable())('skew and hints on a real Kafka', () => {
  let kafka: RealKafka;

  beforeAll(async () => {
    kafka = await RealKafka.start();
  });

  afterAll(async () => {
    await kafka?.stop();
  });

  const start = async (topic: string, ...args: readonly string[]): Promise<Loadtui> => {
    await kafka.tools.createTopic(topic, 6);
    const loadtui = await Loadtui.start(
      ...['--brokers', kafka.bootstrap, '--topic', topic, '--json', '--commands', '-', '--duration', '0'],
      ...['--preset', 'latency', '--warm-up', '1s', '--no-achieved-gate', '--save', 'end.json', ...args],
    );
    onTestFinished(() => loadtui.close());
    return loadtui;
  };
  const hint = (loadtui: Loadtui, name: string): Promise<number> =>
    loadtui.waitForLine(`hint ${name}`, (line) => line.includes(`"message":"hint ${name}`));

  it('counts by partition what lies in the logs, and names the one that has too much', async () => {
    const loadtui = await start('skewed', '--rate', '2000', '--keys', 's-:100:zipf=1.5');
    await hint(loadtui, 'partition skew');
    loadtui.command(':quit');
    expectDone(await loadtui.finished());
    const { skew, hints, wholeRun } = await loadtui.document('end.json');
    const logEnds = await kafka.tools.logEndOffsets('skewed');
    // One probe lies in each partition besides.
    const counted = skew?.partitions.map(({ partition, acked }) => [partition, acked + 1] as const);
    expect(new Map(counted)).toEqual(logEnds);
    expect(skew?.brokers).toMatchObject([{ acked: wholeRun.acked }]);
    const [largest] = skew?.partitions ?? [];
    const found = hints.find(({ name }) => name === 'partition skew');
    expect(found?.evidence).toContain(`partition ${largest?.partition} of skewed gets`);
  });

  it('names the quota that holds producers back, and suggests a rate that it lets through', async () => {
    await kafka.tools.limitProducers(500_000);
    const loadtui = await start('limited', '--rate', '2000', '--message-size', '1KiB');
    await hint(loadtui, 'quota');
    loadtui.command(':quit');
    await loadtui.finished();
    const { hints } = await loadtui.document('end.json');
    const suggestion = hints.find(({ name }) => name === 'quota')?.suggestion;
    expect(suggestion).toMatchObject({ knob: 'rate', from: 2000 });
    expect(Number(suggestion?.to)).toBeLessThan(1_000);
  });
});
