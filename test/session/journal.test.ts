import { describe, expect, it } from 'vitest';
import type { ClusterWatch } from '../../source/session/cluster-watch.ts';
import { buildStart } from '../../source/session/document.ts';
import type { Search } from '../../source/session/document-schema.ts';
import type { Sweep } from '../../source/session/document-sweep-schema.ts';
import { ErrorBook } from '../../source/session/error-book.ts';
import { EventLog } from '../../source/session/event-log.ts';
import { Journal } from '../../source/session/journal.ts';
import { type JournalLine, journalLineSchema } from '../../source/session/journal-lines.ts';
import { SloWatch } from '../../source/session/slo-watch.ts';
import { fakeSearch, fakeStep } from '../ui/fake-search.ts';
import { sampleDocument, sampleState } from './sample.ts';
import { bookRig, clock, evenly, knobsOf, ms, second, zeroMs } from './support/book-rig.ts';
import { fakeSweep } from './support/fake-sweep.ts';

/** A journal of a session's books: a load of 100/s from 1 s on. */
function journalRig() {
  const rig = bookRig();
  const log = new EventLog();
  const texts: string[] = [];
  const started: unknown[] = [];
  const anchor = { monotonicMs: 0, unixMs: zeroMs, epochZeroHigh: 0, epochZeroLow: 0 };
  const lagSamples: ClusterWatch['lagSamples'] = [];
  const errors = new ErrorBook();
  const run = {
    ...{ anchor, clock, log, runId: '0123456789abcdef', logEndGrowth: null, slos: new SloWatch([]) },
    ...{
      happenings: rig.happenings,
      rows: rig.rows,
      timeline: rig.timeline,
      clusterWatch: { lagSamples },
      loadWatch: { errors },
      clockWatch: { worstNs: 0 },
    },
  };
  const made: { searches: Search[]; sweeps: Sweep[] } = { searches: [], sweeps: [] };
  const automations = { searches: () => made.searches, sweeps: () => made.sweeps };
  const journal = new Journal(run, automations, { start: (id) => started.push(id), line: (text) => texts.push(text) });
  const start = buildStart(sampleState());
  rig.timeline.change(second, { rateHz: 100, phase: 'measuring' });
  /** Lines since the last call. */
  const taken = (): JournalLine[] => texts.splice(0).map((text) => journalLineSchema.parse(JSON.parse(text)));
  return {
    ...{ ...rig, log, errors, journal, made, start, started, lagSamples, taken },
    kinds: () => taken().map(({ kind }) => kind),
    look: (nowNs: number): void => {
      rig.look(nowNs);
      journal.look(nowNs);
    },
    answer: (timesNs: readonly number[]): void => {
      for (const timeNs of timesNs) {
        rig.producer.recorder.count('acked', timeNs, 1);
        rig.producer.recorder.record(0, timeNs, 300 * ms);
      }
    },
  };
}

const numbers = (lines: readonly JournalLine[]): number[] =>
  lines.flatMap((line) => (line.kind === 'interval' ? [line.number] : []));

describe('a journal', () => {
  it('begins with the start, and has what happened before it', () => {
    const { journal, log, look, start, started, taken } = journalRig();
    log.add(zeroMs, 'info', 'early');
    look(0.5 * second);
    expect(taken()).toEqual([]);
    journal.begin(start);
    look(0.6 * second);
    expect(started).toEqual([{ id: '0123456789abcdef', startedAtMs: zeroMs }]);
    const lines = taken();
    expect(lines.map(({ kind }) => kind)).toEqual(['start', 'event', 'epoch', 'state']);
    expect(lines[0]).toEqual({ kind: 'start', journalVersion: 1, pid: process.pid, zeroMs, start });
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });

  it('has an interval once most of its answers are in, and again when late ones came', () => {
    const { journal, look, send, answer, start, taken } = journalRig();
    journal.begin(start);
    look(second);
    const times = evenly(second, 100);
    send(times.slice(0, 90), 5 * ms);
    send(times.slice(90), null);
    look(2.05 * second);
    expect(numbers(taken())).toEqual([]);
    look(2.125 * second);
    const [first] = taken().filter((line) => line.kind === 'interval');
    expect(first).toMatchObject({ row: { scheduled: 100, acked: 90 }, counts: { scheduled: 100, acked: 90 } });
    answer(times.slice(90));
    look(2.25 * second);
    expect(numbers(taken())).toEqual([]);
    look(3.125 * second);
    const again = taken().filter((line) => line.kind === 'interval');
    expect(again.map(({ number, row }) => [number, row.acked])).toEqual([
      [first?.number, 100],
      [(first?.number ?? 0) + 1, 0],
    ]);
    look(4.05 * second);
    expect(numbers(taken())).toEqual([]);
  });

  it('has an event at once, and again with what came of it', () => {
    const { journal, log, start, taken } = journalRig();
    journal.begin(start);
    taken();
    const event = log.add(zeroMs + 2, 'knob', 'rate up', { knob: 'rate' }, true);
    log.add(zeroMs + 1, 'info', 'another');
    log.conclude(log.conclude(event, 'better'), 'better still');
    const told = taken().map((line) => (line.kind === 'event' ? [line.number, line.event.outcome] : line.kind));
    expect(told).toEqual([
      [0, null],
      [1, null],
      [0, 'better'],
      [0, 'better still'],
    ]);
  });

  it('has an epoch when it begins and when its knobs are applied', () => {
    const { journal, look, start, timeline, taken } = journalRig();
    journal.begin(start);
    look(1.1 * second);
    timeline.change(1.5 * second, { epochKnobs: knobsOf() });
    look(1.2 * second);
    look(1.3 * second);
    timeline.epoch.knobs = knobsOf();
    look(1.4 * second);
    const epochs = taken().filter((line) => line.kind === 'epoch');
    expect(epochs.map(({ index, timeMs }) => [index, timeMs])).toEqual([
      [0, zeroMs],
      [1, zeroMs + 1500],
      [1, zeroMs + 1500],
    ]);
  });

  it('has the state of the run at most once a second, and only where it changed', () => {
    const { add, errors, journal, kinds, look, producer, start, taken } = journalRig();
    journal.begin(start);
    look(0.5 * second);
    kinds();
    add(producer, 'acked', 5);
    look(0.7 * second);
    expect(kinds()).toEqual([]);
    look(1.5 * second);
    expect(kinds()).toEqual(['state']);
    look(2.6 * second);
    expect(kinds()).toEqual(['interval']);
    errors.take('producer thread 0', [{ code: 19, givenUp: 1, retried: 7, firstMs: 1, lastMs: 2 }]);
    look(3.7 * second);
    expect(taken().find(({ kind }) => kind === 'state')).toMatchObject({
      errors: [{ code: 'NOT_ENOUGH_REPLICAS', count: 1, retried: 7 }],
    });
  });

  it('has new lag samples, and no old ones', () => {
    const { journal, lagSamples, look, start, taken } = journalRig();
    const [sample] = sampleDocument().lag;
    if (sample === undefined) throw new Error('the sample has lag');
    journal.begin(start);
    lagSamples.push(sample, sample);
    look(0.5 * second);
    lagSamples.push({ ...sample, partition: 9 });
    look(0.6 * second);
    look(0.7 * second);
    const lag = taken().filter((line) => line.kind === 'lag');
    expect(lag.map(({ samples }) => samples.map(({ partition }) => partition))).toEqual([[7, 7], [9]]);
  });

  it('has a search when it begins, each step once it is over, and what came of it', () => {
    const { journal, look, made, start, taken } = journalRig();
    journal.begin(start);
    const [first, next] = [fakeStep(1000, 2), fakeStep(2000, 3, { index: 1 })];
    const search = fakeSearch({ outcome: 'running', steps: [{ ...first, verdict: 'unsure' }], bracket: null });
    const told = (changes: Partial<Search>, atNs: number) => {
      made.searches = [{ ...search, ...changes }];
      look(atNs);
      return taken().filter(({ kind }) => kind.startsWith('search'));
    };
    const { steps: _, ...head } = search;
    expect(told({}, second)).toEqual([{ kind: 'search', index: 0, search: head }]);
    expect(told({ durationMs: 7_000 }, 2 * second)).toEqual([]);
    expect(told({ bracket: [1000, null], steps: [first] }, 3 * second)).toEqual([
      { kind: 'search', index: 0, search: { ...head, bracket: [1000, null] } },
      { kind: 'search-step', search: 0, step: first },
    ]);
    const steps = [{ ...first }, next];
    expect(told({ bracket: [1000, null], steps }, 4 * second)).toEqual([
      { kind: 'search-step', search: 0, step: next },
    ]);
    expect(told({ bracket: [1000, null], steps, outcome: 'stopped' }, 5 * second)).toEqual([
      { kind: 'search', index: 0, search: { ...head, bracket: [1000, null], outcome: 'stopped' } },
    ]);
  });

  it('has each run of a sweep, and again when late answers changed it', () => {
    const { journal, look, made, start, taken } = journalRig();
    journal.begin(start);
    const { runs, results: _, best: __, ...head } = fakeSweep({ outcome: 'running' });
    const told = (wanted: Sweep['runs'], atNs: number) => {
      made.sweeps = [fakeSweep({ outcome: 'running', runs: wanted })];
      look(atNs);
      return taken().filter(({ kind }) => kind.startsWith('sweep'));
    };
    const [one, two] = runs;
    if (one === undefined || two === undefined) throw new Error('the sweep has runs');
    expect(told([], second)).toEqual([{ kind: 'sweep', index: 0, sweep: head }]);
    expect(told([one], 2 * second)).toEqual([{ kind: 'sweep-run', sweep: 0, index: 0, run: one }]);
    const late = { ...one, response: { ...one.response, p99Ms: 99 } };
    expect(told([late, two], 3 * second)).toEqual([
      { kind: 'sweep-run', sweep: 0, index: 0, run: late },
      { kind: 'sweep-run', sweep: 0, index: 1, run: two },
    ]);
    expect(told([{ ...late }, two], 4 * second)).toEqual([]);
  });

  it('ends with what is not written yet, and the document without its lists', () => {
    const { journal, look, rows, send, start, taken } = journalRig();
    journal.begin(start);
    look(second);
    send(evenly(second, 10), 5 * ms);
    look(1.9 * second);
    rows.close(1.95 * second);
    taken();
    journal.finish(sampleDocument(), 1.95 * second);
    const [interval, end, ...rest] = taken();
    expect(interval).toMatchObject({ kind: 'interval', row: { scheduled: 10, durationMs: 950 } });
    expect(end).toMatchObject({ kind: 'document', document: { totals: sampleDocument().totals, intervals: [] } });
    expect(rest).toEqual([]);
  });

  it('is none where the run never began', () => {
    const { journal, look, started, taken } = journalRig();
    look(2.5 * second);
    journal.finish(sampleDocument(), 3 * second);
    expect([started, taken()]).toEqual([[], []]);
  });
});
