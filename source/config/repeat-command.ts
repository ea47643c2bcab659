/** The command line that repeats a run: every value that differs from what its preset gives. */
import { defaultValues } from './defaults.ts';
import { combine } from './layers.ts';
import type { Plan, ResolvedPlan } from './plan.ts';
import { planOf, searchesRates, valuesOf } from './plan-values.ts';
import { presetLayer } from './resolve-plan.ts';
import { noSecurityWords, type SecurityWords } from './security/repeat-words.ts';
import type { SettingKey, Values } from './settings/setting.ts';
import { planPath, settingKeys, settings } from './settings.ts';
import { shellQuote } from './shell-quote.ts';
import { type FinalKnobs, withKnobs } from './with-knobs.ts';

/** What a search found, as it was then. */
export interface Found {
  readonly rateHz: number;
  readonly slos: Plan['slos'];
  readonly knobs: FinalKnobs;
}

/** Defaults that depend on the style or the machine: written whenever somebody said them. */
const dependent: readonly SettingKey[] = ['durationMs', 'warmUpMs', 'threads'];
/** Said first, as in examples: where, what, how much. */
const firstKeys: readonly SettingKey[] = ['brokers', 'topic'];
const searchKeys: readonly SettingKey[] = [
  ...(['fromRate', 'quick', 'maxTimeMs', 'soak'] as const),
  ...(['sweep', 'repeats', 'findSlos', 'seed'] as const),
];

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
export function repeatCommand(
  plan: Plan,
  sources: ResolvedPlan['sources'],
  finalKnobs: FinalKnobs = {},
  security: SecurityWords = noSecurityWords,
): string {
  // The sandbox of a run is not secured.
  const { words, restated } = plan.brokers === null ? noSecurityWords : security;
  const final = withKnobs(plan, finalKnobs);
  const values = valuesOf(final);
  const started = valuesOf(plan);
  const layers = plan.preset === null ? [] : [presetLayer(plan.preset)];
  const base = combine(defaultValues('plain'), layers).values;
  const baseline: Values = valuesOf(planOf(base, plan.preset, plan.task));

  const differs = (key: SettingKey): boolean => {
    if (restated.includes(key)) return true;
    const text = written(key, values[key]).join('\n');
    const turned = text !== written(key, started[key]).join('\n');
    const source = sources[planPath(key)] ?? 'default';
    if (!turned && (source === 'default' || source === 'preset')) {
      return false;
    }
    return dependent.includes(key) || text !== written(key, baseline[key]).join('\n');
  };
  const searches = searchesRates(plan.task, plan.findSlos);
  // Follows from --produce-only and --consume-only.
  const implied = (key: SettingKey): boolean =>
    (key === 'consumers' && values.produceOnly) ||
    (key === 'producers' && values.consumeOnly) ||
    // A search sets its own rates, and takes as long as it takes; so does a sweep.
    (plan.task !== 'run' && key === 'durationMs') ||
    (searches && key === 'rate') ||
    (plan.rateSchedule.length > 0 && key === 'rate') ||
    key === 'sweep';

  const say = (key: SettingKey): readonly string[] =>
    differs(key) && !implied(key) ? argumentsFor(key, values[key]) : [];
  const preset = plan.preset === null ? [] : ['--preset', shellQuote(plan.preset)];
  const rest = settingKeys.filter((key) => !firstKeys.includes(key));
  return [
    'loadtui',
    ...(plan.task === 'run' ? [] : [plan.task]),
    ...(plan.task === 'sweep' ? written('sweep', plan.sweep).map(shellQuote) : []),
    ...say('brokers'),
    ...words.map(shellQuote),
    ...say('topic'),
    ...preset,
    ...rest.flatMap(say),
  ].join(' ');
}

const verifyForMs = 60_000;
const digits = 3;

/** The command line that holds what a search found for a minute, without a screen. */
export function verifyCommand(
  plan: Plan,
  sources: ResolvedPlan['sources'],
  { rateHz, slos, knobs }: Found,
  security: SecurityWords = noSecurityWords,
): string {
  // As it is shown: to the message a rate says more than a search can know.
  const rate = Math.min(Number(rateHz.toPrecision(digits)), plan.maxRate ?? Number.POSITIVE_INFINITY);
  const changes = { rate, slos, durationMs: verifyForMs, messages: null, rateSchedule: [] } as const;
  const said = Object.fromEntries(Object.keys(changes).map((key) => [key, 'flag'] as const));
  // How it was searched for concerns no load.
  const unsaid = Object.fromEntries(searchKeys.map((key) => [planPath(key), 'default'] as const));
  const held: Plan = { ...plan, ...changes, task: 'run' };
  return `${repeatCommand(held, { ...sources, ...said, ...unsaid }, { ...knobs, rate }, security)} --plain`;
}
