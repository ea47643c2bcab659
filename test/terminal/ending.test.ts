import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startSandboxHere } from '../../source/sandbox/server.ts';
import { sessionDocumentSchema } from '../../source/session/document-schema.ts';
import { brokersOf } from '../session/support/live-run.ts';
import { waitUntil } from '../support/wait-until.ts';
import { lightly, startLoadtui } from './harness/loadtui.ts';
import type { TerminalProgram } from './harness/terminal-program.ts';
import { tmuxAvailable } from './harness/tmux.ts';

const size = { columns: 120, rows: 30 };
const givenBack = {
  lineSettingsRestored: true,
  terminal: { alternateScreen: false, cursorVisible: true },
};

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

describe.runIf(tmuxAvailable())('the end of a run', () => {
  let terminal: TerminalProgram;

  const measuring = async (...more: readonly string[]): Promise<void> => {
    terminal = await startLoadtui(size, ...lightly, ...more);
    await terminal.waitForText(/● measuring/);
    expect(await terminal.terminalState()).toMatchObject({ alternateScreen: true });
  };

  afterEach(async () => {
    await terminal.close();
  });

  it('gives the terminal back on q and leaves a summary with the command that repeats the run', async () => {
    await measuring();
    await terminal.press('R');
    await terminal.waitForText(/rate .* → /);
    await terminal.press('q');
    expect(await terminal.ending()).toMatchObject(givenBack);

    const left = await terminal.scrollback();
    expect(left).toMatch(/response +p50/);
    expect(left).toMatch(/missing 0/);
    expect(left).toMatch(/SANDBOX/i);
    const again = /^ *again +(loadtui .*)$/m.exec(left)?.[1] ?? '';
    expect(again).toContain('--preset latency');
    expect(again).toMatch(/ (-r|--rate) 1100| (-r|--rate) 1\.1k/);
  });

  it('exits 130 on ctrl-c', async () => {
    await measuring();
    await terminal.press('C-c');
    expect(await terminal.ending()).toEqual({ ...givenBack, exitCode: 130 });
    expect(await terminal.scrollback()).toMatch(/again/);
  });

  it('ends at once on a second ctrl-c while it waits for answers', async ({ onTestFinished }) => {
    const sandbox = await startSandboxHere();
    onTestFinished(() => sandbox.close());
    await measuring('--brokers', brokersOf(sandbox).join());
    await sandbox.inject({ kind: 'stall', durationMs: 600_000 });
    await terminal.press('C-c');
    await terminal.waitForText(/● draining/);
    await terminal.press('C-c');
    expect(await terminal.ending()).toEqual({ ...givenBack, exitCode: 130 });
    const left = await terminal.scrollback();
    expect(left).not.toMatch(/again/);
    expect(left).toMatch(/loadtui: ended at once; loadtui report last tells what was measured; topic loadtui-/);
  });

  it('exits 143 on SIGTERM', async () => {
    await measuring();
    await terminal.signal('SIGTERM');
    expect(await terminal.ending()).toEqual({ ...givenBack, exitCode: 143 });
  });

  it('exits 129 on SIGHUP', async () => {
    await measuring();
    await terminal.signal('SIGHUP');
    expect(await terminal.ending()).toEqual({ ...givenBack, exitCode: 129 });
  });

  it('ends when its terminal vanishes, and saves what it was to save', async ({ onTestFinished }) => {
    const folder = mkdtempSync(join(tmpdir(), 'loadtui-vanish-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'session.json');
    await measuring('--save', path);
    const pid = await terminal.pid();
    await terminal.vanish();
    await waitUntil('the process is gone', () => (isRunning(pid) ? undefined : true), { timeoutMs: 30_000 });
    const { run, totals } = sessionDocumentSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    expect(run.verdict).toMatchObject({ exitCode: 129, label: 'terminal gone' });
    expect(totals.missing).toBe(0);
  });

  it.each([
    ['q', 0],
    ['C-c', 130],
  ])('heeds %s before there is a screen, and shows nothing of what is typed', async (key, exitCode) => {
    const silent = createServer((socket) => socket.on('error', () => socket.destroy()));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    try {
      terminal = await startLoadtui(size, '--brokers', `127.0.0.1:${port}`, '--preset', 'latency');
      await terminal.waitForText(/connecting to/);
      await terminal.type('xyz');
      await terminal.press(key);
      expect(await terminal.ending()).toEqual({ ...givenBack, exitCode });
      expect((await terminal.scrollback()).split('\n')).toEqual([
        `loadtui: connecting to 127.0.0.1:${port} ...`,
        'loadtui: ended before any load, nothing was measured',
      ]);
    } finally {
      silent.close();
    }
  });

  it('gives the terminal back where no cluster answers', async () => {
    terminal = await startLoadtui(size, '--brokers', '127.0.0.1:1', '--preset', 'latency');
    expect(await terminal.ending(60_000)).toEqual({ ...givenBack, exitCode: 3 });
    expect(await terminal.scrollback()).toContain('127.0.0.1:1');
  });
});
