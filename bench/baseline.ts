/** The committed figures, the machine they are from, and how new figures stand to them. */
import { readFile, writeFile } from 'node:fs/promises';
import { arch, availableParallelism, cpus, platform } from 'node:os';
import { z } from 'zod';
import { type Figure, units } from './figures.ts';
import { median } from './statistics.ts';

export const machineSchema = z.strictObject({
  cpu: z.string(),
  cores: z.int().positive(),
  platform: z.string(),
  node: z.string(),
});
export type Machine = Readonly<z.infer<typeof machineSchema>>;

const baselineSchema = z.strictObject({
  machine: machineSchema,
  /** By `bench: figure`. */
  figures: z.record(z.string(), z.strictObject({ value: z.number(), unit: z.enum(units) })),
});
export type Baseline = Readonly<z.infer<typeof baselineSchema>>;

/** A figure with the name of its bench. */
export interface Measured {
  readonly bench: string;
  readonly figure: Figure;
  /** Something else took part of the machine meanwhile: nothing to hold others against. */
  readonly isDisturbed: boolean;
}

export type Standing = 'new' | 'same' | 'better' | 'worse' | 'broken promise';

export interface Comparison extends Measured {
  readonly value: number;
  /** null: there is none. */
  readonly baseline: number | null;
  readonly ratio: number | null;
  readonly standing: Standing;
}

const baselinePath = new URL('./baseline.json', import.meta.url);

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    platform: `${platform()} ${arch()}`,
    node: process.versions.node,
  };
}

/** null: there is none yet. Rejects where the file is not as it should be. */
export async function readBaseline(): Promise<Baseline | null> {
  const text = await readFile(baselinePath, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : baselineSchema.parse(JSON.parse(text));
}

export async function writeBaseline(baseline: Baseline): Promise<void> {
  await writeFile(baselinePath, `${JSON.stringify(baseline, null, 2)}\n`);
}

/** What is worth comparing: a new patch of Node is the same machine. */
export function isSameMachine(one: Machine, other: Machine): boolean {
  const major = (version: string): string => version.split('.')[0] ?? '';
  return (
    one.cpu === other.cpu &&
    one.cores === other.cores &&
    one.platform === other.platform &&
    major(one.node) === major(other.node)
  );
}

export function compare(measured: Measured, baseline: Baseline | null): Comparison {
  const { figure } = measured;
  const value = median(figure.rounds);
  const known = baseline?.figures[keyOf(measured)];
  const base = known?.unit === figure.unit ? known.value : null;
  const ratio = base === null || base === 0 ? null : value / base;
  return { ...measured, value, baseline: base, ratio, standing: standingOf(figure, value, ratio) };
}

function standingOf({ better, limit, tolerance }: Figure, value: number, ratio: number | null): Standing {
  if (limit !== null && (better === 'less' ? value > limit : value < limit)) return 'broken promise';
  if (ratio === null) return 'new';
  const worse = better === 'less' ? ratio : 1 / ratio;
  if (worse > 1 + tolerance) return 'worse';
  return worse < 1 / (1 + tolerance) ? 'better' : 'same';
}

/** Machines are noisier than this for a while, not for a whole bench, and not all that they do is slower by as much. */
const regressionFactor = 2.5;
/** Tails, whose own tolerance is as wide, say nothing on a machine that is not at rest. */
const widestTolerance = 1;

/** What is slower by more than this throughout is to be looked at, whatever the machine. */
const mostSlowdown = 2;

/**
 * How many times slower the machine is than that of the baseline, as the median of the figures has it, 1 … 2: hosts of one
 * name differ by half, and one that others use as well is slower still.
 */
export function slowdownOf(comparisons: readonly Comparison[]): number {
  const factors = comparisons.flatMap(({ figure, baseline }) =>
    baseline === null || baseline === 0 || figure.tolerance >= widestTolerance ? [] : [timesWorse(figure, baseline)],
  );
  return factors.length === 0 ? 1 : Math.min(mostSlowdown, Math.max(1, median(factors)));
}

/** Even the best round is far worse than what is promised, or where nothing is, than the baseline; on a machine that is slower by so much. */
export function isRegression({ figure, baseline }: Comparison, slowdown = 1): boolean {
  const base = figure.limit ?? baseline;
  if (base === null || figure.tolerance >= widestTolerance) return false;
  return timesWorse(figure, base) > regressionFactor * slowdown;
}

/** Of the best round. */
function timesWorse({ better, rounds }: Figure, base: number): number {
  return better === 'less' ? Math.min(...rounds) / base : base / Math.max(...rounds);
}

/**
 * The baseline with new figures in it, without the disturbed ones. Figures of another machine are dropped: they would not
 * compare.
 */
export function updated(baseline: Baseline | null, machine: Machine, measured: readonly Measured[]): Baseline {
  const kept = baseline !== null && isSameMachine(baseline.machine, machine) ? baseline.figures : {};
  const figures = { ...kept };
  for (const one of measured) {
    if (one.isDisturbed) continue;
    figures[keyOf(one)] = { value: Number(median(one.figure.rounds).toPrecision(4)), unit: one.figure.unit };
  }
  return { machine, figures };
}

function keyOf({ bench, figure }: Pick<Measured, 'bench' | 'figure'>): string {
  return `${bench}: ${figure.name}`;
}
