/** What this host can drive: a short unthrottled run against the embedded broker. */
import type { Plan } from '../config/plan.ts';
import { resolvePlan } from '../config/resolve-plan.ts';
import { Session } from './session.ts';

const messageSizeBytes = 1024;
const settleMs = 500;

/** Runs for `durationMs` and answers acknowledged messages per second. Rejects with LoadtuiError where the run fails. */
export async function driveSandbox(durationMs: number): Promise<{ ratePerSecond: number; messageSizeBytes: number }> {
  const resolved = resolvePlan({ given: [], planPath: null, style: 'plain', warnings: [] });
  const plan: Plan = {
    ...resolved.plan,
    preset: null,
    brokers: null,
    topic: null,
    rate: null,
    messageSizeBytes,
    batchSizeBytes: 65_536,
    acks: 1,
    warmUpMs: settleMs,
    durationMs,
    slos: [],
  };
  const session = new Session({
    resolved: { ...resolved, plan },
    commandLine: ['loadtui', 'check'],
    attended: false,
    ask: null,
    save: () => Promise.reject(new Error('a check saves nothing')),
    journal: null,
  });
  const { document } = await session.run();
  return { ratePerSecond: document.totals.acked / (durationMs / 1000), messageSizeBytes };
}
