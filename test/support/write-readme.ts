/** Writes the tables that the code knows into the pages: `node test/support/write-readme.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { pages, tableOf } from './readme-tables.ts';

for (const [name, tables] of pages) {
  const path = new URL(`../../${name}`, import.meta.url);
  let page = readFileSync(path, 'utf8');
  for (const table of tables) {
    const marks = new RegExp(`<!-- ${table} -->\n[\\s\\S]*?<!-- /${table} -->`);
    page = page.replace(marks, () => `<!-- ${table} -->\n${tableOf(table)}\n<!-- /${table} -->`);
  }
  writeFileSync(path, page);
}
