/** Harm done to the program's own threads: they run inside `harmed-thread.ts`, which a mock of `Worker` sees to. */
import type { Worker, WorkerOptions } from 'node:worker_threads';

/** `sleep` never ends, as `loop`, and takes no core. */
export type Harm = 'throw' | 'exit' | 'sleep' | 'loop';

export const harmChannel = 'harm to threads';

/** Names of the threads that were started: the file's, with the number of a load thread. */
export const started: string[] = [];

export function threadName(file: string, workerData: { readonly thread?: unknown } | undefined): string {
  const name = file.split('/').at(-1) ?? '';
  return typeof workerData?.thread === 'number' ? `${name} ${workerData.thread}` : name;
}

/** What takes the place of `Worker`. */
export function harmed(Original: typeof Worker): typeof Worker {
  return class extends Original {
    constructor(file: URL | string, options: WorkerOptions = {}) {
      super(new URL('./harmed-thread.ts', import.meta.url), { ...options, argv: [String(file)] });
      started.push(threadName(String(file), options.workerData));
    }
  };
}

export function doHarm(thread: string, harm: Harm): void {
  const channel = new BroadcastChannel(harmChannel);
  channel.postMessage({ thread, harm });
  channel.close();
}
