import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { LoadtuiError, messageOf } from '../errors.ts';
import type { CarriedError, SandboxReport, SandboxRequest } from './thread-messages.ts';
import type { Sandbox, SandboxOptions, SandboxStats } from './types.ts';

type Settle = (report: SandboxReport) => void;
/** A request without the number that the sandbox's thread answers under. */
type Unnumbered<R> = R extends SandboxRequest ? Omit<R, 'id'> : never;

/**
 * Starts the sandbox in a thread of its own. Rejects with LoadtuiError: PORT_IN_USE where the named port is taken,
 * THREAD_DIED where the thread ends by itself (then also every later call does).
 */
export async function startSandbox(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const thread = new SandboxThread(options);
  const brokers = await thread.started;
  return {
    brokers,
    inject: async (fault) => void (await thread.ask({ kind: 'inject', fault })),
    setService: async (service) => void (await thread.ask({ kind: 'set-service', service })),
    stats: () => thread.stats(),
    close: () => thread.close(),
  };
}

class SandboxThread {
  readonly started: Promise<Sandbox['brokers']>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { readonly resolve: Settle; readonly reject: (error: LoadtuiError) => void }>();
  #lastId = 0;
  #death: LoadtuiError | null = null;
  #closing: Promise<void> | null = null;

  constructor(options: Partial<SandboxOptions>) {
    const extension = extname(import.meta.url);
    this.#worker = new Worker(new URL(`./thread${extension}`, import.meta.url), { workerData: options });
    this.started = new Promise((resolve, reject) => {
      this.#worker.on('message', (report: SandboxReport) => {
        if (report.kind === 'started') resolve(report.brokers);
        else if (report.kind === 'not-started') reject(revived(report.error));
        else this.#settle(report);
      });
      const died = (reason: string) => {
        this.#die(reason);
        reject(this.#death);
      };
      this.#worker.on('error', (error) => died(messageOf(error)));
      this.#worker.on('exit', () => died('it has ended'));
    });
  }

  ask(request: Unnumbered<SandboxRequest>): Promise<SandboxReport> {
    if (this.#death !== null) return Promise.reject(this.#death);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ ...request, id });
    });
  }

  async stats(): Promise<SandboxStats> {
    const report = await this.ask({ kind: 'stats' });
    if (report.kind === 'stats') return report.stats;
    throw new Error(`the sandbox answered ${report.kind} to a question for its statistics`);
  }

  /** May be called again, and after the thread's end. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    if (this.#death !== null) return;
    const ended = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    await this.ask({ kind: 'close' });
    await ended;
  }

  #settle(report: Exclude<SandboxReport, { kind: 'started' | 'not-started' }>): void {
    const waiting = this.#waiting.get(report.id);
    this.#waiting.delete(report.id);
    if (report.kind === 'failed') waiting?.reject(revived(report.error));
    else waiting?.resolve(report);
  }

  #die(reason: string): void {
    this.#death ??= new LoadtuiError(`The sandbox's thread is gone: ${reason}.`, {
      code: 'THREAD_DIED',
      fault: 'bug',
      next: 'Start the run again.',
    });
    for (const { reject } of this.#waiting.values()) reject(this.#death);
    this.#waiting.clear();
  }
}

function revived(error: CarriedError): LoadtuiError {
  return new LoadtuiError(error.message, {
    code: error.code ?? 'BUG',
    fault: error.fault,
    ...(error.next === null ? {} : { next: error.next }),
  });
}
