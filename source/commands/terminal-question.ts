/** Asks a yes-or-no question on the terminal, before the screen takes it. */
import { createInterface } from 'node:readline/promises';

/** True for `y` and `yes` alone. */
export async function askOnTerminal(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`loadtui: ${question} [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
