/** What loadtui itself costs whoever runs it, as it stands in bench/RESULTS.json. A value a round. */
import { z } from 'zod';

const rounds = z.array(z.number().nonnegative()).min(1);

/** How a run is looked at: plain lines, the screen, or the screen while it is frozen. */
export const looks = ['plain', 'screen', 'frozen'] as const;
export type Look = (typeof looks)[number];

const lookSchema = z.strictObject({
  e2eP50Ms: rounds,
  e2eP99Ms: rounds,
  /** Share of a core that the main thread used; load, observation and the broker are other threads. */
  mainThreadPercent: rounds,
  /** The most of the process in the measured phase. */
  rssMb: rounds,
});

const garbageSchema = z.strictObject({
  messageSizeBytes: z.int().positive(),
  messagesPerSecond: rounds,
  /** Allocated in the thread, by the sampling heap profiler, collected objects included. */
  producerBytesPerMessage: rounds,
  consumerBytesPerMessage: rounds,
  /** Of all garbage collections of the load threads. */
  gcPauseP99Ms: rounds,
});
export type GarbageResult = Readonly<z.infer<typeof garbageSchema>>;

export const ownSchema = z.strictObject({
  looks: z.strictObject({ plain: lookSchema, screen: lookSchema, frozen: lookSchema }),
  garbage: z.array(garbageSchema),
  start: z.strictObject({ versionMs: rounds, firstMessageMs: rounds }),
  commands: z.strictObject({ looks: z.string(), garbage: z.string() }),
});
export type OwnResults = Readonly<z.infer<typeof ownSchema>>;
export type LookResult = OwnResults['looks'][Look];
