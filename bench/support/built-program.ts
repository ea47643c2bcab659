/** The program as its users run it. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { usageError } from '../../source/errors.ts';

const project = fileURLToPath(new URL('../../', import.meta.url));

/** Path of the program. Throws LoadtuiError (USAGE) where the build is older than the source. */
export function builtProgram(): string {
  if (changedMs('dist') < changedMs('source')) throw usageError('the build is missing or old: npm run build');
  return join(project, 'bin/loadtui.js');
}

/** When a file of the folder was written last, Unix ms; 0 where there is none. */
function changedMs(folder: string): number {
  const path = join(project, folder);
  try {
    const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => /\.[jt]sx?$/.test(name));
    return Math.max(0, ...files.map((name) => statSync(join(path, name)).mtimeMs));
  } catch {
    return 0;
  }
}
