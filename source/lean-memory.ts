/** What keeps the memory of each thread small, and its collections out of what is measured: `npm run bench -- --own`. */
import { setFlagsFromString } from 'node:v8';

const flags = [
  // What a thread throws away it throws away at once: a nursery that grew from 1 MiB to 16 MiB would hold only garbage.
  '--semi-space-growth-factor=1',
  // Nor is it worth waiting until the old generation has doubled: with the screen on that was 60 MB for 28 MB in use. More
  // thrift (`--optimize-for-size`) is a collection of main every two seconds, whose helpers take the cores from the load.
  '--heap-growing-percent=10',
  // A thread collects for itself: it takes a little longer, and V8's helpers leave the cores to those who send and answer.
  '--no-parallel-scavenge',
  '--no-concurrent-marking',
  // It would collect in the midst of the load; `collectGarbage` does its work before.
  '--no-memory-reducer',
  // For `collectGarbage`, in threads that start from now on.
  '--expose-gc',
  // Code that ran once, at the start, goes with the next collection but one.
  '--bytecode-old-age=1',
  // A copy of V8's own routines near each thread's code, 2 MB a thread, made nothing faster.
  '--no-short-builtin-calls',
];

/** Before any other thread is started: it holds for those, too. */
export function keepMemorySmall(): void {
  for (const flag of flags) setFlagsFromString(flag);
}

/**
 * Gives back what beginning took, some 10 ms: a thread that has done so before the load comes hardly ever collects its
 * old generation while latency is measured. Does nothing in a thread that began before `keepMemorySmall`, as main did:
 * its pauses are in no figure.
 */
export function collectGarbage(): void {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
