/** What this bench found out, as it stands in bench/RESULTS.json. */
import { z } from 'zod';
import { taskNames } from './tasks.ts';

const positive = z.number().positive();
const verdict = z.enum(['met', 'missed', 'not told apart']);
export type Verdict = z.infer<typeof verdict>;

const comparison = {
  /** Names of two rows of the task: the first over the second. */
  contestant: z.string(),
  other: z.string(),
  ratio: positive,
  /** 95 % of it; null: too few rounds. */
  interval: z.strictObject({ low: positive, high: positive }).nullable(),
};

const judgementSchema = z.discriminatedUnion('kind', [
  /** Messages a second, at least `target` times the other's; null: none was set. */
  z.strictObject({
    kind: z.literal('rate'),
    ...comparison,
    target: positive.nullable(),
    verdict: verdict.nullable(),
  }),
  /** CPU time a message, at most `target` times the other's. */
  z.strictObject({ kind: z.literal('cpu-ratio'), ...comparison, target: positive, verdict }),
  /** CPU time a message, at most `target` ns. */
  z.strictObject({ kind: z.literal('cpu'), contestant: z.string(), target: positive, verdict }),
]);
export type Judgement = Readonly<z.infer<typeof judgementSchema>>;

const contestantSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  tool: z.enum(['loadtui', 'rdkafka', 'java']),
  command: z.string(),
  /** A value a round, in their order. */
  perSecond: z.array(positive).min(1),
  cpuNsPerMessage: z.array(positive).min(1),
  /** Cores that the brokers used meanwhile. */
  brokerCores: z.array(positive).min(1),
  /** What loadtui says it had acknowledged over what the broker's log grew by; null: it was not asked, or did not say. */
  ownOverBroker: z.array(positive).nullable(),
});
export type ContestantResult = Readonly<z.infer<typeof contestantSchema>>;

const taskResultSchema = z.strictObject({
  name: z.enum(taskNames),
  kind: z.enum(['produce', 'consume']),
  title: z.string(),
  /** The day it was measured, UTC; left out: that of the section. */
  date: z.iso.date().optional(),
  contestants: z.array(contestantSchema).min(1),
  judgements: z.array(judgementSchema),
});
export type TaskResult = Readonly<z.infer<typeof taskResultSchema>>;

export const besideSchema = z.strictObject({
  rounds: z.int().positive(),
  warmUpRounds: z.int().nonnegative(),
  produceWarmUpMs: positive,
  produceMeasureMs: positive,
  consumeWarmUpMs: positive,
  consumeMeasureMs: positive,
  filledBytes: positive,
  /** Where the brokers' logs were. */
  logs: z.enum(['memory', 'disk']),
  /** What differs from a fresh broker's settings. */
  brokerProperties: z.record(z.string(), z.string()),
  versions: z.record(z.string(), z.string()),
  missing: z.array(z.strictObject({ tool: z.string(), makeWith: z.array(z.string()) })),
  tasks: z.array(taskResultSchema),
});
export type BesideResults = Readonly<z.infer<typeof besideSchema>>;
