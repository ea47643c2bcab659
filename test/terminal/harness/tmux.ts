/** tmux as a terminal that tests can see: one server of our own for each test process, no configuration of the user's. */
import { spawnSync } from 'node:child_process';
import { available } from '../../support/requirement.ts';
import { runCommand } from '../../support/run-command.ts';

const socketName = `loadtui-test-${process.pid}`;

/** tmux is here; in CI it is an error when it is not. */
export function tmuxAvailable(): boolean {
  return available('tests in a real terminal', [
    { name: 'tmux', present: () => spawnSync('tmux', ['-V'], { encoding: 'utf8' }).status === 0 },
  ]);
}

/** Runs one tmux command against our server and hands back what it printed. */
export async function tmux(...args: readonly string[]): Promise<string> {
  const result = await runCommand('tmux', ['-u', '-L', socketName, '-f', '/dev/null', ...args], { timeoutMs: 10_000 });
  if (result.exitCode !== 0) throw new Error(`tmux ${args.join(' ')}: ${result.stderr}`);
  return result.stdout;
}
