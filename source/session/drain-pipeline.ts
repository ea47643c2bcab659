/** The end of a run through somebody else's processor: what is inside it comes out, or gets no further. */
import { wholeNumber } from './figures-text.ts';
import type { RunState } from './run-state.ts';

/** A processor may restart meanwhile, or write at its checkpoints only. */
const stalledMs = 30_000;
/** The same where messages that are filtered never come out. */
const stalledFilteringMs = 10_000;
/** Nothing more comes after this, once the processor's groups have committed all there is. */
const quietMs = 2_000;
/** However it goes on: a backlog of hours is not waited for. */
const longestMs = 600_000;
const lookEveryMs = 25;

/** Messages that were sent and have not come out, at most: those of unknown fate are among them. */
function inside({ happenings }: RunState): number {
  const totals = happenings.last?.totals;
  if (totals === undefined) return 0;
  return totals.acked + totals.failed + totals.unknown - (totals.consumed - totals.duplicated);
}

/** All watched groups have committed the logs to their ends, as was seen a moment ago. */
function allCommitted({ clusterWatch }: RunState): boolean {
  const watched = clusterWatch?.view().watched ?? [];
  return (
    watched.length > 0 &&
    watched.every(({ lagMessages, uncommittedPartitions }) => lagMessages === 0 && uncommittedPartitions === 0)
  );
}

/** Resolves once all that was sent has come out, or nothing more does. Tells what has not. */
export async function emptied(run: RunState): Promise<void> {
  const mostMs = run.plan.missingGate ? stalledMs : stalledFilteringMs;
  const beganMs = Date.now();
  let least = Number.POSITIVE_INFINITY;
  let movedMs = beganMs;
  for (;;) {
    const left = inside(run);
    const nowMs = Date.now();
    if (left <= 0 || run.brokerGone) return;
    if (left < least) {
      least = left;
      movedMs = nowMs;
    }
    const still = nowMs - movedMs;
    const isStalled = still > mostMs || (still > quietMs && allCommitted(run));
    if (isStalled || nowMs - beganMs > longestMs) {
      const why = isStalled ? `in the last ${Math.round(still / 1000)} s` : `${longestMs / 60_000} min after the end`;
      const message = `${wholeNumber(left)} messages are in the pipeline still, or were dropped there: none came out ${why}`;
      const slow = `${wholeNumber(left)} messages are in the pipeline still, ${why}: they are not waited for`;
      run.log.add(nowMs, 'accounting', isStalled ? message : slow, { inPipeline: left });
      return;
    }
    await new Promise((wake) => setTimeout(wake, lookEveryMs));
  }
}
