/** Runs the program from its source: in a process of its own, or in this one, which is quicker. */
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { main } from '../../source/cli.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a run would leave must not be among the user's own. */
const stateHome = join(tmpdir(), `loadtui-cli-state-${process.pid}`);

const cli = new URL('../../source/cli.ts', import.meta.url).href;
const script = `const { main } = await import(${JSON.stringify(cli)}); await main(process.argv.slice(1));`;

/** What starts the program in a process of its own. */
export function command(args: readonly string[]): string[] {
  return [process.execPath, '--input-type=module', '-e', script, '--', ...args];
}

/** Runs the program in this process, for what ends before it reads its input or starts a thread. */
export async function loadtuiHere(args: readonly string[]): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  const exitCode = process.exitCode;
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text, ...rest) => {
      said[stream] += String(text);
      for (const argument of rest) {
        if (typeof argument === 'function') argument();
      }
      return true;
    }),
  );
  try {
    return { code: await main(args), ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = exitCode;
  }
}

/** The words after `loadtui`, what comes on standard input, and variables beside a bare environment. */
export function loadtui(
  args: readonly string[],
  input = '',
  variables: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const [program = '', ...words] = command(args);
  const child = spawn(program, words, {
    env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', XDG_STATE_HOME: stateHome, ...variables },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // A program that does not read its input closes it; that is its right.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
