import { expect, it } from 'vitest';
import { parseSlos } from '../../source/config/slo.ts';
import { defaultService, Stage } from '../session/support/live-run.ts';
import { defaultPlan } from '../support/default-plan.ts';

/** A search in a quarter of its time; `npm run bench -- --searches` has whole ones, ten times each. */
const searchHaste = 4;

it('finds the highest rate where it is known', { timeout: 150_000 }, async (context) => {
  const stage = new Stage(context);
  // All are answered after 200 + 300 / (1 − rate / 2,000) ms, their median too: a second at 1,250/s.
  const answerHz = 1250;
  const curve = { ms: 300, limitMessagesPerSecond: 2000 };
  const sandbox = await stage.sandbox({ service: { ...defaultService, latencyMs: 200, curve } });
  const plan = { task: 'find', rate: 250, fromRate: 200, quick: true, slos: parseSlos('p50<1s') } as const;
  const tuning = { ...defaultPlan.tuning, maxInFlight: 1024 };
  const straight = { messageSizeBytes: 100, acks: 1, lingerMs: 0, tuning, warmUpMs: 500 } as const;
  const { result } = stage.run(sandbox, { ...plan, ...straight }, { searchHaste });
  const { document, exitCode } = await result;
  const { search } = document;
  expect(search).toMatchObject({ outcome: 'found', limitedBy: 'latency' });
  const [passed = 0, failed] = search?.bracket ?? [];
  expect(search?.maxSustainableRate).toBe(passed);
  expect(passed).toBeGreaterThan(answerHz * 0.95);
  expect(passed).toBeLessThan(answerHz * 1.05);
  expect(failed).toBeLessThan(passed * 1.1);
  expect(exitCode).toBe(0);
});
