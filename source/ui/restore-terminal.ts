/**
 * Gives the terminal back: for crash handlers and as the last act of the screen. Plain writes, no ink, no React, no
 * promise: it must work in a process that is falling over.
 */

/** The parts of a terminal's streams that are needed. */
export interface TerminalStreams {
  readonly stdout: { readonly isTTY?: boolean; write(text: string): unknown };
  readonly stdin: { readonly isTTY?: boolean; setRawMode?(mode: boolean): unknown };
}

/** What the screen has switched on and not given back yet. Leaving the alternate screen twice would move the cursor. */
const taken = { screen: false, alternate: false };

/** The screen is about to take the terminal. */
export function noteScreenOpened(): void {
  taken.screen = true;
  taken.alternate = true;
}

/** Somebody else left the alternate screen already. */
export function noteAlternateScreenLeft(): void {
  taken.alternate = false;
}

/** Whether the screen owns the terminal now; after `restoreTerminal` nothing more may be drawn. */
export function isScreenOpen(): boolean {
  return taken.screen;
}

const leaveAlternateScreen = '\u001B[?1049l';
const plainModes = [
  '\u001B[?2026l', // end a synchronized update
  '\u001B[?1000l\u001B[?1002l\u001B[?1003l\u001B[?1006l', // mouse reports off
  '\u001B[?2004l', // bracketed paste off
  '\u001B[0m', // attributes
].join('');
const showCursor = '\u001B[?25h';

/** Does nothing where the screen never opened or is closed already; streams may be gone. */
export function restoreTerminal(streams: TerminalStreams = process): void {
  if (!taken.screen) {
    return;
  }
  const leave = taken.alternate ? leaveAlternateScreen : '';
  taken.screen = false;
  taken.alternate = false;
  attempt(() => {
    if (streams.stdin.isTTY === true) {
      streams.stdin.setRawMode?.(false);
    }
  });
  attempt(() => {
    if (streams.stdout.isTTY === true) {
      streams.stdout.write(`${plainModes}${leave}${showCursor}`);
    }
  });
}

/** A terminal that went away cannot be restored: its errors say nothing that anybody could act on. */
function attempt(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
