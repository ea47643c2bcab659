import { describe, expect, test } from 'vitest';
import { kneeOf } from '../../source/analysis/knee.ts';
import { createLatencyHistogram, recordLatency } from '../../source/analysis/latency-summary.ts';
import { readSweep } from '../../source/config/sweep.ts';
import { type SummaryOptions, summaryText } from '../../source/output/summary.ts';
import type { DocumentState } from '../../source/session/document.ts';
import { hintFields } from '../../source/session/hint-rows.ts';
import { kneeRow } from '../../source/session/knee-row.ts';
import type { SessionEvent } from '../../source/session/view.ts';
import { searched } from '../analysis/support/curves.ts';
import {
  sampleDocument,
  sampleInterval,
  sampleLatency,
  samplePlan,
  sampleState,
  sampleTotals,
} from '../session/sample.ts';
import { fakeSweep } from '../session/support/fake-sweep.ts';

const saved = 'orders-load-20261121-120431.json';
const again = "loadtui -b b1:9092,b2:9092,b3:9092 -t orders-load --preset latency -r 50k --linger 5ms --slo 'p99<10ms'";

const times = { firstMs: 1, lastMs: 2 };
const retriedOnly = { code: 'NOT_ENOUGH_REPLICAS', count: 0, retried: 1204, ...times };
const givenUpOnly = { code: 'MESSAGE_TOO_LARGE', count: 7, retried: 0, ...times };

function textOf(changes: Partial<DocumentState> = {}, options: Partial<SummaryOptions> = {}): string {
  return summaryText(sampleDocument({ errors: [], ...changes }), { savedPath: saved, again, ...options });
}

const sandbox = { ...sampleState().cluster, sandbox: true, clusterId: null };

test('a good run', () => {
  expect(textOf()).toBe(`\
loadtui  latency, 3 s on kafka (1 broker, metadata 4.3-IV0), orders-load ×12 RF3 acks=all

  response   p50 3.50   p99 4.97   p99.9 -   max 5.00 ms
  e2e        p50 4.50   p99 5.97   p99.9 -   max 6.00 ms
  acked      1.00 k/s (100.0 % of target 1.00 k/s), 0.095 MiB/s
  messages   3,000 due: missing 0, duplicated 0, reordered 0
  slo        response.p99<10ms held: 4.97 ms

  saved      orders-load-20261121-120431.json
  again      loadtui -b b1:9092,b2:9092,b3:9092 -t orders-load --preset latency -r 50k \\
               --linger 5ms --slo 'p99<10ms'
`);
});

describe('rows that are there only when they say something', () => {
  test.each<[string, Partial<DocumentState>, RegExp]>([
    [
      'SLO broken',
      { slos: [{ expr: 'response.p99<1ms', held: false, actual: 4.97, violations: 1234, worstMs: 5 }] },
      /slo +response\.p99<1ms BROKEN: 4\.97 ms, 1,234 over/,
    ],
    [
      "others' groups",
      { intervals: [sampleInterval(1, { watched: [{ group: 'job', lagMessages: 12, lagMs: 5, commitAgeMs: 4000 }] })] },
      /watched +when the load ended: job 12 = 5 ms behind, commit 4 s ago\n/,
    ],
    [
      'SLO not judged',
      { slos: [{ expr: 'lag<5s', held: null, actual: null, violations: 0, worstMs: null }] },
      /lag<5s not judged/,
    ],
    [
      'a fraction',
      { slos: [{ expr: 'errors<0.1%', held: true, actual: 0, violations: 0, worstMs: null }] },
      /errors<0\.1% held: 0\.0 %\n/,
    ],
    [
      'what went wrong',
      { totals: { ...sampleTotals, failed: 2, retries: 7, acked: 2998 } },
      /reordered 0, failed 2, retried 7\n/,
    ],
    ['nothing consumed', { totals: { ...sampleTotals, missing: null, consumed: 0 } }, /missing not checked/],
    [
      'a log that grew more',
      { wholeRun: { ...sampleState().wholeRun, logEndGrowth: 4015 } },
      /whole run +4,000 acknowledged \+ 12 probes, but the logs grew by 4,015 \(\+3\)/,
    ],
    [
      'clocks that differ',
      { wholeRun: { ...sampleState().wholeRun, negativeE2e: 1200, lowestE2eMs: -0.512 } },
      /e2e .*\n +1,200 messages were read before due, by up to 0\.51 ms: clocks differ\n/,
    ],
    [
      'end to end with an error of the clocks',
      { wholeRun: { ...sampleState().wholeRun, e2eErrorMs: 0.512 } },
      /e2e +p50 4\.50 +p99 5\.97 +p99\.9 - +max 6\.00 ms ± 0\.51 \(clocks\)\n/,
    ],
    [
      'SLO within the error of the clocks',
      { slos: [{ expr: 'e2e.p99<6ms', held: null, actual: 5.97, violations: 0, worstMs: 6 }] },
      /slo +e2e\.p99<6ms not judged: within the error of the clocks: 5\.97 ms/,
    ],
    ['errors', { errors: sampleState().errors }, /errors +NOT_LEADER_OR_FOLLOWER 3 and 120 retried\n/],
    ['errors', { errors: [retriedOnly] }, /errors +NOT_ENOUGH_REPLICAS 1,204 retried\n/],
    ['errors', { errors: [givenUpOnly] }, /errors +MESSAGE_TOO_LARGE 7\n/],
    [
      'a verdict',
      {
        run: {
          ...sampleState().run,
          verdict: { exitCode: 5, label: 'messages unaccounted for', reasons: ['2 messages missing'] },
        },
      },
      /verdict +messages unaccounted for \(exit 5\)\n +2 messages missing\n/,
    ],
    ['unthrottled', { intervals: [sampleInterval(1, { targetRate: null })] }, /acked +1\.00 k\/s, /],
    [
      'too slow',
      { intervals: [1, 2].map((s) => sampleInterval(s, { ackedRate: 874 })) },
      /acked +874\/s \(87\.4 % of target 1\.00 k\/s\)/,
    ],
    [
      'a codec',
      {
        totals: { ...sampleTotals, wireBytesSent: 150_000, compressionRatio: 2.2 },
        epochs: sampleState().epochs.map((epoch) => ({
          ...epoch,
          knobs: { compression: { requested: 'zstd', applied: 'zstd' } },
        })),
      },
      /MiB\/s\n {13}compressed 2\.2× \(zstd\): 107 KiB\/s of messages are 48\.8 KiB\/s on the wire,/,
    ],
    ['nothing measured', { intervals: [] }, /acked +0\/s, 0 MiB\/s/],
  ])('%s', (_what, changes, expected) => {
    expect(textOf(changes)).toMatch(expected);
  });

  test('and not otherwise', () => {
    expect(textOf()).not.toMatch(/whole run|errors|verdict|failed|slip|compressed|SANDBOX/);
    expect(textOf({}, { savedPath: null, again: null })).not.toMatch(/saved|again/);
  });
});

test('who only reads waits for no acks', () => {
  const text = textOf({ plan: { plan: { ...samplePlan, mode: 'consume-only' }, sources: {} } });
  expect(text).toContain('orders-load ×12 RF3 read only\n');
  expect(text).toContain('\n  read       1.00 k/s');
});

test('a rank among messages never answered is more than the largest known', () => {
  const totals = { ...sampleTotals, scheduled: 3100, failed: 100 };
  expect(textOf({ totals })).toMatch(/response +p50 \d\.\d+ +p99 >5\.00 +p99\.9 - +max 5\.00 ms/);
});

test('or than the oldest had waited when it was given up', () => {
  const totals = { ...sampleTotals, scheduled: 3100, failed: 100, givenUpAfterMs: 30_000 };
  expect(textOf({ totals })).toMatch(/response +p50 \d\.\d+ +p99 >30,000 +p99\.9 - +max 5\.00 ms/);
});

test('slip is that of messages that were missed, not of those that a producer took', () => {
  const totals = { ...sampleTotals, scheduled: 3200, failed: 100, missed: 100 };
  const ages = { givenUpAfterMs: 30_000, missedAfterMs: 20_000 };
  const run = { ...sampleState().run, verdict: { exitCode: 5 as const, label: 'client-bound', reasons: ['late'] } };
  expect(textOf({ totals: { ...totals, ...ages }, run })).toMatch(/slip +p50 \d\S* +p99 >20,000 /);
});

test('without any response time there is a dash', () => {
  const response = { histogram: createLatencyHistogram() };
  expect(textOf({ latency: { ...sampleLatency(), response } })).toMatch(/response +- \(nothing recorded\)/);
});

test('slip is shown where the load generator was late', () => {
  const histogram = createLatencyHistogram();
  recordLatency(histogram, 40e6, 100);
  const run = { ...sampleState().run, verdict: { exitCode: 6 as const, label: 'client-bound', reasons: ['too slow'] } };
  expect(textOf({ latency: { ...sampleLatency(), slip: { histogram } }, run })).toMatch(/slip +p50 40\.0/);
});

test('a search is named', () => {
  const search = {
    slo: 'p99<10ms',
    timeMs: 0,
    durationMs: 120_000,
    outcome: 'found' as const,
    steps: [],
    maxSustainableRate: 58_700,
    bracket: [58_700, 61_300] as [number, number],
    limitedBy: 'latency' as const,
    knee: kneeRow(kneeOf(searched)),
    epochs: [],
    knobs: {},
  };
  expect(textOf({ searches: [search] })).toMatch(
    /find 1 +58\.7 k\/s holds p99<10ms \[58\.7, 61\.3 k\/s\], limited by latency\n +knee 56\.3 k\/s \(1 k – 64 k\);/,
  );
  const none = { ...search, outcome: 'unconfirmed' as const, maxSustainableRate: null, bracket: null, knee: null };
  expect(textOf({ searches: [none] })).toMatch(/find 1 +not confirmed: no rate passed, limited by latency/);
});

test('what a search found comes with the command that holds it', () => {
  const verify = "loadtui -t orders-load -r 58.7k --slo 'p99<10ms' -d 1m --plain";
  expect(textOf({}, { verify })).toMatch(/\n {2}again {6}loadtui .*\n.*\n {2}verify {5}loadtui -t .* --plain\n$/);
  expect(textOf({}, { again: null, verify })).not.toContain('again');
});

test('SANDBOX stands in the first and the last line', () => {
  const lines = textOf({ cluster: sandbox }).trimEnd().split('\n');
  expect(lines[0]).toContain('SANDBOX (1 broker)');
  expect(lines.at(-1)).toContain('SANDBOX');
});

test('a large sweep: its best, and how many more there are', () => {
  const sweeps = [fakeSweep({}, readSweep('consumers=1,2,4,8,16,32,64,96'), [])];
  expect(textOf({ sweeps })).toMatch(/ {13}5\. consumers 16: .*\n {13}and 3 more: a saved session has them all\n\n/);
});

test('no line is wider than asked for, even with long names, and ASCII stays ASCII', () => {
  const cluster = { ...sandbox, topics: sandbox.topics.map((topic) => ({ ...topic, name: 't'.repeat(249) })) };
  const errors = Array.from({ length: 9 }, (_, i) => ({
    code: `SOME_LONG_ERROR_${i}`,
    count: i,
    retried: 0,
    firstMs: 1,
    lastMs: 2,
  }));
  const state = sampleState();
  const reasons = [`a reason → ${'that goes on '.repeat(20)}`];
  for (const columns of [70, 80, 100]) {
    const text = summaryText(
      sampleDocument({
        errors,
        run: { ...state.run, verdict: { exitCode: 3, label: 'aborted', reasons } },
        cluster,
      }),
      { savedPath: null, again, columns, ascii: true },
    );
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  }
});

test('keeps hints of the three kinds that came last', () => {
  const names = ['quota', 'client-bound', 'broker-bound', 'flush/GC', 'quota'];
  const events = names.map((name, at): SessionEvent => {
    const fields = hintFields({ timeMs: at, name, evidence: `seen ${at}`, suggestion: null });
    return { timeMs: at, type: 'hint', message: '', outcome: null, mark: null, fields };
  });
  const told = textOf({ events }).match(/(?<=hint +)\S.*/g);
  expect(told).toEqual(['broker-bound: seen 2', 'flush/GC: seen 3', 'quota: seen 4']);
});

test('keeps the last hint of each kind, with what it rests on', () => {
  const hints = [
    { timeMs: 1, name: 'quota', evidence: 'at first', suggestion: null },
    { timeMs: 2, name: 'partition skew', evidence: 'partition 3 gets 4 × the mean', suggestion: null },
    {
      timeMs: 3,
      name: 'quota',
      evidence: 'in the end',
      suggestion: { knob: 'rate', from: 10_000, to: 8_000 } as const,
    },
  ];
  const events = hints.map((hint): SessionEvent => {
    return { timeMs: hint.timeMs, type: 'hint', message: '', outcome: null, mark: null, fields: hintFields(hint) };
  });
  const text = textOf({ events });
  expect(text).toMatch(/hint +partition skew: partition 3 gets 4 × the mean\n/);
  expect(text).toMatch(/hint +quota: in the end; try rate 10\.0 k\/s → 8\.00 k\/s\n/);
  expect(text).not.toContain('at first');
});
