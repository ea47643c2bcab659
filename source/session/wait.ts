/** Waiting, in run-relative time. */
export async function untilNs(nowNs: () => number, atNs: number): Promise<void> {
  for (let leftNs = atNs - nowNs(); leftNs > 0; leftNs = atNs - nowNs()) {
    await new Promise((wake) => setTimeout(wake, Math.max(1, leftNs / 1e6)));
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
