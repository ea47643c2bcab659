/** Since when a run has been steady, from its mean response every 250 ms. Pure. */
import { mser5 } from './mser.ts';
import { mannKendall } from './trend.ts';

export const steadyPointMs = 250;
/** Ten seconds: with fewer a cut would be a guess. */
const fewestPoints = 40;
const significant = 0.01;

export type Steadiness =
  | { readonly kind: 'too-early' }
  /** `afterPoints` are the start-up: what follows is settled. */
  | { readonly kind: 'steady'; readonly afterPoints: number }
  | { readonly kind: 'unsteady' };

/**
 * Unsteady only where MSER-5 finds no valid cut *and* the batch means move one way (two-sided Mann–Kendall, p < .01): the
 * first alone cries wolf on a fifth of steady stretches. Points without messages are left out before.
 */
export function judgeSteadiness(meanResponsesMs: readonly number[]): Steadiness {
  if (meanResponsesMs.length < fewestPoints) return { kind: 'too-early' };
  const cut = mser5(meanResponsesMs);
  if (cut === null) return { kind: 'too-early' };
  if (cut.valid) return { kind: 'steady', afterPoints: cut.cutPoints };
  return mannKendall(cut.batchMeans).pMoving < significant ? { kind: 'unsteady' } : { kind: 'steady', afterPoints: 0 };
}
