/**
 * A real Kafka for a test: one process that is broker and controller, with its data in a temporary folder and free
 * ports of 127.0.0.1. Needs Java and Maven (`kafkaAvailable`), no container.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka as KafkaJs, logLevel } from 'kafkajs';
import { runCommand } from '../../support/run-command.ts';
import { Hopeless, waitUntil } from '../../support/wait-until.ts';
import { freePorts } from './free-ports.ts';
import { kafkaClassPath } from './jars.ts';
import { JavaTools } from './java-tools.ts';
import { type BrokerSettings, type ServerPlace, serverProperties } from './server-properties.ts';

const tlsPassword = 'loadtui-test';

export class RealKafka {
  /** `127.0.0.1:port`, what a client is given. */
  readonly bootstrap: string;
  /** The TLS listener; null where the settings did not ask for it. */
  readonly tlsAddress: string | null;
  readonly tools: JavaTools;
  readonly #folder: string;
  readonly #classPath: string;
  #process: ChildProcess | null = null;
  readonly #killAtExit = (): void => {
    this.#process?.kill('SIGKILL');
  };

  private constructor(place: ServerPlace, classPath: string) {
    this.bootstrap = `127.0.0.1:${place.port}`;
    this.tlsAddress = place.tls === null ? null : `127.0.0.1:${place.tls.port}`;
    this.tools = new JavaTools(classPath, this.bootstrap);
    this.#folder = place.folder;
    this.#classPath = classPath;
  }

  /** Formats a fresh log folder, starts Kafka and waits until it answers. */
  static async start(settings: BrokerSettings = {}): Promise<RealKafka> {
    const classPath = await kafkaClassPath();
    const folder = await mkdtemp(join(tmpdir(), 'loadtui-kafka-'));
    const [port = 0, controllerPort = 0, tlsPort = 0] = await freePorts(3);
    const tls = settings.tls ? { port: tlsPort, keystore: join(folder, 'tls.p12'), password: tlsPassword } : null;
    const place: ServerPlace = { folder, port, controllerPort, tls };
    if (tls !== null) await makeCertificate(tls.keystore, tls.password);

    const propertiesPath = join(folder, 'server.properties');
    await writeFile(propertiesPath, serverProperties(place, settings));
    const format = ['format', '-t', randomBytes(16).toString('base64url'), '-c', propertiesPath];
    const formatted = await runCommand('java', ['-cp', classPath, 'kafka.tools.StorageTool', ...format]);
    if (formatted.exitCode !== 0) throw new Error(`StorageTool: ${formatted.stdout}${formatted.stderr}`);

    const kafka = new RealKafka(place, classPath);
    process.on('exit', kafka.#killAtExit);
    try {
      await kafka.restart();
    } catch (error) {
      await kafka.stop();
      throw error;
    }
    return kafka;
  }

  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error('Kafka is not running');
    return pid;
  }

  /** Starts the process again over the same data (after `kill`), and waits until it answers. */
  async restart(): Promise<void> {
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
      `Kafka at ${this.bootstrap} answers`,
      async () => {
        if (child.exitCode !== null) throw new Hopeless(`Kafka ended with exit code ${child.exitCode}`);
        return (await answers(this.bootstrap)) ? true : undefined;
      },
      { timeoutMs: 60_000, everyMs: 200, describe: () => this.logTail() },
    );
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
      const byForce = setTimeout(this.#killAtExit, 20_000);
      await this.#end('SIGTERM');
      clearTimeout(byForce);
    }
    process.off('exit', this.#killAtExit);
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** The last lines of the broker's log. */
  async logTail(): Promise<string> {
    const text = await readFile(join(this.#folder, 'kafka.log'), 'utf8');
    return text.split('\n').slice(-30).join('\n');
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

/** A client that is not ours sees a broker that takes part. */
async function answers(address: string): Promise<boolean> {
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
    return brokers.length > 0;
  } finally {
    await admin.disconnect();
  }
}

async function makeCertificate(keystore: string, password: string): Promise<void> {
  const result = await runCommand('keytool', [
    ...['-genkeypair', '-alias', 'kafka', '-keyalg', 'RSA', '-validity', '2', '-dname', 'CN=localhost'],
    ...['-storetype', 'PKCS12', '-keystore', keystore, '-storepass', password],
  ]);
  if (result.exitCode !== 0) throw new Error(`keytool: ${result.stdout}${result.stderr}`);
}
