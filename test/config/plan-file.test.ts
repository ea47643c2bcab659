import { describe, expect, it } from 'vitest';
import { presetNames, presetSummary, presetText } from '../../source/config/presets.ts';
import { refusalOf, resolveWritten } from './support.ts';

describe('a plan file', () => {
  it('takes every shape of value', () => {
    const { plan, sources } = resolveWritten({
      plan: `
preset: latency
brokers: [localhost:9092, '127.0.0.1:9093']
topic: orders
create: true
rate: 50k
messageSize: 1KiB
batchSize: 65536
linger: 500us
acks: all
duration: 90s
slo: [p99<10ms, e2e.p99<50ms]
abortOn: errors>5% for 5s
keys: {prefix: sensor-, count: 100, order: random}
headers:
  source: loadtui
  id: '{key}'
  at: '{sendTimeMs}'
topicConfig:
  min.insync.replicas: 2
inFlight: 2
noAchievedGate: true
tuning:
  requestTimeout: 10s
  idempotent: false
`,
    });
    expect(plan).toMatchObject({
      preset: 'latency',
      brokers: ['localhost:9092', '127.0.0.1:9093'],
      topic: 'orders',
      create: true,
      rate: 50_000,
      messageSizeBytes: 1024,
      batchSizeBytes: 65_536,
      lingerMs: 0.5,
      acks: 'all',
      durationMs: 90_000,
      keys: { kind: 'pool', prefix: 'sensor-', count: 100, order: 'random' },
      headers: [
        { name: 'source', kind: 'text', value: 'loadtui' },
        { name: 'id', kind: 'key' },
        { name: 'at', kind: 'sendTimeMs' },
      ],
      topicConfig: { 'min.insync.replicas': '2' },
      achievedGate: false,
      tuning: { maxInFlight: 2, requestTimeoutMs: 10_000, idempotent: false },
    });
    expect(plan.slos.map((slo) => slo.text)).toEqual(['response.p99<10ms', 'e2e.p99<50ms']);
    expect(sources).toMatchObject({
      preset: 'file',
      rate: 'file',
      'tuning.requestTimeoutMs': 'file',
      consumers: 'preset',
    });
  });

  it('may be empty, or only comments', () => {
    expect(resolveWritten({ plan: '# nothing yet\n' }).plan.preset).toBeNull();
  });

  it.each([
    ['rate: 50k\nratee: 1', 'unknown key "ratee" | Did you mean rate? @2:1'],
    ['rate: 50k\nlingerMs: 5ms', 'unknown key "lingerMs" | Did you mean linger?'],
    ['a-b: 1', 'unknown key "a-b" | See: loadtui help units. @1:1'],
    ['tuning:\n  requestTimeot: 5s', 'unknown key "requestTimeot" | Did you mean requestTimeout? @2:3'],
    ['tuning:\n  linger: 5ms', 'unknown key "linger" | Write linger outside of tuning. @2:3'],
    ['idempotent: true', 'unknown key "idempotent" | Write idempotent under tuning. @1:1'],
    ['keys:\n  count: 5\n  prefx: a', 'unknown key "keys.prefx" | Did you mean prefix? @3:3'],
    ['keys:\n  prefix: a', 'keys.count'],
    ['keys: {count: 5, order: zipf, exponent: -1}', 'no exponent of a Zipf order'],
    ['keys: {count: 5, exponent: 2}', 'only zipf takes an exponent'],
    ['keys: {count: 0}', 'a pool has 1 to 10M keys @1:1'.replace(' @1:1', '')],
    [
      'duration: 60',
      'duration: "60" has no unit: did you mean 60s? | Write a duration as 500us, 5ms, 30s or 10m. @1:1',
    ],
    ['rate: 0', 'rate: a rate of 0 sends nothing | Use `max` for no limit, or --consume-only to read. @1:1'],
    ['\n\n  rate: [1, 2]', 'rate: this value is empty or has the wrong shape'],
    ['rate:', 'rate: this value is empty'],
    ['rate: 1\nrate: 2', 'not readable as YAML'],
    ['rate: "1', 'not readable as YAML'],
    ['- rate: 1', 'a plan is a list of "key: value" lines'],
    ['hello', 'a plan is a list of "key: value" lines'],
    ['headers: {a: "{kye}"}', 'header a: "{kye}" is not something a header can repeat | Did you mean {key}?'],
    ['headers: {a: "{key}"}', 'headers: {key} needs messages that have keys | Add --keys, e.g. --keys 1000. @1:1'],
    ['preset: latncy', 'there is no preset "latncy" | Did you mean latency?'],
    ['producers: 0', 'producers: 0 producers send nothing | Use --consume-only to read only. @1:1'],
    ['topicConfig: {cleanup.policy: compact}', 'compaction removes messages'],
  ])('refuses %j', (plan, message) => {
    expect(refusalOf(() => resolveWritten({ plan }))).toContain(message);
  });

  it('names its own line also where another line makes it wrong', () => {
    const plan = 'acks: 1\nrate: 5k\ntuning:\n  idempotent: true\n';
    expect(refusalOf(() => resolveWritten({ plan }))).toMatch(
      /tuning\.idempotent: idempotent producing needs acks=all.*@4:3$/,
    );
  });
});

describe('presets', () => {
  it('are the four', () => {
    expect(presetNames()).toEqual(['digital-twin', 'latency', 'max-throughput', 'throughput']);
  });

  it.each([
    ['latency', { rate: 10_000, messageSizeBytes: 100, lingerMs: 0, acks: 1, partitions: null }],
    [
      'throughput',
      { rate: 50_000, messageSizeBytes: 1024, partitions: 16, batchSizeBytes: 65_536, lingerMs: 5, acks: 'all' },
    ],
    ['max-throughput', { rate: null, messageSizeBytes: 1024, batchSizeBytes: 1_048_576, lingerMs: 10, acks: 1 }],
    [
      'digital-twin',
      {
        messageSizeBytes: 512,
        lingerMs: 5,
        acks: 'all',
        keys: { kind: 'pool', prefix: 'sensor-', count: 1000, order: 'round-robin' },
        headers: [
          { name: 'dt_sensor_id', kind: 'key' },
          { name: 'dt_timestamp', kind: 'sendTimeMs' },
          { name: 'send_timestamp', kind: 'sendTimeMs' },
        ],
      },
    ],
  ])('%s has its values', (name, values) => {
    const { plan, sources, warnings } = resolveWritten({ args: ['--preset', name] });
    expect(plan).toMatchObject({ preset: name, ...values });
    expect(sources).toMatchObject({ preset: 'flag', messageSizeBytes: 'preset', group: 'default' });
    expect(warnings).toEqual([]);
  });

  it.each(presetNames())('%s is a plan file too, and says what it is for in one line', (name) => {
    const { preset: _, ...asPlan } = resolveWritten({ plan: presetText(name) }).plan;
    expect(resolveWritten({ args: ['--preset', name] }).plan).toMatchObject(asPlan);
    expect(presetSummary(name).length).toBeGreaterThan(20);
    expect(presetSummary(name).length).toBeLessThanOrEqual(70);
  });

  it('keeps the order of an idempotent producer', () => {
    expect(resolveWritten({ args: ['--preset', 'digital-twin'] }).plan.tuning).toMatchObject({
      idempotent: true,
      maxInFlight: 5,
    });
  });
});
