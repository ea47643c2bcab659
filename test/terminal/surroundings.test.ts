import { afterEach, describe, expect, it } from 'vitest';
import { knobOn, lightly, startLoadtui, waitForKnob } from './harness/loadtui.ts';
import type { TerminalProgram } from './harness/terminal-program.ts';
import { tmuxAvailable } from './harness/tmux.ts';

const size = { columns: 120, rows: 30 };
/** An escape that sets a colour; bold, dim and reverse are none. */
const colour = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*\\b(3[0-7]|4[0-7]|9[0-7]|10[0-7]|38|48)[;m]`);

describe.runIf(tmuxAvailable())('what the screen makes of its surroundings', () => {
  let terminal: TerminalProgram;

  afterEach(async () => {
    await terminal.close();
  });

  it('uses colours', async () => {
    terminal = await startLoadtui(size, ...lightly);
    await terminal.waitForText(/measuring/);
    expect(await terminal.colouredText()).toMatch(colour);
  });

  it('uses none where NO_COLOR is set, and still says SANDBOX in reverse', async () => {
    terminal = await startLoadtui({ ...size, environment: { NO_COLOR: '1' } }, ...lightly);
    await terminal.waitForText(/measuring/);
    const text = await terminal.colouredText();
    expect(text).not.toMatch(colour);
    expect(text).toContain('\x1b[7m');
  });

  it.each([
    ['--ascii', {}, ['--ascii']],
    ['a locale without UTF-8', { LANG: 'C' }, []],
  ])('draws nothing but ASCII with %s', async (_, environment, more) => {
    terminal = await startLoadtui({ ...size, environment }, ...lightly, ...more);
    await terminal.waitForText(/measuring/);
    await terminal.waitForText(/Knobs/);
    expect((await terminal.screen()).text.replaceAll(/[\n -~]/g, '')).toBe('');
  });

  it('writes plain lines in CI, though there is a terminal', async () => {
    terminal = await startLoadtui({ ...size, environment: { CI: 'true' } }, ...lightly, '--duration', '2s');
    const { exitCode, terminal: left } = await terminal.ending(60_000);
    expect([0, 6]).toContain(exitCode);
    expect(left).toEqual({ alternateScreen: false, cursorVisible: true });
    expect(await terminal.scrollback()).toMatch(/time phase +target/);
  });

  it('draws the screen in CI where it is asked to', async () => {
    terminal = await startLoadtui({ ...size, environment: { CI: 'true' } }, ...lightly, '--screen');
    await terminal.waitForText(/measuring/);
    expect(await terminal.terminalState()).toMatchObject({ alternateScreen: true });
  });

  it('takes typed values and commands', async () => {
    terminal = await startLoadtui(size, ...lightly);
    await terminal.waitForText(/measuring/);
    await terminal.type(':rate 1500');
    await terminal.press('Enter');
    expect(await waitForKnob(terminal, 'rate', (value) => value.startsWith('1.5'))).toBe('1.50 k/s');

    await terminal.press('Enter');
    await terminal.type('1200');
    await terminal.press('Enter');
    expect(await waitForKnob(terminal, 'rate', (value) => value.startsWith('1.2'))).toBe('1.20 k/s');

    await terminal.type(':ratte 2k');
    await terminal.press('Enter');
    await terminal.waitForText(/did you mean :rate/);
    expect(knobOn(await terminal.screen(), 'rate')).toBe('1.20 k/s');
  });
});
