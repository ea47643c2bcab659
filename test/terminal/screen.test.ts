import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../support/wait-until.ts';
import { knobOn, lightly, startLoadtui, waitForKnob } from './harness/loadtui.ts';
import type { TerminalProgram } from './harness/terminal-program.ts';
import { tmuxAvailable } from './harness/tmux.ts';

const wide = { columns: 120, rows: 30 };

describe.runIf(tmuxAvailable())('the screen', () => {
  let terminal: TerminalProgram;

  afterEach(async () => {
    await terminal.close();
  });

  it.each([
    [160, 45],
    [120, 30],
    [80, 24],
  ])('fits %i × %i while it measures on the sandbox', async (columns, rows) => {
    terminal = await startLoadtui({ columns, rows }, '--preset', 'latency', '--warm-up', '1s');
    await terminal.waitForText(/● measuring/);
    await terminal.waitForText(/acked +\d/);

    const screen = await terminal.screen();
    expect(screen.text).toContain('SANDBOX');
    expect(screen.text).not.toMatch(/NaN|undefined|\[object/);
    expect(screen.lines.at(-1)).toMatch(/q quit/);
    for (const line of await terminal.unwrappedLines()) expect([...line].length, line).toBeLessThanOrEqual(columns);

    await terminal.press('q');
    const ending = await terminal.ending();
    expect(ending.lineSettingsRestored).toBe(true);
    expect(ending.terminal).toEqual({ alternateScreen: false, cursorVisible: true });
  });

  /** Presses a key until the number of producers follows: upward steps are limited to a few a second, and then dropped. */
  const stepProducers = (key: string, follows: (value: number) => boolean): Promise<number> =>
    waitUntil(
      `${key} changes the producers`,
      async () => {
        await terminal.press(key);
        return Number(await waitForKnob(terminal, 'producers', (value) => follows(Number(value)), 2000));
      },
      { timeoutMs: 20_000 },
    );

  it('turns knobs by single keys, and shows each change as an event', async () => {
    terminal = await startLoadtui(wide, ...lightly);
    await terminal.waitForText(/● measuring/);

    const rate = await waitForKnob(terminal, 'rate', (value) => value.includes('/s'));
    await terminal.press('R');
    const faster = await waitForKnob(terminal, 'rate', (value) => value !== rate);
    expect([rate, faster]).toEqual(['1.00 k/s', '1.10 k/s']);
    await terminal.waitForText(/① rate 1\S* ?k\/s → 1\.10? ?k\/s/);
    await terminal.press('r');
    await waitForKnob(terminal, 'rate', (value) => value !== faster);
    await terminal.waitForText(/② rate 1\.10? ?k\/s → /);

    const linger = await waitForKnob(terminal, 'linger', (value) => value.includes('ms'));
    await terminal.press('L');
    await waitForKnob(terminal, 'linger', (value) => value.includes('ms') && value !== linger);

    const producers = Number(knobOn(await terminal.screen(), 'producers'));
    expect(producers).toBeGreaterThan(0);
    for (let up = producers; up < 4; ) up = await stepProducers('P', (value) => value > up);
    for (let down = 4; down > 1; ) down = await stepProducers('p', (value) => value < down);
    // A rate near the edge of its unit stays in the unit that it had.
    await terminal.waitForText(/acked +(9\d\d|[01]\.\d+ k)/);
  });

  it('shows help, freezes the view and thaws it', async () => {
    terminal = await startLoadtui(wide, ...lightly);
    await terminal.waitForText(/● measuring/);

    await terminal.press('?');
    await terminal.waitForText(/pause or resume the load/);
    await terminal.press('Escape');
    await terminal.waitForText(/● measuring/);

    await terminal.press('f');
    await terminal.waitForText(/FROZEN/);
    await terminal.press('f');
    await terminal.waitFor('the view lives again', ({ text }) => (text.includes('FROZEN') ? undefined : true));
  });

  it('pauses and resumes the load', async () => {
    terminal = await startLoadtui(wide, ...lightly);
    await terminal.waitForText(/● measuring/);
    await terminal.press('Space');
    await terminal.waitForText(/PAUSED/);
    await terminal.press('Space');
    await terminal.waitFor('the load goes on', ({ text }) => (text.includes('PAUSED') ? undefined : true));
  });

  it('saves a file that says what was on the screen', async () => {
    terminal = await startLoadtui(wide, ...lightly);
    await terminal.waitForText(/● measuring/);
    await terminal.press('s');
    const [, name] = await terminal.waitForText(/(loadtui-[\w.-]+\.json)/);
    expect(readdirSync(terminal.folder)).toContain(name);
    const saved: unknown = JSON.parse(readFileSync(join(terminal.folder, name ?? ''), 'utf8'));
    expect(saved).toMatchObject({ schemaVersion: 1, cluster: { sandbox: true }, run: { preset: 'latency' } });
  });

  it('says what it needs where the terminal is too small, and comes back with it', async () => {
    terminal = await startLoadtui({ columns: 79, rows: 20 }, ...lightly);
    const screen = await terminal.waitFor('what it needs and what it has', (seen) =>
      /80.?×.?24[\s\S]*79.?×.?20/.test(seen.text) ? seen : undefined,
    );
    expect(screen.text).not.toContain('p99<');
    await terminal.resize(160, 45);
    await terminal.waitForText(/● measuring/);
    await terminal.waitForText(/Throughput/);
    await terminal.resize(80, 24);
    await terminal.waitFor('the small screen', (seen) =>
      seen.columns === 80 && /q quit/.test(seen.lines.at(-1) ?? '') ? true : undefined,
    );
    for (const line of await terminal.unwrappedLines()) expect([...line].length, line).toBeLessThanOrEqual(80);
  });
});
