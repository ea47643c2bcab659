import { describe, expect, it } from 'vitest';
import { type OwnResults, ownSchema } from '../../../bench/own/own-schema.ts';
import { ownBlocks, verdictOf } from '../../../bench/own/own-section.ts';
import { blockMarkdown } from '../../../bench/results/block.ts';

const look = {
  e2eP50Ms: [1, 1.1, 0.9],
  e2eP99Ms: [4, 5, 3],
  mainThreadPercent: [0.5, 0.6, 0.4],
  rssMb: [150, 155, 145],
};
const results: OwnResults = {
  looks: {
    plain: look,
    screen: { ...look, e2eP99Ms: [4.3, 4.5, 4.2], mainThreadPercent: [12, 13, 11], rssMb: [170, 180, 150] },
    frozen: look,
  },
  garbage: [
    {
      messageSizeBytes: 100,
      messagesPerSecond: [3_000_000],
      producerBytesPerMessage: [0.9],
      consumerBytesPerMessage: [0.7],
      gcPauseP99Ms: [1.5],
    },
  ],
  start: { versionMs: [50, 55, 52], firstMessageMs: [900, 950, 1000] },
  commands: { looks: 'node bin/loadtui.js run -r 10k', garbage: 'node bin/loadtui.js run -r max' },
};

it.each([
  [[1, 2, 3], 2, 'met'],
  [[1, 2.1, 3], 2, 'not told apart'],
  [[2.1, 2.2, 3], 2, 'missed'],
  [[9], null, ''],
] as const)('%j against at most %s: %s', (rounds, atMost, verdict) => {
  expect(verdictOf({ rounds, atMost })).toBe(verdict);
});

describe('the section', () => {
  const text = ownBlocks(ownSchema.parse(results)).map(blockMarkdown).join('\n');

  it.each([
    '| end-to-end p50, plain lines | 1.00 ms | 0.900–1.10 | ≤ 1.20 | met |',
    '| end-to-end p99, with the screen | 4.30 ms | 4.20–4.50 | – |  |',
    '| end-to-end p99, with the screen over plain lines | 1.07 × | – | ≤ 1.1 × | not told apart |',
    '| main thread, with the screen at 160×45 | 12.0 % of a core | 11.0–13.0 | ≤ 10.0 | missed |',
    '| memory (RSS), with the screen | 170 MB | 150–180 | ≤ 160 | not told apart |',
    '| garbage in consuming, 100 B | 0.700 B a message | 0.700–0.700 | ≤ 1.00 | met |',
    '| `loadtui --version` | 52.0 ms | 50.0–55.0 | ≤ 120 | met |',
  ])('has the line %s', (line) => {
    expect(text).toContain(line);
  });

  it('says at what rate garbage was measured, and how', () => {
    expect(text).toContain('3,000 thousand/s of 100 B');
    expect(text).toContain('node bin/loadtui.js run -r max');
  });
});
