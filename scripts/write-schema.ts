/** Writes the JSON schemas of what loadtui writes: `node scripts/write-schema.ts`. Tests fail while one is out of date. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { comparisonSchemaText } from '../source/output/comparison-schema.ts';
import { sessionSchemaText } from '../source/session/document-json-schema.ts';

const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
const texts = { session: sessionSchemaText(), comparison: comparisonSchemaText() };
for (const [name, text] of Object.entries(texts)) {
  const path = fileURLToPath(new URL(`../${name}.schema.json`, import.meta.url));
  writeFileSync(path, text);
  // Formatted like every other file, so that the lint has nothing to say about it.
  execFileSync(process.execPath, [biome, 'format', '--write', path], { stdio: 'inherit' });
}
