import { describe, expect, it } from 'vitest';
import { decodeHistogram } from '../../source/analysis/latency-summary.ts';
import { sessionDocumentSchema } from '../../source/session/document-schema.ts';
import type { JournalLine } from '../../source/session/journal-lines.ts';
import { JournalFault, rebuildSession } from '../../source/session/journal-rebuild.ts';
import { fakeSearch, fakeStep } from '../ui/fake-search.ts';
import { sampleDocument, startMs } from './sample.ts';
import { fakeSweep } from './support/fake-sweep.ts';
import { intervalLine, startLine, texts } from './support/journal-lines.ts';

const epochLine = (index: number): JournalLine => ({
  ...{ kind: 'epoch', index, timeMs: startMs + 2000 * index },
  knobs: { rate: { requested: 1000 * (index + 1), applied: 1000 } },
});

async function rebuilt(lines: readonly string[], running = false) {
  const visited: [timeMs: number, acked: number][] = [];
  const document = await rebuildSession(lines, {
    running: () => running,
    interval: (row, tally) => visited.push([row.timeMs, tally.counts.acked]),
  });
  expect(sessionDocumentSchema.parse(document)).toEqual(document);
  return { document, visited };
}

describe('a journal that broke off', () => {
  const warmUp = intervalLine(0, 50);
  const lines = texts(startLine(), epochLine(0), warmUp, intervalLine(1, 900), epochLine(1));
  const after = texts(intervalLine(2, 1000, { epoch: 1 }), intervalLine(1, 1000), intervalLine(3, 500, { epoch: 1 }));

  it('gives a document of its intervals, a later line in the place of an earlier one', async () => {
    const { document, visited } = await rebuilt([...lines, ...after]);
    expect(document.run).toMatchObject({ id: '0123456789abcdef', endedAt: null });
    expect(document.run.verdict).toMatchObject({ exitCode: 1, label: 'broke off' });
    expect(document.run.verdict.reasons.join()).toContain('2026-11-21T12:00:04.000Z');
    expect(document.intervals.map(({ acked }) => acked)).toEqual([50, 1000, 1000, 500]);
    expect(document.totals).toMatchObject({ scheduled: 2500, acked: 2500, missing: null });
    expect(document.latency.response).toMatchObject({ count: 2500, p50Ms: 2, maxMs: 2 });
    expect(document.latency.e2e).toMatchObject({ count: 0, p50Ms: null, hdr: null });
    expect(document.epochs.map(({ index, totals, latency }) => [index, totals.acked, latency.response.count])).toEqual([
      [0, 1000, 1000],
      [1, 1500, 1500],
    ]);
    expect(document.hdrWindows.map(({ timeMs, response }) => [timeMs, decodeHistogram(response).totalCount])).toEqual([
      [startMs, 2550],
    ]);
    expect(visited.map(([, acked]) => acked)).toEqual([50, 1000, 1000, 500]);
  });

  it('leaves no message without a fate: those without an answer are unknown, unless the run goes on', async () => {
    const part = intervalLine(2, 600, { scheduled: 1000 });
    const cut = { ...part, counts: { ...part.counts, scheduled: 1000, sent: 800 } };
    const broken = (await rebuilt([...lines, ...texts(cut)])).document;
    expect(broken.totals).toMatchObject({ scheduled: 1900, acked: 1500, failed: 0, unknown: 400 });
    expect(broken.epochs.map(({ totals }) => totals.unknown)).toEqual([400, 0]);
    expect(broken.intervals.map(({ unknown }) => unknown)).toEqual([0, 0, 400]);
    const going = (await rebuilt([...lines, ...texts(cut)], true)).document;
    expect(going.totals).toMatchObject({ scheduled: 1900, acked: 1500, unknown: 0 });
  });

  it('has the last that was known of the whole run, of its objectives and of errors', async () => {
    const { wholeRun, slos, errors } = sampleDocument();
    expect(errors).not.toEqual([]);
    const state = (acked: number): JournalLine => {
      return { kind: 'state', wholeRun: { ...wholeRun, acked }, slos, errors: acked === 1 ? [] : errors };
    };
    const { document } = await rebuilt([...lines, ...texts(state(1), state(2))]);
    expect(document).toMatchObject({ wholeRun: { ...wholeRun, acked: 2 }, slos, errors });
  });

  it('has events in order of time, with what came of them, and lag', async () => {
    const { events, lag } = sampleDocument();
    const [event] = events;
    if (event === undefined) throw new Error('the sample has an event');
    const line = (number: number, timeMs: number, outcome: string | null): JournalLine => ({
      ...{ kind: 'event', number },
      event: { ...event, timeMs: startMs + timeMs, outcome },
    });
    const told = texts(line(0, 500, null), line(1, 300, null), { kind: 'lag', samples: lag }, line(0, 500, 'better'));
    const { document } = await rebuilt([...lines, ...told]);
    expect(document.events.map(({ timeMs, outcome }) => [timeMs - startMs, outcome])).toEqual([
      [300, null],
      [500, 'better'],
    ]);
    expect(document.lag).toEqual(lag);
  });

  it('has the last of its searches and sweeps, stopped where they were under way', async () => {
    const step = fakeStep(1000, 2);
    const { steps: _, ...search } = fakeSearch({ outcome: 'running', bracket: null });
    const sweep = fakeSweep({ outcome: 'running' });
    const { runs, results: __, best: ___, ...head } = sweep;
    const bracket: [number, null] = [1000, null];
    const told = texts(
      { kind: 'search', index: 0, search },
      { kind: 'search-step', search: 0, step: { ...step, verdict: 'fail' } },
      { kind: 'search-step', search: 0, step },
      { kind: 'search', index: 0, search: { ...search, bracket } },
      { kind: 'sweep', index: 0, sweep: head },
      ...runs.map((run, index): JournalLine => ({ kind: 'sweep-run', sweep: 0, index, run })),
    );
    const { document } = await rebuilt([...lines, ...told]);
    expect(document.searches).toEqual([{ ...search, bracket, outcome: 'stopped', steps: [step] }]);
    expect(document.search).toEqual(document.searches[0]);
    expect(document.sweeps).toEqual([{ ...sweep, outcome: 'stopped' }]);
    const going = (await rebuilt([...lines, ...told], true)).document;
    expect([going.search?.outcome, going.sweeps?.[0]?.outcome]).toEqual(['running', 'running']);
  });

  it('may end in the middle of a line', async () => {
    const whole = await rebuilt(lines);
    for (const torn of ['{"kind":"inter', '', '\0\0\0\0', '{"kind":"interval","number":3}']) {
      expect(await rebuilt([...lines, torn])).toEqual(whole);
    }
  });

  it('has a start at least', async () => {
    const { document } = await rebuilt(texts(startLine()));
    expect(document).toMatchObject({ intervals: [], epochs: [], totals: { scheduled: 0 } });
    expect(document.run.verdict.reasons.join()).toContain('before its load began');
  });

  it('says so where the run still goes on', async () => {
    expect((await rebuilt(lines, true)).document.run.verdict).toEqual({
      ...{ exitCode: 0, label: 'still running', reasons: [] },
    });
  });

  it('of a long run takes over what is final as it goes', async () => {
    const seen: number[] = [];
    let highest = 0;
    function* feed() {
      yield* texts(startLine());
      for (let second = 0; second < 400; second++) {
        yield* texts(intervalLine(second, 10));
        highest = Math.max(highest, second - seen.length);
      }
    }
    const document = await rebuildSession(feed(), { running: () => false, interval: (row) => seen.push(row.timeMs) });
    expect(highest).toBeLessThan(200);
    expect(document.intervals.map(({ timeMs }) => timeMs)).toEqual(seen);
    expect(document.totals.acked).toBe(3990);
    expect(document.hdrWindows).toHaveLength(40);
  });
});

describe('a journal of a run that ended', () => {
  it('gives the document of its end, with the lists of the other lines', async () => {
    const ended = sampleDocument();
    const { intervals } = sampleDocument({ intervals: [intervalLine(1, 1000).row] });
    const end: JournalLine = { kind: 'document', document: { ...ended, intervals: [], hdrWindows: [], events: [] } };
    const [event] = ended.events;
    if (event === undefined) throw new Error('the sample has an event');
    const afterwards: JournalLine = { kind: 'event', number: 0, event };
    const { document } = await rebuilt(texts(startLine(), intervalLine(1, 1000), end, afterwards));
    const { hdrWindows, ...rest } = document;
    expect(rest).toEqual({ ...ended, hdrWindows: undefined, intervals, lag: [], events: [] });
    expect(hdrWindows).toHaveLength(1);
  });
});

describe('what is no journal', () => {
  const start = startLine();
  const bad = { ...intervalLine(1, 5), latency: { response: null } };
  const unreadable = { ...intervalLine(1, 5), latency: { ...intervalLine(1, 5).latency, e2e: { buckets: '' } } };

  it.each<[string, string[], number]>([
    ['nothing', [], 1],
    ['another text', ['hello', 'world'], 1],
    ['another text of one line', ['hello'], 1],
    ['no start', texts(epochLine(0), epochLine(1)), 1],
    ['two starts', texts(start, start, epochLine(0)), 2],
    ['another version', [JSON.stringify({ ...start, journalVersion: 2 }), ...texts(epochLine(0))], 1],
    ['a line that is torn in the middle', [...texts(start), '{"kind"', ...texts(epochLine(0))], 2],
    ['a line that lacks something', [...texts(start), JSON.stringify(bad), ...texts(epochLine(0))], 2],
    ['counts without figures', [...texts(start), JSON.stringify(unreadable), ...texts(epochLine(0))], 2],
  ])('%s is refused, with its line', async (_, lines, line) => {
    const failure = await rebuildSession(lines, { running: () => false }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(JournalFault);
    expect(failure).toMatchObject({ line });
  });

  it('bucket counts that cannot be read are refused', async () => {
    const line = intervalLine(1, 5);
    const torn = { ...line, latency: { ...line.latency, response: { ...line.latency.response, buckets: '' } } };
    const lines = [...texts(start), JSON.stringify(torn), ...texts(epochLine(0))];
    await expect(rebuildSession(lines, { running: () => false })).rejects.toThrow(JournalFault);
  });
});
