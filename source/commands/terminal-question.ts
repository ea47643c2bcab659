/** Asks a yes-or-no question on the terminal, before the screen takes it. */
import { createInterface } from 'node:readline/promises';

const endings = ['SIGTERM', 'SIGHUP'] as const;

/** True for `y` and `yes` alone; ctrl-c is a no and told by `interrupt`; so are an end of input and other signals. */
export async function askOnTerminal(question: string, interrupt: () => void): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const unanswered = new AbortController();
  const giveUp = (): void => unanswered.abort();
  terminal.once('SIGINT', () => {
    // First of all: whoever gets the no must know why.
    interrupt();
    giveUp();
  });
  terminal.once('close', giveUp);
  for (const signal of endings) process.once(signal, giveUp);
  try {
    const answer = await terminal.question(`loadtui: ${question} [y/N] `, { signal: unanswered.signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (unanswered.signal.aborted) return false;
    throw error;
  } finally {
    for (const signal of endings) process.off(signal, giveUp);
    terminal.close();
  }
}
