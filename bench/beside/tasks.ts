/** What is measured, and who takes part. */
import {
  type CommandFor,
  javaConsume,
  javaConsumerRate,
  javaProduce,
  loadtuiConsume,
  loadtuiProduce,
  loadtuiProduceLz4,
  loadtuiProduceTls,
  rdkafkaConsume,
  rdkafkaProduce,
  rdkafkaProduceLz4,
  rdkafkaProduceTls,
  rdkafkaRate,
} from './commands.ts';
import type { BesidePace } from './pace.ts';

export const taskNames = [
  ...(['produce-100', 'produce-1k', 'consume-100', 'consume-1k'] as const),
  ...(['tls-1k', 'lz4-1k', 'shapes'] as const),
] as const;
export type TaskName = (typeof taskNames)[number];

interface Contestant {
  readonly name: string;
  readonly title: string;
  readonly tool: 'loadtui' | 'rdkafka' | 'java';
  readonly commandFor: CommandFor;
}

export interface ProduceContestant extends Contestant {
  readonly partitions: number;
  /** Of the cluster it produces to. */
  readonly brokers: 1 | 3;
}

export interface ConsumeContestant extends Contestant {
  /** Messages a second by the tool's own report, null where it has none; `null`: loadtui's reader, which is measured. */
  readonly rateIn: ((report: string) => number | null) | null;
}

interface TaskBase {
  readonly name: TaskName;
  readonly title: string;
  readonly bytes: number;
}

export interface ProduceTask extends TaskBase {
  readonly kind: 'produce';
  readonly contestants: readonly ProduceContestant[];
}

export interface ConsumeTask extends TaskBase {
  readonly kind: 'consume';
  /** In the topic. */
  readonly messages: number;
  readonly contestants: readonly ConsumeContestant[];
}

export type Task = ProduceTask | ConsumeTask;

const single = { partitions: 1, brokers: 1 } as const;

/** A broker works through one connection's requests one at a time; the second connection of a thread shows what that can do. */
const twoProducers = ['--producers', '2', '--threads', '1'];
const fourProducers = ['--producers', '4', '--threads', '1'];

export function allTasks(pace: BesidePace): readonly Task[] {
  return [
    produceTask('produce-100', 'Produce 100 B', 100),
    produceTask('produce-1k', 'Produce 1 KiB', 1024),
    consumeTask('consume-100', 'Consume 100 B', 100, pace),
    consumeTask('consume-1k', 'Consume 1 KiB', 1024, pace),
    tlsTask,
    lz4Task,
    shapesTask,
  ];
}

function produceTask(name: TaskName, title: string, bytes: number): ProduceTask {
  return {
    kind: 'produce',
    name,
    title,
    bytes,
    contestants: [
      { name: 'loadtui', title: 'loadtui', tool: 'loadtui', commandFor: loadtuiProduce(bytes), ...single },
      {
        name: 'loadtui-2',
        title: 'loadtui, 2 producers in one thread',
        tool: 'loadtui',
        commandFor: loadtuiProduce(bytes, twoProducers),
        ...single,
      },
      { name: 'rdkafka', title: 'rdkafka_performance', tool: 'rdkafka', commandFor: rdkafkaProduce(bytes), ...single },
      { name: 'java', title: 'ProducerPerformance', tool: 'java', commandFor: javaProduce(bytes), ...single },
    ],
  };
}

function consumeTask(name: TaskName, title: string, bytes: number, pace: BesidePace): ConsumeTask {
  const messages = Math.floor(pace.filledBytes / bytes);
  return {
    kind: 'consume',
    name,
    title,
    bytes,
    messages,
    contestants: [
      {
        name: 'loadtui',
        title: 'loadtui',
        tool: 'loadtui',
        commandFor: loadtuiConsume(messages, pace.consumeWarmUpMs, pace.consumeMeasureMs),
        rateIn: null,
      },
      {
        name: 'rdkafka',
        title: 'rdkafka_performance',
        tool: 'rdkafka',
        commandFor: rdkafkaConsume(messages),
        rateIn: rdkafkaRate,
      },
      {
        name: 'java',
        title: 'ConsumerPerformance',
        tool: 'java',
        commandFor: javaConsume(messages),
        rateIn: javaConsumerRate,
      },
    ],
  };
}

const tlsTask: ProduceTask = {
  kind: 'produce',
  name: 'tls-1k',
  title: 'Produce 1 KiB over TLS',
  bytes: 1024,
  contestants: [
    { name: 'loadtui', title: 'loadtui', tool: 'loadtui', commandFor: loadtuiProduceTls(1024), ...single },
    { name: 'plain', title: 'loadtui, plain text', tool: 'loadtui', commandFor: loadtuiProduce(1024), ...single },
    { name: 'rdkafka', title: 'rdkafka_performance', tool: 'rdkafka', commandFor: rdkafkaProduceTls(1024), ...single },
  ],
};

/** Requests under way are not bounded by default in librdkafka (1,000,000), to five by Java and loadtui. */
const deep = ['--in-flight', '200'];

const lz4Task: ProduceTask = {
  kind: 'produce',
  name: 'lz4-1k',
  title: 'Produce 1 KiB, lz4',
  bytes: 1024,
  contestants: [
    { name: 'loadtui', title: 'loadtui', tool: 'loadtui', commandFor: loadtuiProduceLz4(1024), ...single },
    {
      name: 'loadtui-deep',
      title: 'loadtui, 200 requests in flight',
      tool: 'loadtui',
      commandFor: loadtuiProduceLz4(1024, deep),
      ...single,
    },
    {
      name: 'rdkafka',
      title: 'rdkafka_performance, messages numbered',
      tool: 'rdkafka',
      commandFor: rdkafkaProduceLz4(1024, ['-S', '1']),
      ...single,
    },
    {
      name: 'rdkafka-alike',
      title: 'rdkafka_performance, all messages alike',
      tool: 'rdkafka',
      commandFor: rdkafkaProduceLz4(1024),
      ...single,
    },
  ],
};

const shapesTask: ProduceTask = {
  kind: 'produce',
  name: 'shapes',
  title: 'Produce 100 B: partitions, keys, brokers',
  bytes: 100,
  contestants: [
    {
      name: 'one-partition',
      title: 'loadtui, 1 partition, 1 producer',
      tool: 'loadtui',
      commandFor: loadtuiProduce(100),
      partitions: 1,
      brokers: 1,
    },
    {
      name: 'sixteen',
      title: '16 partitions, 4 producers, not keyed',
      tool: 'loadtui',
      commandFor: loadtuiProduce(100, fourProducers),
      partitions: 16,
      brokers: 1,
    },
    {
      name: 'sixteen-keyed',
      title: '16 partitions, 4 producers, keyed (pool of 1,000 keys)',
      tool: 'loadtui',
      commandFor: loadtuiProduce(100, [...fourProducers, '--keys', '1000']),
      partitions: 16,
      brokers: 1,
    },
    {
      name: 'three-brokers',
      title: '3 brokers on one machine, 3 partitions, 1 producer',
      tool: 'loadtui',
      commandFor: loadtuiProduce(100),
      partitions: 3,
      brokers: 3,
    },
  ],
};
