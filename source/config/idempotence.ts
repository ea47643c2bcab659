/** When producers are idempotent, and what that asks of them. */
import type { Acks, Plan } from './plan.ts';

/** Brokers remember so many batches of an idempotent producer: with more in flight they could not tell a repetition. */
export const maxInFlightIdempotent = 5;

/**
 * Whether producers that may be idempotent are, with these acks. Only what all replicas have can be told from its
 * repetition, so with other acks the wish rests; it holds again where a knob turns acks back to all.
 */
export function isIdempotent(wished: boolean, acks: Acks): boolean {
  return wished && acks === 'all';
}

/** Whether producers would be idempotent, and are not for the acks of their plan. */
export function restsWithAcks({ tuning, acks }: Pick<Plan, 'tuning' | 'acks'>): boolean {
  return tuning.idempotent && !isIdempotent(tuning.idempotent, acks);
}
