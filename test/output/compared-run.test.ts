import { describe, expect, it } from 'vitest';
import { type ComparedRun, comparedRun, type FigureName, figureNames } from '../../source/output/compared-run.ts';
import type { DocumentState } from '../../source/session/document.ts';
import type { Search } from '../../source/session/document-schema.ts';
import {
  sampleDocument,
  sampleInterval,
  sampleLatency,
  samplePlan,
  sampleState,
  sampleTotals,
} from '../session/sample.ts';
import { fakeSweep } from '../session/support/fake-sweep.ts';

const runOf = (changes: Partial<DocumentState> = {}): ComparedRun => comparedRun('a.json', sampleDocument(changes));
const figureOf = (name: FigureName, changes: Partial<DocumentState> = {}) => runOf(changes).figures[name];
const alike = (name: string, changes: Partial<DocumentState> = {}) =>
  runOf(changes).alike.find((trait) => trait.name === name)?.text;

const search: Search = {
  slo: 'p99<10ms',
  timeMs: 0,
  durationMs: 120_000,
  outcome: 'found' as const,
  steps: [],
  maxSustainableRate: 58_700,
  bracket: [58_700, 61_300],
  limitedBy: 'latency',
  knee: null,
  epochs: [],
  knobs: {},
};
const epoch = (knobs: DocumentState['epochs'][number]['knobs'], index = 1): DocumentState['epochs'][number] => {
  const [first] = sampleState().epochs;
  if (first === undefined) throw new Error('the sample has an epoch');
  return { ...first, index, knobs };
};

describe('figures of a run', () => {
  it('are those of its document', () => {
    const { latency } = sampleDocument();
    expect(runOf().figures).toEqual({
      p50Ms: { value: latency.response.p50Ms, spread: { low: 2.5, high: 2.5 } },
      p99Ms: { value: latency.response.p99Ms, spread: { low: 2.99, high: 2.99 } },
      throughputRate: { value: 1000, spread: { low: 1000, high: 1000 } },
      maxSustainableRate: 'it made no search',
    });
    expect(Object.keys(runOf().figures)).toEqual([...figureNames]);
  });

  it('spread as the middle 80 % of whole measured seconds', () => {
    const { response } = sampleInterval(1);
    const seconds = [5, 1, 2, 3, 4, 6, 7, 8, 9, 10].map((p50Ms, at) =>
      sampleInterval(at + 1, { response: { ...response, p50Ms }, ackedRate: 100 * p50Ms }),
    );
    const others = [
      sampleInterval(20, { response: { ...response, p50Ms: 99 }, durationMs: 120 }),
      sampleInterval(21, { response: { ...response, p50Ms: 99 }, phase: 'draining' }),
      sampleInterval(0, { response: { ...response, p50Ms: 99 } }),
    ];
    const intervals = [...others, ...seconds];
    expect(figureOf('p50Ms', { intervals })).toMatchObject({ spread: { low: 1, high: 9 } });
    expect(figureOf('throughputRate', { intervals })).toMatchObject({ spread: { low: 100, high: 900 } });
    expect(figureOf('p50Ms', { intervals: seconds.slice(0, 1) })).toMatchObject({ spread: null });
    const unanswered = seconds.map((row) => ({ ...row, response: { ...response, p50Ms: null } }));
    expect(figureOf('p50Ms', { intervals: unanswered })).toMatchObject({
      spread: { low: Number.POSITIVE_INFINITY, high: Number.POSITIVE_INFINITY },
    });
  });

  it('are endless where the percentile falls among what was never answered', () => {
    const totals = { ...sampleTotals, scheduled: 3100, failed: 100 };
    expect(figureOf('p99Ms', { totals })).toMatchObject({ value: Number.POSITIVE_INFINITY });
    expect(figureOf('p50Ms', { totals })).toMatchObject({ value: expect.closeTo(3.55, 1) });
    const none = { totals: { ...sampleTotals, acked: 0, failed: 3000 }, latency: sampleLatency(0) };
    expect(figureOf('p99Ms', none)).toMatchObject({ value: Number.POSITIVE_INFINITY });
  });

  it('are none where too little was measured', () => {
    const few = { latency: sampleLatency(999), totals: { ...sampleTotals, scheduled: 999, acked: 999 } };
    expect(figureOf('p99Ms', few)).toBe('it has fewer than 1000 messages');
    expect(figureOf('p50Ms', few)).toMatchObject({ value: expect.any(Number) });
    // acks=0: nothing answers.
    expect(figureOf('p50Ms', { latency: sampleLatency(0) })).toBe('it has no response times');
    expect(figureOf('throughputRate', { intervals: [] })).toBe('it has no measured phase');
  });

  it('are what was read where nothing was sent', () => {
    const plan = { ...sampleState().plan, plan: { ...samplePlan, mode: 'consume-only' as const } };
    const intervals = [1, 2].map((second) => sampleInterval(second, { consumedRate: 1500, ackedRate: 0 }));
    expect(figureOf('throughputRate', { plan, intervals })).toMatchObject({ spread: { low: 1500, high: 1500 } });
  });

  it('have the rate that the last search found, with its bracket', () => {
    expect(figureOf('maxSustainableRate', { searches: [search] })).toEqual({
      value: 58_700,
      spread: { low: 58_700, high: 61_300 },
    });
    const unconfirmed = { ...search, maxSustainableRate: null };
    expect(figureOf('maxSustainableRate', { searches: [search, unconfirmed] })).toBe('its search confirmed no rate');
    expect(figureOf('maxSustainableRate', { searches: [{ ...search, bracket: null }] })).toMatchObject({
      spread: null,
    });
  });

  it.each<[Search['outcome'], string]>([
    ['client', 'the load generator was the limit of its search, at 58.7 k/s'],
    ['at-cap', 'its search was allowed no more than 58.7 k/s'],
  ])('have no rate that is only a lower bound: %s', (outcome, why) => {
    expect(figureOf('maxSustainableRate', { searches: [{ ...search, outcome }] })).toBe(why);
  });

  it('have no rate of one combination of a sweep', () => {
    const sweep = fakeSweep({}, undefined, [[1000, 2]]);
    const sweeps = [{ ...sweep, runs: sweep.runs.map((run) => ({ ...run, search: 1 })) }];
    const why = 'its searches were those of a sweep';
    expect(figureOf('maxSustainableRate', { searches: [search, search], sweeps })).toBe(why);
    expect(figureOf('maxSustainableRate', { searches: [search, search, search], sweeps })).toMatchObject({
      value: 58_700,
    });
  });
});

describe('what must be alike', () => {
  it('is payload, topic shape, SLO, acks and who the broker is', () => {
    expect(runOf().alike).toEqual([
      { name: 'message size', text: '100 B' },
      { name: 'payload entropy', text: '1' },
      { name: 'keys', text: 'key-:100' },
      { name: 'headers', text: expect.stringContaining('sent={sendTimeMs}') },
      { name: 'stamp', text: 'value' },
      { name: 'topics', text: '×12 RF3 min.insync.replicas 2' },
      { name: 'SLO', text: 'response.p99<10ms' },
      { name: 'SLO of the search', text: 'no search' },
      { name: 'acks', text: 'all' },
      { name: 'broker', text: 'a cluster' },
    ]);
    expect(JSON.stringify(runOf().alike)).not.toContain('hunter2');
  });

  it('has in it what was searched for, in whatever order', () => {
    const name = 'SLO of the search';
    expect(alike(name, { searches: [search] })).toBe('p99<10ms');
    expect(alike(name, { searches: [search, { ...search, slo: 'p99<100ms, errors<1%' }] })).toBe(
      'errors<1%, p99<100ms',
    );
    expect(alike(name, { searches: [{ ...search, slo: '' }] })).toBe('the knee');
  });

  it('has in it what was turned while the run was on', () => {
    const knob = (value: 1 | 'all') => ({ requested: value, applied: value });
    const epochs = [
      epoch({ acks: knob('all') }, 0),
      epoch({ acks: knob(1) }),
      epoch({ acks: knob(1), messageSize: { requested: 1024, applied: 1024 } }, 2),
    ];
    expect(alike('acks', { epochs })).toBe('all → 1');
    expect(alike('message size', { epochs })).toBe('100 B → 1 KiB');
  });

  it('counts topics of one shape, whatever their names', () => {
    const { cluster } = sampleState();
    const shape = { partitions: 3, replicationFactor: 1, minInsyncReplicas: null, created: true };
    const topics = ['a', 'b'].map((name) => ({ ...shape, name }));
    expect(alike('topics', { cluster: { ...cluster, topics } })).toBe('2 topics ×3 RF1');
    expect(alike('topics', { cluster: { ...cluster, topics: [] } })).toBe('none');
    expect(alike('broker', { cluster: { ...cluster, sandbox: true } })).toBe('the sandbox');
  });
});

describe('what may differ', () => {
  it('is all else that was set, by its flag, and what it ran on', () => {
    const free = Object.fromEntries(runOf().free.map(({ name, text }) => [name, text]));
    expect(free).toMatchObject({
      linger: '5 ms',
      'batch-size': '64KiB',
      rate: '1.00 k/s',
      producers: '4',
      compression: 'none',
      'broker version': '4.3-IV0',
      brokers: '1 broker',
      machine: '8 cores linux 6.1.0',
      loadtui: '0.1.0',
    });
    for (const name of ['topic', 'group', 'acks', 'message-size', 'slo', 'yes']) expect(free).not.toHaveProperty(name);
  });
});

describe('remarks', () => {
  const { run } = sampleState();
  it.each<[string, Partial<DocumentState>, string[]]>([
    ['a good run', {}, []],
    [
      'a run that failed',
      { run: { ...run, verdict: { exitCode: 6, label: 'client-bound', reasons: [] } } },
      ['exit code 6, client-bound'],
    ],
    [
      'a run that broke off',
      { run: { ...run, endedAtMs: null, verdict: { exitCode: 1, label: 'broke off', reasons: [] } } },
      ['exit code 1, broke off'],
    ],
    ['a run under way', { run: { ...run, endedAtMs: null } }, ['saved while it was still on']],
    [
      'a search',
      { searches: [search], epochs: [epoch({ rate: { requested: 1, applied: 1 } }), epoch({}, 2)] },
      ['latency and throughput are of all steps of a search together'],
    ],
    [
      'knobs turned',
      {
        epochs: [epoch({ lingerMs: { requested: 0, applied: 0 } }), epoch({ lingerMs: { requested: 5, applied: 5 } })],
      },
      ['knobs were turned while it was measured'],
    ],
    ['fresh figures', { epochs: [epoch({}), epoch({}, 2)] }, []],
  ])('on %s', (_, changes, remarks) => {
    expect(runOf(changes).remarks).toEqual(remarks);
  });
});

it('is printable, whatever the document says', () => {
  const evil = '\u001b]52;c;AAAA\u0007\n\u009b2J';
  const { cluster, run } = sampleState();
  const plan = { ...samplePlan, preset: evil, topicConfig: { [evil]: evil } };
  const made = comparedRun(`${evil}.json`, {
    ...sampleDocument({
      ...{ run: { ...run, verdict: { exitCode: 3, label: evil, reasons: [] } } },
      plan: { plan, sources: {} },
      cluster: { ...cluster, topics: cluster.topics.map((topic) => ({ ...topic, name: evil })) },
    }),
  });
  expect(made.headline).toContain('?]52;c;AAAA? ?2J');
  const texts: string[] = [];
  JSON.stringify(made, (_, value) => {
    if (typeof value === 'string') texts.push(value);
    return value;
  });
  expect(texts.length).toBeGreaterThan(20);
  expect(texts.filter((text) => /\p{Cc}/u.test(text))).toEqual([]);
});

it('leaves out the names of topics that were made for the run', () => {
  expect(runOf().headline).toBe('latency, 3 s on kafka (1 broker, metadata 4.3-IV0), orders-load ×12 RF3 acks=all');
  const { cluster } = sampleState();
  const topics = cluster.topics.map((topic) => ({ ...topic, created: true }));
  expect(runOf({ cluster: { ...cluster, topics } }).headline).toContain(', a topic made ×12 RF3 acks=all');
});
