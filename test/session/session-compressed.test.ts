import { describe, expect, it } from 'vitest';
import { Stage, sideBySide } from './support/live-run.ts';

describe('a run whose batches are compressed', sideBySide, () => {
  it('reads back all that the sandbox keeps, and what is corrupt there is told as such', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = await stage.measuring(sandbox, { compression: 'lz4', producers: 1 });
    await run.more(500);
    await sandbox.inject({ kind: 'corrupt', count: 1 });
    await run.until('a corrupt batch', ({ totals }) => totals.corrupt > 0);
    await run.more(500);
    const { document } = await run.quit();
    const { acked, consumed, corrupt, missing, duplicated, reordered } = document.totals;
    expect(corrupt).toBeGreaterThan(0);
    expect({ missing, duplicated, reordered }).toEqual({ missing: corrupt, duplicated: 0, reordered: 0 });
    expect(consumed).toBe(acked - corrupt);
    expect((await sandbox.stats()).producedRecords).toBe(document.wholeRun.acked + document.wholeRun.probes);
  });
});
