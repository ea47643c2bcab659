import { describe, expect, it } from 'vitest';
import type { PlanSource } from '../../source/config/plan.ts';
import { refusalOf, resolveWritten, type Written } from './support.ts';

describe('precedence', () => {
  const everything: Written = {
    args: ['--preset', 'latency', '--linger', '1ms'],
    environment: { LOADTUI_LINGER: '2ms' },
    config: 'linger.ms=3',
    plan: 'linger: 4ms',
  };
  const without = (...names: (keyof Written)[]): Written => {
    return Object.fromEntries(Object.entries(everything).filter(([name]) => !names.some((gone) => gone === name)));
  };
  const preset = { args: ['--preset', 'throughput'] };

  it.each<[PlanSource, number, Written]>([
    ['flag', 1, everything],
    ['environment', 2, { ...without('args') }],
    ['config', 3, { ...without('args', 'environment') }],
    ['file', 4, { ...without('args', 'environment', 'config'), ...preset }],
    ['preset', 5, preset],
    ['default', 5, {}],
  ])('%s', (source, lingerMs, written) => {
    const { plan, sources } = resolveWritten(written);
    expect(plan.lingerMs).toBe(lingerMs);
    expect(sources.lingerMs).toBe(source);
  });

  it('a preset of the command line wins over that of the plan file', () => {
    const { plan, sources } = resolveWritten({ args: ['--preset', 'latency'], plan: 'preset: throughput' });
    expect(plan).toMatchObject({ preset: 'latency', acks: 1 });
    expect(sources.preset).toBe('flag');
  });

  it('a later list replaces an earlier one', () => {
    const { plan } = resolveWritten({ args: ['--slo', 'lag<5s', '--slo', 'p99<1s'], plan: 'slo: p99<10ms' });
    expect(plan.slos.map((slo) => slo.text)).toEqual(['lag<5s', 'response.p99<1s']);
  });
});

describe('names', () => {
  it.each([
    [['--bootstrap-server', 'h:1'], { brokers: ['h:1'] }],
    [['-b', '[::1],b:2'], { brokers: ['[::1]:9092', 'b:2'] }],
    [['--throughput', '-1'], { rate: null }],
    [['-r', '50MB/s', '-s', '1000B'], { rate: 50_000 }],
    [['--num-records', '5k'], { messages: 5000, durationMs: null }],
    [['--record-size', '100'], { messageSizeBytes: 100 }],
    [['--command-property', 'linger.ms=9'], { lingerMs: 9 }],
    [['--acks', '-1'], { acks: 'all' }],
    [['-d', '0'], { durationMs: null }],
    [['--linger=0'], { lingerMs: 0 }],
    [['-yr50k'], { yes: true, rate: 50_000 }],
    [['--produce-only'], { mode: 'produce-only', consumers: 0 }],
    [['--consume-only', '-t', 'x'], { mode: 'consume-only', producers: 0, warmUpMs: 0 }],
    [['--consume-only', '-t', 'x', '--preset', 'latency'], { mode: 'consume-only', warmUpMs: 0 }],
    [['--consume-only', '-t', 'x', '--warm-up', '3s'], { mode: 'consume-only', warmUpMs: 3000 }],
    [['-t', 'x', '--consume-topic', 'y'], { topic: 'x', consumeTopic: 'y', missingGate: true }],
    [['-t', 'x', '--consume-topic', 'y', '--no-missing-gate'], { consumeTopic: 'y', missingGate: false }],
    [['-t', 'x', '--watch-group', 'a', '--watch-group', 'b'], { watchGroups: ['a', 'b'] }],
    [['--payload-entropy', '0.3'], { payloadEntropy: 0.3 }],
    [['--payload-entropy', '1e-7'], { payloadEntropy: 1e-7 }],
    [['--stamp', 'header', '-s', '16'], { stamp: 'header', messageSizeBytes: 16 }],
    [['--keys', '1k'], { keys: { kind: 'pool', prefix: 'key-', count: 1000, order: 'round-robin' } }],
    [['--keys', 's-:1k:zipf'], { keys: { kind: 'pool', prefix: 's-', count: 1000, order: 'zipf', exponent: 1 } }],
    [['--keys', '50:zipf=.75'], { keys: { kind: 'pool', prefix: 'key-', count: 50, order: 'zipf', exponent: 0.75 } }],
    [['--keys', 'a:b:7:random'], { keys: { kind: 'pool', prefix: 'a:b', count: 7, order: 'random' } }],
    [['--arrivals', 'poisson', '--pacing', 'spin'], { arrivals: 'poisson', pacing: 'spin' }],
    [['--no-achieved-gate'], { achievedGate: false }],
    [['--create=false'], { create: false }],
    [['--abort-on', 'none'], { abortOn: [] }],
  ])('%j', (args, values) => expect(resolveWritten({ args }).plan).toMatchObject(values));
});

describe('defaults', () => {
  it('are those of the Java clients', () => {
    expect(resolveWritten({}).plan).toMatchObject({
      brokers: null,
      partitions: null,
      replicationFactor: null,
      acks: 'all',
      payloadEntropy: 1,
      lingerMs: 5,
      batchSizeBytes: 16_384,
      threads: 3,
      maxBehindMs: 30_000,
      warmUpMs: 10_000,
      durationMs: 60_000,
      tuning: {
        idempotent: true,
        maxInFlight: 5,
        bufferMemoryBytes: 33_554_432,
        requestTimeoutMs: 30_000,
        deliveryTimeoutMs: 120_000,
        fetchMinBytes: 1,
        fetchMaxWaitMs: 500,
        maxPartitionFetchBytes: 1_048_576,
        fetchMaxBytes: 52_428_800,
      },
    });
  });

  it('the screen has no end', () => {
    expect(resolveWritten({ style: 'screen' }).plan).toMatchObject({ warmUpMs: 10_000, durationMs: null });
  });

  it('large messages fit a request, and a long linger fits the delivery timeout', () => {
    const { plan } = resolveWritten({ args: ['-s', '1MiB', '--linger', '60s', '-X', 'request.timeout.ms=90000'] });
    expect(plan.tuning.maxRequestBytes).toBe(1_049_600);
    expect(plan.tuning.deliveryTimeoutMs).toBe(150_000);
  });

  it('a stronger wish sets a weaker one aside', () => {
    expect(resolveWritten({ args: ['--produce-only'], plan: 'consumers: 4' }).plan).toMatchObject({ consumers: 0 });
    const both = resolveWritten({ args: ['--consume-only', '-t', 'x'], plan: 'produceOnly: true' });
    expect(both.plan.mode).toBe('consume-only');
    expect(both.sources.mode).toBe('flag');
    expect(resolveWritten({ args: ['--preset', 'digital-twin', '--acks', '1'] }).warnings).toEqual([
      'tuning.idempotent: idempotence is off with acks=1',
    ]);
  });

  it('the cap lowers the rate, and says so', () => {
    const { plan, sources, warnings } = resolveWritten({ args: ['--preset', 'throughput', '--max-rate', '20k'] });
    expect(plan).toMatchObject({ rate: 20_000, maxRate: 20_000 });
    expect(sources.rate).toBe('flag');
    expect(warnings).toEqual(['the rate of 50k is lowered to the cap of 20k']);
  });

  it('what has no effect is said', () => {
    const { warnings } = resolveWritten({ args: ['-b', 'localhost', '-t', 'x', '--partitions', '4'] });
    expect(warnings.join()).toContain('--partitions has no effect');
  });
});

describe('refusals', () => {
  it.each<[string[], string]>([
    [['--duration', '60'], '--duration: "60" has no unit: did you mean 60s?'],
    [['-d', '60'], '--duration: "60" has no unit: did you mean 60s?'],
    [['--linger', '5'], '--linger: "5" has no unit: did you mean 5ms?'],
    [['--batch-size', '64KB'], '--batch-size: "64KB" is read as 64000 bytes'],
    [['--message-size', '5ms'], '--message-size: "5ms" has an unknown unit "ms"'],
    [['--rate', '5ms'], '--rate: "5ms" has an unknown unit "ms"'],
    [['--rate', '0'], '--rate: a rate of 0 sends nothing | Use `max`'],
    [['--rate', '2000M'], '--rate: 2000M is above 1000M'],
    [['--max-rate', '0'], '--max-rate: a rate of 0 sends nothing'],
    [['--producers', '0'], '| Use --consume-only'],
    [['--consumers', '0'], '| Use --produce-only'],
    [['--producers', '5000'], '--producers: 5000 is above 4096'],
    [['--consumers', '2', '--produce-only'], '--consumers: contradicts --produce-only'],
    [['--producers', '2', '--consume-only', '-t', 'x'], '--producers: contradicts --consume-only'],
    [['--consume-only', '--produce-only'], 'contradicts --produce-only'],
    [['--consume-only'], '--consume-only: no topic is named'],
    [['--brokers', ''], '--brokers: no broker is named'],
    [['--brokers='], '--brokers: no broker is named'],
    [['-b', 'a,,b'], '--brokers: a broker is empty'],
    [['-b', '::1'], 'Did you mean [::1]:9092?'],
    [['-b', 'a:0'], 'a port lies between 1 and 65535'],
    [['-b', 'a:b'], '"a:b" is not a broker address'],
    [['-b', 'SSL://a:9093'], 'a broker is named without "SSL://" | Leave the scheme out: a:9093'],
    [['--no-sandbox'], '--no-sandbox: no broker is named either'],
    [['-t', 'a b'], '--topic: "a b" is not a topic name'],
    [
      ['-s', '31'],
      '31B is smaller than the 32-byte stamp in the value | Use `stamp: header` (--stamp header) or a size of at least 32 B.',
    ],
    [['-s', '0'], 'smaller than the 32-byte stamp'],
    [['-s', '17MiB'], '--message-size: 17MiB is above 16MiB'],
    [['--batch-size', '0'], '--batch-size: 0B is below 1B'],
    [['--linger', '2m'], '--linger: 2m is above 1m'],
    [['--acks', '2'], '--acks: "2" is not one of 0, 1, all'],
    [
      ['--acks', '1', '-X', 'enable.idempotence=true'],
      '-X enable.idempotence: idempotent producing needs acks=all, here it is 1',
    ],
    [['--preset', 'latency', '-X', 'enable.idempotence=true'], 'idempotent producing needs acks=all'],
    [['--in-flight', '6'], '--in-flight: 6 requests in flight'],
    [['-X', 'max.in.flight.requests.per.connection=6'], '6 requests in flight'],
    [['--payload-entropy', '1.1'], '--payload-entropy: "1.1" is no share | Write a number from 0 to 1, e.g. 0.3.'],
    [['--payload-entropy', '30%'], '"30%" is no share'],
    [['--payload-entropy', '0x1'], '"0x1" is no share'],
    [['--compression', 'lz5'], 'is not one of none, gzip, snappy, lz4, zstd | Did you mean lz4?'],
    [['--client', 'kafkajs'], '--client: kafkajs comes in a later version'],
    [['--ramp', '10k:200k:60s', '--max-rate', '100k'], 'goes up to 200k, above --max-rate'],
    [['--workload', 'w.yaml'], '--workload comes in a later version'],
    [['--workload', 'x'], '--workload comes in a later version'],
    [['--rte', '5'], 'unknown flag --rte | Did you mean --rate?'],
    [['--bootstrap-servers', 'x'], 'unknown flag --bootstrap-servers | Did you mean --bootstrap-server?'],
    [['-z'], 'unknown flag -z'],
    [['--rate'], '--rate needs a value'],
    [['--rate', '--json'], '--rate needs a value'],
    [['--rate', '5', '--rate', '6'], '--rate is said twice'],
    [['--brokers', 'a', '--bootstrap-server', 'b'], '--brokers and --bootstrap-server say the same thing'],
    [['--linger', '5ms', '-X', 'linger.ms=5'], '--linger and -X linger.ms say the same thing'],
    [['-X', 'linger.ms=5', '--command-property', 'linger.ms=5'], '-X linger.ms is said twice'],
    [['-X', 'linger.mss=5'], 'have no property "linger.mss" | Did you mean linger.ms?'],
    [['-X', 'linger.ms'], 'is not a property | Write it as name=value'],
    [['-X', 'max.request.size=1000'], 'does not fit a request of 1000B'],
    [['-X', 'buffer.memory=1000'], 'does not hold one batch'],
    [
      ['-X', 'delivery.timeout.ms=1000', '-X', 'request.timeout.ms=1000'],
      'must be at least linger and the request timeout',
    ],
    [['-b', '127.evil.example', '-r', 'max'], '--rate: max on a cluster that is not on this machine needs a cap'],
    [['-b', 'h1', '-r', 'max'], '--rate: max on a cluster that is not on this machine needs a cap | Add --max-rate'],
    [['--create'], '--create: no topic is named'],
    [['--consume-topic', 'out'], '--consume-topic: nobody else reads a topic that loadtui makes | Add --topic NAME.'],
    [['-t', 'x', '--consume-topic', 'x'], '--consume-topic: that is the topic that is written to'],
    [['-t', 'x', '--consume-topic', 'y', '--produce-only'], '--consume-topic: contradicts --produce-only'],
    [['-t', 'x', '--consume-topic', 'y', '--consume-only'], '--consume-topic: contradicts --consume-only'],
    [['-t', 'x', '--consume-topic', 'a b'], '--consume-topic: "a b" is not a topic name'],
    [['-t', 'x', '--no-missing-gate'], '--no-missing-gate: only a pipeline may filter'],
    [['--watch-group', 'job'], '--watch-group: nobody else reads a topic that loadtui makes | Add --topic NAME.'],
    [['-t', 'x', '--watch-group', 'job', '--watch-group', 'job'], '--watch-group: job is named twice'],
    [['-t', 'x', '--watch-group', 'job', '--group', 'job'], "--watch-group: job is loadtui's own group"],
    [['-t', 'x', '--topics', '2'], '--topics: several topics are made only without --topic'],
    [['--threads', '0'], '--threads: 0 is below 1'],
    [['--messages', '0'], '--messages: "0" is below 1'],
    [['--partitions', '0'], '--partitions: "0" is below 1'],
    [['--max-behind', '0'], '--max-behind: 0ms is below 1ms'],
    [['--acks', '0', '--slo', 'p99<10ms'], 'with acks=0 the broker never answers | Judge e2e.p99<10ms'],
    [['--produce-only', '--slo', 'lag<5s'], 'lag<5s needs consumers'],
    [['--consume-only', '-t', 'x', '--slo', 'p99<5ms'], 'needs producers'],
    [['-r', 'max', '--slo', 'achieved>99%'], 'an unthrottled run has no target'],
    [['--header', 'x'], '--header: "x" is not a header | Write a header as name=value.'],
    [['--topic-config', 'a=1', '--topic-config', 'a=2'], 'the topic setting a is said twice'],
    [['--keys', 'sensor'], 'does not say what the keys are'],
    [['--keys', '1k:zipf=-1'], '"-1" is no exponent of a Zipf order'],
    [['--keys', '1k:zipf=11'], '"11" is no exponent of a Zipf order'],
    [['--keys', '1k:zipf='], '"" is no exponent of a Zipf order'],
    [['--keys', '1k:random=2'], 'only zipf takes an exponent'],
    [['--preset', 'latncy'], '--preset: there is no preset "latncy" | Did you mean latency?'],
    [['--preset', 'latency', '--preset', 'latency'], '--preset is said twice'],
    [['--config', '/nowhere/x'], 'there is no file /nowhere/x'],
    [['--yes=perhaps'], '--yes: "perhaps" is neither true nor false'],
    [['--abort-on', 'errors>10%'], '--abort-on: "errors>10%" does not say for how long'],
    [['--slo', 'p99<10'], '--slo: "10" has no unit: did you mean 10ms?'],
  ])('%j', (args, message) => expect(refusalOf(() => resolveWritten({ args }))).toContain(message));

  it('-r max needs no cap on this machine, nor with one', () => {
    expect(resolveWritten({ args: ['-b', '127.0.0.1:1,localhost,[::1]', '-r', 'max'] }).plan.rate).toBeNull();
    expect(resolveWritten({ args: ['-b', 'h1', '-r', 'max', '--max-rate', '5k'] }).plan.maxRate).toBe(5000);
  });
});

describe('the environment', () => {
  it('has a variable for every flag', () => {
    const { plan, sources } = resolveWritten({
      environment: {
        LOADTUI_BROKERS: 'h:1',
        LOADTUI_BATCH_SIZE: '64KiB',
        LOADTUI_SLO: 'p99<10ms\nlag<5s',
        LOADTUI_PROPERTY: 'request.timeout.ms=5000',
        LOADTUI_NO_ACHIEVED_GATE: '1',
        LOADTUI_YES: 'false',
        LOADTUI_PRESET: 'latency',
        LOADTUI_TOPIC: '',
      },
    });
    expect(plan).toMatchObject({
      brokers: ['h:1'],
      batchSizeBytes: 65_536,
      achievedGate: false,
      yes: false,
      preset: 'latency',
      topic: null,
      tuning: { requestTimeoutMs: 5000 },
    });
    expect(plan.slos).toHaveLength(2);
    expect(sources).toMatchObject({ brokers: 'environment', preset: 'environment', yes: 'environment' });
  });

  it('warns of what it does not know', () => {
    expect(
      resolveWritten({ environment: { LOADTUI_BROKER: 'x', LOADTUI_QQQQQQQQQQ: '1', OTHER: '1' } }).warnings,
    ).toEqual([
      'unknown variable LOADTUI_BROKER: did you mean LOADTUI_BROKERS?',
      'unknown variable LOADTUI_QQQQQQQQQQ',
    ]);
  });

  it.each([
    [{ LOADTUI_BROKERS: '' }, 'LOADTUI_BROKERS: no broker is named'],
    [{ LOADTUI_DURATION: '60' }, 'LOADTUI_DURATION: "60" has no unit'],
    [{ LOADTUI_PROPERTY: 'linger.ms=x' }, 'LOADTUI_PROPERTY linger.ms: "x" is not a whole number'],
    [{ LOADTUI_LINGER: '5ms', LOADTUI_PROPERTY: 'linger.ms=5' }, 'say the same thing'],
  ])('refuses %j', (environment, message) => {
    expect(refusalOf(() => resolveWritten({ environment }))).toContain(message);
  });
});
