/** Hints name what is wrong: where nothing is, there are none. */
import { expect, it } from 'vitest';
import { Stage } from '../session/support/live-run.ts';

/** A machine that does other things as well may hold the load generator up, and is right to be told so. */
const ofTheMachine = new Set(['client-bound', 'flush/GC']);

it('gives no hint to a run as --preset latency makes it', { timeout: 60_000 }, async (context) => {
  const stage = new Stage(context);
  const plan = { rate: 10_000, lingerMs: 0, acks: 1, batchSizeBytes: 16_384, partitions: 3 } as const;
  const run = await stage.measuring(await stage.sandbox(), plan);
  await run.until('20 s', ({ phaseElapsedMs }) => phaseElapsedMs > 20_000);
  const { document } = await run.quit();
  expect(document.hints.filter(({ name }) => !ofTheMachine.has(name))).toEqual([]);
});
