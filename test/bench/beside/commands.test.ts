import { describe, expect, it } from 'vitest';
import { javaConsumerRate, rdkafkaRate, shownCommand, shownPlace } from '../../../bench/beside/commands.ts';
import { besidePace } from '../../../bench/beside/pace.ts';
import { allTasks } from '../../../bench/beside/tasks.ts';
import { parseCommandLine } from '../../../source/config/flags.ts';
import { resolvePlan } from '../../../source/config/resolve-plan.ts';

describe('reports of other tools', () => {
  it('reads the fetch rate of ConsumerPerformance', () => {
    const report = [
      'start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec',
      '2026-11-21 05:00:00:000, 2026-11-21 05:00:03:000, 95.3674, 31.78, 1000000, 333333.3, 500, 2500, 38.1, 400000.0000',
    ];
    expect(javaConsumerRate(report.join('\n'))).toBe(400_000);
  });

  it('reads the last rate of rdkafka_performance', () => {
    const report = ['% 1000 messages consumed in 10ms: 100000 msgs/s', '% 9 messages consumed in 9ms: 1357000 msgs/s'];
    expect(rdkafkaRate(report.join('\n'))).toBe(1_357_000);
  });

  it.each([javaConsumerRate, rdkafkaRate])('finds nothing where there is nothing', (read) => {
    expect(read('Segmentation fault')).toBeNull();
  });
});

describe('command lines', () => {
  const contestants = allTasks(besidePace(5)).flatMap((task) => [...task.contestants]);

  it('are shown without anything of this machine', () => {
    const shown = contestants.map(({ commandFor }) => shownCommand(commandFor));
    expect(shown).toContainEqual(expect.stringMatching(/^rdkafka_performance -P -b HOST:PORT -t TOPIC /));
    expect(shown).toContainEqual(expect.stringMatching(/^java .*-cp 'libs\/\*' org\.apache\.kafka\.tools\.Prod/));
    for (const line of shown) expect(line).not.toMatch(/127\.0\.0\.1| \/|node_modules/);
  });

  it("hold flags that loadtui takes, all for one broker's acknowledgement and batches of 64 KiB", () => {
    const runs = contestants
      .map(
        ({ commandFor }) => commandFor({ ...shownPlace, brokers: '127.0.0.1:9092', tlsBrokers: '127.0.0.1:9093' }).args,
      )
      .filter(([program]) => program === 'bin/loadtui.js');
    expect(runs.length).toBeGreaterThan(0);
    for (const [, subcommand, ...words] of runs) {
      expect(subcommand).toBe('run');
      const { given } = parseCommandLine(words);
      const { plan } = resolvePlan({ given, planPath: null, style: 'plain' });
      expect(plan).toMatchObject({ topic: 'TOPIC', acks: 1, batchSizeBytes: 65_536, lingerMs: 5, consumers: 0 });
    }
  });
});
