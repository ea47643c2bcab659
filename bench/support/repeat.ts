/** Times a function that is called over and over. */
import type { Pace } from '../bench.ts';

/** Odd, and enough of them that a disturbed one does not show. */
const roundsPerPace = 3;

/** ns a unit in each round. `work` does some, as long as a fraction of a millisecond, and answers how many units. */
export function nsPerUnit(pace: Pace, work: () => number): readonly number[] {
  // The compiler needs to have seen it often; then as many rounds as a session has, and more.
  timeRound(work, 3 * pace.microRoundMs);
  return Array.from({ length: pace.rounds * roundsPerPace }, () => timeRound(work, pace.microRoundMs));
}

function timeRound(work: () => number, roundMs: number): number {
  const startMs = performance.now();
  let units = 0;
  let elapsedMs = 0;
  while (elapsedMs < roundMs) {
    units += work();
    elapsedMs = performance.now() - startMs;
  }
  return (elapsedMs * 1e6) / units;
}
