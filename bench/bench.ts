/** A bench and what it is given. Each runs in a process of its own, so that none warms up or slows down another. */
import type { Figure } from './figures.ts';

/** How long it all takes. */
export interface Pace {
  readonly rounds: number;
  /** Of a round that calls one function over and over. */
  readonly microRoundMs: number;
  /** Of a round of a whole session: before anything counts, and what counts. */
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface BenchContext {
  readonly pace: Pace;
  /** `host:port` of the Kafka to use; null where the bench does not need one. */
  readonly brokers: string | null;
}

export interface Bench {
  /** What `--only` takes: `group.name`. */
  readonly name: string;
  readonly needs: 'nothing' | 'kafka';
  /** Takes minutes: runs only where it is named in full. */
  readonly isLong?: boolean;
  /** Whoever runs longer is ended and counts as failed. */
  readonly timeoutMs: number;
  run(context: BenchContext): Promise<readonly Figure[]> | readonly Figure[];
}

export const fullPace: Pace = { rounds: 3, microRoundMs: 60, warmUpMs: 1_000, measureMs: 3_000 };
/** To see that a bench works; its figures are worth nothing. */
export const quickPace: Pace = { rounds: 1, microRoundMs: 5, warmUpMs: 300, measureMs: 700 };

/** The Kafka of a bench that needs one. */
export function brokersOf({ brokers }: BenchContext): string {
  if (brokers === null) throw new Error('this bench needs a Kafka');
  return brokers;
}
