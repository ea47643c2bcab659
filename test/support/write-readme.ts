/** Writes the tables that the code knows into README.md: `node test/support/write-readme.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { type TableName, tableOf } from './readme-tables.ts';

const path = new URL('../../README.md', import.meta.url);
const names: readonly TableName[] = ['presets', 'keys', 'commands', 'hints'];

let page = readFileSync(path, 'utf8');
for (const name of names) {
  const marks = new RegExp(`<!-- ${name} -->\n[\\s\\S]*?<!-- /${name} -->`);
  page = page.replace(marks, () => `<!-- ${name} -->\n${tableOf(name)}\n<!-- /${name} -->`);
}
writeFileSync(path, page);
