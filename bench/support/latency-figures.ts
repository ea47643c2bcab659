/** Response and slip of 10,000 messages a second that do not linger, from each one's intended time. */
import type { Pacing } from '../../source/config/plan.ts';
import type { BenchContext } from '../bench.ts';
import { cost, type Figure } from '../figures.ts';
import { inTurn } from './in-turn.ts';
import { runSession } from './session-run.ts';

/** Tails swing with whatever else the machine does. */
const medianTolerance = 0.5;
const tailTolerance = 1.5;

export async function latencyFigures(
  { pace, brokers }: BenchContext,
  messageSizeBytes: number,
  pacing: Exclude<Pacing, 'auto'>,
): Promise<readonly Figure[]> {
  const load = ['--rate', '10k', '--message-size', String(messageSizeBytes), '--linger', '0', '--acks', '1'];
  const words = [...load, '--pacing', pacing];
  const documents = await inTurn(pace.rounds, async () => (await runSession(words, pace, brokers)).document);
  return (['response', 'slip'] as const).flatMap((tag) =>
    (['p50', 'p99'] as const).map((percentile) => {
      const rounds = documents.map(({ latency }) => {
        const valueMs = latency[tag][`${percentile}Ms`];
        if (valueMs === null) throw new Error(`there is no ${tag} ${percentile}`);
        return valueMs;
      });
      const tolerance = percentile === 'p50' ? medianTolerance : tailTolerance;
      return cost(`${pacing}: ${tag} ${percentile}`, 'ms', rounds, { tolerance });
    }),
  );
}
