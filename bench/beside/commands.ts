/** Command lines: the same task in the best words of each tool. They are run and shown from the same functions. */
import { shellQuote } from '../../source/config/shell-quote.ts';

/** Where programs and files are. */
export interface Place {
  readonly node: string;
  readonly loadtui: string;
  /** The process that reads for loadtui. */
  readonly reader: string;
  readonly rdkafka: string;
  /** Kafka's jars. */
  readonly classPath: string;
  readonly brokers: string;
  /** The same brokers' listeners that speak TLS. */
  readonly tlsBrokers: string;
  readonly topic: string;
  /** Where loadtui saves what it measured itself. */
  readonly session: string;
}

/** As it stands in the results: of no particular machine. */
export const shownPlace: Place = {
  node: 'node',
  loadtui: 'bin/loadtui.js',
  reader: 'bench/beside/read-topic.ts',
  rdkafka: 'rdkafka_performance',
  classPath: 'libs/*',
  brokers: 'HOST:PORT',
  tlsBrokers: 'HOST:TLS-PORT',
  topic: 'TOPIC',
  session: 'SESSION.json',
};

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

export type CommandFor = (place: Place) => Command;

export function shownCommand(commandFor: CommandFor): string {
  const { program, args } = commandFor(shownPlace);
  return [program, ...args].map(shellQuote).join(' ');
}

/** More than any tool writes in its time; they are ended. Must fit a C int. */
const endless = '2000000000';

export function loadtuiProduce(bytes: number, more: readonly string[] = []): CommandFor {
  return ({ node, loadtui, brokers, topic, session }) => ({
    program: node,
    args: [
      ...[loadtui, 'run', '-b', brokers, '-t', topic, '--produce-only', '-r', 'max', '-s', String(bytes)],
      ...['--acks', '1', '--batch-size', '64KiB', '--linger', '5ms', '--warm-up', '0s', '-d', '0', ...more],
      ...['--plain', '-q', '--no-history', '--save', session],
    ],
  });
}

/** Of 100,000, 500,000 and 1,000,000 messages in its queue, the middle was the fastest with 100 B. */
export function rdkafkaProduce(bytes: number, more: readonly string[] = []): CommandFor {
  return ({ rdkafka, brokers, topic }) => ({
    program: rdkafka,
    args: [
      ...['-P', '-b', brokers, '-t', topic, '-p', '0', '-s', String(bytes), '-c', endless, '-a', '1', '-q'],
      ...properties(['linger.ms=5', 'batch.size=65536', 'batch.num.messages=10000']),
      ...properties(['queue.buffering.max.messages=500000', 'queue.buffering.max.kbytes=1048576']),
      ...more,
    ],
  });
}

/** The certificate is taken as it is: it is looked at once a connection, which no rate tells of. */
export function loadtuiProduceTls(bytes: number): CommandFor {
  const produce = loadtuiProduce(bytes, ['--tls', '--tls-verify', 'none']);
  return (place) => produce({ ...place, brokers: place.tlsBrokers });
}

export function rdkafkaProduceTls(bytes: number): CommandFor {
  const produce = rdkafkaProduce(
    bytes,
    properties(['security.protocol=ssl', 'enable.ssl.certificate.verification=false']),
  );
  return (place) => produce({ ...place, brokers: place.tlsBrokers });
}

/** One character over and over, as rdkafka_performance makes its messages of a pattern. */
export function loadtuiProduceLz4(bytes: number, more: readonly string[] = []): CommandFor {
  return loadtuiProduce(bytes, ['--compression', 'lz4', '--payload-entropy', '0', ...more]);
}

/** `more`: `-S 1` numbers the messages, so that no two are alike; loadtui's stamp does the same. */
export function rdkafkaProduceLz4(bytes: number, more: readonly string[] = []): CommandFor {
  return rdkafkaProduce(bytes, ['-z', 'lz4', '-m', 'x', ...more]);
}

export function javaProduce(bytes: number): CommandFor {
  return ({ classPath, brokers, topic }) =>
    java(classPath, 'ProducerPerformance', [
      ...['--bootstrap-server', brokers, '--topic', topic, '--num-records', endless, '--record-size', String(bytes)],
      ...['--throughput', '-1', '--command-property', 'acks=1', 'batch.size=65536', 'linger.ms=5'],
      'buffer.memory=67108864',
    ]);
}

/** Reads the topic over and over, for as long as this. Fetches of 1, 2, 4 and 10 MiB were equally fast: it keeps the default of 1 MiB. */
export function loadtuiConsume(messages: number, warmUpMs: number, measureMs: number): CommandFor {
  return ({ node, reader, brokers, topic }) => ({
    program: node,
    args: [reader, brokers, topic, String(messages), String(warmUpMs), String(measureMs)],
  });
}

export function rdkafkaConsume(messages: number): CommandFor {
  return ({ rdkafka, brokers, topic }) => ({
    program: rdkafka,
    args: [
      ...['-C', '-b', brokers, '-t', topic, '-p', '0', '-o', 'beginning', '-c', String(messages), '-q'],
      ...properties(['fetch.message.max.bytes=10485760', 'queued.min.messages=1000000']),
      ...properties(['queued.max.messages.kbytes=1048576']),
    ],
  });
}

export function javaConsume(messages: number): CommandFor {
  return ({ classPath, brokers, topic }) =>
    java(classPath, 'ConsumerPerformance', [
      ...['--bootstrap-server', brokers, '--topic', topic, '--num-records', String(messages), '--timeout', '20000'],
      ...['--fetch-size', '10485760', '--command-property', 'max.poll.records=10000'],
    ]);
}

function java(classPath: string, tool: string, args: readonly string[]): Command {
  const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=error';
  return { program: 'java', args: ['-Xmx1g', quiet, '-cp', classPath, `org.apache.kafka.tools.${tool}`, ...args] };
}

function properties(assignments: readonly string[]): readonly string[] {
  return assignments.flatMap((assignment) => ['-X', assignment]);
}

/** The last "… 123456 msgs/s" of rdkafka_performance; null: it says none. */
export function rdkafkaRate(report: string): number | null {
  const last = [...report.matchAll(/(\d+)\s+msgs\/s/g)].at(-1)?.[1];
  return last === undefined ? null : Number(last);
}

/** "fetch.nMsg.sec", the last column of ConsumerPerformance's only row: the time after the rebalance; null: there is none. */
export function javaConsumerRate(report: string): number | null {
  const lines = report.split('\n').map((line) => line.split(',').map((cell) => cell.trim()));
  const heading = lines.find((cells) => cells.includes('fetch.nMsg.sec'));
  if (heading === undefined) return null;
  const row = lines[lines.indexOf(heading) + 1] ?? [];
  const value = Number(row[heading.indexOf('fetch.nMsg.sec')]);
  return Number.isFinite(value) ? value : null;
}
