import { describe, expect, it } from 'vitest';
import { parseAbortRules } from '../../source/config/abort-rules.ts';
import { parseSlos } from '../../source/config/slo.ts';
import { readSweep } from '../../source/config/sweep.ts';
import { parseCommand, runCommand } from '../../source/session/commands.ts';
import { sessionDocumentSchema } from '../../source/session/document-schema.ts';
import { patienceMs, Stage, sideBySide } from './support/live-run.ts';

const hasty = { searchHaste: 10 };

describe('a sweep', () => {
  it(
    'measures every combination in an epoch of its own, and ends a run whose task it is',
    sideBySide,
    async (context) => {
      const stage = new Stage(context);
      const sandbox = await stage.sandbox();
      const sweep = readSweep('linger=0,100ms\nproducers=1,2');
      const run = stage.run(sandbox, { task: 'sweep', sweep, repeats: 2, seed: 3, lingerMs: 1 }, hasty);
      const { document, exitCode } = await run.result;
      const [row] = document.sweeps ?? [];
      expect(sessionDocumentSchema.safeParse(document).error).toBeUndefined();
      expect(row).toMatchObject({ outcome: 'done', repeats: 2, seed: 3, slo: '', tag: 'response' });
      expect(row?.runs.map(({ combination, repeat }) => `${combination} ${repeat}`).toSorted()).toEqual(
        [0, 1, 2, 3].flatMap((combination) => [`${combination} 0`, `${combination} 1`]),
      );
      expect(new Set(row?.runs.slice(0, 4).map(({ combination }) => combination)).size).toBe(4);
      for (const { epochs, knobs, response, rate } of row?.runs ?? []) {
        const epoch = document.epochs.find(({ index }) => index === epochs[0]);
        // What the row says is what was in force, and what the epoch's messages met.
        expect(epoch?.knobs).toMatchObject({
          lingerMs: { applied: knobs.lingerMs },
          producers: { applied: knobs.producers },
        });
        expect(epoch?.latency.response.p99Ms).toBe(response.p99Ms);
        expect(epoch?.totals.acked).toBe(response.count);
        expect(rate).toBeGreaterThan(500);
      }
      expect(row?.results.map(({ runs }) => runs)).toEqual([2, 2, 2, 2]);
      const p50s = (lingerMs: number): number[] =>
        (row?.runs ?? []).flatMap(({ knobs, response }) => (knobs.lingerMs === lingerMs ? [response.p50Ms ?? 0] : []));
      expect(Math.min(...p50s(100))).toBeGreaterThan(Math.min(...p50s(0)));
      expect(row?.best).toBe(row?.results[0]?.combination);
      expect([0, 6]).toContain(exitCode);
      expect(document.totals).toMatchObject({ missing: 0, duplicated: 0 });
    },
  );

  it('gives way to the operator, who is asked first, and keeps what was measured', sideBySide, async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = await stage.measuring(sandbox, {}, hasty);
    const wish = { kind: 'sweep', knobs: readSweep('linger=0,5ms,10ms'), repeats: 9, seed: null, slos: null } as const;
    expect(run.control.automate({ ...wish, fromHz: null, maxHz: null })).toMatchObject({ kind: 'done' });
    await run.event('search', 'sweep 1: linger');
    await run.until('a run of it', ({ sweeps }) => (sweeps?.[0]?.runs.length ?? 0) > 0);
    expect(run.view().automation).toMatchObject({ kind: 'sweep', title: 'sweep 1: linger' });
    expect(run.view().automation?.progress).toMatch(/^run \d+ of 27 \(3 × 9\), about/);
    expect(run.control.setKnob('lingerMs', 2)).toMatchObject({
      kind: 'confirm',
      question: 'take over from sweep 1: linger?',
    });
    expect(run.control.setKnob('lingerMs', 2, true)).toMatchObject({ kind: 'done' });
    await run.applied('lingerMs');
    expect(run.view()).toMatchObject({ automation: null, sweeps: [{ outcome: 'stopped' }] });
    const { document } = await run.quit();
    expect(document.sweeps?.[0]?.runs.length).toBeGreaterThan(0);
    expect(document.epochs.at(-1)?.knobs.lingerMs?.applied).toBe(2);
  });

  it(
    'puts the knobs back, goes on after a pause, and leaves a card until the load is stopped',
    sideBySide,
    async (context) => {
      const stage = new Stage(context);
      const sandbox = await stage.sandbox();
      const run = await stage.measuring(
        sandbox,
        { lingerMs: 7, abortOn: parseAbortRules('no-acks for 1s') },
        { ...hasty, attended: true },
      );
      const wish = {
        kind: 'sweep',
        knobs: readSweep('linger=0,5ms\nrate=500,1k'),
        repeats: 1,
        seed: 2,
        slos: null,
      } as const;
      expect(run.control.automate({ ...wish, fromHz: null, maxHz: null })).toMatchObject({ kind: 'done' });
      await run.until('measuring', ({ automation }) => automation?.detail.includes(' s') ?? false);
      run.control.pauseLoad();
      await run.event('pause');
      run.control.resumeLoad();
      await run.until('the card', ({ card }) => card !== null, patienceMs);
      const { knobs, card, sweeps } = run.view();
      expect(card?.text).toMatch(/^sweep 1: linger × rate: best .*rate (?:500\/s|1\.00 k\/s).*: p99 /);
      expect(sweeps?.[0]).toMatchObject({ outcome: 'done', best: expect.any(Number) });
      expect(knobs.find(({ name }) => name === 'lingerMs')?.requested).toBe(7);
      expect(knobs.find(({ name }) => name === 'rate')?.requested).toBe(2000);
      // A knob that cannot be turned puts nothing away.
      expect(run.control.setKnob('messageSize', 8).kind).toBe('refused');
      expect(run.view().card).not.toBeNull();
      await sandbox.inject({ kind: 'stall', durationMs: 4000 });
      await run.event('abort');
      const { banners, card: after } = run.view();
      expect(banners[0]?.kind).toBe('load-stopped');
      expect(after).toBeNull();
    },
  );

  it(
    'measures anew where fresh figures are asked for: an epoch has all of a combination',
    sideBySide,
    async (context) => {
      const stage = new Stage(context);
      const sandbox = await stage.sandbox();
      const run = await stage.measuring(sandbox, {}, { ...hasty, attended: true });
      const wish = { kind: 'sweep', knobs: readSweep('linger=0'), repeats: 1, seed: 1, slos: null } as const;
      expect(run.control.automate({ ...wish, fromHz: null, maxHz: null })).toMatchObject({ kind: 'done' });
      await run.until('measuring', ({ automation }) => automation?.detail.includes(' s') ?? false);
      expect(run.control.freshFigures()).toMatchObject({ kind: 'done' });
      const { epoch } = run.view();
      await run.until('over', ({ automation }) => automation === null);
      const [row] = (await run.quit()).document.sweeps ?? [];
      expect(row?.runs[0]?.epochs[0]).toBeGreaterThan(epoch);
      expect(row?.runs[0]?.durationMs).toBeGreaterThan(900);
    },
  );

  it('searches the highest rate of each combination', sideBySide, async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const sweep = readSweep('producers=1,2');
    const changes = { task: 'sweep', sweep, repeats: 1, fromRate: 500, maxRate: 1000, rate: 500 } as const;
    const findSlos = parseSlos('p99<2s');
    const run = stage.run(sandbox, { ...changes, findSlos }, { searchHaste: 20 });
    const { document } = await run.result;
    const [row] = document.sweeps ?? [];
    expect(row?.runs.map(({ search }) => search)).toEqual([0, 1]);
    expect(document.searches.length).toBe(2);
    expect(new Set(document.searches.map(({ steps }) => steps[0]?.targetRate)).size).toBe(2);
    for (const { rate, knobs, search } of row?.runs ?? []) {
      expect(rate).toBe(document.searches[search ?? -1]?.maxSustainableRate);
      expect(document.searches[search ?? -1]?.knobs.producers).toBe(knobs.producers);
    }
    expect(row).toMatchObject({ slo: 'p99<2s', outcome: 'done' });
  });

  it('refuses what cannot be had before it turns anything', sideBySide, async (context) => {
    const stage = new Stage(context);
    const run = await stage.measuring(await stage.sandbox(), { maxRate: 3000 }, hasty);
    const answers = [
      ['sweep', 'sweep what?'],
      ['sweep lingr=0,5ms', 'there is no knob lingr. Did you mean linger?'],
      ['sweep linger=70s', 'linger must be between'],
      ['sweep message-size=8,100', 'no room for its stamp'],
      ['sweep rate=1k,5k', 'above the cap'],
      ['sweep rate=1k,2k find p99<1s', 'it cannot be swept'],
      ['sweep acks=0,1 find p99<1s', 'with acks=0 the broker never answers'],
      ['sweep consumers=1..96 repeats 200', '1,600 runs'],
      ['sweep linger=0,5ms find', 'search for what?'],
    ] as const;
    for (const [text, message] of answers) {
      const answer = await runCommand(run.control, parseCommand(text, run.view()));
      expect(answer).toMatchObject({ kind: 'refused', message: expect.stringContaining(message) });
    }
    expect(run.view().sweeps).toBeUndefined();
  });

  it('searches by the objectives of the plan where it names none', sideBySide, async (context) => {
    const stage = new Stage(context);
    const run = await stage.measuring(await stage.sandbox(), { slos: parseSlos('p99<2s') }, hasty);
    const text = 'sweep producers=1,2 find from 500 cap 500';
    const answer = await runCommand(run.control, parseCommand(text, run.view()), true);
    expect(answer).toMatchObject({ kind: 'done', message: expect.stringContaining('sweep 1: producers') });
    expect(run.view().sweeps).toMatchObject([{ slo: 'p99<2s' }]);
  });
});
