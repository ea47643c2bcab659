/**
 * How a producer thread wakes up. `timer`: every millisecond, cheap; `spin`: at every turn of the event loop, precise,
 * a core for each thread.
 */
import type { Pacing } from '../config/plan.ts';

/** `auto`: spin only where each spinning thread leaves two cores to the consumers, the screen and the system. */
export function choosePacing(asked: Pacing, cores: number, producerThreads: number): Exclude<Pacing, 'auto'> {
  if (asked !== 'auto') return asked;
  return cores >= producerThreads + 4 ? 'spin' : 'timer';
}

/** What was chosen, in one line. */
export function pacingText(asked: Pacing, chosen: Exclude<Pacing, 'auto'>): string {
  const how = chosen === 'spin' ? 'looks for due messages all the time' : 'looks for due messages every millisecond';
  return `pacing ${asked === chosen ? chosen : `${asked} → ${chosen}`}: ${how}`;
}

/**
 * Calls `tick` until the thread ends; where it answers true, more is due and the next turn follows at once. An error in
 * it is the thread's: it surfaces as an uncaught exception.
 */
export function startPacer(pacing: Exclude<Pacing, 'auto'>, tick: () => boolean): void {
  if (pacing === 'spin') {
    const turn = (): void => {
      tick();
      setImmediate(turn);
    };
    setImmediate(turn);
    return;
  }
  const turn = (): void => {
    if (tick()) setImmediate(turn);
    else timer.refresh();
  };
  // One timer for all turns: a new one a millisecond is what a quiet thread would throw away most of.
  const timer = setTimeout(turn, 1);
}
