/** Searches for the maximum sustainable rate, and hints, as a session document keeps them. */
import { z } from 'zod';
import { limits, searchEnds, stepRoles } from '../analysis/search.ts';
import { knobNames } from '../config/knobs.ts';
import {
  count,
  knobValueSchema,
  latencyFiguresSchema,
  nonNegative,
  number,
  timeMs,
} from './document-figures-schema.ts';

const rate = nonNegative;
const limitedBy = z.enum(limits).nullable();
const range = z.tuple([rate, rate]);

export const searchStepSchema = z
  .strictObject({
    index: count.describe('From 0.'),
    timeMs,
    durationMs: nonNegative.describe('Judged, without what was discarded at the start, ms.'),
    discardedMs: nonNegative.describe('Left out at the start, ms.'),
    role: z.enum(stepRoles).describe('What the step was for.'),
    targetRate: rate.describe('Messages per second.'),
    ackedRate: rate.describe('Messages per second.'),
    response: latencyFiguresSchema,
    e2e: latencyFiguresSchema,
    overFraction: nonNegative
      .nullable()
      .describe('Share of messages over the SLO that decided, 0 … 1; null: no SLO on latency.'),
    overLow: number.nullable().describe('Lower end of the 95 % interval of that share.'),
    overHigh: number.nullable().describe('Upper end of the 95 % interval of that share.'),
    lagSlope: number.nullable().describe('Trend of the lag, messages per second.'),
    slipP99Ms: nonNegative.nullable(),
    steadyAfterMs: nonNegative.nullable().describe('Time until the response settled, ms; null: it did not.'),
    autocorrelation: number
      .nullable()
      .describe('Of the shares of successive seconds; above 0.3 the interval is too narrow.'),
    throttleMs: nonNegative.describe('Throttle time that brokers imposed, ms.'),
    offeredInTime: nonNegative.nullable().describe('Share of the due messages that were offered in time, 0 … 1.'),
    verdict: z.enum(['pass', 'fail', 'unsure', 'client']),
    marginal: z.boolean().describe('Decided at the end of the longest step, not by the interval.'),
    limitedBy,
  })
  .meta({ id: 'SearchStep' });

const uslSchema = z
  .strictObject({
    singleRate: rate.describe('λ: messages per second of one at a time.'),
    sigma: nonNegative.describe('σ: contention.'),
    kappa: nonNegative.describe('κ: coherency.'),
    rSquared: number.describe('How much of the mean response the fit explains, 1 at best.'),
    peak: z
      .strictObject({ concurrency: nonNegative, rate: rate.describe('Messages per second.') })
      .nullable()
      .describe('Where throughput is highest; null: not within the range tested.'),
  })
  .meta({ id: 'Usl', description: 'Universal Scalability Law, fitted to mean response by concurrency.' });

const kneeSchema = z
  .strictObject({
    rate: rate.describe('Messages per second.'),
    method: z.string().describe('"power": where rate by mean response is largest.'),
    range: range.describe('Lowest and highest rate that was tested.'),
    beyond: z
      .enum(['low', 'high'])
      .nullable()
      .describe('The knee is at or beyond this end of the range; null: within.'),
    kneedleRate: rate.nullable().describe('The knee by Kneedle, messages per second; null: it finds none.'),
    usl: uslSchema.nullable().describe('null: fewer than six rates, or R² below 0.95.'),
  })
  .meta({ id: 'Knee' });

/** How a search ended besides what its steps led to; `running`: it has not. */
const otherOutcomes = ['not-recovered', 'out-of-time', 'stopped', 'running'] as const;
export const searchOutcomes = [...searchEnds, ...otherOutcomes] as const;

export const searchSchema = z
  .strictObject({
    slo: z.string().describe('The objectives, separated by commas; empty: none, the search looked for the knee.'),
    timeMs,
    durationMs: nonNegative,
    outcome: z
      .enum(searchOutcomes)
      .describe(
        'found: confirmed below a rate that failed; at-cap: confirmed at the highest rate allowed; client: the load generator ' +
          'could drive no more; unconfirmed: nothing held long enough; none: even the lowest rate failed; not-recovered: the ' +
          'cluster did not get rid of its backlog; stopped: by the operator.',
      ),
    steps: z.array(searchStepSchema),
    maxSustainableRate: rate
      .nullable()
      .describe('Messages per second; where the client was the limit, at least this; null: none was confirmed.'),
    bracket: z
      .tuple([rate, rate.nullable()])
      .nullable()
      .describe('Highest rate that passed and lowest above it that failed (null: none), messages per second.'),
    limitedBy,
    knee: kneeSchema.nullable().describe('The knee of the curve; null: fewer than three rates were steady.'),
    epochs: z.array(count).describe('Indices into `epochs`.'),
    knobs: z.partialRecord(z.enum(knobNames), knobValueSchema).describe('Knobs during the search.'),
  })
  .meta({ id: 'Search' });

export const hintSchema = z
  .strictObject({
    timeMs,
    name: z.string().describe('Such as "batching-bound".'),
    evidence: z.string().describe('The figures it rests on.'),
    suggestion: z
      .strictObject({ knob: z.enum(knobNames), from: knobValueSchema, to: knobValueSchema })
      .nullable()
      .describe('A knob to turn; null: none.'),
  })
  .meta({ id: 'Hint' });
