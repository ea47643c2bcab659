/** How the load lay on partitions and brokers, as a session document keeps it. */
import { z } from 'zod';
import { count, nonNegative } from './document-figures-schema.ts';

const figures = {
  acked: count.describe('Messages acknowledged.'),
  bytes: count.describe('Bytes of their values.'),
  roundTripMs: nonNegative
    .nullable()
    .describe('Mean time from writing a batch to its answer, ms; null: nobody answered (acks=0).'),
};

export const skewSchema = z
  .strictObject({
    maxOverMean: nonNegative
      .nullable()
      .describe("The largest partition's messages over the mean of all partitions; null: nothing, or one partition."),
    partitions: z
      .array(z.strictObject({ topic: z.string(), partition: count, ...figures }))
      .describe('Most messages first, at most 100.'),
    brokers: z.array(z.strictObject({ id: count, ...figures })).describe('Leaders that were written to.'),
  })
  .meta({ id: 'Skew', description: 'What was acknowledged since connecting, warm-up included, probes not.' });
