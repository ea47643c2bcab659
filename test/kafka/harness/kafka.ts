/**
 * A real Kafka for a test: a process, or several, each broker and controller, with its data in a temporary folder and
 * free ports of 127.0.0.1. Needs Java and Maven (`kafkaAvailable`), no container.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, rmSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka as KafkaJs, logLevel } from 'kafkajs';
import { runCommand } from '../../support/run-command.ts';
import { Hopeless, waitUntil } from '../../support/wait-until.ts';
import { type Certificates, certificatesIn, makeCertificates } from './certificates.ts';
import { freePorts } from './free-ports.ts';
import { kafkaClassPath } from './jars.ts';
import { JavaTools } from './java-tools.ts';
import {
  type BrokerSettings,
  listenersOf,
  type ServerPlace,
  serverProperties,
  speaksTls,
} from './server-properties.ts';

export class RealKafka {
  /** `127.0.0.1:port`, what a client is given. */
  readonly bootstrap: string;
  /** The listener SSL, by an address that its certificate is not of; null where the settings did not ask for it. */
  readonly tlsAddress: string | null;
  /** null: no listener speaks TLS. */
  readonly certificates: Certificates | null;
  readonly tools: JavaTools;
  /** By the name of its listener. */
  readonly #ports: ReadonlyMap<string, number>;
  readonly #folder: string;
  readonly #classPath: string;
  #process: ChildProcess | null = null;
  /** A process that ends early leaves neither a Kafka nor its data behind. */
  readonly #endAtExit = (): void => {
    this.#process?.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  };

  private constructor(place: ServerPlace, classPath: string) {
    this.bootstrap = `127.0.0.1:${place.port}`;
    this.#ports = new Map(place.listeners.map(({ name, port }) => [name, port]));
    this.tlsAddress = this.#ports.has('SSL') ? this.address('SSL', '127.0.0.1') : null;
    this.certificates = place.certificates;
    this.tools = new JavaTools(classPath, this.bootstrap);
    this.#folder = place.folder;
    this.#classPath = classPath;
    process.on('exit', this.#endAtExit);
  }

  /** Formats a fresh log folder, starts Kafka and waits until it answers. */
  static async start(settings: BrokerSettings = {}): Promise<RealKafka> {
    const [kafka] = await RealKafka.startCluster(1, settings);
    if (kafka === undefined) throw new Error('a cluster of no node');
    return kafka;
  }

  /** As many processes that form one cluster, each broker and controller; waits until each sees all of them. */
  static async startCluster(nodes: number, settings: BrokerSettings = {}): Promise<RealKafka[]> {
    const classPath = await kafkaClassPath();
    const listeners = listenersOf(settings);
    const portsPerNode = 1 + listeners.length;
    const ports = await freePorts((1 + portsPerNode) * nodes);
    const clusterId = randomBytes(16).toString('base64url');
    const kafkas = await Promise.all(
      Array.from({ length: nodes }, async (_, index) => {
        const [port = 0, ...listenerPorts] = ports.slice(nodes + portsPerNode * index);
        const folder = await mkdtemp(join(settings.under ?? tmpdir(), 'loadtui-kafka-'));
        const place: ServerPlace = {
          ...{ nodeId: index + 1, controllerPorts: ports.slice(0, nodes), folder, port },
          listeners: listeners.map((listener, at) => ({ ...listener, port: listenerPorts[at] ?? 0 })),
          certificates: listeners.some(speaksTls) ? certificatesIn(folder) : null,
        };
        const kafka = new RealKafka(place, classPath);
        await Promise.all([
          ...(place.certificates === null ? [] : [makeCertificates(folder)]),
          kafka.#format(clusterId, serverProperties(place, settings), settings.scramUsers),
        ]);
        return kafka;
      }),
    );
    try {
      // All at once: a controller alone among three has no quorum and answers nobody.
      await Promise.all(kafkas.map((kafka) => kafka.#launch(nodes)));
    } catch (error) {
      await Promise.all(kafkas.map((kafka) => kafka.discard()));
      throw error;
    }
    return kafkas;
  }

  /** `host:port` of a listener. */
  address(listener: string, host = 'localhost'): string {
    const port = this.#ports.get(listener);
    if (port === undefined) throw new Error(`there is no listener ${listener}`);
    return `${host}:${port}`;
  }

  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error('Kafka is not running');
    return pid;
  }

  /** Starts the process again over the same data (after `kill`), and waits until it answers. */
  async restart(): Promise<void> {
    await this.#launch(1);
  }

  /** SIGKILL: nothing is flushed, nobody is told. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** SIGSTOP: connections stay, nothing answers. */
  freeze(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  /** Ends the process (an orderly stop, then by force after 20 s) and removes its data. */
  async stop(): Promise<void> {
    if (this.#process !== null) {
      this.thaw();
      const byForce = setTimeout(() => this.#process?.kill('SIGKILL'), 20_000);
      await this.#end('SIGTERM');
      clearTimeout(byForce);
    }
    await this.discard();
  }

  /** Ends the process by force and removes its data: for a node of a cluster, which could not stop in order without the others. */
  async discard(): Promise<void> {
    await this.kill();
    process.off('exit', this.#endAtExit);
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** The last lines of the broker's log. */
  async logTail(): Promise<string> {
    const text = await readFile(join(this.#folder, 'kafka.log'), 'utf8');
    return text.split('\n').slice(-30).join('\n');
  }

  /** The first segment of a partition's log, as it is on disk. */
  async segment(topic: string, partition: number): Promise<Buffer> {
    return await readFile(join(this.#folder, 'data', `${topic}-${partition}`, `${'0'.repeat(20)}.log`));
  }

  async #format(
    clusterId: string,
    properties: string,
    scramUsers: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const path = join(this.#folder, 'server.properties');
    await writeFile(path, properties);
    // One id in 64 begins with a dash, and would be taken for an option if it were a word of its own.
    const users = Object.entries(scramUsers).flatMap(([name, password]) =>
      ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
        ...['--add-scram', `${mechanism}=[name=${name},password=${password}]`],
      ]),
    );
    const format = ['format', `--cluster-id=${clusterId}`, '-c', path, ...users];
    const formatted = await runCommand('java', ['-cp', this.#classPath, 'kafka.tools.StorageTool', ...format]);
    if (formatted.exitCode !== 0) throw new Error(`StorageTool: ${formatted.stdout}${formatted.stderr}`);
  }

  /** Starts the process over the data that is there, and waits until it answers and sees as many brokers. */
  async #launch(brokers: number): Promise<void> {
    const log = createWriteStream(join(this.#folder, 'kafka.log'), { flags: 'a' });
    const child = spawn(
      'java',
      ['-Xmx1g', '-cp', this.#classPath, 'kafka.Kafka', join(this.#folder, 'server.properties')],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    this.#process = child;
    await waitUntil(
      `Kafka at ${this.bootstrap} answers and sees ${brokers} brokers`,
      async () => {
        if (child.exitCode !== null) throw new Hopeless(`Kafka ended with exit code ${child.exitCode}`);
        return (await brokersSeen(this.bootstrap)) >= brokers ? true : undefined;
      },
      { timeoutMs: 60_000, everyMs: 200, describe: () => this.logTail() },
    );
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child === null) return;
    this.#process = null;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }
}

/** How many brokers a client that is not ours sees taking part. */
async function brokersSeen(address: string): Promise<number> {
  const client = new KafkaJs({
    brokers: [address],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 2000,
    retry: { retries: 0 },
  });
  const admin = client.admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    return brokers.length;
  } finally {
    await admin.disconnect();
  }
}
