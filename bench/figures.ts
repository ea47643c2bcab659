/** What a bench answers, as plain data: it crosses from the process of the bench to the one that compares. */
import { z } from 'zod';

export const units = ['ns/msg', 'msg/s', 'MB/s', 'ms', '%', 'fraction', 'MB', 'messages'] as const;

export const figureSchema = z.strictObject({
  /** Unique within its bench. */
  name: z.string(),
  unit: z.enum(units),
  better: z.enum(['more', 'less']),
  /** One value a round; the figure is their median. */
  rounds: z.array(z.number()).min(1),
  /** How much worse than the baseline is still the same, as a share: 0.3 = 30 %. */
  tolerance: z.number().positive(),
  /** Promised on any machine; null: nothing is. */
  limit: z.number().nullable(),
});

export type Figure = Readonly<z.infer<typeof figureSchema>>;
export type Unit = Figure['unit'];

export const benchAnswerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('figures'),
    figures: z.array(figureSchema),
    /** Share of a core that other processes used meanwhile; null: not known. */
    othersPercent: z.number().nullable(),
  }),
  z.strictObject({ kind: z.literal('failed'), message: z.string() }),
]);
export type BenchAnswer = z.infer<typeof benchAnswerSchema>;

type Settings = Partial<Pick<Figure, 'tolerance' | 'limit'>>;

/** Lower is better. Costs a message are steady from run to run. */
export function cost(name: string, unit: Unit, rounds: readonly number[], settings: Settings = {}): Figure {
  return { name, unit, better: 'less', rounds: [...rounds], tolerance: 0.3, limit: null, ...settings };
}

/** Higher is better. */
export function rate(name: string, unit: Unit, rounds: readonly number[], settings: Settings = {}): Figure {
  return { name, unit, better: 'more', rounds: [...rounds], tolerance: 0.3, limit: null, ...settings };
}
