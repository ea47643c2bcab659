/**
 * tmux as a terminal that tests can see: a server of its own for each terminal (a shared one ends with its last session,
 * perhaps while the next one comes), no configuration of the user's.
 */
import { spawnSync } from 'node:child_process';
import { available } from '../../support/requirement.ts';
import { runCommand } from '../../support/run-command.ts';

/** tmux is here; in CI it is an error when it is not. */
export function tmuxAvailable(): boolean {
  return available('tests in a real terminal', [
    { name: 'tmux', present: () => spawnSync('tmux', ['-V'], { encoding: 'utf8' }).status === 0 },
  ]);
}

/** Runs one tmux command against the server behind that socket and hands back what it printed. */
export async function tmux(socketPath: string, ...args: readonly string[]): Promise<string> {
  const result = await runCommand('tmux', ['-u', '-S', socketPath, '-f', '/dev/null', ...args], { timeoutMs: 10_000 });
  if (result.exitCode !== 0) throw new Error(`tmux ${args.join(' ')}: ${result.stderr}`);
  return result.stdout;
}
