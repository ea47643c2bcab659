/** Clients of others, as second opinions on what was written: the values of a topic, as each of them reads it. */
import { spawnSync } from 'node:child_process';
import { Consumer } from '@platformatic/kafka';
import { runCommand } from '../../support/run-command.ts';
import type { RealKafka } from './kafka.ts';

/** Reads so many values, which are lines of text. In no order. */
export type Reader = (kafka: RealKafka, topic: string, count: number) => Promise<readonly string[]>;

const viaPlatformatic: Reader = async ({ bootstrap }, topic, count) => {
  const consumer = new Consumer({
    ...{ clientId: 'second-opinion', groupId: `second-${topic}`, bootstrapBrokers: [bootstrap] },
    ...{ maxWaitTime: 100, autocommit: false },
  });
  try {
    const stream = await consumer.consume({ topics: [topic], mode: 'earliest' });
    const values: string[] = [];
    for await (const { value } of stream) {
      values.push(value.toString('latin1'));
      if (values.length === count) break;
    }
    await stream.close();
    return values;
  } finally {
    await consumer.close(true);
  }
};

const viaJava: Reader = ({ tools }, topic, count) => tools.consume(topic, count);

const viaKcat: Reader = async ({ bootstrap }, topic) => {
  const result = await runCommand('kcat', ['-b', bootstrap, '-C', '-t', topic, '-o', 'beginning', '-e', '-q']);
  if (result.exitCode !== 0) throw new Error(`kcat: ${result.stderr}`);
  return result.stdout.trimEnd().split('\n');
};

/** By name. librdkafka's reader where it is installed. */
export function readers(): readonly (readonly [string, Reader])[] {
  const hasKcat = spawnSync('kcat', ['-V']).status === 0;
  return [
    ["Java's client", viaJava],
    ['@platformatic/kafka', viaPlatformatic],
    ...(hasKcat ? ([['kcat', viaKcat]] as const) : []),
  ];
}
