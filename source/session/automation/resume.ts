/** Whether a search that was ended early can be gone on with: its steps count as long as nothing else was turned. Pure. */
import { type KnobName, knobNames, knobs } from '../../config/knobs.ts';
import type { Search } from '../document-schema.ts';
import { knobText } from '../knob-text.ts';

type Knobs = Readonly<Partial<Record<KnobName, Search['knobs'][KnobName]>>>;

/** Why not; null: it can be. `present`: the knobs as they are requested now. */
export function resumeObstacle(last: Search | undefined, present: Knobs): string | null {
  if (last === undefined) return 'there is no search to go on with';
  const { outcome, steps } = last;
  if (outcome === 'running') return 'the search is under way';
  if (outcome !== 'stopped' && outcome !== 'out-of-time' && outcome !== 'not-recovered')
    return 'the last search came to its end: there is nothing to go on with';
  if (steps.length === 0) return 'the last search was stopped before its first step was over';
  for (const name of knobNames) {
    const [then, now] = [last.knobs[name], present[name]];
    if (name === 'rate' || then === undefined || now === undefined || then === now) continue;
    const text = (value: typeof then): string => (typeof value === 'string' ? value : knobText(name, value));
    return `${knobs[name].label} is ${text(now)} and was ${text(then)}: the steps so far are of another setting`;
  }
  return null;
}

/** The number of the step that comes next, from 1. */
export function resumesAt(last: Search | undefined): number {
  return (last?.steps.length ?? 0) + 1;
}
