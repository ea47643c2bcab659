/** How busy the machine was with other things than this process and its children. */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Linux counts a process's time for others in hundredths of a second, whatever its own clock. */
const tickMs = 10;
/** Places after the command's name in /proc/self/stat, see proc(5): time of children that have ended. */
const childrenUserAt = 13;
const childrenSystemAt = 14;

interface Reading {
  readonly atMs: number;
  readonly machineMs: number;
  readonly ownMs: number;
}

export class OtherLoad {
  readonly #before = read();

  /** Share of one core that others used since this object was made, in percent; null where the system does not say. */
  percent(): number | null {
    const now = read();
    if (this.#before === null || now === null) return null;
    const othersMs = now.machineMs - this.#before.machineMs - (now.ownMs - this.#before.ownMs);
    return Math.max(0, (othersMs / (now.atMs - this.#before.atMs)) * 100);
  }
}

function read(): Reading | null {
  const ended = endedChildrenMs();
  if (ended === null) return null;
  const { user, system } = process.cpuUsage();
  const machineMs = cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys, 0);
  return { atMs: performance.now(), machineMs, ownMs: (user + system) / 1000 + ended };
}

function endedChildrenMs(): number | null {
  try {
    return childrenMs(readFileSync('/proc/self/stat', 'utf8'));
  } catch {
    return null;
  }
}

/** CPU time of the ended children in a line of /proc/PID/stat, ms. The command's name may hold anything, also `)`. */
export function childrenMs(stat: string): number {
  const fields = stat
    .slice(stat.lastIndexOf(')') + 1)
    .trim()
    .split(' ');
  return (Number(fields[childrenUserAt]) + Number(fields[childrenSystemAt])) * tickMs;
}
