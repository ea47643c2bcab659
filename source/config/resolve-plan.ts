/**
 * From everything a user can write to one checked plan.
 * Precedence: flag > environment > properties file > plan file > preset > default.
 */
import { readFileSync } from 'node:fs';
import { LoadtuiError, messageOf, usageError } from '../errors.ts';
import { checkPlan, planWarnings, recordOverheadBytes } from './check-plan.ts';
import { checkSweep } from './check-sweep.ts';
import { defaultValues } from './defaults.ts';
import type { GivenFlag } from './flags.ts';
import { Options } from './flags.ts';
import { type Combined, combine, emptyLayer, type Layer, put, readAt, strength } from './layers.ts';
import type { AskedPlan, OutputOptions, PlanSource, Task } from './plan.ts';
import { type PlanFile, parsePlanFile } from './plan-file.ts';
import { planOf, searchesRates } from './plan-values.ts';
import { presetText } from './presets.ts';
import { takeProperties, takePropertyText } from './properties.ts';
import { legsOf, scheduleMs } from './rate-schedule.ts';
import { type GivenSecret, takeSecrets, takeSecurityFlags } from './security/flags.ts';
import { securityWarnings } from './security/material.ts';
import { securityWords } from './security/repeat-words.ts';
import { resolveSecurity } from './security/resolve.ts';
import type { SettingKey, Values } from './settings/setting.ts';
import { planPath, settingKeys } from './settings.ts';
import { formatRate, parseRate } from './units.ts';

export interface PlanRequest {
  /** Flags of the command line and of the environment. */
  readonly given: readonly GivenFlag[];
  /** A plan file; `-`: standard input; null: none. */
  readonly planPath: string | null;
  readonly style: OutputOptions['style'];
  /** Left out: a load. `by-plan`: a sweep where the plan file says what to sweep, else a load. */
  readonly task?: Task | 'by-plan';
  readonly warnings?: readonly string[];
  /** Of the environment. */
  readonly secrets?: readonly GivenSecret[];
  readonly cores?: number;
}

/** Reads a text file; `-` is standard input. */
export function readText(path: string): string {
  return readBytes(path).toString('utf8');
}

/** Reads a file; `-` is standard input. */
export function readBytes(path: string): Buffer {
  try {
    return readFileSync(path === '-' ? 0 : path);
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new LoadtuiError(missing ? `there is no file ${path}` : `cannot read ${path}: ${messageOf(cause)}`, {
      code: 'FILE',
      fault: 'usage',
      next: 'Check the path.',
      cause,
    });
  }
}

/** What the flags of one source say: settings and `-X` properties together, so that saying one thing twice shows. */
function layerOfFlags(given: readonly GivenFlag[], source: 'flag' | 'environment'): Layer {
  const layer = emptyLayer();
  const mine = given.filter((flag) => flag.source === source);
  const repeated = new Map<SettingKey, GivenFlag>();
  for (const one of mine) {
    const { means, repeat } = one.flag;
    if (means.kind !== 'setting') {
      continue;
    }
    const first = repeat ? repeated.get(means.key) : undefined;
    if (first !== undefined) {
      repeated.set(means.key, { ...first, text: `${first.text}\n${one.text}` });
    } else if (repeat) {
      repeated.set(means.key, one);
    } else {
      put(layer, means.key, one.text, { source, label: one.label });
    }
  }
  for (const [key, { text, label }] of repeated) {
    put(layer, key, text, { source, label });
  }
  for (const one of mine) {
    if (one.flag.means.kind === 'option' && one.flag.means.option === 'property') {
      takePropertyText(layer, one.text, source, one.label.startsWith('--') ? '-X' : one.label);
    }
  }
  takeSecurityFlags(layer, mine, readText);
  return layer;
}

/** A preset as a layer. */
export function presetLayer(name: string): Layer {
  return parsePlanFile(presetText(name), `preset ${name}`, 'preset').layer;
}

type MutableValues = { -readonly [K in SettingKey]: Values[K] };

/** Values that follow from others where nobody said them. */
function derive(combined: Combined, style: OutputOptions['style'], task: Task, warnings: string[]): Combined {
  const values: MutableValues = { ...combined.values };
  const origins = { ...combined.origins };
  // The stronger of two contradicting switches wins; equally strong ones are refused later.
  if (values.produceOnly && values.consumeOnly && strength(origins.produceOnly) !== strength(origins.consumeOnly)) {
    const weaker = strength(origins.produceOnly) < strength(origins.consumeOnly) ? 'produceOnly' : 'consumeOnly';
    values[weaker] = false;
    delete origins[weaker];
  }
  // `--produce-only` sets weaker consumers aside (a preset's, a plan's); an equally strong wish is a contradiction.
  for (const [mode, idle] of [
    ['produceOnly', 'consumers'],
    ['consumeOnly', 'producers'],
  ] as const) {
    if (values[mode] && strength(origins[idle]) < strength(origins[mode])) {
      values[idle] = 0;
      delete origins[idle];
    }
  }
  if (origins.durationMs === undefined) {
    values.durationMs = style === 'screen' || values.messages !== null ? null : values.durationMs;
  }
  const lengthMs = scheduleMs(values.rateSchedule);
  if (values.rateSchedule.length > 0 && origins.durationMs === undefined && style !== 'screen') {
    values.durationMs = lengthMs;
  }
  if (task !== 'sweep') dropSweep(values, origins, warnings);
  // A search sets its own rates, and takes as long as it takes; so does a sweep.
  if (task !== 'run') {
    values.durationMs = null;
    values.messages = null;
    delete origins.durationMs;
    delete origins.messages;
  }
  if (searchesRates(task, values.findSlos)) {
    values.rate = formatRate(values.fromRate);
    delete origins.rate;
    if (origins.repeats === undefined && task === 'sweep') values.repeats = 1;
  } else if (task === 'sweep') {
    values.rateSchedule = [];
    delete origins.rateSchedule;
  } else if (values.rateSchedule.length > 0) {
    const [first] = legsOf(values.rateSchedule);
    if (first !== undefined && first.fromHz > 0) values.rate = formatRate(first.fromHz);
  }
  // What a warm-up reads is in no figure; the records that are there can be read but once. A stronger wish stands.
  if (values.consumeOnly && strength(origins.warmUpMs) < strength(origins.consumeOnly)) {
    values.warmUpMs = 0;
    delete origins.warmUpMs;
  }
  if (origins.maxRequestBytes === undefined) {
    values.maxRequestBytes = Math.max(values.maxRequestBytes, values.messageSizeBytes + recordOverheadBytes);
  }
  if (origins.deliveryTimeoutMs === undefined) {
    values.deliveryTimeoutMs = Math.max(values.deliveryTimeoutMs, values.lingerMs + values.requestTimeoutMs);
  }
  if (origins.deliveryTimeoutMs !== undefined && origins.requestTimeoutMs === undefined) {
    const room = Math.max(1, values.deliveryTimeoutMs - values.lingerMs);
    values.requestTimeoutMs = Math.min(values.requestTimeoutMs, room);
  }
  const [rate, cap] = (['rate', 'maxRate'] as const).map((key) => {
    const origin = origins[key] ?? { source: 'default', label: `--${key === 'rate' ? 'rate' : 'max-rate'}` };
    return readAt(origin, () => parseRate(values[key], values.messageSizeBytes));
  });
  if (typeof rate === 'number' && typeof cap === 'number' && rate > cap && cap > 0) {
    warnings.push(`the rate of ${formatRate(rate)} is lowered to the cap of ${formatRate(cap)}`);
    values.rate = values.maxRate;
    if (origins.maxRate !== undefined) {
      origins.rate = origins.maxRate;
    }
  }
  return { values, origins };
}

/** What a plan file says of sweeps concerns nothing else. */
function dropSweep(values: MutableValues, origins: Combined['origins'], warnings: string[]): void {
  const { label } = origins.sweep ?? {};
  if (label !== undefined) warnings.push(`${label} has no effect here: loadtui sweep carries it out`);
  const { sweep, repeats, findSlos, seed } = defaultValues('plain');
  Object.assign(values, { sweep, repeats, findSlos, seed });
  for (const key of ['sweep', 'repeats', 'findSlos', 'seed'] as const) delete origins[key];
}

function sourcesOf(origins: Combined['origins'], preset: PlanSource): Readonly<Record<string, PlanSource>> {
  const sources: Record<string, PlanSource> = { preset };
  for (const key of settingKeys) {
    const path = planPath(key);
    const source = origins[key]?.source ?? 'default';
    // `mode` has two switches; whoever said one of them said it.
    if (sources[path] === undefined || sources[path] === 'default') {
      sources[path] = source;
    }
  }
  return sources;
}

/** What only a load has, said on the command line of a search or a sweep. */
function refuseInSearch(given: readonly GivenFlag[], task: 'find' | 'sweep'): void {
  const end =
    task === 'find' ? 'A search ends when it is done: --max-time limits it.' : 'A sweep ends when it is done.';
  const searches =
    task === 'find' || given.some(({ flag: { means } }) => means.kind === 'setting' && means.key === 'findSlos');
  const instead: Partial<Record<SettingKey, string>> = {
    ...(searches ? { rate: 'A search sets the rate: --from is where it begins, --max-rate where it ends.' } : {}),
    durationMs: end,
    messages: end,
    ...(task === 'sweep' ? { soak: 'loadtui find --soak stays at a share of what it finds.' } : {}),
    rateSchedule: `A ${task === 'find' ? 'search' : 'sweep'} sets the rate: leave --ramp out.`,
  };
  for (const { flag, label, source } of given) {
    const next = flag.means.kind === 'setting' ? instead[flag.means.key] : undefined;
    if (next !== undefined && source === 'flag') throw usageError(`${label} means nothing to loadtui ${task}`, next);
  }
}

/** Reads and checks everything. Throws LoadtuiError (`USAGE`, `FILE`). */
export function resolvePlan(request: PlanRequest): AskedPlan {
  const { given, planPath: path, style } = request;
  const warnings = [...(request.warnings ?? [])];
  const options = new Options(given);
  const flagLayer = layerOfFlags(given, 'flag');
  const environmentLayer = layerOfFlags(given, 'environment');
  takeSecrets(environmentLayer, request.secrets ?? []);

  const configLayer = emptyLayer();
  const config = options.one('config');
  if (config !== null) {
    takeProperties(configLayer, readBytes(config.text), config.text, 'config');
  }
  const fileName = path === '-' ? 'standard input' : path;
  const file: PlanFile | null = path === null ? null : parsePlanFile(readText(path), fileName ?? '', 'file');

  const bySelf = file?.layer.origins.sweep === undefined ? 'run' : 'sweep';
  const task = request.task === 'by-plan' ? bySelf : (request.task ?? 'run');
  if (task !== 'run') refuseInSearch(given, task);

  const wished = options.one('preset');
  const preset = wished?.text ?? file?.preset ?? null;
  const presetSource: PlanSource = wished?.source ?? (preset === null ? 'default' : 'file');
  const base =
    preset === null
      ? emptyLayer()
      : readAt({ source: presetSource, label: wished?.label ?? `${fileName}: preset` }, () => presetLayer(preset));

  const layers = [base, file?.layer ?? emptyLayer(), configLayer, environmentLayer, flagLayer];
  const combined = derive(combine(defaultValues(style, request.cores), layers), style, task, warnings);
  const plan = planOf(combined.values, preset, task);
  checkPlan(plan, combined);
  if (task === 'sweep') checkSweep(plan, combined);
  warnings.push(...planWarnings(plan, combined));
  const said = new Map(layers.flatMap(({ security }) => [...security]));
  const security = resolveSecurity(said, readBytes);
  warnings.push(...securityWarnings(security));
  const sayings = { config: configLayer, environment: environmentLayer, flags: flagLayer };
  return {
    ...{ plan, sources: sourcesOf(combined.origins, presetSource), warnings, security },
    securityWords: securityWords(sayings, config?.text ?? null, security),
  };
}
