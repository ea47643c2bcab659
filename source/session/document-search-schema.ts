/** Searches for the maximum sustainable rate, and hints, as a session document keeps them. */
import { z } from 'zod';
import { knobNames } from '../config/knobs.ts';
import { count, latencyFiguresSchema, nonNegative, number, timeMs } from './document-figures-schema.ts';

const rate = nonNegative;
const limitedBy = z.enum(['latency', 'lag', 'throttle', 'client', 'errors']).nullable();
const range = z.tuple([rate, rate]);
const knobValue = z.union([number, z.string()]).nullable();

const searchStepSchema = z
  .strictObject({
    index: count.describe('From 0.'),
    timeMs,
    durationMs: nonNegative,
    targetRate: rate.describe('Messages per second.'),
    ackedRate: rate.describe('Messages per second.'),
    response: latencyFiguresSchema,
    e2e: latencyFiguresSchema,
    overFraction: nonNegative.describe('Share of messages over the SLO, 0 … 1.'),
    overLow: number.nullable().describe('Lower end of the 95 % interval of that share.'),
    overHigh: number.nullable().describe('Upper end of the 95 % interval of that share.'),
    lagSlope: number.nullable().describe('Trend of the lag, messages per second.'),
    slipP99Ms: nonNegative.nullable(),
    steadyAfterMs: nonNegative.nullable().describe('Time until the response settled, ms; null: it did not.'),
    verdict: z.enum(['pass', 'fail', 'unsure', 'client']),
    marginal: z.boolean().describe('Decided at the end of the longest step, not by the interval.'),
    limitedBy,
  })
  .meta({ id: 'SearchStep' });

export const searchSchema = z
  .strictObject({
    slo: z.string(),
    steps: z.array(searchStepSchema),
    maxSustainableRate: rate.nullable().describe('Messages per second; null: none was confirmed.'),
    bracket: range.nullable().describe('Highest rate that passed and lowest that failed, messages per second.'),
    limitedBy,
    knee: z
      .strictObject({ rate: rate.describe('Messages per second.'), method: z.string(), range })
      .nullable()
      .describe('The knee of the curve, with the range of rates tested.'),
    epochs: z.array(count).describe('Indices into `epochs`.'),
    knobs: z.partialRecord(z.enum(knobNames), knobValue).describe('Knobs during the search.'),
  })
  .meta({ id: 'Search' });

export const hintSchema = z
  .strictObject({
    timeMs,
    name: z.string().describe('Such as "batching-bound".'),
    evidence: z.string().describe('The figures it rests on.'),
    suggestion: z
      .strictObject({ knob: z.enum(knobNames), from: knobValue, to: knobValue })
      .nullable()
      .describe('A knob to turn; null: none.'),
  })
  .meta({ id: 'Hint' });
