/** Kafka's own command-line tools, from the same jars as the broker: the second opinion of these tests. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type CommandResult, runCommand } from '../../support/run-command.ts';

export interface GroupRow {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** null where the group has committed nothing. */
  readonly currentOffset: number | null;
  readonly logEndOffset: number | null;
  readonly lag: number | null;
}

export interface TopicDescription {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly config: Readonly<Record<string, string>>;
}

const options = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-Dorg.slf4j.simpleLogger.defaultLogLevel=error'];

/** `topic:partition:offset` lines of GetOffsetShell → offset by partition. */
export function parseOffsets(text: string, topic: string): Map<number, number> {
  const offsets = new Map<number, number>();
  for (const line of text.split('\n')) {
    const match = /^(.+):(\d+):(\d+)$/.exec(line.trim());
    if (match === null || match[1] !== topic) continue;
    offsets.set(Number(match[2]), Number(match[3]));
  }
  return offsets;
}

/** The table of `ConsumerGroupCommand --describe`. Columns are found by the heading, a dash is null. */
export function parseGroup(text: string): GroupRow[] {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  const heading = lines.find((cells) => cells.includes('CURRENT-OFFSET'));
  if (heading === undefined) return [];
  const column = (cells: readonly string[], name: string): string => cells[heading.indexOf(name)] ?? '';
  const number = (text: string): number | null => (/^-?\d+$/.test(text) ? Number(text) : null);
  return lines
    .slice(lines.indexOf(heading) + 1)
    .filter((cells) => /^\d+$/.test(column(cells, 'PARTITION')))
    .map((cells) => ({
      group: column(cells, 'GROUP'),
      topic: column(cells, 'TOPIC'),
      partition: Number(column(cells, 'PARTITION')),
      currentOffset: number(column(cells, 'CURRENT-OFFSET')),
      logEndOffset: number(column(cells, 'LOG-END-OFFSET')),
      lag: number(column(cells, 'LAG')),
    }));
}

/** The first line of `TopicCommand --describe`. */
export function parseTopic(text: string): TopicDescription {
  const line = text.split('\n').find((candidate) => candidate.startsWith('Topic:') && candidate.includes('Configs:'));
  if (line === undefined) throw new Error(`no topic in:\n${text}`);
  const field = (name: string): string => new RegExp(`${name}: *(\\S*)`).exec(line)?.[1] ?? '';
  const config = field('Configs')
    .split(',')
    .filter((entry) => entry.includes('='))
    .map((entry): [string, string] => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]);
  return {
    name: field('Topic'),
    partitions: Number(field('PartitionCount')),
    replicationFactor: Number(field('ReplicationFactor')),
    config: Object.fromEntries(config),
  };
}

/** Java's tools against one cluster. Each call starts a Java of its own: about a second. */
export class JavaTools {
  readonly #classPath: string;
  readonly #bootstrap: string;

  constructor(classPath: string, bootstrap: string) {
    this.#classPath = classPath;
    this.#bootstrap = bootstrap;
  }

  async createTopic(topic: string, partitions: number, config: Readonly<Record<string, string>> = {}): Promise<void> {
    const settings = Object.entries(config).flatMap(([name, value]) => ['--config', `${name}=${value}`]);
    await this.#topics('--create', '--topic', topic, '--partitions', String(partitions), ...settings);
  }

  async listTopics(): Promise<string[]> {
    const text = await this.#topics('--list');
    return text.split('\n').filter((line) => line !== '');
  }

  async describeTopic(topic: string): Promise<TopicDescription> {
    return parseTopic(await this.#topics('--describe', '--topic', topic));
  }

  /** Offset after the last record of each partition. */
  async logEndOffsets(topic: string): Promise<Map<number, number>> {
    const text = await this.#run('org.apache.kafka.tools.GetOffsetShell', ['--topic', topic]);
    return parseOffsets(text, topic);
  }

  /** Log-end offsets of all partitions together. */
  async logEnd(topic: string): Promise<number> {
    const offsets = await this.logEndOffsets(topic);
    return [...offsets.values()].reduce((sum, offset) => sum + offset, 0);
  }

  async describeGroup(group: string): Promise<GroupRow[]> {
    const tool = 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand';
    return parseGroup(await this.#run(tool, ['--describe', '--group', group]));
  }

  async listGroups(): Promise<string[]> {
    const text = await this.#run('org.apache.kafka.tools.consumer.group.ConsumerGroupCommand', ['--list']);
    return text.split('\n').filter((line) => line !== '');
  }

  /** Every client may write so many bytes a second from now on. */
  async limitProducers(bytesPerSecond: number): Promise<void> {
    await this.#run('kafka.admin.ConfigCommand', [
      ...['--alter', '--entity-type', 'clients', '--entity-default'],
      ...['--add-config', `producer_byte_rate=${bytesPerSecond}`],
    ]);
  }

  /** Writes `count` records of `bytes` bytes with Java's producer. */
  async produce(topic: string, count: number, bytes: number): Promise<void> {
    await this.#java('org.apache.kafka.tools.ProducerPerformance', [
      ...['--topic', topic, '--num-records', String(count), '--record-size', String(bytes), '--throughput', '-1'],
      ...['--producer-props', `bootstrap.servers=${this.#bootstrap}`],
    ]);
  }

  /** The values of the first `count` records, which are lines of text. */
  async consume(topic: string, count: number): Promise<string[]> {
    const words = ['--topic', topic, '--from-beginning', '--max-messages', String(count), '--timeout-ms', '20000'];
    const text = await this.#run('org.apache.kafka.tools.consumer.ConsoleConsumer', words);
    return text.trimEnd().split('\n');
  }

  /** A consumer that joins its group by the newer protocol (KIP-848), until it is ended. */
  consumeByNewProtocol(topic: string, group: string): { end(): Promise<void> } {
    const child = spawn(
      'java',
      [
        ...[...options, '-cp', this.#classPath, 'org.apache.kafka.tools.consumer.ConsoleConsumer'],
        ...['--bootstrap-server', this.#bootstrap, '--topic', topic, '--group', group],
        ...['--consumer-property', 'group.protocol=consumer'],
      ],
      { stdio: 'ignore' },
    );
    const ended = once(child, 'exit');
    return {
      end: async () => {
        child.kill('SIGKILL');
        await ended;
      },
    };
  }

  #topics(...args: readonly string[]): Promise<string> {
    return this.#run('org.apache.kafka.tools.TopicCommand', args);
  }

  #run(tool: string, args: readonly string[]): Promise<string> {
    return this.#java(tool, ['--bootstrap-server', this.#bootstrap, ...args]);
  }

  async #java(tool: string, args: readonly string[]): Promise<string> {
    const result: CommandResult = await runCommand('java', [...options, '-cp', this.#classPath, tool, ...args]);
    if (result.exitCode !== 0) throw new Error(`${tool} ${args.join(' ')}:\n${result.stdout}${result.stderr}`);
    return result.stdout;
  }
}
