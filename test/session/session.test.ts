import { describe, expect, it } from 'vitest';
import { expectExact, expectGood } from './support/expect-exact.ts';
import { Stage, sideBySide } from './support/live-run.ts';

describe('a plain run', sideBySide, () => {
  it('accounts for every message', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = stage.run(sandbox, { durationMs: 1500, achievedGate: true });
    const { document, exitCode } = await run.result;
    expectExact(document);
    expectGood(exitCode);
    expect(document.totals.scheduled).toBe(3000);
  });
});
