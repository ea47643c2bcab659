import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { snapshotText } from '../../source/output/snapshot-text.ts';
import { sampleDocument, sampleInterval, sampleState, startMs } from '../session/sample.ts';
import { startLoadtui } from './harness/loadtui.ts';
import type { TerminalProgram } from './harness/terminal-program.ts';
import { tmuxAvailable } from './harness/tmux.ts';

describe.runIf(tmuxAvailable())('a replay', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loadtui-replay-'));
  let terminal: TerminalProgram;

  afterEach(async () => {
    await terminal.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('plays a saved file, is moved through it by keys, and gives the terminal back', async () => {
    const seconds = 120;
    const { run } = sampleState();
    const document = sampleDocument({
      run: { ...run, endedAtMs: startMs + seconds * 1000 },
      intervals: Array.from({ length: seconds }, (_, second) => sampleInterval(second, { ackedRate: 100 + second })),
    });
    const path = join(folder, 'run.json');
    writeFileSync(path, [...snapshotText(document)].join(''));
    terminal = await startLoadtui({ columns: 120, rows: 30 }, 'replay', path);

    await terminal.waitForText(/ REPLAY +● measuring 00:0\d of 02:00/);
    await terminal.press('Space');
    await terminal.waitForText(/ REPLAY HALTED /);
    await terminal.press('Home', '>', '>', 'Right', 'Left', 'Left');
    await terminal.waitForText(/measuring 00:55 of 02:00/);
    await terminal.waitForText(/acked +154\/s/);
    await terminal.press('R');
    await terminal.waitForText(/this is a replay/);
    await terminal.press('End');
    await terminal.waitForText(/02:00 of 02:00/);
    await terminal.waitForText(/acked +219\/s/);

    await terminal.press('q');
    const ending = await terminal.ending();
    expect(ending).toEqual({
      exitCode: 0,
      lineSettingsRestored: true,
      terminal: { alternateScreen: false, cursorVisible: true },
    });
  });
});
