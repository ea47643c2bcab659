/** Asks a yes-or-no question on the terminal, before the screen takes it. */
import { createInterface } from 'node:readline/promises';

/** True for `y` and `yes` alone; ctrl-c is a no, and a signal to the process as ever. */
export async function askOnTerminal(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const interrupted = new AbortController();
  terminal.once('SIGINT', () => {
    interrupted.abort();
    process.kill(process.pid, 'SIGINT');
  });
  try {
    const answer = await terminal.question(`loadtui: ${question} [y/N] `, { signal: interrupted.signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (interrupted.signal.aborted) return false;
    throw error;
  } finally {
    terminal.close();
  }
}
