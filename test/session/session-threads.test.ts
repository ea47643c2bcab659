/** Threads that die or hang: named, survived by the others, and not waited for at the end. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { expectSound } from './support/expect-exact.ts';
import { doHarm, started } from './support/harm.ts';
import { type LiveRun, Stage } from './support/live-run.ts';

vi.mock('node:worker_threads', async (original) => {
  const actual = await original<typeof import('node:worker_threads')>();
  const { harmed } = await import('./support/harm.ts');
  return { ...actual, Worker: harmed(actual.Worker) };
});

const timeout = 120_000;

function numbersOf(file: string): string[] {
  return started.flatMap((name) => (name.startsWith(`${file} `) ? name.slice(file.length + 1) : []));
}

/** What was told of these threads. Others may have been silent for a while on a busy machine. */
function toldOf(names: readonly string[], { events }: LiveRun): string[] {
  return events.flatMap(({ type, message, fields }) =>
    type === 'thread' && names.includes(String(fields.thread)) ? [message] : [],
  );
}

// One after the other: threads are known by their names alone.
beforeEach(() => void started.splice(0));

describe('load threads', { timeout }, () => {
  it('die or hang, each in its own way; the others go on, and every message gets a fate', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = await stage.measuring(sandbox, { rate: 1000, producers: 4, consumers: 4, threads: 4, partitions: 8 });
    const producers = numbersOf('producer-thread.ts');
    const consumers = numbersOf('consumer-thread.ts');
    expect([...producers, ...consumers]).toHaveLength(8);
    for (const [at, harm] of (['throw', 'exit', 'loop'] as const).entries()) {
      doHarm(`producer-thread.ts ${producers[at]}`, harm);
      await run.event('thread', `producer thread ${producers[at]}`);
    }
    for (const [at, harm] of (['throw', 'exit', 'sleep'] as const).entries()) {
      doHarm(`consumer-thread.ts ${consumers[at]}`, harm);
      await run.event('thread', `consumer thread ${consumers[at]}`);
    }
    await run.more(50);
    expect(run.session.phase).toBe('measuring');
    const { document, exitCode } = await run.quit();
    expect(exitCode).toBe(1);
    expectSound(document);
    expect(document.totals.acked).toBeGreaterThan(0);
    const harmed = [...producers.slice(0, 3), ...consumers.slice(0, 3)];
    const names = harmed.map((number, at) => `${at < 3 ? 'producer' : 'consumer'} thread ${number}`);
    const told = toldOf(names, run);
    expect(told.slice(0, 6)).toEqual([
      `producer thread ${producers[0]} died: harm was done`,
      `producer thread ${producers[1]} died: it ended with code 3`,
      `producer thread ${producers[2]} does not answer`,
      `consumer thread ${consumers[0]} died: harm was done`,
      `consumer thread ${consumers[1]} died: it ended with code 3`,
      `consumer thread ${consumers[2]} does not answer`,
    ]);
    // Those that hang are waited for no longer once the run is to end.
    expect(told.slice(6)).toEqual([
      expect.stringMatching(new RegExp(`^producer thread ${producers[2]} died: it did not answer for \\d+ s$`)),
      expect.stringMatching(new RegExp(`^consumer thread ${consumers[2]} died: it did not answer for \\d+ s$`)),
    ]);
    expect(document.run.verdict.reasons[0]).toBe(`producer thread ${producers[0]} died: harm was done`);
  });
});

describe('the observer', { timeout }, () => {
  it.for([
    ['throw', 'thread is gone: harm was done'],
    ['sleep', 'the observer does not answer'],
  ] as const)('is named where it is to %s, and the load goes on without lag', async ([harm, told], context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = await stage.measuring(sandbox, { rate: 500 });
    await run.until('lag is known', ({ lag }) => lag.totalMs !== null);
    doHarm('observer-thread.ts', harm);
    await run.event('thread', told);
    await run.until('a banner', ({ banners }) => banners.some(({ text }) => text.startsWith('LAG IS NOT KNOWN SINCE')));
    await run.more(100);
    const { document, exitCode } = await run.quit();
    expectSound(document);
    expect(document.totals).toMatchObject({ missing: 0, unknown: 0, failed: 0 });
    expect(exitCode).toBe(1);
    expect(document.run.verdict.reasons[0]).toMatch(/observer/);
  });
});

describe('the embedded broker', { timeout }, () => {
  it.for([
    ['exit', "The sandbox's thread is gone: it has ended"],
    ['sleep', "the sandbox's thread does not answer"],
  ] as const)('is named where it is to %s, and the run ends with what it has', async ([harm, told], context) => {
    const stage = new Stage(context);
    const run = stage.run({ brokers: [] }, { brokers: null, rate: 500 });
    await run.reached('measuring');
    await run.more(20);
    doHarm('thread.ts', harm);
    await run.event('thread', told);
    const { document, exitCode } = await run.quit();
    expectSound(document);
    expect(document.totals.acked).toBeGreaterThan(0);
    expect(exitCode).toBe(1);
    expect(document.run.verdict.reasons[0]).toMatch(/sandbox/);
  });
});
