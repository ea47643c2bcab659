import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { waitUntil } from '../support/wait-until.ts';

const source = new URL('../../source/commands/terminal-question.ts', import.meta.url).href;
const script = `const { askOnTerminal } = await import(${JSON.stringify(source)});
process.on('SIGTERM', () => process.stdout.write('terminated '));
process.stdout.write(String(await askOnTerminal('Sure?', () => undefined)));`;

/** Asks in a process of its own, does `act` once the question is there, and answers what it printed. */
async function asked(act: (child: ReturnType<typeof ask>) => void): Promise<string> {
  const child = ask();
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  try {
    await waitUntil('a question', () => (stderr.includes('loadtui: Sure? [y/N] ') ? true : undefined), {
      timeoutMs: 15_000,
      everyMs: 10,
      describe: () => stderr,
    });
    act(child);
    await closed;
  } finally {
    child.kill('SIGKILL');
  }
  return stdout;
}

function ask() {
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'pipe' });
}

describe('a question on the terminal', { concurrent: true }, () => {
  it.each([
    ['y\n', 'true'],
    [' Yes \n', 'true'],
    ['n\n', 'false'],
    ['\n', 'false'],
    ['yet\n', 'false'],
  ])('answered by %j is %s', async (answer, means) => {
    expect(await asked(({ stdin }) => stdin.write(answer))).toBe(means);
  });

  it('is a no where the input ends', async () => {
    expect(await asked(({ stdin }) => stdin.end())).toBe('false');
  });

  it('does not keep a process that is to end', async () => {
    expect(await asked((child) => child.kill('SIGTERM'))).toBe('terminated false');
  });
});
