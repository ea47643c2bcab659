/** A program running in a terminal of a given size: what it shows, what it is told, what it leaves behind. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitUntil } from '../../support/wait-until.ts';
import { tmux } from './tmux.ts';

const sessionName = 'test';
const pane = `=${sessionName}:`;
const runInPane = fileURLToPath(new URL('./run-in-pane.sh', import.meta.url));

export interface TerminalOptions {
  /** Program and arguments; no shell looks at them. */
  readonly command: readonly string[];
  readonly columns: number;
  readonly rows: number;
  /** Added to a small environment of our own: what a CI service sets (CI=true) must not reach the program. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Default: a temporary folder, see `folder`. */
  readonly cwd?: string;
}

export interface Screen {
  readonly columns: number;
  readonly rows: number;
  /** As many as the terminal has rows, without trailing spaces. */
  readonly lines: readonly string[];
  readonly text: string;
}

export interface TerminalState {
  readonly alternateScreen: boolean;
  readonly cursorVisible: boolean;
}

export interface Ending {
  readonly exitCode: number;
  /** The terminal's line settings (echo, line mode, signals) are what they were before the program began. */
  readonly lineSettingsRestored: boolean;
  readonly terminal: TerminalState;
}

export class TerminalProgram {
  /** Temporary, removed by `close`: working folder and home of the program's state. */
  readonly folder: string;
  readonly #socketPath: string;
  #hasTerminal = true;
  #isClosed = false;

  private constructor(folder: string, socketPath: string) {
    this.folder = folder;
    this.#socketPath = socketPath;
  }

  static async start(options: TerminalOptions): Promise<TerminalProgram> {
    const folder = await mkdtemp(join(tmpdir(), 'loadtui-terminal-'));
    const socketPath = join(folder, 'tmux');
    const environment = {
      PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`,
      HOME: homedir(),
      LANG: 'C.UTF-8',
      TERM: 'screen-256color',
      XDG_STATE_HOME: join(folder, 'state'),
      ...options.environment,
    };
    const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const size = ['-x', String(options.columns), '-y', String(options.rows)];
    // One invocation, so that the server has its settings before the first window.
    await tmux(
      socketPath,
      ...['start-server', ';', 'set-option', '-g', 'status', 'off', ';'],
      ...['set-option', '-s', 'escape-time', '0', ';', 'set-option', '-g', 'history-limit', '5000', ';'],
      ...['new-session', '-d', '-s', sessionName, ...size, '-c', options.cwd ?? folder],
      ...['env', '-i', ...assignments, 'sh', runInPane, folder, ...options.command],
    );
    return new TerminalProgram(folder, socketPath);
  }

  /** What the terminal shows now. */
  async screen(): Promise<Screen> {
    const [size = '', ...lines] = await this.#read(
      ...['display-message', '-p', '-t', pane, '#{pane_width} #{pane_height}', ';'],
      ...['capture-pane', '-p', '-t', pane],
    );
    const [columns = 0, rows = 0] = size.split(' ').map(Number);
    return { columns, rows, lines, text: lines.join('\n') };
  }

  /** As `screen`, with the escapes that colour it. */
  async colouredText(): Promise<string> {
    return (await this.#read('capture-pane', '-p', '-e', '-t', pane)).join('\n');
  }

  /** Lines as the program wrote them: one that ran over the right edge is whole here, hence longer than the terminal. */
  async unwrappedLines(): Promise<string[]> {
    const lines = await this.#read('capture-pane', '-p', '-J', '-t', pane);
    return lines.map((line) => line.trimEnd());
  }

  /** The screen and all that scrolled off it. */
  async scrollback(): Promise<string> {
    return (await this.#read('capture-pane', '-p', '-S', '-', '-t', pane)).join('\n').trimEnd();
  }

  /** Waits until `look` finds something on the screen; a failure shows the last screen. */
  async waitFor<T>(what: string, look: (screen: Screen) => T | undefined, timeoutMs = 20_000): Promise<T> {
    return waitUntil(what, async () => look(await this.screen()), {
      timeoutMs,
      describe: async () => framed(await this.screen()),
    });
  }

  /** Waits until the screen shows `pattern`; hands back the match. */
  waitForText(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray> {
    return this.waitFor(`the screen shows ${pattern}`, ({ text }) => pattern.exec(text) ?? undefined, timeoutMs);
  }

  /** Keys by tmux's names: `Enter`, `Escape`, `Up`, `BSpace`, `Space`, `C-c`, or a character. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      if ([...key].length === 1) await this.type(key);
      else await this.#tmux('send-keys', '-t', pane, key);
    }
  }

  async type(text: string): Promise<void> {
    // A semicolon at the end of an argument would end tmux's command.
    await this.#tmux('send-keys', '-t', pane, '-l', '--', text.replace(/;$/, '\\;'));
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux('resize-window', '-t', pane, '-x', String(columns), '-y', String(rows));
  }

  async pid(): Promise<number> {
    return Number(await waitUntil('the program has a pid', () => this.#file('pid'), { timeoutMs: 10_000 }));
  }

  async signal(name: NodeJS.Signals): Promise<void> {
    process.kill(await this.pid(), name);
  }

  /** Takes the terminal away from under the program, as a closed window or a lost connection does. */
  async vanish(): Promise<void> {
    await this.#tmux('kill-session', '-t', pane);
    this.#hasTerminal = false;
  }

  /** Waits for the program's end, and reads in what state it left the terminal. */
  async ending(timeoutMs = 20_000): Promise<Ending> {
    const exitCode = await waitUntil('the program ends', () => this.#file('exit-code'), {
      timeoutMs,
      describe: async () => framed(await this.screen()),
    });
    const [before, after] = await Promise.all([this.#file('stty-before'), this.#file('stty-after')]);
    return {
      exitCode: Number(exitCode),
      lineSettingsRestored: before !== undefined && before === after,
      terminal: await this.terminalState(),
    };
  }

  async terminalState(): Promise<TerminalState> {
    const [line = ''] = await this.#read('display-message', '-p', '-t', pane, '#{alternate_on} #{cursor_flag}');
    const [alternate, cursor] = line.split(' ');
    return { alternateScreen: alternate === '1', cursorVisible: cursor === '1' };
  }

  /** Ends the program, if it still runs, and removes the folder. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#hasTerminal) {
      const ended = await this.#file('exit-code');
      if (ended === undefined) {
        await this.signal('SIGKILL');
        await waitUntil('the program is gone', () => this.#file('exit-code'), { timeoutMs: 10_000 });
      }
      await this.#tmux('kill-session', '-t', pane);
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  #tmux(...args: readonly string[]): Promise<string> {
    return tmux(this.#socketPath, ...args);
  }

  async #read(...args: readonly string[]): Promise<string[]> {
    const text = await this.#tmux(...args);
    return text.replace(/\n$/, '').split('\n');
  }

  /** A file that `run-in-pane.sh` leaves; undefined: not there yet. */
  async #file(name: string): Promise<string | undefined> {
    try {
      const text = (await readFile(join(this.folder, name), 'utf8')).trim();
      return text === '' ? undefined : text;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }
}

function framed(screen: Screen): string {
  const edge = '-'.repeat(screen.columns);
  return `the screen, ${screen.columns}×${screen.rows}:\n${edge}\n${screen.text}\n${edge}`;
}
