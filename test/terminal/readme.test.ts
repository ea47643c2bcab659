import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { available } from '../support/requirement.ts';
import { runCommand } from '../support/run-command.ts';

const hasJq = available("the README's questions to a saved file", [
  { name: 'jq', present: () => spawnSync('jq', ['--version']).status === 0 },
]);
const program = fileURLToPath(new URL('../../bin/loadtui.js', import.meta.url));
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
/** Python with pandas: of a virtual environment, or the machine's own. */
const python = [fileURLToPath(new URL('../../.cache/python/bin/python3', import.meta.url)), 'python3'].find(
  (path) => spawnSync(path, ['-c', 'import pandas']).status === 0,
);
const pythonLines = /^```python\n(.*?)^```$/ms.exec(readme)?.[1] ?? '';
const questions = readme.split('\n').filter((line) => /^jq .* run\.json$/.test(line));

describe.runIf(hasJq)("the README's questions to a saved file", () => {
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'loadtui-readme-'));
    const run = ['--preset', 'latency', '--rate', '8k', '--plain', '--warm-up', '1s', '--duration', '2s'];
    const { exitCode, stderr } = await runCommand(
      process.execPath,
      [program, ...run, '--no-achieved-gate', '--save', 'run.json'],
      { cwd: folder, env: { ...process.env, XDG_STATE_HOME: join(folder, 'state') } },
    );
    expect([0, 6], stderr).toContain(exitCode);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('are there', () => {
    expect(questions.length).toBeGreaterThanOrEqual(3);
    expect(pythonLines).toContain('json_normalize');
  });

  it.runIf(python !== undefined)('may be asked in pandas', async () => {
    const { exitCode, stdout, stderr } = await runCommand(python ?? '', ['-c', pythonLines], { cwd: folder });
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/response\.p50Ms/);
    expect(stdout).toMatch(/knobs\.rate\.applied\s+totals\.acked/);
    expect(stdout).not.toContain('Empty DataFrame');
  });

  it.each(questions)('%s', async (question) => {
    const { exitCode, stdout, stderr } = await runCommand('sh', ['-c', question], { cwd: folder });
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/\d/);
    expect(stdout).not.toMatch(/\bnull\b/);
  });
});
