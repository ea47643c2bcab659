import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importFaults, importsOf, roomOf, type SourceFile } from './support/import-rules.ts';

const project = fileURLToPath(new URL('../', import.meta.url));

function sourceFiles(): SourceFile[] {
  return readdirSync(`${project}source`, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => `source/${name.replaceAll('\\', '/')}`)
    .map((path) => ({ path, text: readFileSync(project + path, 'utf8') }));
}

describe('the source', () => {
  const files = sourceFiles();

  it('is all there', () => {
    expect(files.map((file) => file.path)).toEqual(
      expect.arrayContaining([
        'source/cli.ts',
        'source/errors.ts',
        'source/session/view.ts',
        'source/clients/types.ts',
      ]),
    );
  });

  it('imports one way only', () => {
    expect(importFaults(files)).toEqual([]);
  });
});

describe('importFaults', () => {
  const faultsOf = (path: string, text: string): string[] => importFaults([{ path, text }]);

  it.each([
    ['source/session/run.ts', "import { pace } from '../load/pacer.ts';"],
    ['source/session/run.ts', "import type { Plan } from '../config/plan.ts';"],
    ['source/ui/app.tsx', "import { Box } from 'ink';\nimport { memo } from 'react';"],
    [
      'source/clients/wire/socket.ts',
      "import { usageError } from '../../errors.ts';\nimport { x } from '../types.ts';",
    ],
    ['source/load/pool.ts', 'new Worker(new URL(`./thread.ts`, import.meta.url));'],
    ['source/cli.ts', 'main(process.argv.slice(2));'],
    ['source/commands/run.ts', "import { startSandbox } from '../sandbox/start.ts';"],
    ['source/output/lines.ts', '/** Never looks at process.argv. */\nconst a = 1; // process.argv is for cli.ts\n'],
  ])('finds nothing wrong with %s', (path, text) => {
    expect(faultsOf(path, text)).toEqual([]);
  });

  it.each([
    ['upwards', 'source/load/pacer.ts', "import { run } from '../session/run.ts';"],
    ['upwards by a type', 'source/clients/types.ts', "import type { Phase } from '../session/view.ts';"],
    ['upwards by a re-export', 'source/measure/clock.ts', "export * from '../load/pacer.ts';"],
    [
      'upwards over several lines',
      'source/measure/clock.ts',
      "import {\n  type A,\n  b,\n} from '../clients/types.ts';",
    ],
    ['upwards at run time', 'source/session/run.ts', "const ui = await import('../ui/app.tsx');"],
    ['upwards as a thread', 'source/load/pool.ts', "new Worker(new URL('../session/thread.ts', import.meta.url));"],
    ['sideways', 'source/ui/app.tsx', "import { writeCsv } from '../output/csv.ts';"],
    ['config imports a room', 'source/config/plan.ts', "import { realClock } from '../measure/clock.ts';"],
    ['sandbox imports a room', 'source/sandbox/log.ts', "import { crc } from '../clients/wire/crc32c.ts';"],
    ['ui starts the sandbox', 'source/ui/app.tsx', "import { startSandbox } from '../sandbox/start.ts';"],
    ['ink outside ui', 'source/commands/run.ts', "import { render } from 'ink';"],
    ['react outside ui', 'source/session/run.ts', "import { jsx } from 'react/jsx-runtime';"],
    ['arguments outside cli', 'source/commands/run.ts', 'const words = process.argv.slice(2);'],
    ['arguments by name', 'source/config/flags.ts', "import { argv } from 'node:process';"],
    ['a room without a rule', 'source/extras/x.ts', ''],
  ])('finds %s', (_, path, text) => {
    expect(faultsOf(path, text)).toHaveLength(1);
  });
});

describe('importsOf', () => {
  it('leaves prose alone', () => {
    expect(
      importsOf("/**\n * import what you need from '../ui/app.tsx'\n */\nconst text = 'export of rows';\n"),
    ).toEqual([]);
  });
});

describe('roomOf', () => {
  it.each([
    ['source/cli.ts', 'cli'],
    ['source/clients/wire/types.ts', 'clients'],
    ['source/ui/app.tsx', 'ui'],
  ])('%s → %s', (path, room) => {
    expect(roomOf(path)).toBe(room);
  });
});
