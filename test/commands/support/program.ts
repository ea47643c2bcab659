/** The program in a process of its own, as a user starts it, without a terminal. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';
import { patienceMs } from '../../session/support/live-run.ts';
import { waitUntil } from '../../support/wait-until.ts';

/** The program's own file. */
export const entry = fileURLToPath(new URL('./loadtui.ts', import.meta.url));

/** Ended after the test. */
export class ProgramOf {
  readonly child;
  /** Temporary home of the program's state. */
  readonly stateHome = mkdtempSync(join(tmpdir(), 'loadtui-state-'));
  readonly lines: string[] = [];
  stderr = '';
  readonly #closed: Promise<unknown>;

  constructor(
    { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
    args: readonly string[],
    variables: NodeJS.ProcessEnv = {},
    /** What starts Node. */
    before: readonly string[] = [],
  ) {
    const [first = '', ...words] = [...before, process.execPath, entry, ...args];
    const env = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', XDG_STATE_HOME: this.stateHome, ...variables };
    this.child = spawn(first, words, { env });
    this.#closed = once(this.child, 'close');
    createInterface({ input: this.child.stdout }).on('line', (line) => this.lines.push(line));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.child.stdin.on('error', () => this.child.stdin.destroy());
    onTestFinished(async () => {
      await this.kill();
      await rm(this.stateHome, { recursive: true, force: true });
    });
  }

  /** Waits for a line of standard output that holds `part`. */
  line(part: string): Promise<string> {
    return this.#until(`"${part}" on stdout`, () => this.lines.find((line) => line.includes(part)));
  }

  /** Waits for so many intervals of the measured phase in NDJSON; hands back when each began, Unix ms. */
  intervals(count: number): Promise<number[]> {
    return this.#until(`${count} measured intervals`, () => {
      const measured = this.objects().filter(({ type, phase }) => type === 'interval' && phase === 'measuring');
      return measured.length < count ? undefined : measured.map(({ timeMs }) => Number(timeMs));
    });
  }

  said(part: string): Promise<true> {
    return this.#until(`"${part}" on stderr`, () => (this.stderr.includes(part) ? true : undefined));
  }

  async exitCode(): Promise<number | null> {
    await this.#until('the end', () => (this.child.exitCode === null ? undefined : true));
    await this.#closed;
    return this.child.exitCode;
  }

  /** However it ended. */
  async ended(): Promise<void> {
    await this.#until('the end', () =>
      this.child.exitCode === null && this.child.signalCode === null ? undefined : true,
    );
    await this.#closed;
  }

  /** Ends it as a crash would, if it still runs. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.#closed;
  }

  objects(): { readonly type: string; readonly [field: string]: unknown }[] {
    return this.lines.map((line) => JSON.parse(line));
  }

  #until<Found>(what: string, look: () => Found | undefined): Promise<Found> {
    const describeIt = (): string => [...this.lines, this.stderr].join('\n');
    return waitUntil(what, look, { timeoutMs: patienceMs, everyMs: 20, describe: describeIt });
  }
}

/** A run: small messages, and no warm-up. */
export class Program extends ProgramOf {
  constructor(
    context: Pick<TestContext, 'onTestFinished'>,
    args: readonly string[],
    variables: NodeJS.ProcessEnv = {},
    before: readonly string[] = [],
  ) {
    super(context, [...args, '--warm-up', '0s', '-s', '100B'], variables, before);
  }
}
