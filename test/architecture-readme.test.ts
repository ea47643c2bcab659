import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exitCodes } from '../source/errors.ts';
import { faultForms, parseTimedFault } from '../source/sandbox/parse-fault.ts';
import { pages, sectionOf, tableOf } from './support/readme-tables.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const tables = pages.flatMap(([page, names]) => names.map((name) => ({ page, name })));

/** A table without the blanks and dashes that only align its columns. */
function packed(table: string): string {
  return table.trim().replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');
}

describe('the pages', () => {
  it.each(tables)('$page has the table of $name as the code knows it', ({ page, name }) => {
    const written = sectionOf(readFileSync(new URL(`../${page}`, import.meta.url), 'utf8'), name) ?? '';
    expect(packed(written), '`node test/support/write-readme.ts` writes it anew').toBe(packed(tableOf(name)));
  });
});

describe('README.md', () => {
  it.each(Object.entries(exitCodes))('explains the exit code of %s', (_, code) => {
    expect(readme).toMatch(new RegExp(`^\\| ${code} +\\|`, 'm'));
  });
});

describe('faults in README.md', () => {
  it.each(Object.values(faultForms))('%s has a row', (form) => {
    expect(readme).toContain(`| \`${form.replaceAll('|', '\\|')}\` `);
  });

  it('in commands are such that the sandbox takes', () => {
    const given = [...readme.matchAll(/--fault ([a-z]\S*)/g)].map((match) => match[1] ?? '');
    expect(given.length).toBeGreaterThan(0);
    for (const text of given) expect(parseTimedFault(text).afterMs).not.toBeNaN();
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
