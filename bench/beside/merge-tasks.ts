/** Tasks that were measured by themselves, put among those that were measured before. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { BesideResults, TaskResult } from './beside-schema.ts';
import { taskNames } from './tasks.ts';

/** null: the others were measured in another way, and cannot stand beside these. `date`: of those before, UTC. */
export function mergeTasks(before: BesideResults, date: string, now: BesideResults): BesideResults | null {
  const { tasks: kept, ...settings } = before;
  const { tasks: fresh, ...newSettings } = now;
  if (!isDeepStrictEqual(settings, newSettings)) return null;
  const tasks = taskNames.flatMap((name): readonly TaskResult[] => {
    const task = fresh.find((one) => one.name === name);
    if (task !== undefined) return [task];
    return kept.filter((one) => one.name === name).map((one) => ({ ...one, date: one.date ?? date }));
  });
  return { ...now, tasks };
}
