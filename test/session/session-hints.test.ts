import { describe, expect, it } from 'vitest';
import { defaultService, type LiveRun, Stage, sideBySide } from './support/live-run.ts';

/** Waits until the hint is shown, and answers it. */
async function hintOf(run: LiveRun, name: string) {
  await run.event('hint', name);
  await run.until(`hint ${name}`, ({ hints }) => hints?.some((hint) => hint.name === name) === true);
  const hint = run.view().hints?.find((one) => one.name === name);
  if (hint === undefined) throw new Error(`${name} went away`);
  return hint;
}

describe('hints of a session', sideBySide, () => {
  it('batching-bound, until the knob is turned as it says', async (context) => {
    const stage = new Stage(context);
    const run = await stage.measuring(await stage.sandbox(), { rate: 200, lingerMs: 100 });
    const { evidence, suggestion } = await hintOf(run, 'batching-bound');
    expect(evidence).toMatch(/^a batch waits [\d.]+ ms and its answer takes .* is waiting for linger/);
    expect(suggestion).toEqual({ knob: 'lingerMs', from: 100, to: 0 });
    await run.turn('lingerMs', 0);
    await run.until('it is gone', ({ hints }) => hints?.every(({ name }) => name !== 'batching-bound') === true);
    const { document } = await run.quit();
    expect(document.hints).toContainEqual(expect.objectContaining({ name: 'batching-bound', suggestion }));
  });

  it('quota, where brokers ask to wait', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = await stage.measuring(sandbox, { lingerMs: 0 });
    await sandbox.inject({ kind: 'throttle', throttleMs: 20, count: 1_000_000 });
    const { evidence } = await hintOf(run, 'quota');
    expect(evidence).toMatch(/^brokers asked producers to wait in the last \d+ s/);
  });

  it('broker-bound, where answers take long and pings do not', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox({ service: { ...defaultService, latencyMs: 200 } });
    const run = await stage.measuring(sandbox, { rate: 100, lingerMs: 0 });
    const { evidence } = await hintOf(run, 'broker-bound');
    expect(evidence).toMatch(/^round trip 2\d\d ms.*while an idle ping takes [\d.]+ ms; own event loop late by/);
  });

  it('partition skew, where most messages have one key', async (context) => {
    const stage = new Stage(context);
    const keys = { kind: 'pool', prefix: 'k', count: 100, order: 'zipf', exponent: 1.5 } as const;
    const run = await stage.measuring(await stage.sandbox(), { keys, partitions: 6 });
    const { evidence, suggestion } = await hintOf(run, 'partition skew');
    expect(evidence).toMatch(/^partition \d of loadtui-\S+ gets [23]\.?\d* × the mean of all partitions/);
    expect(suggestion).toBeNull();
  });

  it('consumer-bound, where nobody reads what is written', async (context) => {
    const stage = new Stage(context);
    const run = await stage.measuring(await stage.sandbox());
    run.control.pauseConsumers();
    const { evidence } = await hintOf(run, 'consumer-bound');
    expect(evidence).toMatch(/^consumers are paused: lag [\d,.]+ messages .* while service stays at/);
    run.control.resumeConsumers();
  });
});
