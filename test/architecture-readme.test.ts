import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exitCodes } from '../source/errors.ts';
import { sectionOf, type TableName, tableOf } from './support/readme-tables.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const tables: readonly TableName[] = ['presets', 'keys', 'commands'];

describe('README.md', () => {
  it.each(tables)('has the table of %s as the code knows it', (name) => {
    expect(sectionOf(readme, name), '`node test/support/write-readme.ts` writes it anew').toBe(tableOf(name));
  });

  it.each(Object.entries(exitCodes))('explains the exit code of %s', (_, code) => {
    expect(readme).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'));
  });
});

describe('sectionOf', () => {
  it('is what stands between the marks', () => {
    expect(sectionOf('a\n<!-- keys -->\none\ntwo\n<!-- /keys -->\nb', 'keys')).toBe('one\ntwo');
  });

  it('is null where the marks are missing', () => {
    expect(sectionOf('a\nb', 'keys')).toBeNull();
  });
});
