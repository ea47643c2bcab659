import { describe, expect, it } from 'vitest';
import { sweepCombinations } from '../../source/config/check-sweep.ts';
import { readEnvironment } from '../../source/config/environment.ts';
import { parseCommandLine, sweptOperand } from '../../source/config/flags.ts';
import type { Plan } from '../../source/config/plan.ts';
import { repeatCommand } from '../../source/config/repeat-command.ts';
import { type PlanRequest, resolvePlan } from '../../source/config/resolve-plan.ts';
import { readSweep, writeSweep } from '../../source/config/sweep.ts';
import { fileWith, refusalOf, shellWords } from './support.ts';

describe('what is swept', () => {
  it.each<[string, string, readonly unknown[]]>([
    ['linger=0,5ms', 'lingerMs', [0, 5]],
    ['batch-size=16KiB,64KiB', 'batchSize', [16_384, 65_536]],
    ['batchSize=16KiB', 'batchSize', [16_384]],
    ['lingerMs=500us', 'lingerMs', [0.5]],
    ['rate=10k,max', 'rate', [10_000, null]],
    ['acks=all,1', 'acks', ['all', 1]],
    ['consumers=1..96', 'consumers', [1, 2, 4, 8, 16, 32, 64, 96]],
    ['consumers=1...8', 'consumers', [1, 2, 4, 8]],
    ['consumers=1,2,4,…96', 'consumers', [1, 2, 4, 8, 16, 32, 64, 96]],
    ['consumers=1, 2, …, 96', 'consumers', [1, 2, 4, 8, 16, 32, 64, 96]],
    ['consumers=3..20', 'consumers', [3, 6, 12, 20]],
    ['linger=0,0.5ms..2ms', 'lingerMs', [0, 0.5, 1, 2]],
    ['batch-size=16KiB..1MiB', 'batchSize', [14, 15, 16, 17, 18, 19, 20].map((power) => 2 ** power)],
  ])('%s', (text, name, values) => {
    const swept = readSweep(text);
    expect(swept).toEqual([{ name, values }]);
    expect(readSweep(writeSweep(swept).join('\n'))).toEqual(swept);
  });

  it.each([
    ['linger', '"linger" does not say what to sweep'],
    ['=1,2', 'does not say what to sweep'],
    ['lingr=0,5ms', 'there is no knob lingr | Did you mean linger?'],
    ['linger=', 'linger has an empty value'],
    ['linger=0,', 'linger has an empty value'],
    ['linger=0,5', '"5" has no unit'],
    ['linger=5ms,5000us', 'linger has 5ms twice'],
    ['linger=0..5ms', '"0..5ms" is no series that doubles'],
    ['consumers=96..1', '"96..1" is no series that doubles'],
    ['consumers=..8', '"..8" is no series that doubles'],
    ['acks=0..all', '"0..all" is no series that doubles'],
    ['acks=2', 'acks cannot be "2"'],
    ['consumers=1,9999', 'consumers must be between'],
    ['rate=50MB/s', 'hangs on the message size'],
    ['linger=0\nlinger=5ms', 'linger is swept twice'],
  ])('refuses %j', (text, refusal) => {
    expect(refusalOf(() => readSweep(text))).toContain(refusal);
  });

  it('combines all values of all knobs, the last knob changing fastest', () => {
    expect(sweepCombinations(readSweep('linger=0,5ms\nacks=1,all'))).toEqual([
      { lingerMs: 0, acks: 1 },
      { lingerMs: 0, acks: 'all' },
      { lingerMs: 5, acks: 1 },
      { lingerMs: 5, acks: 'all' },
    ]);
  });
});

/** As the command line `loadtui sweep …` is read. */
function swept(args: readonly string[], rest: Partial<PlanRequest> = {}) {
  const { positionals, given } = parseCommandLine(args);
  const all = [...positionals.map(sweptOperand), ...given];
  return resolvePlan({ given: all, planPath: null, style: 'plain', task: 'sweep', cores: 4, ...rest });
}

function parsedBack(command: string): Plan {
  const [program, task, ...args] = shellWords(command);
  expect([program, task]).toEqual(['loadtui', 'sweep']);
  return swept(args).plan;
}

describe('the plan of a sweep', () => {
  it.each([
    [['linger=0,5ms', 'producers=1,4'], 'loadtui sweep linger=0ms,5ms producers=1,4'],
    [
      ['consumers=1..8', '-r', '5k', '--repeats', '3', '--seed', '9'],
      'loadtui sweep consumers=1,2,4,8 -r 5k --repeats 3 --seed 9',
    ],
    [
      ['batch-size=1KiB', '--find', 'p99<10ms', '--from', '2k'],
      "loadtui sweep batch-size=1KiB --from 2k --find 'p99<10ms'",
    ],
    [['rate=1k,max', '--preset', 'latency'], 'loadtui sweep rate=1k,max --preset latency'],
  ])('%j repeats as it was', (args, command) => {
    const { plan, sources } = swept(args);
    // Knobs as a sweep that was cut short leaves them.
    const knobs = { rate: 17, lingerMs: plan.lingerMs, producers: plan.producers };
    expect(repeatCommand(plan, sources, knobs)).toBe(command);
    expect(parsedBack(command)).toEqual(plan);
  });

  it('has no end of its own, and with a search one repeat and the first rate of it', () => {
    expect(swept(['linger=0']).plan).toMatchObject({ task: 'sweep', durationMs: null, repeats: 2, rate: 1000 });
    const searched = swept(['linger=0', '--find', 'p99<10ms', '--from', '3k']).plan;
    expect(searched).toMatchObject({ repeats: 1, rate: 3000, findSlos: [{ text: 'response.p99<10ms' }] });
  });

  it.each(['sweep', 'find'] as const)('that is a %s ends by no number of messages, wherever it is said', (task) => {
    const planPath = fileWith('messages: 1M\nmaxRate: 10k\nslo: p99<10ms\nsweep: linger=0,5ms');
    const { given } = readEnvironment({ LOADTUI_MESSAGES: '5k' });
    const { plan, sources } = swept([], { planPath, task, given });
    expect(plan).toMatchObject({ task, messages: null, durationMs: null });
    expect(sources.messages).toBe('default');
    expect(swept([], { planPath, task: 'run' }).plan.messages).toBe(1e6);
  });

  it('may stand in a plan file, which is a load for loadtui run', () => {
    const text = 'sweep: {linger: [0, 5ms], consumers: 1..4}\nrepeats: 3\nfind: p99<10ms\nseed: 7';
    const planPath = fileWith(text);
    const sweep = readSweep('linger=0,5ms\nconsumers=1,2,4');
    expect(swept([], { planPath }).plan).toMatchObject({ sweep, repeats: 3, seed: 7 });
    expect(swept([], { planPath, task: 'by-plan' }).plan.task).toBe('sweep');
    const { plan, warnings } = swept([], { planPath, task: 'run' });
    expect(plan).toMatchObject({ task: 'run', sweep: [], findSlos: [], repeats: 2 });
    expect(warnings.join()).toContain('sweep has no effect here');
    expect(swept([], { planPath: fileWith('sweep: [linger=0, acks=1]') }).plan.sweep.length).toBe(2);
  });

  it.each<[string[], string]>([
    [[], 'nothing to sweep'],
    [['linger=0', '--linger', '5ms'], '--linger: linger is swept'],
    [['linger=0', '-X', 'linger.ms=5'], 'linger is swept'],
    [['linger=0', '-d', '60s'], '--duration means nothing to loadtui sweep'],
    [['linger=0', '--ramp', '1k:2k:5s'], '--ramp means nothing to loadtui sweep'],
    [['linger=0', '--find', 'p99<1s', '-r', '5k'], '--rate means nothing to loadtui sweep'],
    [['rate=1k', '--find', 'p99<1s'], 'it cannot be swept'],
    [['rate=1k,2k', '--max-rate', '1500'], 'rate=2k is above the cap of 1.5k'],
    [['acks=all,0', '--find', 'p99<1s'], 'acks=0: response.p99<1s: with acks=0 the broker never answers'],
    [['in-flight=1,9'], 'in-flight=9: --in-flight: 9 requests in flight'],
    [['message-size=8B'], 'message-size=8B: '],
    [['compression=none,lz5'], 'compression cannot be "lz5"'],
    [['linger=0', '--repeats', '0'], '0 repeats measure nothing'],
    [['consumers=1..96', '--repeats', '200'], '1,600 runs'],
    [['consumers=1', '--produce-only'], 'contradicts --produce-only'],
    [['linger=0', '--consume-only', '-t', 'a'], 'a sweep needs producers'],
    [['rate=max', '-b', 'b1:9092'], 'needs a cap'],
    [['linger=0', '--find', 'p99<1s', '-b', 'b1:9092'], 'needs a cap'],
  ])('%j is refused', (args, refusal) => {
    expect(refusalOf(() => swept(args))).toContain(refusal);
  });
});
