/** A plan as it would be with its knobs turned. */
import { sloObstacle } from './check-plan.ts';
import { isIdempotent, maxInFlightIdempotent } from './idempotence.ts';
import type { KnobName, KnobValue } from './knobs.ts';
import { type Acks, compressions, type Plan } from './plan.ts';

/** Values of the knobs at the end of the run, where they differ from the plan. */
export type FinalKnobs = { readonly [K in KnobName]?: KnobValue };

const acksValues: readonly Acks[] = [0, 1, 'all'];

/**
 * The plan with the knobs as they stood at the end. What no longer goes together is left out, so that the plan can be
 * asked for: without consumers it is a run that only produces, and SLOs that cannot be judged any more are gone.
 */
export function withKnobs(plan: Plan, finalKnobs: FinalKnobs): Plan {
  // What a sweep turns begins anew, too.
  const knobs = plan.task === 'sweep' ? withoutSwept(finalKnobs, plan) : finalKnobs;
  const number = (name: KnobName, otherwise: number): number => {
    const value = knobs[name];
    return typeof value === 'number' ? value : otherwise;
  };
  const consumers = number('consumers', plan.consumers);
  const acks = acksValues.find((value) => value === knobs.acks) ?? plan.acks;
  const inFlight = number('inFlight', plan.tuning.maxInFlight);
  // Searches, sweeps and schedules begin anew where they began.
  const setsRate = plan.task !== 'run' || plan.rateSchedule.length > 0;
  const turned: Plan = {
    ...plan,
    rate: !setsRate && (knobs.rate === null || typeof knobs.rate === 'number') ? knobs.rate : plan.rate,
    batchSizeBytes: number('batchSize', plan.batchSizeBytes),
    lingerMs: number('lingerMs', plan.lingerMs),
    producers: number('producers', plan.producers),
    consumers,
    mode: plan.mode === 'both' && consumers === 0 ? 'produce-only' : plan.mode,
    // Nobody is left to read what a pipeline makes of it.
    ...(consumers === 0 ? { consumeTopic: null, missingGate: true } : {}),
    acks,
    compression: compressions.find((value) => value === knobs.compression) ?? plan.compression,
    messageSizeBytes: number('messageSize', plan.messageSizeBytes),
    tuning: {
      ...plan.tuning,
      maxInFlight: isIdempotent(plan.tuning.idempotent, acks) ? Math.min(inFlight, maxInFlightIdempotent) : inFlight,
      fetchMinBytes: number('fetchMinBytes', plan.tuning.fetchMinBytes),
      fetchMaxWaitMs: number('fetchMaxWaitMs', plan.tuning.fetchMaxWaitMs),
      maxPartitionFetchBytes: number('maxPartitionFetch', plan.tuning.maxPartitionFetchBytes),
    },
  };
  return { ...turned, slos: plan.slos.filter((slo) => sloObstacle(slo, turned) === null) };
}

function withoutSwept(knobs: FinalKnobs, { sweep }: Plan): FinalKnobs {
  return Object.fromEntries(Object.entries(knobs).filter(([knob]) => !sweep.some(({ name }) => name === knob)));
}
