import { expect, it } from 'vitest';
import { Stage, sideBySide } from './support/live-run.ts';

it("shows and keeps the skew that Zipf's keys make, by partition and by broker", sideBySide, async (context) => {
  const stage = new Stage(context);
  const sandbox = await stage.sandbox({ brokers: 2 });
  const keys = { kind: 'pool', prefix: 'k', count: 100, order: 'zipf', exponent: 1.5 } as const;
  const run = await stage.measuring(sandbox, { keys, partitions: 6 });
  await run.until('skew over some seconds', ({ skew }) => (skew?.windowS ?? 0) >= 4);
  const { skew } = run.view();
  // The first key alone has 1 / ζ(1.5, 100 of them) = 0.41 of all messages.
  expect(skew?.maxOverMean).toBeGreaterThan(0.41 * 6 * 0.9);
  expect(skew?.partitions).toHaveLength(6);
  expect(skew?.brokers).toHaveLength(2);
  const rates = skew?.partitions.map(({ messageRate }) => messageRate) ?? [];
  expect(rates).toEqual(rates.toSorted((a, b) => b - a));
  for (const { roundTripMs } of skew?.brokers ?? []) expect(roundTripMs).toBeGreaterThan(0);
  const { document } = await run.quit();
  const sum = (rows: readonly { readonly acked: number }[] = []) => rows.reduce((all, { acked }) => all + acked, 0);
  expect(sum(document.skew?.partitions)).toBe(document.wholeRun.acked);
  expect(sum(document.skew?.brokers)).toBe(document.wholeRun.acked);
  expect(document.skew?.maxOverMean).toBeGreaterThan(0.41 * 6 * 0.9);
});
