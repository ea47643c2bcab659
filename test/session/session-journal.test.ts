import { describe, expect, it } from 'vitest';
import { parseSlos } from '../../source/config/slo.ts';
import type { SessionDocument } from '../../source/session/document-schema.ts';
import { rebuildSession } from '../../source/session/journal-rebuild.ts';
import { expectExact } from './support/expect-exact.ts';
import { keptJournal } from './support/journal-lines.ts';
import { Stage, sideBySide } from './support/live-run.ts';

const rebuild = (lines: readonly string[]): Promise<SessionDocument> => rebuildSession(lines, { running: () => false });

/** What a run that broke off cannot know. */
function withoutEnd(document: SessionDocument) {
  const { latency, epochs, totals, intervals, hdrWindows, events, lag, slos, plan, cluster } = document;
  const counts = ({ response, service, slip, e2e }: SessionDocument['latency']) =>
    [response, service, slip, e2e].map(({ meanMs: _, ...figures }) => figures);
  return {
    ...{ intervals, hdrWindows, events, lag, slos, plan, cluster },
    totals: { ...totals, missing: null },
    latency: counts(latency),
    epochs: epochs.map((epoch) => ({
      ...epoch,
      totals: { ...epoch.totals, missing: null },
      latency: counts(epoch.latency),
    })),
  };
}

describe('a journal of a session', sideBySide, () => {
  it('gives the document that the session ended with, also where its end is missing', async (context) => {
    const stage = new Stage(context);
    const journal = keptJournal();
    const commandLine = ['loadtui', '-X', 'sasl.password=hunter2'];
    const run = await stage.measuring(await stage.sandbox(), {}, { journal, commandLine });
    await run.turn('rate', 3000);
    await run.more(3000);
    await run.turn('consumers', 2);
    await run.more(100);
    const { document } = await run.quit();
    expectExact(document);
    expect(await rebuild(journal.lines)).toEqual(document);
    expect(journal.lines.join('\n')).not.toContain('hunter2');

    const end = journal.lines.findIndex((line) => line.startsWith('{"kind":"document"'));
    const brokeOff = await rebuild(journal.lines.slice(0, end));
    expect(brokeOff.run).toMatchObject({ id: document.run.id, endedAt: null, verdict: { label: 'broke off' } });
    expect(withoutEnd(brokeOff)).toEqual(withoutEnd(document));
  });

  it('has a stall with its late answers', async (context) => {
    const stage = new Stage(context);
    const journal = keptJournal();
    const sandbox = await stage.sandbox();
    const run = await stage.measuring(sandbox, {}, { journal });
    await sandbox.inject({ kind: 'stall', durationMs: 2500 });
    await run.more(6000);
    const { document } = await run.quit();
    expect(await rebuild(journal.lines)).toEqual(document);
    // Written when it had ended, and again for what came late, hardly more.
    const intervals = journal.lines.filter((line) => line.startsWith('{"kind":"interval"'));
    expect(intervals.length).toBeGreaterThan(document.intervals.length);
    expect(intervals.length).toBeLessThan(4 * document.intervals.length);
  });

  it('has the steps of a search that broke off', async (context) => {
    const stage = new Stage(context);
    const journal = keptJournal();
    const run = await stage.measuring(await stage.sandbox(), {}, { journal, searchHaste: 20 });
    const request = { kind: 'find', slos: parseSlos('p90<200ms'), fromHz: 1000, maxHz: 4000, quick: true } as const;
    run.control.automate({ ...request, maxTimeMs: null, resume: false });
    const isOver = (line: string): boolean => line.startsWith('{"kind":"search-step"');
    await run.until('a step is in the journal', () => journal.lines.some(isOver));
    const lines = [...journal.lines];
    const { document } = await run.quit();
    const [search] = (await rebuild(lines)).searches;
    expect(search?.slo).toBe('p90<200ms');
    expect(search?.outcome).not.toBe('running');
    const steps = search?.steps ?? [];
    expect(steps).toEqual(document.searches[0]?.steps.slice(0, lines.filter(isOver).length));
    expect(steps.length).toBeGreaterThan(0);
  });

  it('is none where a run cannot begin', async (context) => {
    const stage = new Stage(context);
    const journal = keptJournal();
    const run = stage.run(await stage.sandbox(), { topic: 'not-there' }, { journal });
    await expect(run.result).rejects.toThrow('not-there');
    expect(journal.lines).toEqual([]);
  });
});
