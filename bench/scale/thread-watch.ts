/** Samples the CPU time of the load threads of a running loadtui, and says what they used. */
import { cpuNsByThread, cpuOf } from '../support/thread-cpu.ts';

/** A sample reads two files a thread. */
const everyMs = 250;

export interface ThreadSample {
  /** Unix ms. */
  readonly atMs: number;
  /** ns used so far; null: there is no such thread, or the system does not say. */
  readonly producersNs: number | null;
  readonly consumersNs: number | null;
}

export class ThreadWatch {
  readonly samples: ThreadSample[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number) {
    this.#timer = setInterval(() => {
      const byThread = cpuNsByThread(pid);
      const producersNs = cpuOf(byThread, 'producer thread 0');
      this.samples.push({ atMs: Date.now(), producersNs, consumersNs: cpuOf(byThread, 'consumer thread 0') });
    }, everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/**
 * ns a second that threads used within a time (Unix ms): between the first sample in it and the last, since the threads
 * are gone soon after it. null where fewer than two samples know.
 */
export function usedPerSecond(
  samples: readonly ThreadSample[],
  of: (sample: ThreadSample) => number | null,
  fromMs: number,
  toMs: number,
): number | null {
  const known = samples.flatMap((sample) => {
    const ns = of(sample);
    return ns === null || sample.atMs < fromMs || sample.atMs > toMs ? [] : [{ atMs: sample.atMs, ns }];
  });
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return null;
  return (last.ns - first.ns) / ((last.atMs - first.atMs) / 1000);
}
