/** The built loadtui as a process without a terminal: its lines, its file, its exit code. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { exitCodes } from '../../../source/errors.ts';
import { type SessionDocument, sessionDocumentSchema } from '../../../source/session/document-schema.ts';
import { type CommandResult, runCommand } from '../../support/run-command.ts';
import { Hopeless, waitUntil } from '../../support/wait-until.ts';

const program = fileURLToPath(new URL('../../../bin/loadtui.js', import.meta.url));

export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: readonly string[];
  readonly stderr: string;
}

/** The run ended well. On a machine that is busy with other things it may also say that it could not keep its schedule. */
export function expectDone({ exitCode, stderr }: Finished): void {
  expect([exitCodes.done, exitCodes.clientBound], stderr).toContain(exitCode);
}

function environmentIn(folder: string): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, LANG: 'C.UTF-8', XDG_STATE_HOME: join(folder, 'state') };
}

export class Loadtui {
  /** Temporary: working folder and home of the program's state. `close` removes it. */
  readonly folder: string;
  readonly #process: ChildProcess;
  readonly #stdout: string[] = [];
  #stderr = '';
  readonly #ended: Promise<number | null>;

  private constructor(folder: string, args: readonly string[]) {
    this.folder = folder;
    const child = spawn(process.execPath, [program, ...args], {
      cwd: folder,
      env: environmentIn(folder),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#process = child;
    createInterface({ input: child.stdout }).on('line', (line) => this.#stdout.push(line));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    // The program may end before it has read all commands.
    child.stdin.on('error', () => child.stdin.destroy());
    this.#ended = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (exitCode) => resolve(exitCode));
    });
  }

  static async start(...args: readonly string[]): Promise<Loadtui> {
    return new Loadtui(await mkdtemp(join(tmpdir(), 'loadtui-run-')), args);
  }

  /** Sends a line to `--commands -`. */
  command(text: string): void {
    this.#process.stdin?.write(`${text}\n`);
  }

  /** Waits for a line of stdout from place `from` on; hands back the place after it. */
  waitForLine(what: string, wanted: (line: string) => boolean, from = 0, timeoutMs = 60_000): Promise<number> {
    return waitUntil(
      what,
      () => {
        const at = this.#stdout.findIndex((line, index) => index >= from && wanted(line));
        if (at >= 0) return at + 1;
        if (this.#process.exitCode !== null) throw new Hopeless(`it ended with exit code ${this.#process.exitCode}`);
        return undefined;
      },
      { timeoutMs, describe: () => [...this.#stdout.slice(-15).map(shortened), this.#stderr].join('\n') },
    );
  }

  /** Waits for the end. stdin is closed: nothing more will be commanded. */
  async finished(): Promise<Finished> {
    this.#process.stdin?.end();
    const exitCode = await this.#ended;
    return { exitCode, stdout: this.#stdout, stderr: this.#stderr };
  }

  /** Another loadtui in the same folder, with the same history: to its end. */
  also(...args: readonly string[]): Promise<CommandResult> {
    return runCommand(process.execPath, [program, ...args], { cwd: this.folder, env: environmentIn(this.folder) });
  }

  /** A snapshot in the folder, checked against the schema. */
  async document(name: string): Promise<SessionDocument> {
    return sessionDocumentSchema.parse(JSON.parse(await readFile(join(this.folder, name), 'utf8')));
  }

  /** Ends the process by force, if it still runs, and removes the folder. */
  async close(): Promise<void> {
    if (this.#process.exitCode === null) this.#process.kill('SIGKILL');
    await this.#ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** NDJSON has long lines; their beginning tells enough. */
function shortened(line: string): string {
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
