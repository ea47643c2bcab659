import { describe, expect, it } from 'vitest';
import { type Baseline, compare, type Machine } from '../../bench/baseline.ts';
import { cost, rate } from '../../bench/figures.ts';
import { jsonText, numberText, tableText } from '../../bench/report.ts';

const machine: Machine = { cpu: 'A chip', cores: 2, platform: 'linux x64', node: '24.1.0' };
const baseline: Baseline = { machine, figures: { 'micro.lane: at a rate': { value: 40, unit: 'ns/msg' } } };
const quiet = (bench: string) => ({ bench, isDisturbed: false });
const comparisons = [
  compare({ ...quiet('micro.lane'), figure: cost('at a rate', 'ns/msg', [50, 60, 66]) }, baseline),
  compare({ ...quiet('micro.lane'), figure: cost('with keys', 'ns/msg', [0.1234]) }, baseline),
  compare(
    { bench: 'sandbox.produce', isDisturbed: true, figure: rate('100 B', 'msg/s', [2_500_000, 2_500_000]) },
    baseline,
  ),
];

describe('numberText', () => {
  it.each([
    [1_234_567.8, '1,234,568'],
    [100.4, '100'],
    [42.42, '42.4'],
    [1.25, '1.25'],
    [0.99512, '0.995'],
  ])('writes %d', (value, text) => {
    expect(numberText(value)).toBe(text);
  });
});

describe('tableText', () => {
  it('puts measured, baseline and ratio side by side, by bench', () => {
    expect(tableText(comparisons)).toBe(
      [
        '  figure            measured  baseline  ratio  spread',
        'micro.lane',
        '  at a rate      60.0 ns/msg      40.0   1.50    17 %      worse',
        '  with keys     0.123 ns/msg         -      -       -',
        'sandbox.produce',
        '  100 B      2,500,000 msg/s         -      -     0 %  disturbed',
        '',
      ].join('\n'),
    );
  });
});

describe('jsonText', () => {
  it('has machine, figures and failures', () => {
    const failed = [{ bench: 'sandbox.consume', message: 'nothing was read' }];
    const document: unknown = JSON.parse(jsonText(machine, comparisons, failed));
    expect(document).toMatchObject({
      machine,
      failed,
      figures: [
        { bench: 'micro.lane', name: 'at a rate', value: 60, baseline: 40, ratio: 1.5, standing: 'worse' },
        { name: 'with keys', baseline: null, ratio: null, standing: 'new' },
        { name: '100 B', unit: 'msg/s', better: 'more', rounds: [2_500_000, 2_500_000], isDisturbed: true },
      ],
    });
  });
});
