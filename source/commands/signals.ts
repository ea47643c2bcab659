/** Signals, and ctrl-c where it is a key: the first drains and ends the run, a second one (SIGHUP apart) exits at once. The terminal is given back either way. */
import { type ExitCode, exitCodes } from '../errors.ts';
import type { SessionControl } from '../session/view.ts';
import { restoreTerminal } from '../ui/restore-terminal.ts';
import { signalCodes } from './end-signal.ts';

type Reason = Parameters<SessionControl['stop']>[0];

interface Meaning {
  readonly signal: NodeJS.Signals;
  readonly reason: Reason;
  readonly exitCode: ExitCode;
}

const interrupt: Meaning = { signal: 'SIGINT', reason: 'interrupt', exitCode: signalCodes.SIGINT };
const meanings: readonly Meaning[] = [
  interrupt,
  { signal: 'SIGTERM', reason: 'terminate', exitCode: signalCodes.SIGTERM },
  { signal: 'SIGHUP', reason: 'hangup', exitCode: signalCodes.SIGHUP },
];

export interface SignalWatch {
  /** Exit code of the signal that came; null: none did. */
  readonly exitCode: ExitCode | null;
  /** Ctrl-c as a key: a terminal that a screen has taken sends no SIGINT for it. */
  interrupt(): void;
  end(): void;
}

/** `lastWords`: what is said where a second one ends it at once. */
export function listenForSignals(stop: (reason: Reason) => void, lastWords: () => string): SignalWatch {
  let asked: ExitCode | null = null;
  const come = ({ reason, exitCode }: Meaning): void => {
    // A terminal that closes says so more than once; what was to be saved is saved all the same.
    if (asked === exitCodes.terminalGone && exitCode === asked) return;
    if (asked !== null) {
      restoreTerminal();
      process.stderr.write(lastWords());
      process.exit(exitCode);
    }
    asked = exitCode;
    stop(reason);
  };
  const handlers = meanings.map((meaning) => {
    const { signal } = meaning;
    const handler = (): void => come(meaning);
    process.on(signal, handler);
    return { signal, handler };
  });
  // A crash must not leave a terminal in raw mode; what it was is still printed by Node.
  const crashed = (): void => restoreTerminal();
  process.on('exit', crashed);
  return {
    get exitCode() {
      return asked;
    },
    interrupt: () => come(interrupt),
    end() {
      for (const { signal, handler } of handlers) process.off(signal, handler);
      process.off('exit', crashed);
    },
  };
}
