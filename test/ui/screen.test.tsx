import { afterEach, describe, expect, it } from 'vitest';
import type { SessionView } from '../../source/session/view.ts';
import { withoutNeedlessErases } from '../../source/ui/guarded-stdout.ts';
import { isScreenOpen, noteScreenOpened, restoreTerminal } from '../../source/ui/restore-terminal.ts';
import { type ScreenHandle, startScreen } from '../../source/ui/screen.tsx';
import { type FakeTerminal, fakeTerminal } from './fake-terminal.ts';
import { type FakeControl, fakeControl, fakeNowMs, fakeView } from './fake-view.ts';

interface Opened extends FakeTerminal {
  readonly handle: ScreenHandle;
  readonly control: FakeControl;
  readonly exits: (Error | null)[];
}

let opened: Opened | null = null;
/** What the session looks like. */
let present: SessionView = fakeView();

function show(view: SessionView): void {
  present = view;
  opened?.handle.tick();
}

afterEach(async () => {
  await opened?.handle.close();
  opened = null;
});

async function open(
  columns: number,
  rows: number,
  changes: { color?: boolean; ascii?: boolean; mouse?: boolean } = {},
): Promise<Opened> {
  present = fakeView();
  const terminal = fakeTerminal(columns, rows);
  const control = fakeControl();
  const exits: (Error | null)[] = [];
  const handle = await startScreen({
    control,
    playback: null,
    look: () => present,
    interrupt: () => control.stop('interrupt'),
    output: { color: false, ascii: false, theme: 'default', mouse: false, fps: 60, ...changes },
    stdout: terminal.stdout,
    stdin: terminal.stdin,
    onExit: (error) => exits.push(error),
  });
  opened = { ...terminal, handle, control, exits };
  return opened;
}

async function shows(screen: FakeTerminal['screen'], expected: string | RegExp): Promise<void> {
  const poll = expect.poll(() => screen.text(), { timeout: 5000 });
  await (typeof expected === 'string' ? poll.toContain(expected) : poll.toMatch(expected));
}

describe('startScreen', () => {
  it('takes the alternate screen, draws what comes and gives all of it back', async () => {
    const { screen, handle, raw, exits } = await open(120, 30);
    await shows(screen, 'connecting');
    show(fakeView());
    await shows(screen, 'Throughput, msg/s');
    expect(screen.isAlternate).toBe(true);
    expect(screen.isCursorShown).toBe(false);
    await expect.poll(() => screen.isPasteBracketed).toBe(true);
    expect(raw.isOn).toBe(true);
    expect(screen.lines()).toHaveLength(30);
    expect(screen.lines()[0]).toMatch(/^ loadtui.*12:04:31$/);
    expect(screen.lines()[29]).toMatch(/q quit$/);

    await handle.close();
    await handle.done;
    expect(screen.isAlternate).toBe(false);
    expect(screen.isCursorShown).toBe(true);
    expect(screen.isPasteBracketed).toBe(false);
    expect(raw.isOn).toBe(false);
    expect(screen.text().trim()).toBe('');
    expect(exits).toEqual([null]);
    await handle.close();
    expect(exits).toEqual([null]);
    expect(isScreenOpen()).toBe(false);
  });

  it('leaves the mouse to the terminal until it is asked for, and gives it back', async () => {
    const { screen, handle, send } = await open(120, 30);
    show(fakeView());
    await shows(screen, 'Throughput, msg/s');
    expect(screen.log).not.toContain('?1000h');
    send(':mouse on\r');
    await expect.poll(() => screen.log).toContain('\u001B[?1000h\u001B[?1006h');
    send('\u001B[<0;80;6M');
    await shows(screen, '╭▸Response');
    send('\u001B[<0;80;6M');
    await expect.poll(() => screen.text()).not.toContain('Throughput, msg/s');
    const before = screen.log.length;
    await handle.close();
    expect(screen.log.slice(before)).toMatch(/\?1000l.*\?1006l/);
  });

  it('heeds the mouse from the start where that was asked for', async () => {
    const { screen, send } = await open(120, 30, { mouse: true });
    show(fakeView());
    await expect.poll(() => screen.log).toContain('?1000h');
    send(':mouse off\r');
    await expect.poll(() => screen.log).toContain('?1000l');
  });

  it('keeps every cell right through many pictures', async () => {
    const { screen } = await open(80, 24);
    for (let second = 0; second < 5; second++) {
      show(fakeView({ nowMs: fakeNowMs + second * 1000 }));
      await shows(screen, `12:04:3${1 + second}`);
    }
    const boxed = screen.lines().filter((line) => line.startsWith('│') || line.startsWith('╭') || line.startsWith('╰'));
    expect(boxed.length).toBeGreaterThan(15);
    for (const line of boxed) {
      expect(line).toMatch(/[│╮╯]$/);
      expect(line).toHaveLength(80);
    }
  });

  it.each([
    [120, 30, 80, 24],
    [80, 24, 160, 45],
    [160, 45, 120, 30],
    [120, 30, 120, 40],
    [120, 30, 60, 10],
  ])('follows a change from %s × %s to %s × %s', async (columns, rows, newColumns, newRows) => {
    const { screen, resize } = await open(columns, rows);
    show(fakeView());
    await shows(screen, 'Knobs');
    resize(newColumns, newRows);
    if (newColumns < 80) {
      await shows(screen, `needs 80×24, has ${newColumns}×${newRows}`);
      return;
    }
    show(fakeView({ nowMs: fakeNowMs + 1000 }));
    await shows(screen, '12:04:32');
    expect(screen.lines()).toHaveLength(newRows);
    expect(screen.lines()[0]).toMatch(/^ loadtui/);
    expect(screen.lines().at(-1)).toMatch(/q quit$/);
    expect(screen.lines().filter((line) => /^ loadtui/.test(line))).toHaveLength(1);
    for (const line of screen.lines().filter((candidate) => candidate.startsWith('│'))) {
      expect(line).toHaveLength(newColumns);
      expect(line).toMatch(/│$/);
    }
  });

  it('hands keys over, several of one read too, and attends', async () => {
    const { control, send } = await open(120, 30);
    show(fakeView());
    send('r');
    await expect.poll(() => control.calls).toEqual(['setKnob rate 45000']);
    send(':linger 5ms\r');
    await expect.poll(() => control.calls.at(-1)).toBe('setKnob lingerMs 5');
    send('\u007F');
    await expect.poll(() => control.calls.at(-1)).toBe('backOff');
    send('\u001B[1;2C');
    await expect.poll(() => control.calls.at(-1)).toBe('setKnob rate 50500');
    send(' ');
    await expect.poll(() => control.calls.at(-1)).toBe('pauseLoad');
    send('\u0003');
    await expect.poll(() => control.calls.at(-1)).toBe('stop interrupt');
    send('q');
    await expect.poll(() => control.calls.at(-1)).toBe('stop quit');
    expect(control.attended).toBe(18);
  });

  it('collapses a burst of arrows of one read', async () => {
    const { control, send } = await open(120, 30);
    show(fakeView());
    send('\u001B[C\u001B[C\u001B[C');
    send('u');
    await expect.poll(() => control.calls.at(-1)).toBe('undo');
    expect(control.calls.filter((call) => call.startsWith('setKnob'))).toHaveLength(1);
  });

  it('ignores a paste outside a prompt and takes it in one', async () => {
    const { screen, control, send } = await open(120, 30);
    show(fakeView());
    send('\u001B[200~rrrqq\u001B[201~');
    send(':');
    await shows(screen, /^ : {4}rate {2}batch-size/m);
    send('\u001B[200~rate 70k\u001B[201~');
    await shows(screen, ':rate 70k');
    expect(control.calls).toEqual([]);
    send('\r');
    await expect.poll(() => control.calls).toEqual(['setKnob rate 70000']);
  });

  it('freezes loudly and thaws', async () => {
    const { screen, send } = await open(120, 30);
    show(fakeView());
    await shows(screen, '12:04:31');
    send('f');
    await shows(screen, 'FROZEN at 12:04:31: the load goes on');
    show(fakeView({ nowMs: fakeNowMs + 8000 }));
    send('e');
    await shows(screen, 'Service, ms');
    expect(screen.text()).not.toContain('12:04:39');
    send('f');
    await shows(screen, '12:04:39');
    expect(screen.text()).not.toContain('FROZEN');
  });

  it('shows help, a chooser and a question', async () => {
    const { screen, control, send } = await open(120, 30);
    show(fakeView());
    send('?');
    await shows(screen, 'rate down, up');
    send('?');
    await shows(screen, 'This machine');
    send('a');
    await shows(screen, /▸ 1 +now/);
    send('\u001B');
    await shows(screen, '╭▸Knobs');
    control.answers.push({ kind: 'confirm', question: '50 k/s → 5.00 M/s is × 100 (about 5 GB/s).' });
    send(':rate 5M\r');
    await shows(screen, '50 k/s → 5.00 M/s is × 100 (about 5 GB/s). ⏎ again, esc');
    send('\r');
    await expect.poll(() => control.calls.at(-1)).toBe('setKnob rate 5000000 confirmed');
  });

  it('draws anew on ctrl-l what something else has overwritten', async () => {
    const { screen, send } = await open(120, 30);
    show(fakeView());
    await shows(screen, 'Events, newest first');
    screen.resize(10, 3);
    screen.resize(120, 30);
    expect(screen.text()).not.toContain('Events, newest first');
    send('\u000C');
    await shows(screen, 'Events, newest first');
  });

  it('writes only ASCII and no colours where told so', async () => {
    const { screen } = await open(120, 30, { ascii: true });
    show(fakeView());
    await shows(screen, 'Throughput');
    expect(screen.text()).toMatch(/^[\n -~]*$/);
    expect(screen.log).not.toMatch(new RegExp(`${String.fromCharCode(27)}\\[(3|4|9|10)[0-9;]*m`));
  });

  it('ends itself, not the session, when drawing fails', async () => {
    const { screen, handle, exits } = await open(120, 30);
    show(fakeView());
    await shows(screen, 'Knobs');
    const broken: SessionView = {
      ...fakeView(),
      get slos(): never {
        throw new Error('a fault in drawing');
      },
    };
    show(broken);
    await handle.done;
    expect(exits.map((error) => error?.message)).toEqual(['a fault in drawing']);
    expect(screen.isAlternate).toBe(false);
    expect(screen.isCursorShown).toBe(true);
    show(fakeView());
    await handle.close();
    expect(exits).toHaveLength(1);
  });

  it('draws nothing after a crash handler gave the terminal back', async () => {
    const { screen, handle, stdout, stdin, raw } = await open(120, 30);
    show(fakeView());
    await shows(screen, 'Knobs');
    restoreTerminal({ stdout, stdin });
    expect(screen.isAlternate).toBe(false);
    expect(screen.isCursorShown).toBe(true);
    expect(raw.isOn).toBe(false);
    const { length } = screen.log;
    show(fakeView({ nowMs: fakeNowMs + 1000 }));
    await handle.close();
    expect(screen.log.length).toBe(length);
  });
});

describe('restoreTerminal', () => {
  it('writes once, and nothing where no screen was open', () => {
    const { screen, stdout, stdin } = fakeTerminal(80, 24);
    restoreTerminal({ stdout, stdin });
    expect(screen.log).toBe('');
    noteScreenOpened();
    restoreTerminal({ stdout, stdin });
    expect(screen.log).toContain('\u001B[?1049l');
    const { length } = screen.log;
    restoreTerminal({ stdout, stdin });
    expect(screen.log).toHaveLength(length);
  });

  it('survives streams that are gone', () => {
    noteScreenOpened();
    const gone = () => {
      throw new Error('EIO');
    };
    restoreTerminal({ stdout: { isTTY: true, write: gone }, stdin: { isTTY: true, setRawMode: gone } });
    expect(isScreenOpen()).toBe(false);
  });
});

describe('withoutNeedlessErases', () => {
  it('drops an erase after a full line, and keeps it after a short one', () => {
    const start = '\u001B[1G';
    const erase = '\u001B[K';
    expect(withoutNeedlessErases(`${start}12345${erase}\n${start}\u001B[1m123\u001B[22m${erase}`, 5)).toBe(
      `${start}12345\n${start}\u001B[1m123\u001B[22m${erase}`,
    );
    expect(withoutNeedlessErases('plain', 5)).toBe('plain');
  });
});
