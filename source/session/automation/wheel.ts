/** What an automation may turn: the same knobs as an operator's, each turn an epoch, none of them asked about. */
import type { KnobName, KnobValue } from '../../config/knobs.ts';
import type { Slope } from '../../load/schedule.ts';

export interface RateTurn {
  /** From `rateHz` on; null or left out: it stays. */
  readonly slope?: Slope | null;
  /** Length of the intervals from then on, ns; left out: a second. */
  readonly intervalNs?: number;
  /** Not before this, run-relative ns. */
  readonly atNs?: number;
  /** Belongs to what came before: no epoch of its own, and no event. */
  readonly goesOn?: boolean;
  /** What the change is for, as the event says it: "find 1: step 3". */
  readonly why: string;
}

export interface Wheel {
  /** `rateHz` null: unthrottled. Answers the moment from which the rate holds, run-relative ns. */
  rate(rateHz: number | null, turn: RateTurn): number;
  /** Turns another knob; resolves when all threads have it. Rejects where it cannot be had. `why` null: needs no word. */
  knob(name: Exclude<KnobName, 'rate'>, value: KnobValue, why: string | null): Promise<void>;
}
