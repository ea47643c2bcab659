import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { TerminalProgram } from './harness/terminal-program.ts';
import { tmuxAvailable } from './harness/tmux.ts';

const sample = fileURLToPath(new URL('./harness/sample-program.ts', import.meta.url));

describe.runIf(tmuxAvailable())('the terminal of the tests', () => {
  let program: TerminalProgram;

  const start = async (columns: number, rows: number): Promise<void> => {
    program = await TerminalProgram.start({ command: [process.execPath, sample], columns, rows });
    await program.waitForText(/SAMPLE/);
  };

  afterEach(async () => {
    await program.close();
  });

  it.each([
    [160, 45],
    [120, 30],
    [80, 24],
  ])('has %i × %i', async (columns, rows) => {
    await start(columns, rows);
    const screen = await program.screen();
    expect(screen.text).toContain(`size ${columns}x${rows}`);
    expect(screen).toMatchObject({ columns, rows });
    expect(screen.lines).toHaveLength(rows);
    expect(await program.colouredText()).toContain('\x1b[7mSAMPLE');
  });

  it('passes keys on, by name and by character', async () => {
    await start(80, 24);
    await program.press('R');
    await program.waitForText(/key "R"/);
    await program.press('Up');
    await program.waitForText(/key "\\u001b\[A"/);
    await program.press(';');
    await program.waitForText(/key ";"/);
  });

  it('resizes', async () => {
    await start(120, 30);
    await program.resize(79, 20);
    await program.waitForText(/size 79x20/);
    expect(await program.screen()).toMatchObject({ columns: 79, rows: 20 });
  });

  it('sees a line that runs over the edge', async () => {
    await start(80, 24);
    const longest = async (): Promise<number> =>
      Math.max(...(await program.unwrappedLines()).map((line) => [...line].length));
    expect(await longest()).toBeLessThanOrEqual(80);
    await program.press('w');
    await program.waitForText(/w{80}/);
    expect(await longest()).toBe(81);
  });

  it('sees that the terminal was given back', async () => {
    await start(80, 24);
    expect(await program.terminalState()).toEqual({ alternateScreen: true, cursorVisible: false });
    await program.press('q');
    expect(await program.ending()).toEqual({
      exitCode: 0,
      lineSettingsRestored: true,
      terminal: { alternateScreen: false, cursorVisible: true },
    });
    expect(await program.scrollback()).toContain('bye');
  });

  it('sees that it was not', async () => {
    await start(80, 24);
    await program.press('x');
    const ending = await program.ending();
    expect(ending.exitCode).toBe(9);
    expect(ending.terminal).toEqual({ alternateScreen: true, cursorVisible: false });
  });

  it('tells ctrl-c and signals apart by the exit code', async () => {
    await start(80, 24);
    await program.press('C-c');
    expect((await program.ending()).exitCode).toBe(130);
    await program.close();

    await start(80, 24);
    await program.signal('SIGTERM');
    expect((await program.ending()).exitCode).toBe(143);
  });

  it('shows the last screen when a wait is in vain', async () => {
    await start(80, 24);
    await expect(program.waitForText(/never there/, 300)).rejects.toThrow(/never there[\s\S]*80×24[\s\S]*SAMPLE/);
  });
});
