/**
 * What `loadtui compare --format json` writes. The zod schema is the definition; `comparison.schema.json` comes from it.
 * Names are promises to scripts. An endless figure is "endless" there; null says that nothing is known.
 */
import { z } from 'zod';
import { figureNames } from './compared-run.ts';
import type { Comparison } from './comparison.ts';

const text = z.string();
const probability = z.number().min(0).max(1);
const figure = z
  .union([z.number().nonnegative(), z.literal('endless')])
  .meta({ id: 'Figure', description: 'Latencies in ms, rates in messages per second. "endless": never answered.' });
const ratio = z
  .union([z.number().nonnegative(), z.literal('endless')])
  .meta({ id: 'Ratio', description: 'New over base. "endless": of an endless figure over another.' });

const runSchema = z
  .strictObject({
    session: text.describe('As it was named: a file, `last~1`.'),
    id: text.describe('As `run.id` of its document.'),
    startedAt: z.iso.datetime().describe('ISO 8601, UTC.'),
    headline: text.describe('What it was, on what.'),
  })
  .meta({ id: 'ComparedRun' });

const sideSchema = z
  .strictObject({
    values: z.array(figure).describe('One for each run, in their order.'),
    median: figure,
    spread: z
      .strictObject({ low: figure, high: figure })
      .nullable()
      .describe('Within the run where each side is one; else lowest and highest of the runs. null: not known.'),
  })
  .meta({ id: 'ComparedSide' });

const testSchema = z
  .strictObject({
    u: z.number().nonnegative().describe('Mann–Whitney U; ties count ½.'),
    p: probability.describe('Exact, two-sided.'),
    pHolm: probability.describe('p among all figures compared (Holm). The label goes by this one.'),
    label: z.enum(['different', 'equivalent', 'inconclusive']),
    direction: z.enum(['better', 'worse']).nullable().describe('null: not different.'),
  })
  .meta({ id: 'FigureTest' });

const figureSchema = z
  .strictObject({
    name: z.enum(figureNames),
    worseWhen: z.enum(['higher', 'lower']),
    base: sideSchema,
    new: sideSchema,
    ratio: ratio.describe('The Hodges–Lehmann estimate; with fewer than 5 runs a side, of the medians.'),
    interval: z
      .strictObject({ low: ratio, high: ratio })
      .nullable()
      .describe('Of the ratio; null: fewer than 5 runs a side.'),
    test: testSchema.nullable().describe('null: fewer than 5 runs a side.'),
  })
  .meta({ id: 'ComparedFigure' });

const differenceSchema = z
  .strictObject({
    name: text,
    base: z.array(text).describe('All that is found on this side.'),
    new: z.array(text).describe('All that is found on this side.'),
  })
  .meta({ id: 'Difference' });

export const comparisonSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    type: z.literal('comparison'),
    claim: z
      .enum(['one-run-each', 'too-few-for-labels', 'labels'])
      .describe('What may be said: nothing of one run each; no labels with fewer than 5 runs on one of the sides.'),
    sandbox: z.boolean().describe("Whether one of the runs was on loadtui's own broker."),
    base: z.array(runSchema),
    new: z.array(runSchema),
    smallestP: probability.describe('The smallest p that so many runs could give.'),
    coverage: probability.nullable().describe('What the intervals hold of the truth; null: too few runs.'),
    figures: z.array(figureSchema),
    leftOut: z
      .array(z.strictObject({ name: z.enum(figureNames), reason: text }))
      .describe('Figures that not every run has; a maximum rate only where somebody searched for one.'),
    changed: z.array(differenceSchema).describe('What was set otherwise.'),
    unlike: z.array(differenceSchema).describe('What would have been refused without --force-compare.'),
    remarks: z.array(text).describe('What must be known to believe the figures.'),
    regression: z.boolean().describe('Whether a figure is different in the worse direction.'),
  })
  .meta({ title: 'loadtui comparison', description: 'What `loadtui compare --format json` writes.' });

/** Ends with a line feed. */
export function comparisonJson(comparison: Comparison): string {
  const document = { schemaVersion: 1, ...comparison };
  const written = (_: string, value: unknown): unknown => (value === Number.POSITIVE_INFINITY ? 'endless' : value);
  return `${JSON.stringify(document, written, 2)}\n`;
}

/** The text of `comparison.schema.json` (JSON Schema, draft 2020-12). */
export function comparisonSchemaText(): string {
  const schema = z.toJSONSchema(comparisonSchema, { target: 'draft-2020-12', io: 'output' });
  return `${JSON.stringify(schema, null, 2)}\n`;
}
