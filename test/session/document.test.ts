import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { decodeHistogram } from '../../source/analysis/latency-summary.ts';
import type { Plan } from '../../source/config/plan.ts';
import { buildDocument, buildStart, eventRow, planDocument, unansweredOf } from '../../source/session/document.ts';
import { sessionDocumentSchema } from '../../source/session/document-schema.ts';
import { sampleDocument, sampleInterval, samplePlan, sampleState, sampleTotals, startMs } from './sample.ts';

type Validate = ((data: unknown) => boolean) & { errors?: unknown };
type Ajv = new (options: {
  strict: boolean;
  allowUnionTypes: boolean;
  validateFormats: boolean;
}) => { compile(schema: unknown): Validate };

/** An independent validator: the one that the Kafka client brings along, reached through it. */
function independentValidator(): Validate {
  const fromClient = createRequire(createRequire(import.meta.url).resolve('@platformatic/kafka'));
  const { Ajv2020 }: { Ajv2020: Ajv } = fromClient('ajv/dist/2020.js');
  const schema: unknown = JSON.parse(readFileSync(new URL('../../session.schema.json', import.meta.url), 'utf8'));
  return new Ajv2020({ strict: true, allowUnionTypes: true, validateFormats: false }).compile(schema);
}

describe('a document', () => {
  test('that was saved before there were codecs is read as what was so then', () => {
    const later = [
      ...['gzipLevel', 'zstdLevel', 'payloadEntropy', 'wireBytesSent', 'compressionRatio'],
      'cpuStolenPercent',
    ];
    const withoutCodecs = (key: string, value: unknown): unknown => (later.includes(key) ? undefined : value);
    const older: unknown = JSON.parse(JSON.stringify(sampleDocument(), withoutCodecs));
    const { plan, totals, intervals } = sessionDocumentSchema.parse(older);
    expect(plan.payloadEntropy).toEqual({ value: 1, source: 'default' });
    expect(plan.tuning).toMatchObject({ gzipLevel: { value: 6 }, zstdLevel: { value: 3 } });
    expect(totals).toMatchObject({ wireBytesSent: 0, compressionRatio: null });
    expect(intervals[0]).toMatchObject({ wireBytesSent: 0, compressionRatio: null });
    expect(intervals[0]?.host.cpuStolenPercent).toBeUndefined();
  });

  test('obeys the shipped schema, by an independent validator and by ours', () => {
    const validate = independentValidator();
    const document: unknown = JSON.parse(JSON.stringify(sampleDocument()));
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(sessionDocumentSchema.parse(document)).toEqual(document);
  });

  test.each([
    ['an unknown key', { surprise: 1 }],
    ['a wrong version', { schemaVersion: 2 }],
    ['totals as text', { totals: 'many' }],
  ])('with %s does not', (_what, change) => {
    const document: unknown = { ...JSON.parse(JSON.stringify(sampleDocument())), ...change };
    expect(independentValidator()(document)).toBe(false);
    expect(sessionDocumentSchema.safeParse(document).success).toBe(false);
  });

  test('of a run that has not ended says so and obeys the schema', () => {
    const state = sampleState();
    const document = buildDocument({ ...state, run: { ...state.run, endedAtMs: null } });
    expect(document.run.endedAt).toBeNull();
    expect(independentValidator()(JSON.parse(JSON.stringify(document)))).toBe(true);
  });

  test('carries latencies in ms and the histogram itself in ns', () => {
    const { response } = sampleDocument().latency;
    expect(response.count).toBe(3000);
    expect(response.minMs).toBe(2);
    expect(response.p50Ms).toBeCloseTo(3.5, 2);
    expect(response.maxMs).toBe(4.999);
    expect(decodeHistogram(response.hdr).totalCount).toBe(3000);
  });

  test('ranks messages that were never acknowledged above all others', () => {
    const totals = { ...sampleTotals, scheduled: 6001, missed: 3001 };
    const { response, service } = sampleDocument({ totals }).latency;
    expect(response).toMatchObject({ count: 3000, p50Ms: null, p99Ms: null, maxMs: 4.999 });
    expect(service.p50Ms).not.toBeNull();
  });

  test('holds no secret', () => {
    const text = JSON.stringify(sampleDocument());
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('secret words');
    expect(text).toContain('some.plugin.password');
  });

  test('says what a bound cut off, and keeps the newest', () => {
    const intervals = [0, 1, 2, 3, 4].map((second) => sampleInterval(second));
    const bounds = { intervals: 3, hdrWindows: 10, lag: 0, events: 10 };
    const document = buildDocument(sampleState({ intervals }), bounds);
    expect(document.intervals.map((row) => row.elapsedMs)).toEqual([2000, 3000, 4000]);
    expect(document.lag).toEqual([]);
    expect(document.events.filter((event) => event.type === 'truncated')).toEqual([
      expect.objectContaining({ list: 'intervals', count: 2 }),
      expect.objectContaining({ list: 'lag', count: 1 }),
    ]);
    expect(sessionDocumentSchema.safeParse(document).success).toBe(true);
  });

  test('has the last search beside all of them', () => {
    const search = {
      slo: 'p99<10ms',
      timeMs: 0,
      durationMs: 120_000,
      outcome: 'found' as const,
      steps: [],
      maxSustainableRate: 61_286.6,
      bracket: [61_286.6, 62_628.6] as [number, number],
      limitedBy: 'latency' as const,
      knee: null,
      epochs: [0],
      knobs: { lingerMs: 5 },
    };
    const document = sampleDocument({ searches: [{ ...search, slo: 'p50<1ms' }, search] });
    expect(document.search?.slo).toBe('p99<10ms');
    expect(independentValidator()(JSON.parse(JSON.stringify(document)))).toBe(true);
    expect(sampleDocument().search).toBeNull();
  });
});

test('the start is the part of the document that is known at once', () => {
  const document = sampleDocument();
  const { endedAt, verdict, ...run } = document.run;
  expect(endedAt).toBe('2026-11-21T12:00:04.200Z');
  expect(verdict.exitCode).toBe(0);
  expect(buildStart(sampleState())).toEqual({
    schemaVersion: 1,
    tool: document.tool,
    run,
    plan: document.plan,
    cluster: document.cluster,
    host: document.host,
  });
});

test('each value of a plan has its source', () => {
  const plan = planDocument(samplePlan, { rate: 'flag', 'tuning.clientId': 'config' }, 'spin');
  expect(plan.pacing).toEqual({ value: samplePlan.pacing, source: 'default', chosen: 'spin' });
  expect(plan.rate).toEqual({ value: 1000, source: 'flag' });
  expect(plan.lingerMs).toEqual({ value: 5, source: 'default' });
  expect(plan.tuning.clientId).toEqual({ value: 'loadtui', source: 'config' });
  expect(Object.keys(plan).sort()).toEqual(Object.keys(samplePlan).sort());
});

test('a plan says whether producers are idempotent when the load begins, and who decided that', () => {
  const idempotence = (acks: Plan['acks'], idempotent: boolean) => {
    const plan = { ...samplePlan, acks, tuning: { ...samplePlan.tuning, idempotent } };
    return planDocument(plan, { acks: 'preset', 'tuning.idempotent': 'config' }, 'spin').tuning.idempotent;
  };
  expect(idempotence('all', true)).toEqual({ value: true, source: 'config', withAcksAll: true });
  expect(idempotence(1, true)).toEqual({ value: false, source: 'preset', withAcksAll: true });
  expect(idempotence(0, true)).toEqual({ value: false, source: 'preset', withAcksAll: true });
  expect(idempotence(1, false)).toEqual({ value: false, source: 'config', withAcksAll: false });
  expect(idempotence('all', false)).toEqual({ value: false, source: 'config', withAcksAll: false });
});

test('typed fields of an event stand beside the common ones and never hide them', () => {
  const event = {
    timeMs: startMs,
    type: 'error' as const,
    message: 'leader moved',
    outcome: null,
    mark: null,
    fields: { code: 'NOT_LEADER_OR_FOLLOWER', type: 'hidden?', count: 3 },
  };
  expect(eventRow(event)).toEqual({
    timeMs: startMs,
    type: 'error',
    message: 'leader moved',
    outcome: null,
    mark: null,
    code: 'NOT_LEADER_OR_FOLLOWER',
    count: 3,
  });
});

test('unanswered: what a pipeline filters has no end-to-end latency to come', () => {
  expect(unansweredOf({ ...sampleTotals, acked: 2990, consumed: 1000 }, true)).toMatchObject({ response: 10, e2e: 0 });
});

test.each([
  ['all well', {}, { response: 0, service: 0, slip: 0, e2e: 0 }],
  [
    'failed and missed',
    { acked: 2900, sent: 2950, missed: 50, consumed: 2900 },
    { response: 100, service: 50, slip: 50, e2e: 100 },
  ],
  ['duplicates do not hide a loss', { consumed: 3000, duplicated: 10 }, { response: 0, service: 0, slip: 0, e2e: 10 }],
  ['an unknown one that arrived', { acked: 2999, consumed: 3000 }, { response: 1, service: 1, slip: 0, e2e: 0 }],
])('unanswered: %s', (_what, changes, expected) => {
  expect(unansweredOf({ ...sampleTotals, ...changes })).toEqual(expected);
});
