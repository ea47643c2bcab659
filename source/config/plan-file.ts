/**
 * Plan files and presets: YAML whose keys are the flag names in camelCase, and `tuning:` for what has no flag.
 * Values are written as in flags. Errors carry file, line and column, and the nearest known key.
 */
import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { z } from 'zod';
import type { LoadtuiError } from '../errors.ts';
import { usageError } from '../errors.ts';
import { emptyLayer, type Layer, put } from './layers.ts';
import { didYouMean } from './nearest-name.ts';
import type { PlanSource } from './plan.ts';
import type { SettingKey } from './settings/setting.ts';
import { settingKeys, settings, yamlKey } from './settings.ts';

/** A single value, as text: `rate: 50k`, `producers: 4`, `create: true`. */
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const list = z.union([scalar, z.array(scalar).transform((items) => items.join('\n'))]);
const pairs = z.union([
  z.literal('none'),
  z.record(z.string(), scalar).transform((map) => {
    const lines = Object.entries(map).map(([name, value]) => `${name}=${value}`);
    return lines.length === 0 ? 'none' : lines.join('\n');
  }),
]);
/** `sweep: {linger: [0, 5ms], consumers: 1..96}`, or a list of such as flags have. */
const sweep = z.union([
  list,
  z.record(z.string(), z.union([scalar, z.array(scalar).transform((items) => items.join(','))])).transform((map) => {
    const lines = Object.entries(map).map(([name, values]) => `${name}=${values}`);
    return lines.length === 0 ? 'none' : lines.join('\n');
  }),
]);
const keys = z.union([
  scalar,
  z
    .strictObject({
      prefix: z.string().default('key-'),
      count: scalar,
      order: scalar.default('round-robin'),
      exponent: scalar.optional(),
    })
    .transform(({ prefix, count, order, exponent }) => {
      return `${prefix}:${count}:${order}${exponent === undefined ? '' : `=${exponent}`}`;
    }),
]);

function schemaOf(key: SettingKey) {
  switch (key) {
    case 'topicConfig':
    case 'headers':
      return pairs;
    case 'keys':
      return keys;
    case 'sweep':
      return sweep;
    case 'brokers':
    case 'slos':
    case 'findSlos':
    case 'abortOn':
    case 'watchGroups':
    case 'rateSchedule':
      return list;
    default:
      return scalar;
  }
}

function shapeOf(wanted: readonly SettingKey[]) {
  return Object.fromEntries(wanted.map((key) => [yamlKey(key), schemaOf(key).optional()]));
}

const topLevel = settingKeys.filter((key) => settings[key].isFlag !== false);
const underTuning = settingKeys.filter((key) => settings[key].isFlag === false);
const tuningSchema = z.strictObject(shapeOf(underTuning));
const planSchema = z.strictObject({
  ...shapeOf(topLevel),
  preset: z.string().optional(),
  tuning: tuningSchema.optional(),
});

export interface PlanFile {
  /** Name of the preset that the file builds on; null: none. */
  readonly preset: string | null;
  readonly layer: Layer;
}

type Path = readonly PropertyKey[];

class Positions {
  readonly file: string;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;

  constructor(file: string, document: Document.Parsed, lines: LineCounter) {
    this.file = file;
    this.document = document;
    this.lines = lines;
  }

  atOffset(offset: number): LoadtuiError['at'] {
    const { line, col } = this.lines.linePos(offset);
    return { file: this.file, line, column: col };
  }

  private node(path: Path): Node | null {
    const found: unknown = path.length === 0 ? this.document.contents : this.document.getIn(path, true);
    return isMap(found) || isScalar(found) ? found : null;
  }

  /** Where a key of the map at `path` stands. */
  ofKey(path: Path, key: string): LoadtuiError['at'] {
    const map = this.node(path);
    const pair = isMap(map)
      ? map.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
      : undefined;
    const offset = isScalar(pair?.key) ? (pair.key.range?.[0] ?? 0) : 0;
    return this.atOffset(offset);
  }

  /** Where the value at `path` is said: its key. */
  of(path: Path): LoadtuiError['at'] {
    const last = path.at(-1);
    return last === undefined || typeof last === 'number'
      ? path.length < 2
        ? this.atOffset(0)
        : this.of(path.slice(0, -1))
      : this.ofKey(path.slice(0, -1), String(last));
  }
}

function unknownKey(positions: Positions, path: Path, key: string): LoadtuiError {
  const inTuning = path[0] === 'tuning';
  const here = inTuning ? underTuning.map(yamlKey) : [...topLevel.map(yamlKey), 'preset', 'tuning'];
  const elsewhere = (inTuning ? topLevel : underTuning).map(yamlKey);
  const written = path.length === 0 || inTuning ? key : `${path.join('.')}.${key}`;
  const next = elsewhere.includes(key)
    ? inTuning
      ? `Write ${key} outside of tuning.`
      : `Write ${key} under tuning.`
    : didYouMean(key, path.length === 0 || inTuning ? here : ['prefix', 'count', 'order'], 'See: loadtui help units.');
  return usageError(`unknown key "${written}"`, next, positions.ofKey(path, key));
}

function schemaError(positions: Positions, issue: z.core.$ZodIssue): LoadtuiError {
  if (issue.code === 'unrecognized_keys') {
    return unknownKey(positions, issue.path, issue.keys[0] ?? '');
  }
  // Of the ways a value can be written, the one that came furthest says best what is wrong.
  if (issue.code === 'invalid_union') {
    const deepest = issue.errors.flat().find((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys');
    if (deepest !== undefined) {
      return schemaError(positions, { ...deepest, path: [...issue.path, ...deepest.path] });
    }
  }
  const name = issue.path.join('.');
  if (name === '') {
    return usageError('a plan is a list of "key: value" lines', 'See: loadtui presets latency.', positions.of([]));
  }
  return usageError(
    `${name}: this value is empty or has the wrong shape`,
    'See: loadtui help units.',
    positions.of(issue.path),
  );
}

/** Reads a plan or a preset. `file` is the name that errors show. */
export function parsePlanFile(text: string, file: string, source: PlanSource): PlanFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const positions = new Positions(file, document, lines);
  const [broken] = document.errors;
  if (broken !== undefined) {
    throw usageError(`not readable as YAML: ${broken.message}`, undefined, positions.atOffset(broken.pos[0]));
  }
  const content: unknown = document.toJS() ?? {};
  const parsed = planSchema.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw issue === undefined ? usageError('not a plan', undefined, { file }) : schemaError(positions, issue);
  }
  const layer = emptyLayer();
  const take = (key: SettingKey, value: unknown, path: Path): void => {
    if (typeof value === 'string') {
      const at = positions.of(path);
      put(layer, key, value, { source, label: path.join('.'), ...(at === undefined ? {} : { at }) });
    }
  };
  const top: Readonly<Record<string, unknown>> = parsed.data;
  for (const key of topLevel) {
    take(key, top[yamlKey(key)], [yamlKey(key)]);
  }
  const tuning: Readonly<Record<string, unknown>> = parsed.data.tuning ?? {};
  for (const key of underTuning) {
    take(key, tuning[yamlKey(key)], ['tuning', yamlKey(key)]);
  }
  return { preset: parsed.data.preset ?? null, layer };
}
