/** Another program that is measured from outside while it runs, and then ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { processStat } from '../support/process-stat.ts';
import type { Command } from './commands.ts';

/** From being asked to end until it is made to. */
const patienceMs = 3_000;
/** So much of what it says on standard error is kept, for when it fails. */
const keptCharacters = 2_000;

export class ToolProcess {
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;
  readonly #killAtExit = (): void => {
    this.#child.kill('SIGKILL');
  };
  #said = '';
  #error: Error | null = null;

  constructor({ program, args }: Command) {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-keptCharacters);
    });
    child.once('error', (error) => {
      this.#error = error;
    });
    this.#closed = new Promise((resolve) => child.once('close', () => resolve()));
    process.on('exit', this.#killAtExit);
  }

  /** Throws where it has ended, which it was not told to. */
  mustRun(): void {
    if (this.#error !== null) throw this.#error;
    if (this.#child.exitCode === null && this.#child.signalCode === null) return;
    throw new Error(`${this.#child.spawnfile} ended early (${this.#child.exitCode}): ${this.#said}`);
  }

  /** CPU time so far, all threads, ns. Throws where it has ended or the system does not say. */
  cpuNs(): number {
    this.mustRun();
    const stat = processStat(this.#child.pid ?? 0);
    if (stat === null) throw new Error('the CPU time of a process is not known here: this bench needs Linux');
    return stat.ownMs * 1e6;
  }

  /** Asks it to end as Ctrl-C does, then makes it. */
  async end(): Promise<void> {
    this.#child.kill('SIGINT');
    const byForce = setTimeout(this.#killAtExit, patienceMs);
    await this.#closed;
    clearTimeout(byForce);
    process.off('exit', this.#killAtExit);
  }
}
