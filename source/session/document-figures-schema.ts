/** The figures of a session document: totals, latencies, intervals, epochs, lag. Units stand in names and descriptions. */
import { z } from 'zod';
import { knobNames } from '../config/knobs.ts';
import { compressions } from '../config/plan.ts';

export const count = z.int().nonnegative();
export const number = z.number();
export const nonNegative = z.number().nonnegative();
export const timeMs = nonNegative.describe('Unix ms, UTC, at the start of what it stamps.');
export const percentileMs = nonNegative.nullable();
const rate = nonNegative;
export const gauge = nonNegative.nullable();
const compressionRatio = z.number().positive().nullable();

const wireBytesNote =
  'Bytes of the record batches of messages sent, compressed, as they were written: their headers and those of records ' +
  'included, those of requests and of TLS not; retries are not counted again.';
const ratioNote = 'Bytes of those batches without compression / `wireBytesSent`; 1: no codec; null: nothing was sent.';

export const totalsSchema = z
  .strictObject({
    scheduled: count.describe('Messages that were due.'),
    sent: count.describe('Messages written to a socket at least once; retries are not counted again.'),
    acked: count.describe('Messages acknowledged; with acks=0, handed to the kernel.'),
    failed: count.describe('Messages given up: refused by a broker, or never sent.'),
    missed: count.describe('Messages due but given up before they were offered to a producer.'),
    retries: count.describe('Messages written again, once for each time.'),
    consumed: count.describe('Messages of this run that were read, duplicates included.'),
    missing: count.nullable().describe('Messages acknowledged and never consumed; null: not checked.'),
    unread: count.describe('Messages acknowledged that the logs still held, unread, when draining ended.'),
    duplicated: count.describe('Messages read again.'),
    reordered: count.describe('Messages read after a later one of the same producer and partition, no duplicates.'),
    foreign: count.describe('Records read that are not of this run.'),
    unknown: count.describe('Messages given up whose fate is not known: sent, never answered.'),
    failedButConsumed: count.describe('Failed messages that were read nevertheless.'),
    corrupt: count.describe('Records in batches whose checksum was wrong.'),
    expired: count.describe('Records that retention removed before they were read.'),
    bytesSent: count.describe('Bytes of the values of messages sent, before compression and without overhead.'),
    wireBytesSent: count.describe(wireBytesNote).default(0),
    compressionRatio: compressionRatio.describe(ratioNote).default(null),
    bytesConsumed: count.describe('Bytes of the values of messages consumed.'),
    bytesForeign: count.describe('Bytes of the values of foreign records.'),
    givenUpAfterMs: gauge.describe(
      'How old the oldest message was that was given up (failed, unknown, missed), then, ms; null: none was.',
    ),
    missedAfterMs: gauge.describe('How old the oldest message was that was missed, then, ms; null: none was.'),
  })
  .meta({
    id: 'Totals',
    description:
      'Counts of messages whose intended send time lies in the measured phase (and in the epoch, where it is one of ' +
      'an epoch). scheduled = acked + failed + unknown + missed, once all have been answered.',
  });

const percentileFields = {
  p50Ms: percentileMs,
  p90Ms: percentileMs,
  p95Ms: percentileMs,
  p99Ms: percentileMs,
  p999Ms: percentileMs,
  maxMs: percentileMs.describe('Largest value recorded, ms.'),
};

const percentileNote =
  'Milliseconds with microsecond digits. Percentiles are nearest ranks; messages that never came to this figure ' +
  '(failed, missed, still open) rank above all others, and null says that the rank falls among them or that there ' +
  'are no samples.';

export const latencyFiguresSchema = z
  .strictObject({
    count: count.describe('Messages recorded.'),
    meanMs: percentileMs.describe('Mean of the recorded values, ms.'),
    ...percentileFields,
  })
  .meta({ id: 'LatencyFigures', description: percentileNote });

export const latencySummarySchema = z
  .strictObject({
    count: count.describe('Messages recorded.'),
    minMs: percentileMs,
    meanMs: percentileMs.describe('Mean of the recorded values, ms.'),
    p50Ms: percentileMs,
    p75Ms: percentileMs,
    p90Ms: percentileMs,
    p95Ms: percentileMs,
    p99Ms: percentileMs,
    p999Ms: percentileMs,
    p9999Ms: percentileMs,
    maxMs: percentileMs.describe('Largest value recorded, ms.'),
    hdr: z
      .string()
      .nullable()
      .describe('All recorded values: HdrHistogram, V2 compressed, base64, in nanoseconds; null: none recorded.'),
  })
  .meta({
    id: 'LatencySummary',
    description: `${percentileNote} Null as well: p99 of fewer than 1,000 messages, p99.9 of fewer than 10,000, p99.99 of fewer than 100,000.`,
  });

/** The four tags, each with the same schema. */
function perTag<Schema extends z.ZodType>(schema: Schema) {
  return {
    response: schema.describe('Acknowledged − intended send time: what a user of the system feels.'),
    service: schema.describe('Acknowledged − first offered to the producer: publish latency of other tools.'),
    slip: schema.describe("First offered − intended send time: the load generator's own lateness."),
    e2e: schema.describe('Consumed − intended send time.'),
  };
}

export const latencySchema = z.strictObject(perTag(latencySummarySchema)).meta({ id: 'Latency' });

const hostFiguresSchema = z
  .strictObject({
    cpuPercent: gauge.describe('100 = all cores.'),
    cpuStolenPercent: gauge
      .optional()
      .describe(
        'Given to others by the host of this virtual machine, of all CPU time; cpuPercent is of what was left. Left out: not read.',
      ),
    memoryBytes: gauge.describe('Memory in use, bytes.'),
    networkRxBytesRate: gauge.describe('Bytes per second received.'),
    networkTxBytesRate: gauge.describe('Bytes per second sent.'),
    diskReadBytesRate: gauge.describe('Bytes per second read.'),
    diskWriteBytesRate: gauge.describe('Bytes per second written.'),
  })
  .meta({ id: 'HostFigures', description: 'The machine of the load generator; null: no reading.' });

const processFiguresSchema = z
  .strictObject({
    cpuPercent: gauge.describe('100 = one core.'),
    rssBytes: gauge.describe('Resident memory, bytes.'),
    eventLoopDelayP99Ms: gauge.describe('p99 of the event-loop delay of the busiest load thread, ms.'),
    gcPauseMs: gauge.describe('Time in garbage collection, ms.'),
  })
  .meta({ id: 'ProcessFigures', description: 'This process, all its threads; null: no reading.' });

const watchedSchema = z
  .strictObject({
    group: z.string(),
    lagMessages: gauge.describe('Log ends − committed offsets; null: not known, as where nothing is committed.'),
    lagMs: gauge.describe('Age of the oldest message beyond the commits, ms.'),
    commitAgeMs: gauge.describe('Since the last commit was seen to change, ms; null: there is none.'),
  })
  .meta({ id: 'WatchedGroup', description: "Somebody else's consumer group on the topics that are written to." });

export const intervalSchema = z
  .strictObject({
    timeMs,
    elapsedMs: nonNegative.describe("Since the run's start, ms."),
    durationMs: nonNegative.describe('Wall time; below 1000 where a phase or an epoch ended.'),
    epoch: count.describe('Index into `epochs`.'),
    phase: z.enum(['warm-up', 'measuring', 'draining']),
    targetRate: rate.nullable().describe('Messages per second asked for; null: unthrottled.'),
    scheduled: count.describe('Messages whose intended send time lies in this interval.'),
    sent: count.describe('Of those scheduled here: sent, whenever that was.'),
    acked: count.describe('Of those scheduled here: acknowledged, whenever that was.'),
    failed: count.describe('Of those scheduled here: failed.'),
    missed: count.describe('Of those scheduled here: missed.'),
    retries: count.describe('Of those scheduled here: times they were written again.'),
    consumed: count.describe('Of those scheduled here: consumed, whenever that was.'),
    batches: count.describe("Batches first written during this interval's wall time."),
    unknown: count.describe('Of those scheduled here: given up, their fate not known.'),
    foreign: count.describe('Records read during this interval that are not of this run.'),
    bytesSent: count.describe('Value bytes of the messages in `sent`.'),
    wireBytesSent: count.describe('Bytes of the batches whose first message lies here, as in `totals`.').default(0),
    compressionRatio: compressionRatio.describe('Of those batches, as in `totals`.').default(null),
    bytesConsumed: count.describe('Value bytes of the messages in `consumed`.'),
    bytesForeign: count.describe('Value bytes of the records in `foreign`.'),
    sentRate: rate.describe("Messages per second sent during this interval's wall time."),
    ackedRate: rate.describe("Messages per second acknowledged during this interval's wall time."),
    consumedRate: rate.describe("Records per second consumed during this interval's wall time, foreign ones included."),
    failedRate: rate.describe(
      "Messages per second given up during this interval's wall time, those of unknown fate included.",
    ),
    ...perTag(latencyFiguresSchema),
    lagMessages: gauge.describe('Messages between high watermark and consumer position; null: not known.'),
    lagMs: gauge.describe(
      'Age of the oldest message not consumed, ms: since its intended time, or, of records of others, since the log grew past it.',
    ),
    inFlight: count.describe('Messages offered and not answered, at the end of the interval.'),
    batchFill: gauge.describe("Share of a batch's capacity in use, 0 … 1, mean."),
    recordsPerBatch: gauge.describe('Messages in a batch, mean.'),
    queueMs: gauge.describe('From offered to first written, mean, ms.'),
    roundTripMs: gauge.describe('From first written to answered, mean, ms.'),
    throttleMs: nonNegative.describe('Throttle time that brokers imposed, summed, ms.'),
    pingMs: gauge.describe('Round trip of an idle request, the slowest broker, ms.'),
    inPipeline: gauge
      .optional()
      .describe(
        'Messages acknowledged that a pipeline had not let out, at the end of the interval; null: nobody can tell, since it filters or lag is not known; left out: no pipeline.',
      ),
    watched: z.array(watchedSchema).optional().describe("Other people's groups; left out: none is watched."),
    host: hostFiguresSchema,
    process: processFiguresSchema,
  })
  .meta({
    id: 'Interval',
    description:
      'About one second, cut at phase and epoch changes. Counts and latencies are of the messages whose intended ' +
      'send time lies in the interval, and over the phase "measuring" they add up to `totals`. The …Rate fields are ' +
      'what happened during its wall time: after a stall the two differ, and that is the point.',
  });

export const knobValueSchema = z.union([number, z.enum(['all', ...compressions])]).nullable();

export const epochSchema = z
  .strictObject({
    index: count.describe('From 0; a change of any knob opens the next.'),
    timeMs,
    knobs: z
      .partialRecord(
        z.enum(knobNames),
        z.strictObject({
          requested: knobValueSchema.describe('What was asked for.'),
          applied: knobValueSchema.describe('What every thread has taken.'),
        }),
      )
      .describe('rate: messages per second, null = unthrottled; sizes in bytes; …Ms in ms.'),
    totals: totalsSchema,
    latency: latencySchema,
  })
  .meta({ id: 'Epoch', description: 'A stretch with the same knobs. Figures cover its part of the measured phase.' });

export const hdrWindowSchema = z
  .strictObject({
    timeMs,
    durationMs: nonNegative,
    response: z.string().nullable(),
    e2e: z.string().nullable(),
  })
  .meta({
    id: 'HdrWindow',
    description:
      'Every 10 s: all values of the window as HdrHistogram, V2 compressed, base64, ns; null: none. They add up.',
  });

const offset = count.nullable();
export const lagSampleSchema = z
  .strictObject({
    timeMs,
    topic: z.string(),
    group: z.string().nullable().describe('null: no group commits.'),
    partition: count,
    logEndOffset: offset.describe('High watermark.'),
    position: offset.describe('Next offset the consumer reads.'),
    committedOffset: offset,
    lag: offset.describe('High watermark − position, messages.'),
    committedLag: offset.describe('High watermark − committed offset, messages.'),
    asOfMs: nonNegative.describe('Unix ms at which the broker gave the high watermark.'),
  })
  .meta({ id: 'LagSample', description: 'Every 10 s, the worst 100 partitions; null: not known.' });
