/** How fast one producer is, unthrottled: a partition, acks=1, batches of 64 KiB, linger 5 ms. */
import type { BenchContext } from '../bench.ts';
import { cost, type Figure, rate } from '../figures.ts';
import { allKnown, inTurn } from './in-turn.ts';
import { runSession } from './session-run.ts';
import { messageSizes } from './shapes.ts';

const flags = ['--produce-only', '--rate', 'max', '--acks', '1', '--batch-size', '64KiB', '--linger', '5ms'] as const;

export async function produceFigures({ pace, brokers }: BenchContext): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const { label, bytes } of messageSizes) {
    const words = [...flags, '--message-size', String(bytes)];
    const runs = await inTurn(pace.rounds, () => runSession(words, pace, brokers));
    const producerNs = allKnown(runs.map((run) => run.producerCpuNsPerMessage));
    figures.push(
      rate(
        `produce ${label}`,
        'msg/s',
        runs.map((run) => run.ackedPerSecond),
      ),
      cost(
        `produce ${label}: CPU of the process`,
        'ns/msg',
        runs.map((run) => run.cpuNsPerMessage),
      ),
      ...(producerNs === null ? [] : [cost(`produce ${label}: CPU of the producer thread`, 'ns/msg', producerNs)]),
    );
  }
  return figures;
}
