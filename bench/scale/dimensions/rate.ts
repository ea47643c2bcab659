import type { Axis } from '../axis.ts';
import { countText, heldChart, linesBySeries, shortText } from '../charts.ts';
import type { ChartPlan, Dimension, Point } from '../dimension.ts';
import type { PointResult } from '../results.ts';

const askedPerSecond = [50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, null] as const;
const threadCounts = [1, 2, 4] as const;

const held: Axis = { label: 'messages a second, acknowledged', scale: 'log', format: shortText };
const asked: Axis = { ...held, label: 'messages a second, asked for' };

function pointOf(threads: number, rate: number | null): Point {
  return {
    series: threads === 1 ? '1 producer thread' : `${threads} producer threads`,
    x: rate,
    flags: ['--threads', `${threads}`, '--producers', `${threads}`, '--rate', rate === null ? 'max' : `${rate}`],
  };
}

/** Beyond what the machine gives, a point stands at the rate it held: more was not sent. */
function costBy(file: string, whose: string, cost: (result: PointResult) => number | null): ChartPlan {
  return {
    file,
    title: `CPU a message of ${whose}, by rate`,
    x: held,
    y: { label: 'CPU, ns a message', scale: 'linear', format: countText },
    limit: null,
    isCost: true,
    lines: (results) => linesBySeries(results, ({ heldPerSecond }) => heldPerSecond, cost),
  };
}

export const rateDimension: Dimension = {
  name: 'rate',
  constant: '100 B, 16 partitions, 1 consumer; as many producers as producer threads',
  flags: ['--message-size', '100', '--partitions', '16'],
  points: threadCounts.flatMap((threads) => askedPerSecond.map((rate) => pointOf(threads, rate))),
  charts: [
    costBy('rate', 'the process', ({ processNs }) => processNs),
    costBy('rate-producers', 'producer threads', ({ producersNs }) => producersNs),
    costBy('rate-consumers', 'the consumer thread', ({ consumersNs }) => consumersNs),
    {
      file: 'rate-memory',
      title: 'Memory of the process, by rate',
      x: held,
      y: { label: 'resident, MB', scale: 'linear', format: countText },
      limit: null,
      isCost: false,
      lines: (results) =>
        linesBySeries(
          results,
          ({ heldPerSecond }) => heldPerSecond,
          ({ rssBytes }) => (rssBytes === null ? null : rssBytes / 1e6),
        ),
    },
    heldChart('rate', 'rate', asked),
  ],
};
