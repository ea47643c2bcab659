/** Command lines of other tools that do what loadtui's benches do, and how their reports are read. */

export interface Peer {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Messages a second by its own report; null: it gives none. */
  perSecond(report: string): number | null;
}

export interface PeerTask {
  readonly brokers: string;
  readonly topic: string;
  readonly bytes: number;
  /** As many are in the topic when a consumer begins, at least. */
  readonly messages: number;
  /** null: Kafka's jars are not here. */
  readonly classPath: string | null;
}

/** Consumers come first: they read what was written beforehand, not what producers among the peers add. */
export function peersFor(task: PeerTask): readonly Peer[] {
  return [...kcat(task), ...rdkafka(task), ...java(task)];
}

function kcat({ brokers, topic, messages }: PeerTask): Peer[] {
  const from = ['-C', '-b', brokers, '-t', topic, '-p', '0', '-o', 'beginning', '-c', String(messages)];
  return [{ name: 'kcat consume', program: 'kcat', args: [...from, '-q', '-f', ''], perSecond: () => null }];
}

function rdkafka({ brokers, topic, bytes, messages }: PeerTask): Peer[] {
  const program = 'rdkafka_performance';
  const to = ['-b', brokers, '-t', topic, '-p', '0', '-c', String(messages), '-q'];
  const batching = ['-a', '1', '-X', 'linger.ms=5', '-X', 'batch.size=65536'];
  return [
    { name: `${program} consume`, program, args: ['-C', '-o', 'beginning', ...to], perSecond: rdkafkaRate },
    {
      name: `${program} produce`,
      program,
      args: ['-P', '-s', String(bytes), ...batching, ...to],
      perSecond: rdkafkaRate,
    },
  ];
}

function java({ brokers, topic, bytes, messages, classPath }: PeerTask): Peer[] {
  if (classPath === null) return [];
  const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=error';
  const tool = (name: string): string[] => ['-Xmx512m', quiet, '-cp', classPath, `org.apache.kafka.tools.${name}`];
  const properties = [`bootstrap.servers=${brokers}`, 'acks=1', 'batch.size=65536', 'linger.ms=5'];
  return [
    {
      name: 'Java consume',
      program: 'java',
      args: [
        ...[...tool('ConsumerPerformance'), '--bootstrap-server', brokers, '--topic', topic],
        ...['--num-records', String(messages), '--timeout', '20000'],
      ],
      perSecond: javaConsumerRate,
    },
    {
      name: 'Java produce',
      program: 'java',
      args: [
        ...[...tool('ProducerPerformance'), '--topic', topic, '--num-records', String(messages)],
        ...['--record-size', String(bytes), '--throughput', '-1', '--producer-props', ...properties],
      ],
      perSecond: javaProducerRate,
    },
  ];
}

/** The last "… 123456 msgs/s" of rdkafka_performance. */
export function rdkafkaRate(report: string): number | null {
  const last = [...report.matchAll(/(\d+)\s+msgs\/s/g)].at(-1)?.[1];
  return last === undefined ? null : Number(last);
}

/** The last "…, 123456.7 records/sec" of ProducerPerformance: that of the whole run. */
export function javaProducerRate(report: string): number | null {
  const last = [...report.matchAll(/([\d.]+)\s+records\/sec/g)].at(-1)?.[1];
  return last === undefined ? null : Number(last);
}

/** "fetch.nMsg.sec", the last column of ConsumerPerformance's only row: the time after the rebalance. */
export function javaConsumerRate(report: string): number | null {
  const lines = report.split('\n').map((line) => line.split(',').map((cell) => cell.trim()));
  const heading = lines.find((cells) => cells.includes('fetch.nMsg.sec'));
  if (heading === undefined) return null;
  const row = lines[lines.indexOf(heading) + 1] ?? [];
  const value = Number(row[heading.indexOf('fetch.nMsg.sec')]);
  return Number.isFinite(value) ? value : null;
}
