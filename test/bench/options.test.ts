import { describe, expect, it } from 'vitest';
import type { Bench } from '../../bench/bench.ts';
import { readOptions, select } from '../../bench/options.ts';
import { refusalOf } from '../config/support.ts';

function bench(name: string, needs: Bench['needs'] = 'nothing'): Bench {
  return { name, needs, timeoutMs: 1, run: () => [] };
}

const benches = [bench('micro.batch'), bench('micro.lane'), bench('sandbox.produce'), bench('kafka.produce', 'kafka')];
const selected = (...args: readonly string[]): readonly string[] =>
  select(benches, readOptions(args)).map(({ name }) => name);

describe('readOptions', () => {
  it('reads all of them', () => {
    expect(readOptions(['--only', 'micro', '--only', 'sandbox.produce', '--json', '--brokers', 'h:9092'])).toEqual({
      only: ['micro', 'sandbox.produce'],
      json: true,
      update: false,
      quick: false,
      guard: false,
      own: false,
      kafka: false,
      brokers: 'h:9092',
      scale: null,
      searches: null,
      beside: null,
      help: false,
    });
  });

  it.each([
    [['--scale'], ['rate', 'partitions', 'producers', 'size']],
    [
      ['--scale', 'size', 'rate', '--quick'],
      ['rate', 'size'],
    ],
    [[], null],
  ])('takes dimensions: %j', (args, names) => {
    expect(readOptions(args).scale).toEqual(names);
  });

  it.each([
    [['--beside'], { rounds: 5, onlyTasks: [] }],
    [
      ['--beside', '--rounds=7', '--only-task', 'shapes', '--only-task', 'consume-1k'],
      { rounds: 7, onlyTasks: ['shapes', 'consume-1k'] },
    ],
    [['--beside', '--quick'], { rounds: 5, onlyTasks: [] }],
  ])('beside other tools: %j', (args, beside) => {
    expect(readOptions(args).beside).toEqual(beside);
  });

  it.each([
    [['--scale', 'speed'], 'speed'],
    [['--scale', '--only', 'micro'], '--scale'],
    [['--scale', '--update'], '--scale'],
    [['--scale', '--beside'], '--beside'],
    [['--scale', '--json'], '--scale'],
    [['--fast'], '--fast'],
    [['extra'], 'extra'],
    [['--quick', '--update'], '--update'],
    [['--kafka', '--brokers', 'h:9092'], '--brokers'],
    [['--rounds', '7'], '--beside'],
    [['--only-task', 'produce-100'], '--beside'],
    [['--beside', '--rounds', '4'], '--rounds 4'],
    [['--beside', '--rounds', 'many'], '--rounds many'],
    [['--beside', '--only-task', 'produce'], 'there is no task produce'],
    [['--beside', '--kafka'], '--kafka'],
    [['--beside', '--only', 'micro'], '--only'],
    [['--beside', '--scale'], '--scale'],
  ])('refuses %j', (args, named) => {
    expect(refusalOf(() => readOptions(args))).toContain(named);
  });
});

describe('select', () => {
  it('takes what needs no Kafka where there is none', () => {
    expect(selected()).toEqual(['micro.batch', 'micro.lane', 'sandbox.produce']);
  });

  it.each([['--kafka'], ['--brokers=h:9092']])('takes all with %s', (flag) => {
    expect(selected(flag)).toEqual(benches.map(({ name }) => name));
  });

  it('takes a long one only where it is named in full', () => {
    const some: readonly Bench[] = [bench('sandbox.produce'), { ...bench('sandbox.soak'), isLong: true }];
    const names = (...args: readonly string[]) => select(some, readOptions(args)).map(({ name }) => name);
    expect(names()).toEqual(['sandbox.produce']);
    expect(names('--only', 'sandbox')).toEqual(['sandbox.produce']);
    expect(names('--only', 'sandbox.soak')).toEqual(['sandbox.soak']);
  });

  it.each([
    [
      ['--only', 'micro'],
      ['micro.batch', 'micro.lane'],
    ],
    [
      ['--only', 'micro.lane', '--only', 'sandbox'],
      ['micro.lane', 'sandbox.produce'],
    ],
    [['--only', 'kafka', '--kafka'], ['kafka.produce']],
  ])('takes groups and single ones: %j', (args, names) => {
    expect(selected(...args)).toEqual(names);
  });

  it.each([
    [['--only', 'mic'], 'there is no bench mic'],
    [['--only', 'kafka'], 'kafka needs a Kafka'],
    [['--only', 'micro', '--only', 'kafka.produce'], 'kafka.produce needs a Kafka'],
  ])('refuses %j', (args, message) => {
    expect(refusalOf(() => selected(...args))).toContain(message);
  });

  it('reads which searches, and how often', () => {
    expect(readOptions(['--searches']).searches).toEqual({ names: [], rounds: 10 });
    expect(readOptions(['--searches', 'curve', 'quota', '--rounds', '2']).searches).toEqual({
      names: ['curve', 'quota'],
      rounds: 2,
    });
    expect(() => readOptions(['--searches', 'kurve'])).toThrow('there is no search kurve');
    expect(() => readOptions(['--searches', '--rounds', '0'])).toThrow('cannot be run');
  });
});
