/** Holding an objective: the rate creeps up while all is well and steps back when it is not (method, section 5, end). Pure. */

/** How often the rate is looked at. */
export const holdLookMs = 5_000;
const upBy = 1.02;
const downBy = 0.9;

export interface HoldReading {
  readonly rateHz: number;
  /** Of the last look's time: share of messages beyond each objective over its budget, the worst; 1 is the most allowed. */
  readonly worstOfBudget: number;
  /** Errors, or lag that grows. */
  readonly otherTrouble: boolean;
  /** The load generator keeps its schedule: else a higher rate would tell nothing. */
  readonly clientOk: boolean;
  readonly maxHz: number | null;
}

/** The rate from now on. */
export function nextHoldRate({ rateHz, worstOfBudget, otherTrouble, clientOk, maxHz }: HoldReading): number {
  if (worstOfBudget > 1 || otherTrouble) return rateHz * downBy;
  if (!clientOk) return rateHz;
  return Math.max(Math.min(rateHz * upBy, maxHz ?? Number.POSITIVE_INFINITY), Math.min(rateHz, maxHz ?? rateHz));
}
