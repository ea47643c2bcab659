import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { LoadtuiError, messageOf } from '../errors.ts';
import type { CarriedError, SandboxReport, SandboxRequest } from './thread-messages.ts';
import type { Sandbox, SandboxListener, SandboxOptions, SandboxStats } from './types.ts';

type Settle = (report: SandboxReport) => void;
/** A request without the number that the sandbox's thread answers under. */
type Unnumbered<R> = R extends SandboxRequest ? Omit<R, 'id'> : never;

/**
 * Starts the sandbox in a thread of its own. Rejects with LoadtuiError: PORT_IN_USE where the named port is taken,
 * THREAD_DIED where the thread ends by itself (then also every later call does).
 */
export async function startSandbox(
  options: Partial<SandboxOptions> = {},
  listener: SandboxListener | null = null,
): Promise<Sandbox> {
  const thread = new SandboxThread(options, listener);
  const brokers = await thread.started;
  if (listener !== null) thread.watch(listener);
  return {
    brokers,
    inject: async (fault) => void (await thread.ask({ kind: 'inject', fault })),
    setService: async (service) => void (await thread.ask({ kind: 'set-service', service })),
    stats: () => thread.stats(),
    close: () => thread.close(),
  };
}

/** The thread is asked for a word so often. */
const askEveryMs = 250;
const silentMs = 1_400;
/** Where asking came so late, this thread was held up itself: answers may be there, and not read yet. */
const heldUpMs = 1_000;
const closeWithinMs = 2_000;

class SandboxThread {
  readonly started: Promise<Sandbox['brokers']>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { readonly resolve: Settle; readonly reject: (error: LoadtuiError) => void }>();
  #lastId = 0;
  #death: LoadtuiError | null = null;
  #closing: Promise<void> | null = null;

  readonly #listener: SandboxListener | null;
  #watch: NodeJS.Timeout | undefined;

  constructor(options: Partial<SandboxOptions>, listener: SandboxListener | null) {
    this.#listener = listener;
    const extension = extname(import.meta.url);
    this.#worker = new Worker(new URL(`../sandbox/thread${extension}`, import.meta.url), { workerData: options });
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

  /** Tells when the thread does not answer, and when it does again. */
  watch({ answers }: SandboxListener): void {
    let lookedMs = performance.now();
    let askedMs: number | null = null;
    let silent = false;
    this.#watch = setInterval(() => {
      const nowMs = performance.now();
      const heldUp = nowMs - lookedMs > heldUpMs;
      lookedMs = nowMs;
      if (askedMs !== null) {
        if (silent || heldUp || nowMs - askedMs <= silentMs) return;
        silent = true;
        answers(false);
        return;
      }
      askedMs = nowMs;
      this.stats()
        .then(() => {
          askedMs = null;
          if (silent) answers(true);
          silent = false;
        })
        // Its end is told of once, by itself.
        .catch(() => undefined);
    }, askEveryMs).unref();
  }

  /** May be called again, and after the thread's end. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    clearInterval(this.#watch);
    if (this.#death !== null) return;
    const ended = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    // One that does not answer is ended by force.
    const timer = setTimeout(() => void this.#worker.terminate(), closeWithinMs);
    try {
      await this.ask({ kind: 'close' }).catch((error: unknown) => {
        if (this.#death === null) throw error;
      });
      await ended;
    } finally {
      clearTimeout(timer);
    }
  }

  #settle(report: Exclude<SandboxReport, { kind: 'started' | 'not-started' }>): void {
    const waiting = this.#waiting.get(report.id);
    this.#waiting.delete(report.id);
    if (report.kind === 'failed') waiting?.reject(revived(report.error));
    else waiting?.resolve(report);
  }

  #die(reason: string): void {
    const told = this.#death !== null;
    this.#death ??= new LoadtuiError(`The sandbox's thread is gone: ${reason}.`, {
      code: 'THREAD_DIED',
      fault: 'bug',
      next: 'Start the run again.',
    });
    for (const { reject } of this.#waiting.values()) reject(this.#death);
    this.#waiting.clear();
    clearInterval(this.#watch);
    if (!told && this.#closing === null) this.#listener?.died(this.#death);
  }
}

function revived(error: CarriedError): LoadtuiError {
  return new LoadtuiError(error.message, {
    code: error.code ?? 'BUG',
    fault: error.fault,
    ...(error.next === null ? {} : { next: error.next }),
  });
}
