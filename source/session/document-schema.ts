/**
 * The session document: what `--save` and the key `s` write, and what every other format is made from. The zod schema
 * is the one definition; `session.schema.json` and the TypeScript types come from it. Names are promises to scripts.
 *
 * `timeMs` is Unix ms (UTC) at the start of what it stamps, `elapsedMs` ms since the run's start, `…Rate` per second,
 * latencies ms with µs digits, bytes are bytes.
 */
import { z } from 'zod';
import { mechanisms, securityProtocols } from '../config/security/material.ts';
import { exitCodes } from '../errors.ts';
import {
  count,
  epochSchema,
  hdrWindowSchema,
  intervalSchema,
  lagSampleSchema,
  type latencyFiguresSchema,
  latencySchema,
  type latencySummarySchema,
  nonNegative,
  number,
  timeMs,
  totalsSchema,
} from './document-figures-schema.ts';
import { planDocumentSchema } from './document-plan-schema.ts';
import { hintSchema, searchSchema } from './document-search-schema.ts';
import { skewSchema } from './document-skew-schema.ts';
import { sweepSchema } from './document-sweep-schema.ts';
import { eventTypes } from './view.ts';

const text = z.string();

const toolSchema = z
  .strictObject({
    name: text,
    version: text,
    node: text.describe('Version of Node.js.'),
    client: text.describe('The Kafka client in use, with its version where it has one of its own.'),
  })
  .meta({ id: 'Tool' });

const verdictSchema = z
  .strictObject({
    exitCode: z.literal(Object.values(exitCodes)).describe("The process's exit code."),
    label: text.describe('The verdict in a word or two.'),
    reasons: z.array(text).describe('One sentence each, the weightiest first.'),
  })
  .meta({ id: 'Verdict' });

const runSchema = z
  .strictObject({
    id: text.describe('16 hexadecimal digits; every message of the run carries it.'),
    startedAt: z.iso.datetime().describe('ISO 8601, UTC.'),
    endedAt: z.iso.datetime().nullable().describe('ISO 8601, UTC; null: saved while the run was on.'),
    preset: text.nullable(),
    commandLine: text.describe('As it was typed, quoted for a shell; secrets are replaced.'),
    verdict: verdictSchema,
  })
  .meta({ id: 'Run' });

const securitySchema = z
  .strictObject({
    protocol: z.enum(securityProtocols),
    verify: z
      .enum(['full', 'chain', 'none'])
      .nullable()
      .describe('The certificate of a broker: of its name; any that the CA signed; any at all. null: no TLS.'),
    clientCertificate: z.boolean().describe('loadtui shows one, too.'),
    mechanism: z.enum(mechanisms).nullable().describe('null: nobody logs in.'),
    username: text.nullable().describe('null: nobody logs in, or a token says who.'),
  })
  .meta({ id: 'Security', description: 'How connections to the brokers are secured. Without secrets.' });

const clusterSchema = z
  .strictObject({
    sandbox: z.boolean().describe("loadtui's own broker, embedded or run alone: the figures say nothing about Kafka."),
    clusterId: text.nullable(),
    security: securitySchema.optional().describe('Left out by versions that could not be secured: plain text.'),
    brokers: z.array(z.strictObject({ id: z.int(), host: text, port: count, rack: text.nullable() })),
    version: z.strictObject({
      metadataVersion: text.nullable().describe('Finalised feature metadata.version; null: not said.'),
      inferredAtLeast: text.nullable().describe('From the API versions offered; null: nothing inferred.'),
    }),
    topics: z.array(
      z.strictObject({
        name: text,
        partitions: count,
        replicationFactor: count,
        minInsyncReplicas: count.nullable().describe('null: not known.'),
        created: z.boolean().describe('Made by this run.'),
      }),
    ),
  })
  .meta({ id: 'Cluster' });

const hostSchema = z
  .strictObject({
    cpus: count.describe('Logical cores.'),
    memoryBytes: count.describe('Memory of the machine.'),
    platform: text,
    kernel: text,
  })
  .meta({ id: 'Host', description: 'The machine of the load generator.' });

export const wholeRunSchema = z
  .strictObject({
    acked: count.describe('Messages acknowledged.'),
    failed: count.describe('Messages given up.'),
    unknown: count.describe('Messages sent and never answered.'),
    consumed: count.describe('Messages of this run that were read.'),
    probes: count.describe('Records that loadtui wrote besides the load.'),
    negativeE2e: count.describe('Messages read at or before their intended time: their e2e is recorded as 1 ns.'),
    lowestE2eMs: number.max(0).nullable().describe('The most negative e2e among them, ms; null: there are none.'),
    e2eErrorMs: nonNegative.describe(
      'How far e2e may be off, ms, since the clocks of sender and reader differ: by their deviations as checked every second, and by the most negative e2e. 0: below 0.05 ms.',
    ),
    logEndGrowth: count.nullable().describe('How far the log ends moved, summed over partitions; null: not known.'),
  })
  .meta({
    id: 'WholeRun',
    description:
      'Messages since connecting, warm-up included. acked + probes = logEndGrowth where producers are idempotent or ' +
      'nothing was retried, nothing failed and nobody else wrote.',
  });

export const sloSchema = z
  .strictObject({
    expr: text,
    held: z.boolean().nullable().describe('null: too little to judge.'),
    actual: number
      .nullable()
      .describe('In the unit of expr: ms for latencies and lag, a fraction (0 … 1) for the others.'),
    violations: count.describe('Messages over the limit; for lag and achieved, the intervals that were.'),
    worstMs: nonNegative.nullable().describe('The largest single value, ms; null where expr is a fraction.'),
  })
  .meta({ id: 'Slo' });

export const eventSchema = z
  .object({
    timeMs,
    type: z.enum([...eventTypes, 'truncated']),
    message: text.describe('One sentence.'),
    outcome: text.nullable().describe('What came of it; null: nothing to say.'),
    mark: count.nullable().describe('Number of the mark on the charts; null: not marked.'),
  })
  .catchall(z.union([text, number, z.boolean()]).nullable())
  .meta({ id: 'Event', description: 'Further fields belong to the type: knob, from, to, code, count …' });

export const errorCountSchema = z
  .strictObject({
    code: text.describe("Kafka's name of the error, or CONNECTION_LOST, TIMED_OUT."),
    count: count.describe('Messages that were given up with it.'),
    retried: count.describe('Messages that were sent again because of it, each time counted.'),
    firstMs: nonNegative.describe('Unix ms.'),
    lastMs: nonNegative.describe('Unix ms.'),
  })
  .meta({ id: 'ErrorCount', description: 'Of what was produced, warm-up included. Errors of reading are events.' });

/** Everything about one run. */
export const sessionDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    tool: toolSchema,
    run: runSchema,
    plan: planDocumentSchema,
    cluster: clusterSchema,
    host: hostSchema,
    totals: totalsSchema,
    wholeRun: wholeRunSchema,
    latency: latencySchema,
    slos: z.array(sloSchema),
    epochs: z.array(epochSchema),
    intervals: z.array(intervalSchema),
    hdrWindows: z.array(hdrWindowSchema),
    lag: z.array(lagSampleSchema),
    skew: skewSchema.optional().describe('Left out where nobody produces, and where the run broke off.'),
    events: z.array(eventSchema),
    hints: z.array(hintSchema),
    errors: z.array(errorCountSchema),
    searches: z.array(searchSchema),
    sweeps: z.array(sweepSchema).optional().describe('Left out where nothing was swept.'),
    search: searchSchema.nullable().describe('The last of `searches`; null: none.'),
  })
  .meta({
    title: 'loadtui session',
    description:
      'timeMs: Unix ms, UTC, at the start of what it stamps. elapsedMs: since the start of the run. …Rate: per second.',
  });

/** What is known when the load begins. */
export const documentStartSchema = sessionDocumentSchema
  .pick({ schemaVersion: true, tool: true, plan: true, cluster: true, host: true })
  .extend({ run: runSchema.omit({ endedAt: true, verdict: true }) });

export type SessionDocument = z.infer<typeof sessionDocumentSchema>;
export type ToolInfo = z.infer<typeof toolSchema>;
export type Verdict = z.infer<typeof verdictSchema>;
export type PlanDocument = z.infer<typeof planDocumentSchema>;
export type ClusterDocument = z.infer<typeof clusterSchema>;
export type HostInfo = z.infer<typeof hostSchema>;
export type TotalsRow = z.infer<typeof totalsSchema>;
export type WholeRun = z.infer<typeof wholeRunSchema>;
export type LatencySummary = z.infer<typeof latencySummarySchema>;
export type IntervalLatency = z.infer<typeof latencyFiguresSchema>;
export type Latency = z.infer<typeof latencySchema>;
export type SloRow = z.infer<typeof sloSchema>;
export type EpochRow = z.infer<typeof epochSchema>;
export type IntervalRow = z.infer<typeof intervalSchema>;
export type HdrWindow = z.infer<typeof hdrWindowSchema>;
export type LagSample = z.infer<typeof lagSampleSchema>;
export type SkewDocument = z.infer<typeof skewSchema>;
export type EventRow = z.infer<typeof eventSchema>;
export type ErrorCount = z.infer<typeof errorCountSchema>;
export type Hint = z.infer<typeof hintSchema>;
export type Search = z.infer<typeof searchSchema>;
export type SearchStep = Search['steps'][number];

/** What is known when the load begins: the first object of an NDJSON stream. */
export type DocumentStart = z.infer<typeof documentStartSchema>;
