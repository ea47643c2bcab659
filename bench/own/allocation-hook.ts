/**
 * Loaded into every thread of a loadtui (`--import`): says what the thread allocated within a time, and how long its
 * garbage collections stopped it before that. Objects that were collected count, too: what a thread throws away is the point.
 */
import { appendFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { PerformanceObserver } from 'node:perf_hooks';
import { isMainThread, threadName } from 'node:worker_threads';
import { type AllocationLine, readWindow } from './allocation-line.ts';

const samplingIntervalBytes = 4096;

const window = readWindow(process.env);
if (window !== null && !isMainThread) {
  const session = new Session();
  session.connect();
  const gcPausesMs: number[] = [];
  let sampledFromMs = Number.NaN;
  const pauses = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) gcPausesMs.push(duration);
  });
  setTimeout(() => pauses.observe({ entryTypes: ['gc'] }), window.pausesFromMs).unref();
  setTimeout(() => {
    pauses.disconnect();
    sampledFromMs = Date.now();
    session.post('HeapProfiler.startSampling', {
      samplingInterval: samplingIntervalBytes,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    });
  }, window.samplesFromMs).unref();
  setTimeout(() => {
    session.post('HeapProfiler.stopSampling', (error, answer) => {
      if (error !== null) throw error;
      const line: AllocationLine = {
        thread: threadName ?? '',
        allocatedBytes: sizeOf(answer.profile.head),
        sampledFromMs,
        sampledToMs: Date.now(),
        gcPausesMs,
      };
      appendFileSync(window.file, `${JSON.stringify(line)}\n`);
    });
  }, window.toMs).unref();
}

interface ProfileNode {
  readonly selfSize: number;
  readonly children: readonly ProfileNode[];
}

function sizeOf({ selfSize, children }: ProfileNode): number {
  return children.reduce((sum, child) => sum + sizeOf(child), selfSize);
}
