import { describe, expect, it } from 'vitest';
import { LoadtuiError } from '../../source/errors.ts';
import type { ComparedRun } from '../../source/output/compared-run.ts';
import { type Comparison, compareRuns } from '../../source/output/comparison.ts';
import { alternating, type RunChanges, runNamed, slowerP99s, steadyP99s } from './support/compared.ts';

const compare = ([base, later]: readonly [readonly ComparedRun[], readonly ComparedRun[]], force = false): Comparison =>
  compareRuns(base, later, { force });
const figure = (comparison: Comparison, name: string) => comparison.figures.find((one) => one.name === name);
const pair = (changes: RunChanges, base: RunChanges = {}): readonly [ComparedRun[], ComparedRun[]] => [
  [runNamed(1, base)],
  [runNamed(2, changes)],
];

function refused(sides: readonly [readonly ComparedRun[], readonly ComparedRun[]]): string {
  try {
    compare(sides);
  } catch (error) {
    expect(error).toBeInstanceOf(LoadtuiError);
    return error instanceof LoadtuiError ? `${error.exitCode}: ${error.message}` : '';
  }
  return 'not refused';
}

describe('with enough runs', () => {
  it('labels figures, and finds the regression', () => {
    const found = compare(alternating(steadyP99s, slowerP99s));
    expect(found).toMatchObject({ claim: 'labels', coverage: expect.closeTo(0.9589, 4), regression: true });
    expect(found.figures.map(({ name, test }) => [name, test?.label, test?.direction])).toEqual([
      ['p50Ms', 'equivalent', null],
      ['p99Ms', 'different', 'worse'],
      ['throughputRate', 'equivalent', null],
    ]);
    // Three figures: Holm trebles the smallest p.
    expect(figure(found, 'p99Ms')?.test?.pHolm).toBeCloseTo(3 * 0.0021645, 6);
    expect(figure(found, 'p99Ms')).toMatchObject({
      base: { median: 8.25, spread: { low: 7.9, high: 8.6 } },
      new: { median: 9.25, values: slowerP99s },
      ratio: expect.closeTo(1.1243, 4),
    });
  });

  it('finds no regression in what has become better or rests', () => {
    expect(compare(alternating(slowerP99s, steadyP99s))).toMatchObject({ regression: false });
    expect(compare(alternating(steadyP99s, steadyP99s))).toMatchObject({ regression: false });
  });

  it('takes a lower rate for a regression', () => {
    const at = (value: number): RunChanges => ({ figures: { maxSustainableRate: { value, spread: null } } });
    const found = compare(alternating(steadyP99s, steadyP99s, { base: at(60_000), new: at(50_000) }));
    expect(figure(found, 'maxSustainableRate')?.test).toMatchObject({ label: 'different', direction: 'worse' });
    expect(found.regression).toBe(true);
  });

  it('remarks that the sides do not alternate', () => {
    const runs = (first: number) => steadyP99s.map((_, at) => runNamed(first + at));
    expect(compare([runs(1), runs(20)]).remarks).toEqual([expect.stringContaining('one after the other')]);
    expect(compare([runs(20), runs(1)]).remarks).toEqual([expect.stringContaining('one after the other')]);
    expect(compare(alternating(steadyP99s, slowerP99s)).remarks).toEqual([]);
  });
});

describe('with fewer', () => {
  it('shows one run each with the spread within it, and claims nothing', () => {
    const found = compare([[runNamed(1)], [runNamed(2, { figures: { p50Ms: { value: 20, spread: null } } })]]);
    expect(found).toMatchObject({ claim: 'one-run-each', coverage: null, smallestP: 1, regression: false });
    expect(figure(found, 'p50Ms')).toMatchObject({
      base: { median: 2, spread: { low: 1.8, high: 2.2 } },
      new: { median: 20, spread: null },
      ratio: 10,
      interval: null,
      test: null,
    });
  });

  it('shows a few with the spread between them, and the smallest p', () => {
    const found = compare(alternating(steadyP99s.slice(0, 3), slowerP99s.slice(0, 3)));
    expect(found).toMatchObject({ claim: 'too-few-for-labels', smallestP: expect.closeTo(0.1, 9), regression: false });
    expect(figure(found, 'p99Ms')).toMatchObject({ base: { spread: { low: 7.9, high: 8.4 } }, test: null });
    const [base, later] = alternating(steadyP99s, slowerP99s.slice(0, 4));
    expect(compare([base, later])).toMatchObject({ claim: 'too-few-for-labels', regression: false });
  });
});

describe('figures', () => {
  it('are left out where a run has none, with the reason', () => {
    const [base, later] = alternating(steadyP99s, slowerP99s);
    const without = runNamed(40, { figures: { p99Ms: 'it has fewer than 1000 messages' } });
    const found = compare([base, [...later, without]]);
    expect(figure(found, 'p99Ms')).toBeUndefined();
    expect(found.leftOut).toEqual([{ name: 'p99Ms', reason: '40.json: it has fewer than 1000 messages' }]);
    expect(found.figures).toHaveLength(2);
  });

  it('of a search are missed only where somebody searched', () => {
    expect(compare(pair({})).leftOut).toEqual([]);
    expect(compare(pair({ figures: { maxSustainableRate: { value: 5, spread: null } } })).leftOut).toEqual([
      { name: 'maxSustainableRate', reason: '1.json: it made no search' },
    ]);
    const unconfirmed = { figures: { maxSustainableRate: 'its search confirmed no rate' } };
    expect(compare(pair(unconfirmed, unconfirmed)).leftOut).toEqual([
      { name: 'maxSustainableRate', reason: '1.json: its search confirmed no rate (so for 2 of 2 runs)' },
    ]);
  });

  it('that are endless make a run worse than any', () => {
    const found = compare(
      alternating(
        steadyP99s,
        steadyP99s.map(() => Number.POSITIVE_INFINITY),
      ),
    );
    expect(figure(found, 'p99Ms')).toMatchObject({ ratio: Number.POSITIVE_INFINITY, test: { direction: 'worse' } });
  });
});

describe('what is not compared', () => {
  it.each(['message size', 'topics', 'SLO', 'acks', 'broker'])('runs that differ in %s', (name) => {
    const sides = pair({ traits: { [name]: 'other' } });
    expect(refused(sides)).toBe(
      `2: these runs measure different things: they differ in ${name} (as ever against other)`,
    );
    expect(compare(sides, true).unlike).toEqual([{ name, base: ['as ever'], new: ['other'] }]);
  });

  it('several differences at once, each by its name', () => {
    const text = refused(pair({ traits: { acks: '1', SLO: 'none' } }));
    expect(text).toContain('SLO (as ever against none), acks (as ever against 1)');
  });

  it('runs that differ on one side', () => {
    const mixed = [runNamed(1), runNamed(3, { traits: { acks: '1' } })];
    expect(refused([mixed, [runNamed(2), runNamed(4, { traits: { acks: '1' } })]])).toContain('in acks (1, as ever)');
  });

  it('one run with itself, even by force', () => {
    const sides = [[runNamed(1)], [{ ...runNamed(1), session: 'last' }]] as const;
    expect(refused(sides)).toBe('2: 1.json and last are the same run');
    expect(refused([[runNamed(1)], [runNamed(1)]])).toBe('2: 1.json is named twice');
    expect(() => compare(sides, true)).toThrow('are the same run');
  });

  it('nothing, and too much', () => {
    expect(refused([[], [runNamed(1)]])).toBe('2: a comparison needs two sides');
    const many = Array.from({ length: 101 }, (_, at) => runNamed(at + 2));
    expect(refused([[runNamed(1)], many])).toBe('2: more than 100 runs on one side');
  });
});

describe('what was changed', () => {
  it('is named with all its values, and refuses nothing', () => {
    const [base, later] = alternating(steadyP99s, slowerP99s, { new: { traits: { linger: '5 ms' } } });
    const [first, ...others] = later;
    const found = compare([base, first === undefined ? [] : [runNamed(2, { traits: { linger: '20 ms' } }), ...others]]);
    expect(found.changed).toEqual([{ name: 'linger', base: ['as ever'], new: ['20 ms', '5 ms'] }]);
    expect(found.unlike).toEqual([]);
  });

  it('is nothing where both sides vary alike', () => {
    const runs = (first: number) => [runNamed(first), runNamed(first + 1, { traits: { linger: '5 ms' } })];
    expect(compare([runs(1), runs(3)]).changed).toEqual([]);
  });
});

it('carries remarks and the sandbox along', () => {
  const twice = { remarks: ['knobs were turned'] };
  const found = compare(pair({ remarks: ['ended early', 'knobs were turned'], sandbox: true }, twice));
  expect(found).toMatchObject({
    sandbox: true,
    remarks: ['1.json and 1 more: knobs were turned.', '2.json: ended early.'],
  });
});
