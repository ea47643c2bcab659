/** `loadtui replay FILE|DIR|last|last~N`: a saved session on the screen, played again, without any load. */
import type { OutputOptions } from '../config/plan.ts';
import { exitCodes, usageError } from '../errors.ts';
import { Replay } from '../session/replay.ts';
import { restoreTerminal } from '../ui/restore-terminal.ts';
import { takeKeys } from './early-keys.ts';
import { findSession } from './find-session.ts';
import { readSession } from './read-session.ts';
import { listenForSignals } from './signals.ts';

export interface ReplayOptions {
  /** As typed: a file, a folder, `last`, `last~2`. */
  readonly session: string;
  readonly historyFolder: string;
  readonly output: Pick<OutputOptions, 'color' | 'ascii' | 'theme' | 'fps' | 'mouse'>;
}

/**
 * Plays until the operator ends it; answers the exit code. Rejects with LoadtuiError (exit 2) where there is no terminal
 * or no such session.
 */
export async function replayCommand({ session, historyFolder, output }: ReplayOptions): Promise<number> {
  const { stdin, stdout } = process;
  if (stdin.isTTY !== true || stdout.isTTY !== true) {
    const which = stdout.isTTY === true ? 'standard input' : 'standard output';
    throw usageError(
      `a replay needs a terminal, and ${which} is none`,
      `loadtui report ${session} gives the same session without one.`,
    );
  }
  const over = Promise.withResolvers<void>();
  const signals = listenForSignals(
    () => over.resolve(),
    () => '',
  );
  const keys = takeKeys(stdin);
  keys.heed({ quit: () => over.resolve(), interrupt: signals.interrupt });
  // A terminal that goes away says so by failing reads and writes.
  for (const stream of [stdin, stdout]) stream.on('error', () => over.resolve());
  try {
    const { document } = await readSession(await findSession(session, historyFolder));
    const { startScreen } = await import('../ui/screen.tsx');
    const replay = new Replay(document, () => performance.now(), over.resolve);
    keys.handOver();
    const screen = await startScreen({
      control: replay.control,
      playback: replay,
      look: () => replay.view(),
      interrupt: signals.interrupt,
      output,
      stdout,
      stdin,
      onExit: (error) => (error === null ? over.resolve() : over.reject(error)),
    });
    const timer = setInterval(() => screen.tick(), 1000 / output.fps);
    await over.promise.finally(() => {
      clearInterval(timer);
      return screen.close();
    });
  } finally {
    restoreTerminal();
    keys.release();
    // The screen stopped listening a moment ago, and may not have stopped reading: that would keep the process.
    stdin.unref();
    signals.end();
  }
  return signals.exitCode ?? exitCodes.done;
}
