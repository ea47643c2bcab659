/** About how long a search will take that has not begun. Pure. */
import { type StepRole, stepsLeft } from '../../analysis/search.ts';
import type { Plan } from '../../config/plan.ts';
import type { FindRequest } from './requests.ts';

/** At the first rate of a search within a run, before the first step: the load may stand at another rate. */
export const warmUpMs = 10_000;

/** Steps that are to come, by what they are for. */
export type StepsLeft = ReturnType<typeof stepsLeft>;

/** Typical lengths with what is discarded, rests included, ms: for the guess of what is to come. */
const usualMs: Readonly<Record<Exclude<StepRole, 'confirm'>, number>> = { ramp: 6_700, descend: 9_000, bisect: 17_000 };

/** About how long a search will take from here, ms. */
export function expectedMs(left: StepsLeft, quick: boolean): number {
  const { ramp, descend, bisect } = usualMs;
  const confirm = quick ? 33_000 : 63_000;
  return left.ramp * ramp + left.descend * descend + left.bisect * bisect + left.confirm * confirm;
}

/** What a request leaves to the plan: the rates between which it searches, and how long it may. */
export function limitsOf(
  request: FindRequest,
  plan: Pick<Plan, 'fromRate' | 'maxRate' | 'quick' | 'maxTimeMs'>,
): Pick<Parameters<typeof stepsLeft>[0], 'fromHz' | 'maxHz'> & {
  readonly quick: boolean;
  readonly maxTimeMs: number | null;
} {
  return {
    fromHz: request.fromHz ?? plan.fromRate,
    maxHz: lower(request.maxHz, plan.maxRate),
    quick: request.quick ?? plan.quick,
    maxTimeMs: request.maxTimeMs ?? plan.maxTimeMs,
  };
}

export function searchTakesMs(request: FindRequest, plan: Parameters<typeof limitsOf>[1] & Pick<Plan, 'slos'>): number {
  const limits = limitsOf(request, plan);
  const left = stepsLeft(limits, []);
  // A knee is confirmed by nothing.
  const steps = request.slos.length + plan.slos.length > 0 ? left : { ...left, confirm: 0 };
  const wholeMs = expectedMs(steps, limits.quick) + warmUpMs;
  return Math.min(wholeMs, limits.maxTimeMs ?? wholeMs);
}

/** null: no limit. */
export function lower(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}
