/** Waiting: until a moment, and no longer than for so long. */
const lastChanceMs = 200;

/** Waits in run-relative time. */
export async function untilNs(nowNs: () => number, atNs: number): Promise<void> {
  for (let leftNs = atNs - nowNs(); leftNs > 0; leftNs = atNs - nowNs()) {
    await new Promise((wake) => setTimeout(wake, Math.max(1, leftNs / 1e6)));
  }
}

/** Several waits with one limit for all: once it is used up, each gets a last short chance. */
export class Patience {
  #leftMs: number;

  constructor(limitMs: number) {
    this.#leftMs = limitMs;
  }

  /** As `within`, for as long as is left. */
  async waitFor<Value>(work: Promise<Value>, message: string): Promise<Value> {
    const startMs = performance.now();
    try {
      return await within(work, Math.max(lastChanceMs, this.#leftMs), message);
    } finally {
      this.#leftMs -= performance.now() - startMs;
    }
  }
}

/** Rejects with `message` where `work` takes longer than `limitMs`; the work itself is not ended. */
export async function within<Value>(work: Promise<Value>, limitMs: number, message: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(message)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
