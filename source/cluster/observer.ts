/** The observer as the session sees it: a thread that watches the cluster and this machine while the load runs. */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { LoadtuiError, messageOf } from '../errors.ts';
import type { ObserverCommand, ObserverReport, ObserverSetup } from './observer-protocol.ts';

export interface ObserverListener {
  /** Everything but answers to commands. */
  report(report: Exclude<ObserverReport, { kind: 'done' | 'ready' | 'unreachable' }>): void;
  /** The thread ended by itself: THREAD_DIED. Its last figures stay in the shared arrays. */
  died(error: LoadtuiError): void;
}

/** A command without the number that it is answered under. */
type Unnumbered = { readonly kind: ObserverCommand['kind'] };

const closeWithinMs = 2_000;

export class Observer {
  readonly #worker: Worker;
  readonly #listener: ObserverListener;
  readonly #waiting = new Map<number, (committed: boolean) => void>();
  readonly #ready = Promise.withResolvers<void>();
  #lastId = 0;
  #closing = false;
  #gone = false;

  /** Starts the thread. The arrays of `setup` are shared with it from here on. */
  constructor(setup: ObserverSetup, listener: ObserverListener) {
    this.#listener = listener;
    const extension = extname(import.meta.url);
    this.#worker = new Worker(new URL(`../cluster/observer-thread${extension}`, import.meta.url), {
      workerData: setup,
      name: 'observer',
    });
    this.#worker.on('message', (report: ObserverReport) => this.#take(report));
    this.#worker.on('error', (error) => this.#die(messageOf(error)));
    this.#worker.once('exit', () => this.#die('it has ended'));
    // Whoever does not wait for `ready` hears of a failure by the listener or the next call.
    this.#ready.promise.catch(() => undefined);
  }

  /** Resolves once the thread has found the cluster; rejects with CANNOT_REACH or THREAD_DIED. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Commits all positions now; false where that was not possible (reports say why). */
  commitNow(): Promise<boolean> {
    return this.#ask({ kind: 'commit-now' });
  }

  /** Ends the thread, by force where it does not end by itself; may be called again. */
  async close(): Promise<void> {
    this.#closing = true;
    const timer = setTimeout(() => void this.#worker.terminate(), closeWithinMs);
    await this.#ask({ kind: 'close' });
    clearTimeout(timer);
    await this.#worker.terminate();
  }

  #ask(command: Unnumbered): Promise<boolean> {
    if (this.#gone) return Promise.resolve(false);
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      const numbered: ObserverCommand = { kind: command.kind, id };
      this.#worker.postMessage(numbered);
    });
  }

  #take(report: ObserverReport): void {
    switch (report.kind) {
      case 'ready':
        this.#ready.resolve();
        return;
      case 'unreachable':
        this.#ready.reject(new LoadtuiError(report.message, { code: 'CANNOT_REACH', fault: 'cluster' }));
        return;
      case 'done':
        this.#waiting.get(report.id)?.(report.committed);
        this.#waiting.delete(report.id);
        return;
      case 'offsets':
      case 'committed':
      case 'watched':
      case 'ping':
      case 'host':
      case 'no-answer':
      case 'answered':
      case 'commit-refused':
        this.#listener.report(report);
        return;
      default:
        report satisfies never;
    }
  }

  #die(reason: string): void {
    if (this.#gone) return;
    this.#gone = true;
    for (const resolve of this.#waiting.values()) resolve(false);
    this.#waiting.clear();
    const error = new LoadtuiError(`The observer's thread is gone: ${reason}`, {
      code: 'THREAD_DIED',
      fault: 'bug',
      next: 'Lag, pings and host figures stand still; the load itself goes on.',
    });
    this.#ready.reject(error);
    if (!this.#closing) this.#listener.died(error);
  }
}
