/** The screen of a session: takes pictures of it, draws them with ink, and hands keys to its control. */
import { render } from 'ink';
import type { OutputOptions } from '../config/plan.ts';
import type { Playback, SessionControl, SessionEvent, SessionSink, SessionView } from '../session/view.ts';
import { App } from './app.tsx';
import { Controller } from './controller.ts';
import { blanked, drawFrame, type Frame, isSameFrame, panelAt } from './frame.ts';
import { guardStdout } from './guarded-stdout.ts';
import { mouseOff, mouseOn } from './mouse.ts';
import { createPaint } from './paint.ts';
import { noteScreenOpened, restoreTerminal } from './restore-terminal.ts';
import { initialState } from './state.ts';

export interface ScreenOptions {
  readonly control: SessionControl;
  /** Of a saved session; null: it is live. */
  readonly playback: Playback | null;
  /** Makes a picture of the present. */
  readonly look: () => SessionView;
  /** Ctrl-c; pressed again it is told again. */
  readonly interrupt: () => void;
  readonly output: Pick<OutputOptions, 'color' | 'ascii' | 'theme' | 'fps' | 'mouse'>;
  readonly stdout: NodeJS.WriteStream;
  /** Must be a terminal for keys to arrive. */
  readonly stdin: NodeJS.ReadStream;
  /** The terminal is given back. `error`: why, when it was not `close()`; the session goes on without a screen. */
  readonly onExit: (error: Error | null) => void;
}

export interface ScreenHandle extends SessionSink {
  /** The session moves: what is shown of it is looked at again, `fps` times a second at most. */
  tick(): void;
  event(event: SessionEvent): void;
  /** Takes the screen down; resolves when nothing of it is left. May be called again. */
  close(): Promise<void>;
  /** Resolves when the screen is gone, for whatever reason; never rejects. */
  readonly done: Promise<void>;
}

/** A frozen screen shows of the newest picture only what warns. */
const frozenFrameMs = 1000;

/** Keys and notices are drawn faster than pictures come, so that typing does not lag. */
const echoFps = 30;

/** Opens the screen on the alternate screen of the terminal. Never throws into the session once it is open. */
export async function startScreen(options: ScreenOptions): Promise<ScreenHandle> {
  const screen = new Screen(options);
  screen.open();
  return screen;
}

class Screen implements ScreenHandle {
  readonly done: Promise<void>;
  readonly #options: ScreenOptions;
  readonly #controller: Controller;
  readonly #frameMs: number;
  #resolveDone: () => void = () => {};
  #instance: ReturnType<typeof render> | null = null;
  /** ink is gone and `#finish` was called; never rejects. */
  #exited: Promise<void> = Promise.resolve();
  /** What ink was given last. */
  #shown: Frame | null = null;
  #timer: NodeJS.Timeout | null = null;
  #lastLookMs = Number.NEGATIVE_INFINITY;
  #closing: Promise<void> | null = null;
  #isBlank = false;
  /** The terminal reports the mouse. */
  #hasMouse = false;
  #isOver = false;
  /** Keys of the read that is being handed over, until ink has passed on all of it. */
  #pendingKeys: string[] = [];

  constructor(options: ScreenOptions) {
    const { control, playback, interrupt, output } = options;
    this.#options = options;
    this.#frameMs = 1000 / Math.min(60, Math.max(1, output.fps));
    this.done = new Promise((resolve) => {
      this.#resolveDone = resolve;
    });
    this.#controller = new Controller({
      control,
      playback,
      interrupt,
      state: initialState(output.theme, output.ascii ? 'ascii' : 'block', output.mouse),
      now: () => performance.now(),
      look: () => void this.#look(),
      panelAt: (column, row) => (this.#shown === null ? null : panelAt(this.#shown, column, row)),
      changed: () => this.#paint(),
      redraw: () => this.#redraw(),
    });
  }

  open(): void {
    const { stdout, stdin } = this.#options;
    noteScreenOpened();
    // Before ink's own listener: it must find the new frame when it draws after a change of size.
    stdout.on('resize', this.#onResize);
    try {
      this.#instance = render(this.#element(this.#draw()), {
        stdout: guardStdout(stdout),
        stdin,
        exitOnCtrlC: false,
        patchConsole: false,
        isScreenReaderEnabled: false,
        interactive: true,
        alternateScreen: true,
        incrementalRendering: true,
        maxFps: Math.max(echoFps, this.#options.output.fps),
      });
      // ink ends by itself when a component throws.
      this.#exited = this.#instance.waitUntilExit().then(
        () => this.#finish(null),
        (error: unknown) => this.#finish(asError(error)),
      );
    } catch (error) {
      this.#finish(asError(error));
    }
  }

  tick(): void {
    const frozen = this.#controller.state.frozen !== null;
    this.#schedule(frozen ? Math.max(frozenFrameMs, this.#frameMs) : this.#frameMs);
  }

  /** Events are in the pictures as well: nothing to keep here, only to show soon, frozen or not. */
  event(_event: SessionEvent): void {
    this.#unschedule();
    this.#schedule(this.#frameMs);
  }

  close(): Promise<void> {
    this.#closing ??= this.#unmount();
    return this.#closing;
  }

  async #unmount(): Promise<void> {
    try {
      this.#instance?.unmount();
      await this.#exited;
      this.#finish(null);
    } catch (error) {
      this.#finish(asError(error));
    }
    await this.done;
  }

  /** The one way out: whatever ended the screen, the terminal is given back, once. */
  #finish(error: Error | null): void {
    if (this.#isOver) {
      return;
    }
    this.#isOver = true;
    this.#unschedule();
    const { stdout, stdin, onExit } = this.#options;
    stdout.off('resize', this.#onResize);
    restoreTerminal({ stdout, stdin });
    onExit(error);
    this.#resolveDone();
  }

  /** Looks `everyMs` after it looked last, and draws what it sees; the last picture is never left out. */
  #schedule(everyMs: number): void {
    if (this.#timer !== null || this.#isOver) {
      return;
    }
    const waitMs = Math.max(0, this.#lastLookMs + everyMs - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#guarded(() => {
        if (this.#look()) {
          this.#paint();
        }
      });
    }, waitMs);
    this.#timer.unref();
  }

  #unschedule(): void {
    if (this.#timer !== null) {
      clearTimeout(this.#timer);
      this.#timer = null;
    }
  }

  /** Takes a picture; answers whether anything of it would be seen. */
  #look(): boolean {
    this.#unschedule();
    this.#lastLookMs = performance.now();
    return this.#controller.take(this.#options.look());
  }

  #paint(): void {
    if (this.#isOver || this.#instance === null) {
      return;
    }
    try {
      this.#switchMouse();
      const frame = this.#draw();
      // A frozen screen is the same for minutes, and composing it would cost ink as much as a new one.
      if (this.#shown === null || !isSameFrame(this.#shown, frame)) {
        this.#shown = frame;
        this.#instance.rerender(this.#element(frame));
      }
    } catch (error) {
      this.#fail(asError(error));
    }
  }

  /** Given back with the rest of the terminal (restore-terminal.ts). */
  #switchMouse(): void {
    const { mouse } = this.#controller.state;
    if (mouse === this.#hasMouse) {
      return;
    }
    this.#hasMouse = mouse;
    this.#options.stdout.write(mouse ? mouseOn : mouseOff);
  }

  /** A fault in drawing ends the screen, not the session. */
  #fail(error: Error): void {
    const instance = this.#instance;
    this.#instance = null;
    try {
      instance?.unmount(error);
    } finally {
      this.#finish(error);
    }
  }

  #draw(): Frame {
    const { stdout, output } = this.#options;
    const { state, view } = this.#controller;
    const frame = drawFrame({
      columns: stdout.columns || 80,
      rows: stdout.rows || 24,
      view,
      state,
      paint: createPaint(state.theme, output.color),
      ascii: output.ascii,
      nowMs: performance.now(),
    });
    return this.#isBlank ? blanked(frame) : frame;
  }

  /** ink draws only lines that differ: a blank frame in between makes all of them differ. */
  #redraw(): void {
    this.#isBlank = true;
    this.#paint();
    const again = () => {
      this.#isBlank = false;
      this.#paint();
    };
    this.#instance?.waitUntilRenderFlush().then(again, again);
  }

  /** The terminal may have moved what it showed, even where it ends at the size it had. */
  readonly #onResize = () => {
    this.#shown = null;
    this.#paint();
  };

  #element(frame: Frame) {
    return (
      <App frame={frame} hasKeys={this.#options.stdin.isTTY === true} onKeys={this.#onKeys} onPaste={this.#onPaste} />
    );
  }

  readonly #onKeys = (names: readonly string[]) => {
    if (this.#pendingKeys.length === 0) {
      queueMicrotask(() => {
        const keys = this.#pendingKeys;
        this.#pendingKeys = [];
        this.#guarded(() => this.#controller.keys(keys));
      });
    }
    this.#pendingKeys.push(...names);
  };

  readonly #onPaste = (text: string) => this.#guarded(() => this.#controller.paste(text));

  #guarded(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#fail(asError(error));
    }
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
