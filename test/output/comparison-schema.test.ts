import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { compareRuns } from '../../source/output/comparison.ts';
import { comparisonJson, comparisonSchema, comparisonSchemaText } from '../../source/output/comparison-schema.ts';
import { alternating, type RunChanges, runNamed, slowerP99s, steadyP99s } from './support/compared.ts';

const written = (...sides: Parameters<typeof compareRuns>[0][]) => {
  const [base = [], later = []] = sides;
  return comparisonSchema.parse(JSON.parse(comparisonJson(compareRuns(base, later, { force: true }))));
};
const unlike: RunChanges = {
  traits: { acks: '1', linger: '5 ms' },
  sandbox: true,
  figures: { p50Ms: 'it has no response times' },
  remarks: ['exit code 6, client-bound'],
};

test('comparison.schema.json is what scripts/write-schema.ts writes', () => {
  const shipped = readFileSync(new URL('../../comparison.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(shipped)).toEqual(JSON.parse(comparisonSchemaText()));
  const { files } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(files).toContain('comparison.schema.json');
});

describe('a comparison as JSON obeys its schema', () => {
  it.each<[string, 1 | 3 | 6]>([
    ['one-run-each', 1],
    ['too-few-for-labels', 3],
    ['labels', 6],
  ])('%s', (claim, count) => {
    const [base, later] = alternating(steadyP99s.slice(0, count), slowerP99s.slice(0, count), { new: unlike });
    const comparison = written(base, later);
    expect(comparison).toMatchObject({ schemaVersion: 1, claim, sandbox: true, leftOut: [{ name: 'p50Ms' }] });
    expect(comparison.unlike.map(({ name }) => name)).toEqual(['acks']);
  });

  it('and tells what is endless from what is not known', () => {
    const never = { value: Number.POSITIVE_INFINITY, spread: null };
    const { figures } = written([runNamed(1)], [runNamed(2, { figures: { p99Ms: never } })]);
    expect(figures.find(({ name }) => name === 'p99Ms')).toMatchObject({
      new: { values: ['endless'], median: 'endless', spread: null },
      ratio: 'endless',
      interval: null,
    });
    const late = steadyP99s.map(() => Number.POSITIVE_INFINITY);
    const [p99] = written(...alternating(steadyP99s, late)).figures.filter(({ name }) => name === 'p99Ms');
    expect(p99).toMatchObject({ interval: { low: 'endless', high: 'endless' }, test: { direction: 'worse' } });
  });
});
