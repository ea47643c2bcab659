/** Somebody else's job between two topics: a kafkajs program that copies records, as fast as it is let, and commits when told. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Consumer, Kafka, type KafkaMessage, logLevel, type Producer } from 'kafkajs';

export interface ProcessorOptions {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly group: string;
  /** Messages a second; may be changed while it runs. */
  perSecond: number;
  /** The value that goes on. */
  readonly map?: (message: KafkaMessage) => Buffer | string | null;
  /** How often the message of that number goes on. */
  readonly copies?: (at: number) => number;
  /** Of the output; null: the number of the input's. */
  readonly partition?: (at: number) => number;
}

const chunk = 50;

export class Processor {
  readonly options: ProcessorOptions;
  readonly #consumer: Consumer;
  readonly #producer: Producer;
  readonly #next = new Map<number, string>();
  #taken = 0;
  /** When it is done with what it has taken so far, at its pace. */
  #freeMs = 0;
  #stopped = false;

  constructor(options: ProcessorOptions) {
    this.options = options;
    const kafka = new Kafka({ clientId: 'processor', brokers: [...options.brokers], logLevel: logLevel.NOTHING });
    this.#consumer = kafka.consumer({ groupId: options.group, maxWaitTimeInMs: 20, maxBytesPerPartition: 65_536 });
    this.#producer = kafka.producer();
  }

  /** Resolves once it has its partitions. */
  async start(): Promise<void> {
    await Promise.all([this.#consumer.connect(), this.#producer.connect()]);
    const joined = new Promise<void>((resolve) => this.#consumer.on(this.#consumer.events.GROUP_JOIN, () => resolve()));
    await this.#consumer.subscribe({ topic: this.options.from, fromBeginning: true });
    await this.#consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch, heartbeat, isRunning }) => {
        for (let at = 0; at < batch.messages.length && isRunning(); at += chunk) {
          await this.#copy(batch.partition, batch.messages.slice(at, at + chunk));
          await heartbeat();
        }
      },
    });
    await joined;
  }

  /** Commits what it has copied. */
  async commit(): Promise<void> {
    const { from: topic } = this.options;
    await this.#consumer.commitOffsets([...this.#next].map(([partition, offset]) => ({ topic, partition, offset })));
  }

  setPace(perSecond: number): void {
    this.options.perSecond = perSecond;
    this.#freeMs = 0;
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    await Promise.all([this.#consumer.disconnect(), this.#producer.disconnect()]);
  }

  async #copy(partition: number, messages: readonly KafkaMessage[]): Promise<void> {
    const {
      to,
      map = ({ value }) => value,
      copies: count = () => 1,
      partition: choose = () => partition,
    } = this.options;
    const copies = messages.flatMap((message) => {
      const at = this.#taken++;
      const { key, headers = {} } = message;
      return Array(count(at)).fill({ key, value: map(message), headers, partition: choose(at) });
    });
    this.#freeMs = Math.max(performance.now(), this.#freeMs) + (messages.length / this.options.perSecond) * 1000;
    while (!this.#stopped && performance.now() < this.#freeMs) await sleep(5);
    if (copies.length > 0) await this.#producer.send({ topic: to, acks: -1, messages: copies });
    const last = messages.at(-1);
    if (last !== undefined) this.#next.set(partition, String(Number(last.offset) + 1));
  }
}
