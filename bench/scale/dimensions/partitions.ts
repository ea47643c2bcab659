import type { Axis } from '../axis.ts';
import { costChart, countText, heldChart, lineOf, memoryChart } from '../charts.ts';
import type { Dimension } from '../dimension.ts';
import type { PointResult } from '../results.ts';

/** Promised at 10,000 partitions. */
const mostBytesAPartition = 1024;

const counts = [1, 100, 1_000, 10_000] as const;
const x: Axis = { label: 'partitions', scale: 'log', format: countText, ticks: counts };

/** A topic has at most half of 10,000: two then. */
function topicFlags(partitions: number): readonly string[] {
  const topics = partitions > 5_000 ? 2 : 1;
  return ['--topics', `${topics}`, '--partitions', `${partitions / topics}`];
}

/** Memory beyond that of one partition, KiB a partition. Memory varies by more than a few partitions need: never below 0. */
function memoryAPartition(results: readonly PointResult[]) {
  const base = results.find((result) => result.x === 1)?.rssBytes ?? null;
  return lineOf(
    'memory a partition',
    results.filter((result) => result.x !== 1),
    (result) => result.x,
    ({ rssBytes, x: partitions }) =>
      base === null || rssBytes === null || partitions === null
        ? null
        : Math.max(0, rssBytes - base) / partitions / 1024,
  );
}

export const partitionsDimension: Dimension = {
  name: 'partitions',
  constant: '20,000/s of 100 B, 1 producer, 1 consumer, 1 thread of each; 10,000 are two topics',
  flags: ['--rate', '20000', '--message-size', '100', '--threads', '1'],
  points: counts.map((partitions) => ({ series: 'all', x: partitions, flags: topicFlags(partitions) })),
  charts: [
    costChart('partitions', 'partitions', x, 'linear'),
    memoryChart('partitions', 'partitions', x),
    {
      file: 'partitions-memory-each',
      title: 'Memory beyond that of one partition, by partition',
      x,
      y: { label: 'resident, KiB a partition', scale: 'linear', format: countText },
      limit: { y: mostBytesAPartition / 1024, name: 'promised at 10,000: at most 1 KiB' },
      isCost: false,
      lines: (results) => [memoryAPartition(results)],
    },
    heldChart('partitions', 'partitions', x),
  ],
};
