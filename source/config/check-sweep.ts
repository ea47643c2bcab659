/** Checks of a sweep: every combination of its values must be a run that could be asked for alone. */
import { LoadtuiError, usageError } from '../errors.ts';
import { needsRails } from './address.ts';
import { checkPlan, sloObstacle } from './check-plan.ts';
import { type KnobName, type KnobValue, knobs } from './knobs.ts';
import { type Combined, strength } from './layers.ts';
import type { Plan } from './plan.ts';
import type { SettingKey } from './settings/setting.ts';
import { type SweptKnob, writeSweep } from './sweep.ts';
import { formatRate } from './units.ts';
import { withKnobs } from './with-knobs.ts';

/** More would take days. */
export const mostSweepRuns = 1_000;

const settingOf: Readonly<Record<KnobName, SettingKey>> = {
  rate: 'rate',
  batchSize: 'batchSizeBytes',
  lingerMs: 'lingerMs',
  producers: 'producers',
  consumers: 'consumers',
  acks: 'acks',
  compression: 'compression',
  messageSize: 'messageSizeBytes',
  inFlight: 'maxInFlight',
  fetchMinBytes: 'fetchMinBytes',
  fetchMaxWaitMs: 'fetchMaxWaitMs',
  maxPartitionFetch: 'maxPartitionFetchBytes',
};

/** One combination of a sweep. */
export type Combination = { readonly [K in KnobName]?: KnobValue };

/** The combinations, the last knob changing fastest. */
export function sweepCombinations(swept: readonly SweptKnob[]): readonly Combination[] {
  return swept.reduce<readonly Combination[]>(
    (chosen, { name, values }) => chosen.flatMap((before) => values.map((value) => ({ ...before, [name]: value }))),
    [{}],
  );
}

/** Why a sweep cannot be, in a sentence, and what to do about it; null: it can. */
export function sweepObstacle(
  plan: Plan,
  combined: Combined | null,
): { readonly message: string; readonly next: string } | null {
  const { sweep, repeats, findSlos, mode, maxRate } = plan;
  if (sweep.length === 0) return { message: 'nothing to sweep', next: 'Say loadtui sweep linger=0,5ms producers=1,4.' };
  if (mode === 'consume-only') return { message: 'a sweep needs producers', next: 'Leave --consume-only out.' };
  const rates = sweep.find(({ name }) => name === 'rate');
  if (rates !== undefined && findSlos.length > 0) {
    return { message: 'the rate is searched for: it cannot be swept', next: 'Leave rate= or --find out.' };
  }
  const over = rates?.values.find((rate) => maxRate !== null && typeof rate === 'number' && rate > maxRate);
  if (typeof over === 'number') {
    const message = `rate=${formatRate(over)} is above the cap of ${formatRate(maxRate)}`;
    return { message, next: 'Leave it out, or raise --max-rate.' };
  }
  if (findSlos.length > 0 && needsRails(plan.brokers) && maxRate === null) {
    const message = 'a search on a cluster that is not on this machine needs a cap';
    return { message, next: 'Add --max-rate, e.g. --max-rate 200k: no step goes above it.' };
  }
  const runs = sweep.reduce((product, { values }) => product * values.length, 1) * repeats;
  if (runs < 1 || runs > mostSweepRuns) {
    const message = runs < 1 ? '0 repeats measure nothing' : `${runs.toLocaleString('en-US')} runs`;
    return { message, next: `A sweep has 1 to ${mostSweepRuns} runs: combinations × repeats.` };
  }
  for (const combination of sweepCombinations(sweep)) {
    const obstacle = combinationObstacle(plan, combination, combined);
    if (obstacle !== null) return obstacle;
  }
  return null;
}

function combinationObstacle(plan: Plan, combination: Combination, combined: Combined | null) {
  const turned = withKnobs({ ...plan, task: 'run' }, combination);
  const maxInFlight = typeof combination.inFlight === 'number' ? combination.inFlight : plan.tuning.maxInFlight;
  const one = { ...turned, tuning: { ...turned.tuning, maxInFlight } };
  const words = writeSweep(plan.sweep.map(({ name }) => ({ name, values: [combination[name] ?? null] }))).join(' ');
  for (const slo of plan.findSlos) {
    const obstacle = sloObstacle(slo, one);
    if (obstacle !== null) return { message: `${words}: ${obstacle.message}`, next: obstacle.next };
  }
  if (combined === null) return null;
  try {
    checkPlan(one, combined);
  } catch (error) {
    if (!(error instanceof LoadtuiError)) throw error;
    return { message: `${words}: ${error.message}`, next: error.next ?? '' };
  }
  return null;
}

/** Throws LoadtuiError (`USAGE`) where a sweep cannot be. */
export function checkSweep(plan: Plan, combined: Combined): void {
  const { origins } = combined;
  const { label = 'sweep', at } = origins.sweep ?? {};
  for (const { name } of plan.sweep) {
    const fixed = origins[settingOf[name]];
    if (fixed !== undefined && strength(fixed) >= strength(origins.sweep)) {
      throw usageError(`${fixed.label}: ${knobs[name].flag} is swept`, 'Leave one of the two out.', fixed.at);
    }
  }
  const obstacle = sweepObstacle(plan, combined);
  if (obstacle !== null) throw usageError(`${label}: ${obstacle.message}`, obstacle.next, at);
}
