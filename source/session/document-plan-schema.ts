/**
 * The plan inside a session document: every value with where it came from. It mirrors `Plan` key by key; a field that
 * is added there and not here does not compile.
 */
import { z } from 'zod';
import { knobNames } from '../config/knobs.ts';
import { type ClientTuning, compressions, type Plan, planSources, tasks } from '../config/plan.ts';
import { knobValueSchema } from './document-figures-schema.ts';

const text = z.string();
const flag = z.boolean();
const number = z.number();
const count = z.int().nonnegative();
const source = z.enum(planSources).meta({
  id: 'PlanSource',
  description: 'Where a value came from; of several, the one later in this list has won.',
});

/** Of sessions that earlier versions saved, which did not know of it: what was so then. */
function unsaid(value: number): { readonly value: number; readonly source: 'default' } {
  return { value, source: 'default' };
}

/** One value with its source. */
function withSource<Value extends z.ZodType>(value: Value, description: string) {
  return z.strictObject({ value, source }).describe(description);
}

const keyPool = {
  kind: z.literal('pool'),
  prefix: text,
  count: count.describe('Keys in the pool.'),
};

const keys = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.discriminatedUnion('order', [
    z.strictObject({ ...keyPool, order: z.literal('round-robin') }),
    z.strictObject({ ...keyPool, order: z.literal('random') }),
    z.strictObject({
      ...keyPool,
      order: z.literal('zipf'),
      exponent: z
        .number()
        .nonnegative()
        .describe('Key number k, from 0, is drawn in proportion to 1 / (k + 1)^exponent.'),
    }),
  ]),
]);

const header = z.discriminatedUnion('kind', [
  z.strictObject({ name: text, kind: z.literal('text'), value: text }),
  z.strictObject({ name: text, kind: z.literal('key') }),
  z.strictObject({ name: text, kind: z.literal('sendTimeMs') }),
]);

const abortRule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('errors'), overFraction: number, forMs: number, text }),
  z.strictObject({ kind: z.literal('no-acks'), forMs: number, text }),
]);

const slo = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('latency'),
    tag: z.enum(['response', 'service', 'slip', 'e2e']),
    percentile: number,
    limitMs: number,
    text,
  }),
  z.strictObject({ kind: z.literal('errors'), limitFraction: number, text }),
  z.strictObject({ kind: z.literal('lag'), limitMs: number, text }),
  z.strictObject({ kind: z.literal('achieved'), atLeastFraction: number, text }),
]);

const tuningShape = {
  clientId: withSource(text, 'Client id sent to brokers.'),
  idempotent: z
    .strictObject({
      value: flag,
      source,
      withAcksAll: flag.describe('What it is with acks=all, which a knob may turn to.'),
    })
    .describe('Whether producers are idempotent when the load begins: with acks 0 and 1 they are not.'),
  maxInFlight: withSource(number, 'Requests on the way on one connection.'),
  maxRequestBytes: withSource(number, 'Largest produce request, bytes.'),
  bufferMemoryBytes: withSource(number, 'Memory of a producer for messages not yet acknowledged, bytes.'),
  requestTimeoutMs: withSource(number, 'How long an answer may take, ms.'),
  deliveryTimeoutMs: withSource(number, 'How long a message may take from hand-over to its last word, ms.'),
  retryBackoffMs: withSource(number, 'First pause before a retry, ms.'),
  retryBackoffMaxMs: withSource(number, 'Longest pause before a retry, ms.'),
  reconnectBackoffMs: withSource(number, 'First pause before connecting again, ms.'),
  reconnectBackoffMaxMs: withSource(number, 'Longest pause before connecting again, ms.'),
  metadataMaxAgeMs: withSource(number, 'Age at which metadata is asked for again, ms.'),
  fetchMinBytes: withSource(number, 'Bytes a broker collects before it answers a fetch.'),
  fetchMaxWaitMs: withSource(number, 'How long a broker holds a fetch that has too little, ms.'),
  fetchMaxBytes: withSource(number, 'Bytes of one fetch answer.'),
  maxPartitionFetchBytes: withSource(number, 'Bytes of one partition in one fetch answer.'),
  gzipLevel: withSource(number, 'Level of gzip, where that is the codec.').default(unsaid(6)),
  zstdLevel: withSource(number, 'Level of zstd, where that is the codec.').default(unsaid(3)),
} satisfies Record<keyof ClientTuning, z.ZodType>;

const ratePart = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('steady'), rateHz: number, forMs: number }),
  z.strictObject({
    kind: z.literal('ramp'),
    fromHz: number,
    toHz: number,
    forMs: number,
    shape: z.enum(['linear', 'geometric']),
    stepMs: number.nullable(),
  }),
  z.strictObject({
    kind: z.literal('sine'),
    meanHz: number,
    swingHz: number,
    periodMs: number,
    forMs: number.nullable(),
  }),
  z.strictObject({
    kind: z.literal('bursts'),
    baseHz: number,
    peakHz: number,
    lengthMs: number,
    everyMs: number,
    forMs: number.nullable(),
  }),
]);

const sweptKnob = z.strictObject({
  name: z.enum(knobNames),
  values: z.array(knobValueSchema).describe('rate null: unthrottled.'),
});

const planShape = {
  task: withSource(
    z.enum(tasks),
    'What the run is for: a load, a search for the rate that holds its objectives, or a sweep over knobs.',
  ),
  preset: withSource(text.nullable(), 'Name of the preset; null: none.'),
  brokers: withSource(z.array(text).nullable(), '`host:port` each; null: the embedded sandbox broker.'),
  noSandbox: withSource(flag, 'Whether starting the sandbox was forbidden.'),
  client: withSource(z.enum(['wire', 'kafkajs', 'platformatic', 'librdkafka']), 'Which Kafka client made the load.'),
  tuning: z.strictObject(tuningShape).describe('Client settings, each with its source.'),
  topic: withSource(text.nullable(), 'Name of the topic; null: one of a unique name is made.'),
  create: withSource(flag, 'Whether a missing named topic is made.'),
  consumeTopic: withSource(
    text.nullable(),
    'Topic that is read, behind a processor; null: the one that is written to.',
  ),
  topics: withSource(count, 'How many topics are made where none is named.'),
  partitions: withSource(count.nullable(), 'Partitions of a topic; null: 3 × brokers, or what an existing topic has.'),
  replicationFactor: withSource(count.nullable(), 'Replicas of a partition; null: min(3, brokers).'),
  topicConfig: withSource(z.record(text, text), "Extra settings of topics that are made, by Kafka's names."),
  keepTopics: withSource(flag, 'Whether topics that were made are kept.'),
  group: withSource(text.nullable(), 'Consumer group; null: `loadtui-<run id>`.'),
  watchGroups: withSource(
    z.array(text),
    "Other people's consumer groups whose lag on the topics written to is followed.",
  ),
  rate: withSource(number.nullable(), 'Messages per second of all producers together; null: unthrottled.'),
  messageSizeBytes: withSource(number, "Bytes of a message's value."),
  payloadEntropy: withSource(
    number,
    'Share of the filler of a value that is random, 0 … 1; the rest is one letter.',
  ).default(unsaid(1)),
  batchSizeBytes: withSource(number, 'Bytes at which a batch is full.'),
  lingerMs: withSource(number, 'How long a batch waits for more messages, ms.'),
  producers: withSource(count, 'Producers.'),
  consumers: withSource(count, 'Consumers.'),
  acks: withSource(z.literal([0, 1, 'all']), 'Who must have a batch before it counts as acknowledged.'),
  compression: withSource(z.enum(compressions), 'Codec of the batches that are sent.'),
  keys: withSource(keys, 'How a message gets its key.'),
  headers: withSource(z.array(header), 'Record headers of every message.'),
  stamp: withSource(z.enum(['value', 'header']), 'Where run, sequence number and intended time travel in a message.'),
  mode: withSource(z.enum(['both', 'produce-only', 'consume-only']), 'Whether the run produces, consumes, or both.'),
  threads: withSource(count, 'Most load threads of a kind.'),
  pacing: z
    .strictObject({
      value: z.enum(['auto', 'timer', 'spin']),
      source,
      chosen: z.enum(['timer', 'spin']).describe('What `auto` came to on this machine; else the value.'),
    })
    .describe('How producer threads wait for the next due message.'),
  arrivals: withSource(z.enum(['uniform', 'poisson']), 'How intended send times are spread.'),
  limiter: withSource(
    z.enum(['smooth', 'bursty']),
    'What a pause saves: nothing, or up to a second of the rate, due at once when the load goes on.',
  ),
  warmUpMs: withSource(number, 'Warm-up, ms; outside of `totals`.'),
  durationMs: withSource(number.nullable(), 'Measured phase, ms; null: until told to stop.'),
  messages: withSource(
    count.nullable(),
    'Stop after this many measured messages, those of the warm-up not counted; null: no limit.',
  ),
  rateSchedule: withSource(
    z.array(ratePart),
    'How the rate moves after the warm-up, in messages per second; empty: it stays.',
  ),
  fromRate: withSource(number, 'First rate of a search, messages per second.'),
  quick: withSource(flag, 'Whether searches confirm what they find for 30 s in place of 60.'),
  soak: withSource(
    z.strictObject({ fraction: number, forMs: number }).nullable(),
    'Load at a share of the rate that the search found, after it; null: none.',
  ),
  maxTimeMs: withSource(number.nullable(), 'When a search ends with its best bracket, ms; null: when it is done.'),
  sweep: withSource(z.array(sweptKnob), 'Knobs whose values are measured in all combinations; empty: no sweep.'),
  repeats: withSource(count, 'How often a sweep measures each combination.'),
  findSlos: withSource(
    z.array(slo),
    'What a sweep searches the highest rate for in each combination; empty: it measures at the given rate.',
  ),
  seed: withSource(count, 'Of the order in which combinations come.'),
  maxRate: withSource(number.nullable(), 'Cap of the rate, messages per second; null: none.'),
  maxBehindMs: withSource(number, 'Age at which a due message is given up as missed, ms.'),
  abortOn: withSource(z.array(abortRule), 'Conditions that stop the load.'),
  slos: withSource(z.array(slo), 'Objectives that the run is judged by.'),
  achievedGate: withSource(flag, 'Whether `achieved>99%` is implied.'),
  missingGate: withSource(flag, 'Whether messages that do not come out of a pipeline are held against the run.'),
  yes: withSource(flag, 'Whether questions were answered with yes beforehand.'),
  unattended: withSource(flag, 'Whether the pause after 30 minutes without a key was lifted.'),
} satisfies Record<keyof Plan, z.ZodType>;

/** The whole checked plan. Secrets are replaced by `(redacted)`. */
export const planDocumentSchema = z.strictObject(planShape).meta({
  id: 'Plan',
  description: 'The whole checked plan, each value with its source. Secrets are replaced by "(redacted)".',
});
