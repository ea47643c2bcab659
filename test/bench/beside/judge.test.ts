import { describe, expect, it } from 'vitest';
import type { ContestantResult } from '../../../bench/beside/beside-schema.ts';
import { judge } from '../../../bench/beside/judge.ts';
import { besidePace } from '../../../bench/beside/pace.ts';
import { targets } from '../../../bench/beside/targets.ts';
import { allTasks } from '../../../bench/beside/tasks.ts';

/** Five rounds around a figure, 2 % apart at most. */
function around(figure: number): number[] {
  return [0.99, 1.01, 1, 0.995, 1.005].map((share) => share * figure);
}

function row(name: string, tool: ContestantResult['tool'], perSecond: number[], cpu = around(100)): ContestantResult {
  return {
    name,
    title: name,
    tool,
    command: name,
    perSecond,
    cpuNsPerMessage: cpu,
    brokerCores: [1],
    ownOverBroker: null,
  };
}

describe('a target for the rate', () => {
  const other = row('rdkafka', 'rdkafka', around(1000));
  const verdictOf = (perSecond: number[]) =>
    judge(
      [row('loadtui', 'loadtui', perSecond), other],
      [{ kind: 'rate', task: 'produce-100', other: 'rdkafka', atLeast: 2 }],
    )[0]?.verdict;

  it.each([
    ['met', around(2100)],
    ['missed', around(1900)],
    ['not told apart', around(2000)],
    ['not told apart', [1500, 1600, 1700, 2400, 2500]],
    ['not told apart', [3000]],
  ])('is %s with %j', (verdict, perSecond) => {
    expect(verdictOf(perSecond)).toBe(verdict);
  });

  it('may be of another row of loadtui, which is held against nobody itself', () => {
    const rows = [row('loadtui', 'loadtui', around(600)), row('plain', 'loadtui', around(1000)), other];
    const half = { kind: 'rate', task: 'tls-1k', other: 'plain', atLeast: 0.5 } as const;
    expect(judge(rows, [half, { ...half, other: 'rdkafka', atLeast: 1 }])).toMatchObject([
      { contestant: 'loadtui', other: 'rdkafka', target: 1, verdict: 'missed' },
      { contestant: 'loadtui', other: 'plain', target: 0.5, verdict: 'met' },
    ]);
  });

  it('may be none: the ratio is told all the same, for each row of loadtui', () => {
    const rows = [row('loadtui', 'loadtui', around(3000)), row('loadtui-2', 'loadtui', around(4000)), other];
    expect(judge(rows, [])).toMatchObject([
      { contestant: 'loadtui', other: 'rdkafka', target: null, verdict: null, ratio: expect.closeTo(3, 1) },
      { contestant: 'loadtui-2', other: 'rdkafka', target: null, verdict: null, ratio: expect.closeTo(4, 1) },
    ]);
  });
});

describe('a limit for CPU time', () => {
  it.each([
    ['met', [90, 120, 95, 99, 130]],
    ['not told apart', [90, 120, 101, 110, 95]],
    ['missed', [101, 120, 130, 102, 103]],
  ])('is %s with %j', (verdict, cpu) => {
    const rows = [row('loadtui', 'loadtui', around(1), cpu), row('java', 'java', around(1), around(9999))];
    const judged = judge(rows, [{ kind: 'cpu', task: 'produce-100', atMostNs: 100 }]);
    expect(judged.filter(({ kind }) => kind === 'cpu')).toEqual([
      { kind: 'cpu', contestant: 'loadtui', target: 100, verdict },
    ]);
  });

  it.each([
    ['met', around(140)],
    ['missed', around(160)],
    ['not told apart', around(150)],
  ])('as many times that of another row, is %s', (verdict, cpu) => {
    const rows = [row('base', 'loadtui', around(1)), row('many', 'loadtui', around(1), cpu)];
    expect(judge(rows, [{ kind: 'cpu-ratio', task: 'shapes', other: 'base', atMost: 1.5 }])).toMatchObject([
      { kind: 'cpu-ratio', contestant: 'many', other: 'base', verdict },
    ]);
  });
});

it('every target names a task and a row that there is', () => {
  const tasks = allTasks(besidePace(5));
  for (const target of targets) {
    const names = tasks.find(({ name }) => name === target.task)?.contestants.map(({ name }) => name);
    expect(names).toContain(target.kind === 'cpu' ? 'loadtui' : target.other);
  }
});
