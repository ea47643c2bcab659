import { describe, expect, it } from 'vitest';
import {
  type Baseline,
  compare,
  isRegression,
  isSameMachine,
  type Machine,
  readBaseline,
  slowdownOf,
  updated,
} from '../../bench/baseline.ts';
import { benches } from '../../bench/benches.ts';
import { cost, type Figure, rate } from '../../bench/figures.ts';

const machine: Machine = { cpu: 'A chip', cores: 2, platform: 'linux x64', node: '24.1.0' };
const baseline: Baseline = {
  machine,
  figures: {
    'b: cost': { value: 100, unit: 'ns/msg' },
    'b: speed': { value: 1000, unit: 'msg/s' },
    'b: nothing': { value: 0, unit: 'ms' },
  },
};
const measured = (figure: Figure, isDisturbed = false) => ({ bench: 'b', figure, isDisturbed });
const standing = (figure: Figure) => compare(measured(figure), baseline).standing;

describe('compare', () => {
  it('takes the median of the rounds, and its ratio to the baseline', () => {
    const figure = cost('cost', 'ns/msg', [400, 110, 90]);
    expect(compare(measured(figure), baseline)).toEqual({
      ...measured(figure),
      value: 110,
      baseline: 100,
      ratio: 1.1,
      standing: 'same',
    });
  });

  it.each([
    ['a cost within the tolerance', cost('cost', 'ns/msg', [129]), 'same'],
    ['a cost above it', cost('cost', 'ns/msg', [131]), 'worse'],
    ['a cost far below', cost('cost', 'ns/msg', [70]), 'better'],
    ['a speed within the tolerance', rate('speed', 'msg/s', [780]), 'same'],
    ['a speed below it', rate('speed', 'msg/s', [750]), 'worse'],
    ['a speed far above', rate('speed', 'msg/s', [1400]), 'better'],
    ['a wider tolerance', cost('cost', 'ns/msg', [190], { tolerance: 1 }), 'same'],
    ['a figure that was not there', cost('other', 'ns/msg', [1]), 'new'],
    ['a figure in another unit', cost('cost', 'ms', [100]), 'new'],
    ['a baseline of nothing', cost('nothing', 'ms', [5]), 'new'],
    ['a cost above its limit', cost('cost', 'ns/msg', [101], { limit: 100 }), 'broken promise'],
    ['a share below its limit', rate('share', 'fraction', [0.99], { limit: 0.995 }), 'broken promise'],
    ['a share at its limit', rate('share', 'fraction', [0.995], { limit: 0.995 }), 'new'],
  ])('judges %s', (_what, figure, expected) => {
    expect(standing(figure)).toBe(expected);
  });

  it('knows nothing without a baseline', () => {
    const { ratio, standing: judged } = compare(measured(cost('cost', 'ns/msg', [1])), null);
    expect([ratio, judged]).toEqual([null, 'new']);
  });
});

describe('isRegression', () => {
  it.each([
    ['one good round is enough', cost('cost', 'ns/msg', [900, 249, 900]), false],
    ['all rounds far worse', cost('cost', 'ns/msg', [900, 251, 900]), true],
    ['far less speed in the best round', rate('speed', 'msg/s', [100, 399]), true],
    ['far less speed in most', rate('speed', 'msg/s', [100, 401]), false],
    ['a promise is what counts where there is one', cost('cost', 'ns/msg', [500], { limit: 300 }), false],
    ['far from a promise', cost('new', 'ms', [6, 5.1], { limit: 2 }), true],
    ['a tail', cost('cost', 'ns/msg', [900], { tolerance: 1.5 }), false],
    ['what was not there', cost('other', 'ns/msg', [900]), false],
  ])('%s', (_what, figure, expected) => {
    expect(isRegression(compare(measured(figure), baseline))).toBe(expected);
  });
});

describe('slowdownOf', () => {
  const compared = (...costs: readonly number[]) =>
    costs.map((ns) => compare(measured(cost('cost', 'ns/msg', [ns, 900])), baseline));

  it('is the median of how much worse the best rounds are, from 1 to 2', () => {
    expect(slowdownOf([])).toBe(1);
    expect(slowdownOf(compared(50, 60, 400))).toBe(1);
    expect(slowdownOf(compared(140, 150, 400))).toBe(1.5);
    expect(slowdownOf(compared(300, 350, 400))).toBe(2);
    expect(slowdownOf([compare(measured(rate('speed', 'msg/s', [100, 800])), baseline)])).toBe(1.25);
  });

  it('is no regression of what is slower by as much', () => {
    const slow = compare(measured(cost('cost', 'ns/msg', [280])), baseline);
    expect([isRegression(slow), isRegression(slow, 1.5)]).toEqual([true, false]);
  });
});

describe('isSameMachine', () => {
  it.each([
    ['another patch of Node', { node: '24.9.3' }, true],
    ['another Node', { node: '26.0.0' }, false],
    ['more cores', { cores: 4 }, false],
    ['another processor', { cpu: 'B chip' }, false],
    ['another system', { platform: 'darwin arm64' }, false],
  ])('%s', (_what, change, same) => {
    expect(isSameMachine(machine, { ...machine, ...change })).toBe(same);
  });
});

describe('updated', () => {
  const figure = cost('cost', 'ns/msg', [123.4567]);

  it('replaces what was measured and keeps the rest', () => {
    const { figures } = updated(baseline, machine, [measured(figure)]);
    expect(figures).toEqual({ ...baseline.figures, 'b: cost': { value: 123.5, unit: 'ns/msg' } });
  });

  it('keeps what was there where the new figure was disturbed', () => {
    expect(updated(baseline, machine, [measured(figure, true)])).toEqual(baseline);
  });

  it('begins anew on another machine', () => {
    const other = { ...machine, cores: 64 };
    expect(updated(baseline, other, [measured(figure)])).toEqual({
      machine: other,
      figures: { 'b: cost': { value: 123.5, unit: 'ns/msg' } },
    });
  });
});

describe('baseline.json', () => {
  it('is readable, and of benches that there are', async () => {
    const committed = await readBaseline();
    const names = Object.keys(committed?.figures ?? {}).map((key) => key.split(': ')[0] ?? '');
    const known = benches.map(({ name }) => name);
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('has benches with names of their own', () => {
    const names = benches.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
