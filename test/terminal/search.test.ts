import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { lightly, startLoadtui, waitForKnob } from './harness/loadtui.ts';
import type { TerminalProgram } from './harness/terminal-program.ts';
import { tmuxAvailable } from './harness/tmux.ts';

describe.runIf(tmuxAvailable())('a search on the screen', () => {
  let terminal: TerminalProgram;

  afterEach(async () => {
    await terminal.close();
  });

  it('shows latency by rate and its steps, gives way to a key that turns a knob, and leaves both parts in the file', async () => {
    terminal = await startLoadtui({ columns: 120, rows: 30 }, ...lightly, '--max-rate', '4k');
    await terminal.waitForText(/● measuring/);

    await terminal.press('F');
    await terminal.waitForText(/:find p99<\d+m?s from 1k cap 4k quick +about \d+:\d\d/);
    await terminal.press('C-u');
    await terminal.type('find p99<2s from 500 cap 500 quick');
    await terminal.press('Enter');
    await terminal.waitForText(/find 1: p99<2s .* step 1 of ~\d+/);
    await terminal.waitForText(/Response p99, ms, by msg\/s/);
    await terminal.waitForText(/now 500\/s: \d+ s, /, 60_000);
    await terminal.waitForText(/500\/s +[\d.]+ .*…/);

    await terminal.press('t');
    await terminal.waitForText(/Throughput, msg\/s/);
    await terminal.press('t');
    await terminal.waitForText(/ by msg\/s /);

    await terminal.press('r');
    await terminal.waitForText(/take over from find 1: p99<2s\? ⏎/);
    await terminal.press('Enter');
    await waitForKnob(terminal, 'rate', (value) => value === '450/s');
    await terminal.waitForText(/find 1: p99<2s: stopped/);
    await terminal.waitForText(/Throughput, msg\/s/);

    await terminal.press('s');
    const [, name] = await terminal.waitForText(/(loadtui-[\w.-]+\.json)/);
    expect(readdirSync(terminal.folder)).toContain(name);
    const saved: unknown = JSON.parse(readFileSync(join(terminal.folder, name ?? ''), 'utf8'));
    expect(saved).toMatchObject({
      searches: [{ slo: 'p99<2s', outcome: 'stopped', maxSustainableRate: null }],
      events: expect.arrayContaining([
        expect.objectContaining({ type: 'search', message: expect.stringMatching(/^find 1: p99<2s: stopped/) }),
        expect.objectContaining({ type: 'knob', knob: 'rate', to: 450 }),
      ]),
    });
  });

  it('turns a ramp round, which goes back to where it began', async () => {
    terminal = await startLoadtui({ columns: 80, rows: 24 }, ...lightly);
    await terminal.waitForText(/● measuring/);
    await terminal.press('g');
    await terminal.waitForText(/:ramp 1k 2k 60s +takes 1:00/);
    await terminal.press('Enter');
    await terminal.waitForText(/ramp 1k:2k:1m .*● 0:\d\d of 1:00/);
    await terminal.press('G');
    await terminal.waitForText(/turned round/);
    await terminal.waitForText(/ramp 1k:2k:1m: over/);
    await waitForKnob(terminal, 'rate', (value) => value === '1.00 k/s');
  });

  it('stops a ramp where it stands', async () => {
    terminal = await startLoadtui({ columns: 80, rows: 24 }, ...lightly);
    await terminal.waitForText(/● measuring/);
    await terminal.type(':ramp 1k 2k 10m');
    await terminal.press('Enter');
    await terminal.waitForText(/ramp 1k:2k:10m .*● 0:\d\d of 10:00/);
    await terminal.press('.');
    await terminal.waitForText(/ramp 1k:2k:10m stopped; the load stays at /);
  });
});
