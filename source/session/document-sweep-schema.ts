/** Sweeps over knobs, as a session document keeps them. */
import { z } from 'zod';
import { knobNames } from '../config/knobs.ts';
import { count, gauge, knobValueSchema, latencyFiguresSchema, nonNegative, timeMs } from './document-figures-schema.ts';

const knobs = z.partialRecord(z.enum(knobNames), knobValueSchema);
const combination = count.describe('Which combination of values, from 0; the last knob changes fastest.');
const figure = nonNegative.nullable();

export const sweepRunSchema = z
  .strictObject({
    combination,
    repeat: count.describe('From 0.'),
    timeMs,
    durationMs: nonNegative.describe('Measured, without what was left out at the start; of a search all of it, ms.'),
    knobs: knobs.describe('The values of the combination.'),
    epochs: z.array(count).describe('Indices into `epochs`: those that were measured.'),
    targetRate: figure.describe('Messages per second asked for; null: unthrottled, or searched for.'),
    rate: figure.describe('Messages per second: acknowledged, or the highest that a search found; null: none.'),
    response: latencyFiguresSchema,
    e2e: latencyFiguresSchema,
    cpuPercent: gauge.describe('Of the process, mean; 100 = one core.'),
    batchFill: gauge.describe("Share of a batch's capacity in use, 0 … 1, mean."),
    offeredInTime: figure.describe(
      'Share of the due messages that were offered in time, 0 … 1; null: nothing was due.',
    ),
    steady: z.boolean().describe('The response had settled; of a search: something was found.'),
    drained: z.boolean().describe('The backlog of the one before was gone when it began.'),
    search: count.nullable().describe('Index into `searches`; null: measured at its rate.'),
  })
  .meta({ id: 'SweepRun' });

const spreadSchema = z
  .strictObject({
    median: figure.describe('Over all runs; one without a figure counts as the worst.'),
    low: figure.describe('The lowest of all runs, in the same unit; null: none has a figure.'),
    high: figure.describe('The highest of all runs, in the same unit; null: none has a figure.'),
  })
  .meta({ id: 'SweepSpread' });

const sweepResultSchema = z
  .strictObject({
    combination,
    knobs,
    runs: count.describe('How often the combination was measured.'),
    rate: spreadSchema.describe('Messages per second.'),
    p99Ms: spreadSchema,
    pareto: z.boolean().describe('No other is better in one of rate and p99 without being worse in the other.'),
  })
  .meta({ id: 'SweepResult' });

export const sweepSchema = z
  .strictObject({
    knobs: z.array(z.strictObject({ name: z.enum(knobNames), values: z.array(knobValueSchema) })),
    repeats: count.describe('How often each combination was to be measured.'),
    seed: count.describe('Of the order in which combinations came.'),
    slo: z.string().describe('What the highest rate was searched for; empty: measured at the given rate.'),
    tag: z.enum(['response', 'e2e']).describe('Of which latency `p99Ms` is.'),
    timeMs,
    durationMs: nonNegative,
    outcome: z.enum(['done', 'stopped', 'running']),
    runs: z.array(sweepRunSchema).describe('In the order in which they were measured.'),
    results: z.array(sweepResultSchema).describe('One a combination, best first.'),
    best: count.nullable().describe('The first combination of `results`; null: none has figures.'),
  })
  .meta({ id: 'Sweep' });

export type Sweep = z.infer<typeof sweepSchema>;
export type SweepRun = Sweep['runs'][number];
export type SweepResultRow = Sweep['results'][number];
