/** How fast one consumer reads one partition that was filled before. */
import type { Pace } from '../bench.ts';
import { cost, type Figure, rate } from '../figures.ts';
import { consumeRounds } from './consume-run.ts';

export interface ConsumeCase {
  readonly label: string;
  readonly bytes: number;
}

/** Enough to read on for a while, within what a sandbox partition keeps. */
const filledBytes = 160 * 1024 * 1024;
const quickBytes = 8 * 1024 * 1024;

export async function consumeFigures(
  brokers: string,
  pace: Pace,
  sizes: readonly ConsumeCase[],
): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const { label, bytes } of sizes) {
    const messages = Math.floor((pace.rounds === 1 ? quickBytes : filledBytes) / bytes);
    const rounds = await consumeRounds({
      brokers,
      messageSizeBytes: bytes,
      messages,
      rounds: pace.rounds,
      roundMs: pace.measureMs / 2,
    });
    figures.push(
      rate(
        `consume ${label}`,
        'msg/s',
        rounds.map((round) => round.consumedPerSecond),
      ),
      cost(
        `consume ${label}: CPU of the process`,
        'ns/msg',
        rounds.map((round) => round.cpuNsPerMessage),
      ),
      cost(
        `consume ${label}: CPU of the consumer thread`,
        'ns/msg',
        rounds.map((round) => round.consumerCpuNsPerMessage),
      ),
    );
  }
  return figures;
}
