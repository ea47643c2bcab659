/** The sandbox as a process of its own, so that its CPU time is not in that of the load. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { builtProgram } from '../support/built-program.ts';

export interface SandboxProcess {
  /** `host:port`. */
  readonly brokers: string;
  stop(): Promise<void>;
}

/** `flags`: what `loadtui sandbox` is told besides. Resolves once it listens. Rejects where it ends before. */
export async function startSandboxProcess(flags: readonly string[] = []): Promise<SandboxProcess> {
  const child = spawn(process.execPath, [builtProgram(), 'sandbox', '--port', '0', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const killAtExit = (): void => {
    child.kill('SIGKILL');
  };
  process.on('exit', killAtExit);
  const stop = async (): Promise<void> => {
    await end(child);
    process.off('exit', killAtExit);
  };
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const address = /^\S+:\d+$/.exec(line)?.[0];
    if (address !== undefined) return { brokers: address, stop };
  }
  await stop();
  throw new Error('the sandbox ended before it named its port');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}
