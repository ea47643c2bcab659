import { defaultValues } from '../../source/config/defaults.ts';
import type { Plan } from '../../source/config/plan.ts';
import { planOf } from '../../source/config/plan-values.ts';

/** What a plain run on a machine of two cores would do when nobody says anything: tests change what they are about. */
export const defaultPlan: Plan = planOf(defaultValues('plain', 2), null, 'run');
