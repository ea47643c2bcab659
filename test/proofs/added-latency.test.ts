/** The sandbox adds a latency that is known: what is measured is that, and the way there and back. */
import { describe, expect, it, type TestContext } from 'vitest';
import { percentileNs } from '../../source/analysis/latency-summary.ts';
import { startSandbox } from '../../source/sandbox/start.ts';
import { expectGood, expectSound } from '../session/support/expect-exact.ts';
import { defaultService, Stage } from '../session/support/live-run.ts';
import { defaultPlan } from '../support/default-plan.ts';
import { closedLoop } from './support/closed-loop.ts';

/** More in flight than wait for an answer at any time, so that no message waits for another. */
const tuning = { ...defaultPlan.tuning, maxInFlight: 100 };

interface Reading {
  readonly serviceMs: number;
  /** What another client saw meanwhile, that asks now and then: where cores are busy, it is late as well. */
  readonly otherMs: number;
}

/** Medians of a short run at 1,000/s. */
async function read(context: TestContext, latencyMs: number, pacing: 'timer' | 'spin'): Promise<Reading> {
  const sandbox = await startSandbox({ service: { ...defaultService, latencyMs } });
  context.onTestFinished(() => sandbox.close());
  const plan = { mode: 'produce-only', rate: 1000, lingerMs: 0, acks: 1, tuning, pacing, durationMs: 1200 } as const;
  const run = new Stage(context).run(sandbox, plan);
  await run.reached('measuring');
  const other = closedLoop(sandbox, () => run.session.phase === 'measuring', 10);
  const { document, exitCode } = await run.result;
  expectSound(document);
  expectGood(exitCode);
  const otherMs = (percentileNs(await other, 50) ?? Number.NaN) / 1e6;
  await sandbox.close();
  return { serviceMs: document.latency.service.p50Ms ?? Number.NaN, otherMs };
}

/** The reading in the middle of three. */
async function middleReading(context: TestContext, latencyMs: number, pacing: 'timer' | 'spin'): Promise<Reading> {
  const readings: Reading[] = [];
  for (let round = 0; round < 3; round++) readings.push(await read(context, latencyMs, pacing));
  readings.sort((a, b) => a.serviceMs - b.serviceMs);
  return readings[1] ?? { serviceMs: Number.NaN, otherMs: Number.NaN };
}

describe('a latency that the broker adds', () => {
  it('of 5 ms is the median service time, and hardly more', async (context) => {
    const { serviceMs, otherMs } = await middleReading(context, 5, 'timer');
    expect(serviceMs).toBeGreaterThanOrEqual(5);
    expect(serviceMs).toBeLessThan(Math.max(6.5, otherMs + 1));
  }, 60_000);

  it('of 0.2 ms is told from none, and from a millisecond', async (context) => {
    const { serviceMs, otherMs } = await middleReading(context, 0.2, 'spin');
    expect(serviceMs).toBeGreaterThanOrEqual(0.2);
    expect(serviceMs).toBeLessThan(Math.max(0.9, otherMs + 0.5));
  }, 60_000);
});
