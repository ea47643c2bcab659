/** A thread that only keeps a schedule, as a producer thread does: answers how late it offered each message, ns. */
import { parentPort, workerData } from 'node:worker_threads';
import { startPacer } from '../../source/load/pacer.ts';
import { ArrivalCursor } from '../../source/load/schedule.ts';
import { realClock, takeAnchor } from '../../source/measure/clock.ts';
import { segment } from '../../test/load/support/segment.ts';

export interface PacingWork {
  readonly pacing: 'timer' | 'spin';
  readonly rateHz: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

function keepPace({ pacing, rateHz, warmUpMs, measureMs }: PacingWork, done: (lateNs: Float64Array) => void): void {
  const clock = realClock(takeAnchor());
  const cursor = new ArrivalCursor(0, null);
  const skipped = Math.round((rateHz * warmUpMs) / 1000);
  const lateNs = new Float64Array(Math.round((rateHz * measureMs) / 1000));
  let seen = -skipped;
  cursor.add(segment({ startNs: Math.ceil(clock.nowNs()), rateHz }));
  startPacer(pacing, () => {
    const nowNs = clock.nowNs();
    while (seen < lateNs.length && cursor.nextNs <= nowNs) {
      if (seen >= 0) lateNs[seen] = nowNs - cursor.nextNs;
      seen++;
      cursor.advance();
      if (seen === lateNs.length) done(lateNs);
    }
    return false;
  });
}

if (parentPort !== null) {
  const port = parentPort;
  const work: PacingWork = workerData;
  keepPace(work, (lateNs) => port.postMessage(lateNs));
}
