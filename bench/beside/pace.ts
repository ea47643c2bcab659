/** How long a turn takes, and of how much. */
export interface BesidePace {
  readonly rounds: number;
  /** Before the others, of all tools once; counts for nothing. */
  readonly warmUpRounds: number;
  /** From the first message in the log on. */
  readonly produceWarmUpMs: number;
  readonly produceMeasureMs: number;
  readonly consumeWarmUpMs: number;
  readonly consumeMeasureMs: number;
  /** Values of the messages in a topic to consume from. */
  readonly filledBytes: number;
}

/** The fewest rounds whose interval is worth showing. */
export const leastRounds = 5;

export function besidePace(rounds: number): BesidePace {
  return {
    rounds,
    warmUpRounds: 1,
    produceWarmUpMs: 3_000,
    produceMeasureMs: 5_000,
    consumeWarmUpMs: 1_000,
    consumeMeasureMs: 4_000,
    filledBytes: 1024 ** 3,
  };
}

/** To see that it works; its figures are worth nothing. */
export const quickBesidePace: BesidePace = {
  rounds: 1,
  warmUpRounds: 0,
  produceWarmUpMs: 300,
  produceMeasureMs: 700,
  consumeWarmUpMs: 300,
  consumeMeasureMs: 700,
  filledBytes: 32 * 1024 ** 2,
};

/** Who begins changes from round to round, so that nobody always comes after the same one. */
export function inOrderOf<T>(round: number, all: readonly T[]): readonly T[] {
  if (all.length === 0) return all;
  const first = round % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
}
