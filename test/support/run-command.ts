import { spawn } from 'node:child_process';

export interface CommandResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** The command is killed then, and the promise rejects with what it had said. */
  readonly timeoutMs?: number;
  /** Is told the process's id, to look at it while it runs. */
  readonly started?: (pid: number) => void;
}

/** Runs a program to its end and hands back all it said; a nonzero exit code is no error here. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    if (child.pid !== undefined) options.started?.(child.pid);
    let stdout = '';
    let stderr = '';
    let timedOut = false;
    const timeoutMs = options.timeoutMs ?? 60_000;
    // It must not outlive whoever waits for it.
    const killAtExit = (): void => {
      child.kill('SIGKILL');
    };
    process.on('exit', killAtExit);
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, timeoutMs);

    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    // A program that ends before it has read its input breaks the pipe; its exit code tells the story.
    child.stdin.on('error', () => child.stdin.destroy());
    child.stdin.end(options.input ?? '');

    child.on('error', (error) => {
      clearTimeout(timer);
      process.off('exit', killAtExit);
      reject(error);
    });
    child.on('close', (exitCode, signal) => {
      clearTimeout(timer);
      process.off('exit', killAtExit);
      if (timedOut) {
        reject(new Error(`${program} ran longer than ${timeoutMs} ms\nstdout: ${stdout}\nstderr: ${stderr}`));
        return;
      }
      resolve({ exitCode, signal, stdout, stderr });
    });
  });
}
