import { formatBytes } from '../../../source/config/units.ts';
import type { Axis } from '../axis.ts';
import { costChart, countText, heldChart, lineOf, memoryChart } from '../charts.ts';
import type { Dimension } from '../dimension.ts';

const kibibyte = 1024;
const mebibyte = kibibyte * kibibyte;
const sizes = [16, 100, kibibyte, 10 * kibibyte, 100 * kibibyte, mebibyte] as const;
const x: Axis = { label: 'bytes of a value', scale: 'log', format: formatBytes, ticks: sizes };

export const sizeDimension: Dimension = {
  name: 'size',
  constant: '40 MB/s of values in all, stamped in a header; 16 partitions, 1 producer, 1 consumer',
  // The stamp needs 32 bytes where it is in the value.
  flags: ['--rate', '40MB/s', '--stamp', 'header', '--partitions', '16', '--threads', '1'],
  points: sizes.map((bytes) => ({ series: 'all', x: bytes, flags: ['--message-size', `${bytes}`] })),
  charts: [
    costChart('size', 'message size', x, 'log'),
    {
      file: 'size-bytes',
      title: 'CPU a byte, by message size',
      x,
      y: { label: 'CPU, ns a byte of values', scale: 'log', format: countText },
      limit: null,
      isCost: true,
      lines: (results) => {
        const aByte = (ns: number | null, bytes: number | null) => (ns === null || bytes === null ? null : ns / bytes);
        const size = (result: { x: number | null }) => result.x;
        return [
          lineOf('process', results, size, (result) => aByte(result.processNs, result.x)),
          lineOf('producer threads', results, size, (result) => aByte(result.producersNs, result.x)),
          lineOf('consumer threads', results, size, (result) => aByte(result.consumersNs, result.x)),
        ];
      },
    },
    memoryChart('size', 'message size', x),
    heldChart('size', 'message size', x),
  ],
};
