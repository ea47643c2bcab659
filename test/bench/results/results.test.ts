import { describe, expect, it } from 'vitest';
import type { BesideResults, ContestantResult } from '../../../bench/beside/beside-schema.ts';
import { mergeTasks } from '../../../bench/beside/merge-tasks.ts';
import { blockMarkdown } from '../../../bench/results/block.ts';
import { resultsMarkdown, resultsSchema } from '../../../bench/results/results.ts';
import { sections } from '../../../bench/results/sections.ts';

const loadtui: ContestantResult = {
  name: 'loadtui',
  title: 'loadtui',
  tool: 'loadtui',
  command: 'node bin/loadtui.js run',
  perSecond: [2_900_000, 3_100_000, 3_000_000],
  cpuNsPerMessage: [95, 100, 90],
  brokerCores: [0.9, 1.1, 1],
  ownOverBroker: [1, 0.99, 1.002],
};

const beside: BesideResults = {
  rounds: 3,
  warmUpRounds: 1,
  produceWarmUpMs: 3000,
  produceMeasureMs: 5000,
  consumeWarmUpMs: 1000,
  consumeMeasureMs: 4000,
  filledBytes: 1024 ** 3,
  logs: 'memory',
  brokerProperties: { 'log.initial.task.delay.ms': '500' },
  versions: { loadtui: '1.2.3', Kafka: '4.3.1' },
  missing: [{ tool: 'rdkafka_performance', makeWith: ['make libs'] }],
  tasks: [
    {
      name: 'produce-100',
      kind: 'produce',
      title: 'Produce 100 B',
      contestants: [
        loadtui,
        {
          ...loadtui,
          name: 'java',
          title: 'ProducerPerformance',
          tool: 'java',
          command: 'java -cp libs',
          perSecond: [1_000_000, 1_000_000, 1_000_000],
          ownOverBroker: null,
        },
      ],
      judgements: [
        {
          kind: 'rate',
          contestant: 'loadtui',
          other: 'java',
          ratio: 3,
          interval: { low: 2.9, high: 3.1 },
          target: 4,
          verdict: 'missed',
        },
        { kind: 'cpu', contestant: 'loadtui', target: 130, verdict: 'met' },
      ],
    },
  ],
};

const machine = { cpu: 'a processor', cores: 4, platform: 'linux x64', node: '24.21.0' };

function markdownOf(data: unknown): string {
  return resultsMarkdown(
    resultsSchema.parse({ sections: { beside: { date: '2026-11-21', machine, data } } }),
    '## Limits\n',
  );
}

describe('resultsMarkdown', () => {
  it('shows each row and each judgement', () => {
    const lines = markdownOf(beside).split('\n');
    expect(lines).toContain('## Beside other tools');
    expect(lines).toContain('Measured on 2026-11-21: a processor, 4 cores, linux x64, Node 24.21.0.');
    expect(lines).toContain('### Produce 100 B');
    expect(lines).toContain('| loadtui | 3,000 | 2,900–3,100 | 95.0 | 90.0–100 | 0.28 | 1.00 |');
    expect(lines).toContain('| messages/s: loadtui over ProducerPerformance | 3.00 × | 2.90–3.10 | ≥ 4 × | missed |');
    expect(lines).toContain('| CPU a message: loadtui | 95.0 ns | – | ≤ 130 ns | met |');
    expect(lines).toContain('java -cp libs');
  });

  it('says what is missing, and how it is made', () => {
    expect(markdownOf(beside)).toContain('**Not measured: rdkafka_performance**');
    expect(markdownOf({ ...beside, missing: [] })).not.toContain('Not measured');
  });

  it("says how far loadtui's own figure was from the broker's, and loudly where that was too far", () => {
    expect(markdownOf(beside)).toContain("within 1.0 % of the broker's figure in every turn.");
    const [task] = beside.tasks;
    const far = { ...task, contestants: [{ ...loadtui, ownOverBroker: [0.9] }] };
    expect(markdownOf({ ...beside, tasks: [far] })).toContain('more than the 5.0 % that it may differ by.**');
  });

  it('refuses data that are not as the section keeps them', () => {
    expect(() => markdownOf({ ...beside, rounds: 0 })).toThrow();
  });

  it('has no section that nobody measured', () => {
    expect(resultsMarkdown({ sections: {} }, 'why\n')).not.toContain('##');
  });
});

describe('blockMarkdown', () => {
  it('keeps a bar in a cell apart from those between cells', () => {
    const columns = [
      { title: 'a', align: 'left' },
      { title: 'b', align: 'right' },
    ] as const;
    expect(blockMarkdown({ kind: 'table', columns, rows: [['x|y', '1']] })).toBe(
      '| a | b |\n| --- | ---: |\n| x\\|y | 1 |\n',
    );
  });
});

describe('tasks that are measured by themselves', () => {
  const [task] = beside.tasks;
  if (task === undefined) throw new Error('there is no task');
  const lz4 = { ...task, name: 'lz4-1k' } as const;
  const anew = { ...task, title: 'anew' };

  it('stand among the others, which keep the day of theirs', () => {
    const before = { ...beside, tasks: [{ ...lz4, date: '2026-01-01' }, task] };
    const merged = mergeTasks(before, '2026-02-02', { ...beside, tasks: [{ ...lz4, title: 'now' }] });
    expect(merged?.tasks).toEqual([
      { ...task, date: '2026-02-02' },
      { ...lz4, title: 'now' },
    ]);
    expect(mergeTasks(before, '2026-02-02', { ...beside, tasks: [anew] })?.tasks).toEqual([
      anew,
      { ...lz4, date: '2026-01-01' },
    ]);
  });

  it('do not where they were measured in another way', () => {
    expect(mergeTasks(beside, '2026-02-02', { ...beside, rounds: 5 })).toBeNull();
  });

  it('say their day', () => {
    const data = { ...beside, tasks: [{ ...task, date: '2026-02-02' }] };
    const blocks = sections.beside.blocks(data).map(blockMarkdown).join('\n');
    expect(blocks).toMatch(/Produce 100 B\n+Measured on 2026-02-02\./);
  });
});
