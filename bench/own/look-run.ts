/** A run at 10,000/s, as plain lines, on the screen, or on the screen while it is frozen: latency, CPU and memory. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { readSession } from '../../source/commands/read-session.ts';
import { TerminalProgram } from '../../test/terminal/harness/terminal-program.ts';
import { builtProgram } from '../support/built-program.ts';
import { cpuNsByThread, cpuOf } from '../support/thread-cpu.ts';
import type { Look } from './own-schema.ts';
import type { OwnPace } from './pace.ts';

export interface LookRound {
  readonly e2eP50Ms: number;
  readonly e2eP99Ms: number;
  readonly mainThreadPercent: number;
  readonly rssMb: number;
}

export const lookFlags = '-r 10k -s 1KiB --linger 0 --acks 1 --pacing timer --partitions 1 --no-history';
const size = { columns: 160, rows: 45 } as const;
/** Beginnings and ends are not what is asked for. */
const marginMs = 1_000;

export async function lookRun(brokers: string, look: Look, pace: OwnPace): Promise<LookRound> {
  const folder = mkdtempSync(join(tmpdir(), 'loadtui-look-'));
  const path = join(folder, 'session.json');
  const times = ['--warm-up', `${pace.warmUpMs}ms`, '-d', `${pace.measureMs}ms`, '--save', path];
  const command = [process.execPath, builtProgram(), 'run', '-b', brokers, ...lookFlags.split(' '), ...times];
  try {
    const mainThreadPercent = await (look === 'plain'
      ? plainRun(command, folder, pace)
      : screenRun(command, look, pace));
    const { intervals, latency } = (await readSession(path)).document;
    const { p50Ms, p99Ms } = latency.e2e;
    if (p50Ms === null || p99Ms === null) throw new Error('there is no end-to-end latency');
    const rss = intervals.flatMap(({ phase, process: { rssBytes } }) =>
      phase === 'measuring' && rssBytes !== null ? [rssBytes] : [],
    );
    if (rss.length === 0) throw new Error('memory is not known');
    return { e2eP50Ms: p50Ms, e2eP99Ms: p99Ms, mainThreadPercent, rssMb: Math.max(...rss) / 1e6 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function plainRun([program = '', ...args]: readonly string[], folder: string, pace: OwnPace): Promise<number> {
  const environment = { ...process.env, XDG_STATE_HOME: folder };
  const child = spawn(program, [...args, '--plain', '-q'], { stdio: 'ignore', env: environment });
  const ended = once(child, 'exit');
  const percent = await mainThreadPercent(child.pid ?? 0, pace);
  const [code] = await ended;
  if (code !== 0) throw new Error(`loadtui ended with ${String(code)}`);
  return percent;
}

async function screenRun(command: readonly string[], look: Look, pace: OwnPace): Promise<number> {
  const terminal = await TerminalProgram.start({ command, ...size });
  try {
    await terminal.waitForText(/measuring/i, 60_000);
    if (look === 'frozen') await terminal.press('f');
    const percent = await mainThreadPercent(await terminal.pid(), { ...pace, warmUpMs: 0 });
    // The result stays until a key is pressed.
    await passed(marginMs + 2_000);
    if (look === 'frozen') await terminal.press('f');
    await terminal.press('q');
    const { exitCode } = await terminal.ending(60_000);
    if (exitCode !== 0) throw new Error(`loadtui ended with ${exitCode}`);
    return percent;
  } finally {
    await terminal.close();
  }
}

/** Share of a core that the main thread uses while the load is measured. */
async function mainThreadPercent(pid: number, { warmUpMs, measureMs }: OwnPace): Promise<number> {
  await passed(warmUpMs + marginMs);
  const before = { ns: mainThreadNs(pid), atMs: performance.now() };
  await passed(measureMs - 2 * marginMs);
  return ((mainThreadNs(pid) - before.ns) / 1e6 / (performance.now() - before.atMs)) * 100;
}

function mainThreadNs(pid: number): number {
  const ns = cpuOf(cpuNsByThread(pid), 'MainThread');
  if (ns === null) throw new Error('the CPU time of a thread is not known here: this bench needs Linux');
  return ns;
}
