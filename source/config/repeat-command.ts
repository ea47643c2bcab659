/** The command line that repeats a run: every value that differs from what its preset gives. */
import { sloObstacle } from './check-plan.ts';
import { defaultValues } from './defaults.ts';
import { isIdempotent, maxInFlightIdempotent } from './idempotence.ts';
import type { KnobName, KnobValue } from './knobs.ts';
import { combine } from './layers.ts';
import type { Acks, Compression, Plan, ResolvedPlan } from './plan.ts';
import { planOf, valuesOf } from './plan-values.ts';
import { presetLayer } from './resolve-plan.ts';
import type { SettingKey, Values } from './settings/setting.ts';
import { planPath, settingKeys, settings } from './settings.ts';
import { shellQuote } from './shell-quote.ts';

/** Values of the knobs at the end of the run, where they differ from the plan. */
export type FinalKnobs = { readonly [K in KnobName]?: KnobValue };

const acksValues: readonly Acks[] = [0, 1, 'all'];
const codecValues: readonly Compression[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

/**
 * The plan with the knobs as they stood at the end. What no longer goes together is left out, so that the plan can be
 * asked for: without consumers it is a run that only produces, and SLOs that cannot be judged any more are gone.
 */
export function withKnobs(plan: Plan, knobs: FinalKnobs): Plan {
  const number = (name: KnobName, otherwise: number): number => {
    const value = knobs[name];
    return typeof value === 'number' ? value : otherwise;
  };
  const consumers = number('consumers', plan.consumers);
  const acks = acksValues.find((value) => value === knobs.acks) ?? plan.acks;
  const inFlight = number('inFlight', plan.tuning.maxInFlight);
  // A search and a schedule begin anew where they began.
  const setsRate = plan.task === 'find' || plan.rateSchedule.length > 0;
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
    compression: codecValues.find((value) => value === knobs.compression) ?? plan.compression,
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

/** Defaults that depend on the style or the machine: written whenever somebody said them. */
const dependent: readonly SettingKey[] = ['durationMs', 'warmUpMs', 'threads'];
/** Said first, as in examples: where, what, how much. */
const firstKeys: readonly SettingKey[] = ['brokers', 'topic'];

function written<K extends SettingKey>(key: K, value: Values[K]): readonly string[] {
  return settings[key].write(value);
}

function argumentsFor<K extends SettingKey>(key: K, value: Values[K]): readonly string[] {
  const { name, short, takes, isFlag, property, write, toProperty } = settings[key];
  if (isFlag === false) {
    const text = toProperty(value);
    return property === undefined || text === null ? [] : ['-X', shellQuote(`${property}=${text}`)];
  }
  const flag = short === undefined ? `--${name}` : `-${short}`;
  return write(value).flatMap((text) => {
    if (takes === null) {
      return [text === '' ? flag : `--${name}=${text}`];
    }
    return [flag, shellQuote(text)];
  });
}

/**
 * The command line that repeats the run with the knobs as they stood at the end. Parsed in the same style (screen,
 * plain) on the same machine it gives an equal plan.
 */
export function repeatCommand(plan: Plan, sources: ResolvedPlan['sources'], finalKnobs: FinalKnobs = {}): string {
  const final = withKnobs(plan, finalKnobs);
  const values = valuesOf(final);
  const started = valuesOf(plan);
  const layers = plan.preset === null ? [] : [presetLayer(plan.preset)];
  const base = combine(defaultValues('plain'), layers).values;
  const baseline: Values = valuesOf(planOf(base, plan.preset, plan.task));

  const differs = (key: SettingKey): boolean => {
    const text = written(key, values[key]).join('\n');
    const turned = text !== written(key, started[key]).join('\n');
    const source = sources[planPath(key)] ?? 'default';
    if (!turned && (source === 'default' || source === 'preset')) {
      return false;
    }
    return dependent.includes(key) || text !== written(key, baseline[key]).join('\n');
  };
  // Follows from --produce-only and --consume-only.
  const implied = (key: SettingKey): boolean =>
    (key === 'consumers' && values.produceOnly) ||
    (key === 'producers' && values.consumeOnly) ||
    // A search sets its own rates, and takes as long as it takes.
    (plan.task === 'find' && (key === 'rate' || key === 'durationMs')) ||
    (plan.rateSchedule.length > 0 && key === 'rate');

  const say = (key: SettingKey): readonly string[] =>
    differs(key) && !implied(key) ? argumentsFor(key, values[key]) : [];
  const preset = plan.preset === null ? [] : ['--preset', shellQuote(plan.preset)];
  const rest = settingKeys.filter((key) => !firstKeys.includes(key));
  return [
    'loadtui',
    ...(plan.task === 'run' ? [] : [plan.task]),
    ...firstKeys.flatMap(say),
    ...preset,
    ...rest.flatMap(say),
  ].join(' ');
}
