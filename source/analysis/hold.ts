/** Holding an objective: the rate creeps up while all is well and steps back when it is not (method, section 5, end). Pure. */

/** How often the rate is looked at. */
export const holdLookMs = 5_000;
const upBy = 1.02;
const downBy = 0.9;

export interface HoldReading {
  readonly rateHz: number;
  /** Of the last look's time: more messages beyond an objective than it allows, errors, or lag that grows or is too large. */
  readonly isBroken: boolean;
  /** The load generator keeps its schedule: else a higher rate would tell nothing. */
  readonly clientOk: boolean;
  readonly maxHz: number | null;
}

/** The rate from now on. */
export function nextHoldRate({ rateHz, isBroken, clientOk, maxHz }: HoldReading): number {
  if (isBroken) return rateHz * downBy;
  if (!clientOk) return rateHz;
  return Math.max(Math.min(rateHz * upBy, maxHz ?? Number.POSITIVE_INFINITY), Math.min(rateHz, maxHz ?? rateHz));
}
