/** bench/scale/results.json: what was measured last of each dimension, and on what. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { machineSchema } from '../baseline.ts';
import { type DimensionName, dimensionNames } from './dimension.ts';

const nonNegative = z.number().nonnegative();

const pointResultSchema = z.strictObject({
  series: z.string(),
  x: nonNegative.nullable(),
  flags: z.array(z.string()),
  /** Messages a second that were asked for; null: as many as go. */
  askedPerSecond: nonNegative.nullable(),
  /** Messages a second that were acknowledged, and that were read. */
  heldPerSecond: nonNegative,
  readPerSecond: nonNegative,
  /** CPU, ns: of the process and of producer threads for a message acknowledged, of consumer threads for one read. null: not known. */
  processNs: nonNegative.nullable(),
  producersNs: nonNegative.nullable(),
  consumersNs: nonNegative.nullable(),
  /** The most while it measured; null: not known. */
  rssBytes: nonNegative.nullable(),
  exitCode: z.int(),
  verdict: z.string(),
  reasons: z.array(z.string()),
  /** `processNs` of all rounds; the other figures are of the round in the middle. */
  roundsNs: z.array(nonNegative.nullable()),
});
export type PointResult = Readonly<z.infer<typeof pointResultSchema>>;

const costPointSchema = { x: nonNegative, cost: nonNegative };
const bendEndSchema = z.strictObject({ ...costPointSchema, ratio: nonNegative, lastWithin: nonNegative }).nullable();

const bendSchema = z.strictObject({
  chart: z.string(),
  line: z.string(),
  least: z.strictObject(costPointSchema),
  above: bendEndSchema,
  below: bendEndSchema,
  text: z.string(),
});
export type NamedBend = Readonly<z.infer<typeof bendSchema>>;

const dimensionResultSchema = z.strictObject({
  takenAt: z.iso.datetime(),
  machine: machineSchema,
  /** What it ran against. */
  broker: z.string(),
  constant: z.string(),
  points: z.array(pointResultSchema),
  bends: z.array(bendSchema),
  failed: z.array(z.strictObject({ series: z.string(), x: nonNegative.nullable(), message: z.string() })),
});
export type DimensionResult = Readonly<z.infer<typeof dimensionResultSchema>>;

const resultsSchema = z.strictObject({
  dimensions: z.partialRecord(z.enum(dimensionNames), dimensionResultSchema),
});
export type Results = Readonly<z.infer<typeof resultsSchema>>;

const fileName = 'results.json';

/** Nothing measured where there is no file yet. Rejects where it is not as it should be. */
export async function readResults(folder: string): Promise<Results> {
  const text = await readFile(join(folder, fileName), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? { dimensions: {} } : resultsSchema.parse(JSON.parse(text));
}

/** Replaces one dimension and keeps the others. */
export async function keepResult(folder: string, name: DimensionName, result: DimensionResult): Promise<void> {
  const { dimensions } = await readResults(folder);
  const text = JSON.stringify({ dimensions: { ...dimensions, [name]: result } } satisfies Results, null, 2);
  await writeFile(join(folder, fileName), `${text}\n`);
}
