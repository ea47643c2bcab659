/** Signals: the first drains and ends the run, a second one exits at once. The terminal is given back either way. */
import { type ExitCode, exitCodes } from '../errors.ts';
import type { SessionControl } from '../session/view.ts';
import { restoreTerminal } from '../ui/restore-terminal.ts';

type Reason = Parameters<SessionControl['stop']>[0];

const meanings = [
  { signal: 'SIGINT', reason: 'interrupt', exitCode: exitCodes.interrupted },
  { signal: 'SIGTERM', reason: 'terminate', exitCode: exitCodes.terminated },
  { signal: 'SIGHUP', reason: 'hangup', exitCode: exitCodes.terminalGone },
] as const satisfies readonly { signal: NodeJS.Signals; reason: Reason; exitCode: number }[];

export interface SignalWatch {
  /** Exit code of the signal that came; null: none did. */
  readonly exitCode: ExitCode | null;
  end(): void;
}

export function listenForSignals(stop: (reason: Reason) => void): SignalWatch {
  let asked: ExitCode | null = null;
  const handlers = meanings.map(({ signal, reason, exitCode }) => {
    const handler = (): void => {
      if (asked !== null) {
        restoreTerminal();
        process.exit(exitCode);
      }
      asked = exitCode;
      stop(reason);
    };
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
    end() {
      for (const { signal, handler } of handlers) process.off(signal, handler);
      process.off('exit', crashed);
    },
  };
}
