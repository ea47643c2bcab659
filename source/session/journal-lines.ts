/**
 * The lines of a session's journal: what is needed to make its document again. A later line of the same interval, epoch,
 * event, search, step, sweep or run of a sweep takes the place of an earlier one.
 */
import { z } from 'zod';
import { latencyTags } from '../config/plan.ts';
import { type SlotCount, slotFields } from '../measure/figures.ts';
import { epochSchema, intervalSchema, lagSampleSchema } from './document-figures-schema.ts';
import {
  documentStartSchema,
  errorCountSchema,
  eventSchema,
  sessionDocumentSchema,
  sloSchema,
  wholeRunSchema,
} from './document-schema.ts';
import { searchSchema, searchStepSchema } from './document-search-schema.ts';
import { sweepRunSchema, sweepSchema } from './document-sweep-schema.ts';

const number = z.number();
const index = z.int().nonnegative();

const packedLatencySchema = z
  .strictObject({ buckets: z.string(), sumNs: number, minNs: number, maxNs: number, clamped: number })
  .nullable();

const slotCounts = slotFields.filter((field): field is SlotCount => field !== 'interval' && field !== 'changes');

export const journalLineSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('start'),
    journalVersion: z.literal(1),
    /** Of the process that writes. */
    pid: z.int(),
    /** Unix ms of run-relative time 0. */
    zeroMs: number,
    start: documentStartSchema,
  }),
  z.strictObject({
    kind: z.literal('epoch'),
    index,
    timeMs: number,
    knobs: epochSchema.shape.knobs,
  }),
  z.strictObject({
    kind: z.literal('interval'),
    number: index,
    /** Run-relative. */
    startNs: number,
    row: intervalSchema,
    counts: z.record(z.enum(slotCounts), number),
    latency: z.record(z.enum(latencyTags), packedLatencySchema),
  }),
  z.strictObject({ kind: z.literal('event'), number: index, event: eventSchema }),
  z.strictObject({ kind: z.literal('lag'), samples: z.array(lagSampleSchema) }),
  z.strictObject({
    kind: z.literal('state'),
    wholeRun: wholeRunSchema,
    slos: z.array(sloSchema),
    errors: z.array(errorCountSchema),
  }),
  /** `search` and `sweep` below are the indices of these. */
  z.strictObject({ kind: z.literal('search'), index, search: searchSchema.omit({ steps: true }) }),
  z.strictObject({ kind: z.literal('search-step'), search: index, step: searchStepSchema }),
  z.strictObject({
    kind: z.literal('sweep'),
    index,
    sweep: sweepSchema.omit({ runs: true, results: true, best: true }),
  }),
  z.strictObject({ kind: z.literal('sweep-run'), sweep: index, index, run: sweepRunSchema }),
  /** The run's regular end: its document, without the lists that the other lines hold. */
  z.strictObject({ kind: z.literal('document'), document: sessionDocumentSchema }),
]);

export type JournalLine = z.infer<typeof journalLineSchema>;
export type JournalLineOf<Kind extends JournalLine['kind']> = Extract<JournalLine, { kind: Kind }>;
