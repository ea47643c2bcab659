/** Main's end of a load thread: commands out, each with a promise of its answer; reports in; its death told once. */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type ErrorCode, errorCodes, LoadtuiError } from '../errors.ts';
import type { Answer, Command, ConsumerSetup, ProducerSetup, Report } from '../load/protocol.ts';

/** A command without the number that this module gives it. */
type WithoutId<Kind> = Kind extends Command ? Omit<Kind, 'id'> : never;
export type Order = WithoutId<Command>;

export interface LoadThreadListener {
  report(thread: LoadThread, report: Report): void;
  /** The thread ended without being asked to. */
  died(thread: LoadThread, error: Error): void;
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

export class LoadThread {
  readonly name: string;
  readonly number: number;
  readonly role: 'producers' | 'consumers';
  readonly ready: Promise<void>;
  /** Resolves once the thread has ended, however it came to that. */
  readonly ended: Promise<void>;
  readonly #worker: Worker;
  readonly #listener: LoadThreadListener;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #dead: Error | null = null;
  #stopping = false;
  #settleReady: { resolve(): void; reject(error: Error): void } = { resolve() {}, reject() {} };

  constructor(setup: ProducerSetup | ConsumerSetup, listener: LoadThreadListener) {
    this.role = setup.role;
    this.number = setup.thread;
    this.name = `${setup.role === 'producers' ? 'producer' : 'consumer'} thread ${setup.thread}`;
    this.#listener = listener;
    const file = setup.role === 'producers' ? 'producer-thread' : 'consumer-thread';
    // The same extension as this module's: sources start sources (tests), the build starts the build.
    const url = new URL(`../load/${file}${extname(import.meta.url)}`, import.meta.url);
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    // Whoever waits hears of it; when nobody does, `died` tells.
    this.ready.catch(() => undefined);
    this.#worker = new Worker(url, { workerData: setup, name: this.name });
    this.#worker.on('message', (report: Report) => this.#hear(report));
    this.#worker.on('error', (error: unknown) => this.#die(error instanceof Error ? error : new Error(String(error))));
    this.ended = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        if (!this.#stopping) this.#die(new Error(`it ended with code ${code}`));
        resolve();
      });
    });
  }

  get dead(): boolean {
    return this.#dead !== null;
  }

  /** Sends a command; resolves once it has taken effect in the thread. */
  order(order: Order): Promise<Answer> {
    if (this.#dead !== null) return Promise.reject(threadDied(this.name, this.#dead));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ ...order, id });
    });
  }

  /** Ends a thread that does not answer: it is dead from here on, and its figures stay as they are. */
  abandon(reason: string): void {
    this.#die(new Error(reason));
    void this.#worker.terminate();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#worker.terminate();
  }

  #hear(report: Report): void {
    switch (report.kind) {
      case 'ready':
        this.#settleReady.resolve();
        return;
      case 'done':
        this.#take(report.id)?.resolve(report.answer);
        return;
      case 'refused': {
        const code: ErrorCode = errorCodes.find((known) => known === report.code) ?? 'BUG';
        this.#take(report.id)?.reject(
          new LoadtuiError(report.message, {
            code,
            fault: code === 'BUG' ? 'bug' : 'cluster',
            ...(report.next === null ? {} : { next: report.next }),
          }),
        );
        return;
      }
      case 'crashed': {
        const error = new Error(report.message);
        error.stack = report.stack;
        this.#die(error);
        return;
      }
      case 'event':
      case 'failed-batches':
      case 'errors':
      case 'missed':
      case 'probe-seen':
      case 'probe-refused':
        this.#listener.report(this, report);
        return;
      default:
        report satisfies never;
    }
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #die(error: Error): void {
    if (this.#dead !== null || this.#stopping) return;
    this.#dead = error;
    this.#settleReady.reject(threadDied(this.name, error));
    for (const waiting of this.#waiting.values()) waiting.reject(threadDied(this.name, error));
    this.#waiting.clear();
    this.#listener.died(this, error);
  }
}

/**
 * Gives threads an order and waits for their answers, for those that live to give one: a thread that dies meanwhile is told
 * of by its listener, and the others' answers count all the same. `took` is called as each has it.
 */
export async function orderAll(
  threads: readonly LoadThread[],
  order: (thread: LoadThread) => Order,
  took: () => void = () => undefined,
): Promise<readonly Answer[]> {
  const answers = await Promise.all(
    threads.map(async (thread) => {
      try {
        const answer = await thread.order(order(thread));
        took();
        return [answer];
      } catch (error) {
        if (thread.dead) return [];
        throw error;
      }
    }),
  );
  return answers.flat();
}

function threadDied(name: string, cause: Error): LoadtuiError {
  return new LoadtuiError(`${name} died: ${cause.message}`, { code: 'THREAD_DIED', fault: 'bug', cause });
}
