import { describe, expect, it } from 'vitest';
import { closeAccount } from '../../source/analysis/closing-account.ts';
import { accountingFaults } from '../../source/analysis/verdict.ts';
import { plaintext } from '../../source/config/security/material.ts';
import type { GivenUp } from '../../source/load/protocol.ts';
import { buildDocument } from '../../source/session/document.ts';
import { type Account, type DocumentSource, documentState } from '../../source/session/document-source.ts';
import type { Totals } from '../../source/session/view.ts';
import { WindowBook } from '../../source/session/window-book.ts';
import { random, seeds } from '../measure/support/random.ts';
import { defaultPlan } from '../support/default-plan.ts';
import { bookRig, clock, evenly, knobsOf, ms, second, zeroMs } from './support/book-rig.ts';

/** Warm-up in [1, 2) s, measuring in two epochs until 4 s, then draining. */
function rig() {
  const books = bookRig();
  const { timeline, rows, book, happenings } = books;
  timeline.change(second, { rateHz: 100, phase: 'warm-up' });
  timeline.change(2 * second, { phase: 'measuring' });
  timeline.change(3 * second, { epochKnobs: knobsOf() });
  timeline.change(4 * second, { rateHz: 0, phase: 'draining' });
  const judged: Totals[] = [];
  const state = (changes: Partial<DocumentSource> = {}) => {
    books.look(5 * second);
    rows.close(5 * second);
    return documentState({
      tool: { name: 'loadtui', version: '1', node: '24', client: 'wire' },
      runId: '0123456789abcdef',
      startedAtMs: zeroMs,
      endedAtMs: zeroMs + 5_000,
      commandLine: ['loadtui'],
      resolved: { plan: defaultPlan, sources: {}, warnings: [], security: plaintext },
      pacing: 'timer',
      cluster: {
        isSandbox: false,
        security: plaintext,
        info: { clusterId: 'c', brokers: [], metadataVersion: null, inferredAtLeast: '4.0' },
        topics: [],
      },
      host: { cpus: 2, memoryBytes: 1, platform: 'linux', kernel: '6' },
      timeline,
      clock,
      book,
      rows,
      windows: new WindowBook(),
      measured: book.phase('measuring', 0, timeline.epochs.length),
      running: happenings.last?.totals ?? null,
      account: noFaults,
      logEndGrowth: 300,
      clockDeviationNs: 0,
      consumes: true,
      lagSamples: [],
      skew: null,
      events: [],
      slos: [],
      errors: [],
      searches: [],
      verdict: (totals) => {
        judged.push(totals);
        return { exitCode: 0, label: 'done', reasons: [] };
      },
      ...changes,
    });
  };
  return { ...books, state, judged };
}

const noFaults: Account = { missing: 0, unread: 0, givenUp: [], consumedOfGivenUp: [] };
const range = (intendedNs: number, count: number, fate: GivenUp['fate'] = 'failed'): GivenUp => ({
  producerId: 0,
  partitionIndex: 0,
  from: 0,
  to: count,
  fate,
  intendedNs,
});

describe('documentState', () => {
  it('holds the measured phase, its epochs, its rows and the whole run apart', () => {
    const { send, consume, state, judged } = rig();
    for (const at of [1, 2, 3]) {
      send(evenly(at * second, at * 10), at * ms);
      consume(evenly(at * second, at * 10), at * ms + 1);
    }
    const { totals, epochs, wholeRun, latency, intervals, hdrWindows } = state();
    expect(totals).toMatchObject({
      scheduled: 50,
      sent: 50,
      acked: 50,
      consumed: 50,
      missing: 0,
      failedButConsumed: 0,
    });
    expect(epochs.map(({ index, timeMs, totals: part }) => [index, timeMs, part.acked])).toEqual([
      [0, zeroMs, 20],
      [1, zeroMs + 3_000, 30],
    ]);
    expect(wholeRun).toMatchObject({ acked: 60, consumed: 60, logEndGrowth: 300 });
    expect(latency.response.histogram.totalCount).toBe(50);
    expect(latency.response.exact).toEqual({ minNs: 2 * ms, maxNs: 3 * ms, sumNs: 20 * 2 * ms + 30 * 3 * ms });
    expect(intervals.map(({ phase, epoch, acked }) => [phase, epoch, acked])).toEqual([
      ['warm-up', 0, 10],
      ['measuring', 0, 20],
      ['measuring', 1, 30],
      ['draining', 1, 0],
      ['draining', 1, 0],
    ]);
    expect(hdrWindows).toHaveLength(1);
    expect(judged).toEqual([totals]);
  });

  it('tells how much too early a message was read, clocks being what they are', () => {
    const { add, consumer, state } = rig();
    expect(state().wholeRun).toMatchObject({ negativeE2e: 0, lowestE2eMs: null });
    add(consumer, 'negativeE2e', 2);
    expect(state().wholeRun).toMatchObject({ negativeE2e: 2, lowestE2eMs: 0 });
    add(consumer, 'lowestE2eNs', -1_234_567);
    expect(state().wholeRun).toMatchObject({ negativeE2e: 2, lowestE2eMs: -1.235, e2eErrorMs: 1.235 });
    expect(state({ clockDeviationNs: 1e6 }).wholeRun).toMatchObject({ e2eErrorMs: 2 });
  });

  it('gives the same percentiles in its summary and its rows', () => {
    const { send, state } = rig();
    send(evenly(2 * second, 1), 4_999_999);
    send(evenly(2.1 * second, 99, 0.5 * second), 5_123_456);
    const document = buildDocument(state());
    const row = document.intervals.find(({ phase }) => phase === 'measuring');
    for (const figure of ['p50Ms', 'p90Ms', 'p95Ms', 'maxMs', 'meanMs', 'count'] as const) {
      expect(document.latency.response[figure]).toBe(row?.response[figure]);
    }
    expect(document.latency.response.p50Ms).toBe(5.123);
  });
});

describe('missing messages', () => {
  it('are not known before the books are closed, nor where nobody consumes', () => {
    const { send, state } = rig();
    send(evenly(2 * second, 10), ms);
    expect(state({ account: null }).totals.missing).toBe(0);
    expect(state({ consumes: false }).totals.missing).toBeNull();
    expect(state({ account: { ...noFaults, missing: 10 } }).totals.missing).toBe(10);
  });

  it('are counted where they were due', () => {
    const { send, consume, state } = rig();
    for (const at of [1, 2, 3]) send(evenly(at * second, 10), ms);
    consume(evenly(1 * second, 7), ms);
    consume(evenly(2 * second, 10), ms);
    consume(evenly(3 * second, 8), ms);
    const { totals, epochs } = state({ account: { ...noFaults, missing: 5 } });
    expect(totals.missing).toBe(2);
    expect(epochs.map((epoch) => epoch.totals.missing)).toEqual([0, 2]);
  });

  it('are not made up for by duplicates, nor by messages that failed and came all the same', () => {
    const { send, consume, consumer, producer, state } = rig();
    send(evenly(2 * second, 10), ms);
    producer.recorder.count('scheduled', 2 * second, 4);
    producer.recorder.count('failed', 2 * second, 4);
    consume(evenly(2 * second, 8), ms);
    consume(evenly(2 * second, 4), ms);
    consumer.recorder.count('duplicated', 2 * second, 1);
    const account = { ...noFaults, missing: 5, givenUp: [range(2 * second, 4)], consumedOfGivenUp: [3] };
    // Twelve came: one twice, three that had failed. Eight of ten are left.
    expect(state({ account }).totals).toMatchObject({ missing: 2, failedButConsumed: 3, consumed: 12, duplicated: 1 });
  });

  it('are not those that nobody had come to when draining ended', () => {
    const { send, consume, state } = rig();
    for (const at of [1, 2, 3]) send(evenly(at * second, 10), ms);
    consume(evenly(1 * second, 10), ms);
    consume(evenly(2 * second, 8), ms);
    consume(evenly(3 * second, 4), ms);
    const { totals, epochs } = state({ account: { ...noFaults, missing: 1, unread: 7 } });
    expect(totals).toMatchObject({ missing: 1, unread: 7 });
    expect(epochs.map(({ totals: part }) => part.unread)).toEqual([2, 5]);
    expect(epochs.map(({ totals: part }) => part.missing)).toEqual([0, 1]);
    expect(accountingFaults({ totals, consumptionChecked: true, idempotent: true })).toHaveLength(2);
  });

  it('are given up in the phase and epoch of their first message; unknown ones that came are not failed ones', () => {
    const { state } = rig();
    const givenUp = [
      range(1.5 * second, 10),
      range(2.5 * second, 10),
      range(3.5 * second, 10),
      range(3.6 * second, 10, 'unknown'),
      range(4.5 * second, 10),
    ];
    const { totals, epochs } = state({ account: { ...noFaults, givenUp, consumedOfGivenUp: [1, 2, 4, 8, 16] } });
    expect(totals.failedButConsumed).toBe(6);
    expect(epochs.map((epoch) => epoch.totals.failedButConsumed)).toEqual([2, 4]);
  });
});

describe('the books of a run', () => {
  it('balance whatever happens to its messages', () => {
    for (const seed of seeds) {
      const { whole, pick } = random(seed);
      const { producer, consumer, state } = rig();
      const givenUp: GivenUp[] = [];
      const arrived = new Set<number>();
      let lastAcked = -1;
      let sequence = 0;
      for (let batch = 0; batch < 60; batch++) {
        const intendedNs = whole(1 * second, 3.9 * second);
        const count = whole(1, 9);
        const fate = pick(['acked', 'acked', 'acked', 'failed', 'unknown', 'missed'] as const);
        producer.recorder.count('scheduled', intendedNs, count);
        producer.recorder.count(fate, intendedNs, count);
        if (fate === 'missed') continue;
        if (fate === 'acked') lastAcked = sequence + count - 1;
        else givenUp.push({ ...range(intendedNs, count, fate), from: sequence, to: sequence + count });
        const comes = fate === 'acked' ? whole(1, 10) > 1 : whole(0, 1) === 1;
        const times = comes ? whole(1, 2) : 0;
        consumer.recorder.count('consumed', intendedNs, times * count);
        if (times === 2) consumer.recorder.count('duplicated', intendedNs, count);
        for (let one = 0; one < count; one++) if (comes) arrived.add(sequence + one);
        sequence += count;
      }
      const gaps: number[] = [];
      for (let at = 0; at < sequence; at++) if (!arrived.has(at)) gaps.push(at, at + 1);
      const closed = closeAccount([{ producerId: 0, partitionIndex: 0, lastAcked }], givenUp, [
        { producerId: 0, partitionIndex: 0, next: sequence, gaps, expired: [], passedOver: false, overflow: 0 },
      ]);
      const { missing, consumedOfGivenUp } = closed;
      const { totals, epochs } = state({ account: { ...noFaults, missing, givenUp, consumedOfGivenUp } });
      const faults = accountingFaults({ totals, consumptionChecked: true, idempotent: false });
      expect(faults.filter((fault) => fault.includes('unaccounted'))).toEqual([]);
      for (const field of [
        'scheduled',
        'acked',
        'failed',
        'unknown',
        'missed',
        'consumed',
        'duplicated',
        'failedButConsumed',
      ] as const) {
        expect(epochs.reduce((sum, epoch) => sum + epoch.totals[field], 0)).toBe(totals[field]);
      }
      expect(totals.missing).toBeLessThanOrEqual(missing);
      expect(epochs.reduce((sum, epoch) => sum + (epoch.totals.missing ?? 0), 0)).toBe(totals.missing);
    }
  });
});
