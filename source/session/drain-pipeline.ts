/** The end of a run through somebody else's processor: what is inside it comes out, or gets no further. */
import { wholeNumber } from './figures-text.ts';
import type { RunState } from './run-state.ts';

/** A processor may restart meanwhile, or write at its checkpoints only. */
const stalledMs = 30_000;
/** The same where messages that are filtered never come out. */
const stalledFilteringMs = 10_000;
/** Nothing more comes after this, once the processor's groups have committed all there is. */
const quietMs = 5_000;
/** However it goes on: a backlog of hours is not waited for. */
const longestMs = 600_000;
const lookEveryMs = 25;

export interface Emptying {
  /** Messages that may come out still. */
  readonly left: number;
  /** Since the last one came, or since the load ended. */
  readonly stillMs: number;
  /** Since the load ended. */
  readonly sinceMs: number;
  /** All watched groups have committed the input to its end. */
  readonly allCommitted: boolean;
  readonly filters: boolean;
}

/** Whether it is worth while to wait on. Pure. */
export function judgeEmptying(emptying: Emptying): 'empty' | 'goes-on' | 'stalled' | 'too-long' {
  const { left, stillMs, sinceMs, allCommitted, filters } = emptying;
  if (left <= 0) return 'empty';
  if (stillMs > (filters ? stalledFilteringMs : stalledMs)) return 'stalled';
  if (stillMs > quietMs && allCommitted) return 'stalled';
  return sinceMs > longestMs ? 'too-long' : 'goes-on';
}

/** Messages that were sent and have not come out, at most: those of unknown fate are among them. */
function leftInside({ happenings }: RunState): number {
  const totals = happenings.last?.totals;
  if (totals === undefined) return 0;
  return totals.acked + totals.failed + totals.unknown - (totals.consumed - totals.duplicated);
}

function allCommitted({ clusterWatch }: RunState): boolean {
  const watched = clusterWatch?.view().watched ?? [];
  return (
    watched.length > 0 &&
    watched.every(({ lagMessages, uncommittedPartitions }) => lagMessages === 0 && uncommittedPartitions === 0)
  );
}

/** Resolves once all that was sent has come out, or nothing more does. Tells what has not. */
export async function emptied(run: RunState): Promise<void> {
  const beganMs = performance.now();
  let least = Number.POSITIVE_INFINITY;
  let movedMs = beganMs;
  // Without consumers nothing is seen to come out.
  while (!run.brokerGone && run.board.number('consumers') > 0) {
    const nowMs = performance.now();
    const left = leftInside(run);
    if (left < least) {
      least = left;
      movedMs = nowMs;
    }
    const stillMs = nowMs - movedMs;
    const times = { stillMs, sinceMs: nowMs - beganMs };
    const judged = judgeEmptying({ left, ...times, allCommitted: allCommitted(run), filters: !run.plan.missingGate });
    if (judged === 'empty') return;
    if (judged !== 'goes-on') {
      const why =
        judged === 'stalled'
          ? `or were dropped there: none came out in the last ${Math.round(stillMs / 1000)} s`
          : `${longestMs / 60_000} min after the end of the load: they are not waited for`;
      run.log.add(Date.now(), 'accounting', `${wholeNumber(left)} messages are in the pipeline still, ${why}`, {
        inPipeline: left,
      });
      return;
    }
    await new Promise((wake) => setTimeout(wake, lookEveryMs));
  }
}
