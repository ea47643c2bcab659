import { expect, it } from 'vitest';
import type { Compression } from '../../source/config/plan.ts';
import { compressionRows, cpuUsPerMessage } from '../../source/output/compression-rows.ts';
import { sampleDocument, sampleInterval, sampleLatency, sampleState, sampleTotals } from '../session/sample.ts';

/** An epoch of a second and 1,000 messages. */
function epoch(index: number, codec: Compression, compressionRatio: number, count = 1000) {
  const [first] = sampleState().epochs;
  if (first === undefined) throw new Error('the sample has an epoch');
  const knobs = { ...first.knobs, compression: { requested: codec, applied: codec } };
  const wireBytesSent = count === 0 ? 0 : 110_000 / compressionRatio;
  const totals = { ...sampleTotals, scheduled: count, sent: count, acked: count, wireBytesSent, compressionRatio };
  return { ...first, index, knobs, totals, latency: sampleLatency(count) };
}

const { process } = sampleInterval(1);
const totals = { ...sampleTotals, wireBytesSent: 3 * 1_048_576, compressionRatio: 2.5 };
const whole = 'compressed 2.5× (lz4): 2.50 MiB/s of messages are 1.00 MiB/s on the wire';

it('says nothing without a codec', () => {
  expect(compressionRows(sampleDocument())).toEqual([]);
  expect(compressionRows(sampleDocument({ totals: { ...totals, wireBytesSent: 0, compressionRatio: null } }))).toEqual(
    [],
  );
  expect(compressionRows(sampleDocument({ epochs: [epoch(0, 'none', 1), epoch(1, 'none', 1)] }))).toEqual([]);
});

it('says what a codec did to the measured phase, and what a message cost', () => {
  const epochs = [epoch(0, 'lz4', 2.5), epoch(1, 'lz4', 2.5)];
  // 12.5 % of a core for a second and 1,000 messages.
  expect(compressionRows(sampleDocument({ totals, epochs }))).toEqual([`${whole}, 125 µs of CPU a message`]);
  const intervals = [1, 2, 3].map((second) => sampleInterval(second, { process: { ...process, cpuPercent: null } }));
  expect(compressionRows(sampleDocument({ totals, epochs, intervals }))).toEqual([whole]);
});

it('sets the epochs beside each other where the codec was turned, but for those that sent nothing', () => {
  const epochs = [epoch(0, 'none', 1), epoch(1, 'gzip', 1, 0), epoch(2, 'lz4', 3.1), epoch(3, 'zstd', 4.25, 400)];
  const intervals = [1, 2, 3].map((second) => {
    return sampleInterval(second, {
      epoch: second === 1 ? 0 : second,
      process: { ...process, cpuPercent: second === 2 ? 0.21 : 12.5 },
    });
  });
  expect(compressionRows(sampleDocument({ totals, epochs, intervals }))).toEqual([
    `${whole.replace('lz4', 'none, lz4, zstd')}, 84.0 µs of CPU a message`,
    'epoch 0 none: 1.00×, acked 1.00 k/s, p99 2.99 ms, 125 µs of CPU a message',
    'epoch 2 lz4: 3.1×, acked 1.00 k/s, p99 2.99 ms, 2.10 µs of CPU a message',
    'epoch 3 zstd: 4.3×, acked 400/s, 125 µs of CPU a message',
  ]);
});

it('keeps to the last epochs of many', () => {
  const epochs = Array.from({ length: 30 }, (_, index) => epoch(index, index % 2 === 0 ? 'lz4' : 'zstd', 3));
  const rows = compressionRows(sampleDocument({ totals, epochs }));
  expect(rows).toHaveLength(9);
  expect(rows.at(-1)).toMatch(/^epoch 29 zstd: /);
});

it('takes epochs of one codec that follow each other as one', () => {
  const half = { ...sampleTotals, sent: 1000, acked: 1000, wireBytesSent: 10_000, compressionRatio: 2 };
  const epochs = [epoch(0, 'none', 1), { ...epoch(1, 'lz4', 4), totals: half }, epoch(2, 'lz4', 4, 400)];
  const intervals = [1, 2].map((second) => sampleInterval(second, { epoch: second }));
  const [, , row] = compressionRows(sampleDocument({ totals, epochs, intervals }));
  // 20,000 of 10,000 bytes, and 110,000 of 27,500.
  expect(row).toMatch(/^epochs 1–2 lz4: 3\.5×, acked 700\/s, /);
});

it('leaves out the CPU of the first two seconds of a codec, which may be that of the one before', () => {
  const startMs = sampleInterval(1).timeMs;
  const epochs = [epoch(0, 'none', 1), { ...epoch(1, 'lz4', 4), timeMs: startMs }];
  const intervals = [1, 2, 3].map((second) =>
    sampleInterval(second, { epoch: 1, process: { ...process, cpuPercent: second === 3 ? 12.5 : 99 } }),
  );
  expect(compressionRows(sampleDocument({ totals, epochs, intervals })).at(-1)).toContain('125 µs of CPU a message');
});

it('knows no cost of a message where there was none, or no reading', () => {
  expect(cpuUsPerMessage([])).toBeNull();
  expect(cpuUsPerMessage([sampleInterval(1, { sent: 0 })])).toBeNull();
  const unread = sampleInterval(2, { process: { ...process, cpuPercent: null } });
  expect(cpuUsPerMessage([unread])).toBeNull();
  expect(cpuUsPerMessage([unread, sampleInterval(3, { durationMs: 500 })])).toBe(62.5);
});
