/** Loaded before everything in a process that is to be a slow load generator: its producer threads stand still most of the time. */
import { threadName } from 'node:worker_threads';

const stallMs = Number(process.env.LOADTUI_BENCH_STALL_MS ?? '0');
const everyMs = 20;

if (stallMs > 0 && /^producer thread/.test(threadName ?? '')) {
  setInterval(() => {
    const untilMs = performance.now() + stallMs;
    while (performance.now() < untilMs);
  }, everyMs).unref();
}
