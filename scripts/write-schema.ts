/** Writes session.schema.json: `node scripts/write-schema.ts`. A test fails while the file is out of date. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { sessionSchemaText } from '../source/session/document-json-schema.ts';

const path = fileURLToPath(new URL('../session.schema.json', import.meta.url));
writeFileSync(path, sessionSchemaText());
// Formatted like every other file, so that the lint has nothing to say about it.
const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
execFileSync(process.execPath, [biome, 'format', '--write', path], { stdio: 'inherit' });
