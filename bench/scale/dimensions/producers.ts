import type { Axis } from '../axis.ts';
import { costChart, countText, heldChart, memoryChart } from '../charts.ts';
import type { Dimension } from '../dimension.ts';

const counts = [1, 10, 50, 100, 200] as const;
const x: Axis = { label: 'producers', scale: 'log', format: countText, ticks: counts };

export const producersDimension: Dimension = {
  name: 'producers',
  constant: '50,000/s in all of 100 B, 16 partitions, 1 consumer, 1 thread of each',
  flags: ['--rate', '50000', '--message-size', '100', '--partitions', '16', '--threads', '1'],
  points: counts.map((producers) => ({ series: 'all', x: producers, flags: ['--producers', `${producers}`] })),
  charts: [
    costChart('producers', 'producers', x, 'linear'),
    memoryChart('producers', 'producers', x),
    heldChart('producers', 'producers', x),
  ],
};
