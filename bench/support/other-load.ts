/** How busy the machine was with other things than this process and its children. */
import { cpus } from 'node:os';
import { processStat } from './process-stat.ts';

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
  const stat = processStat(process.pid);
  if (stat === null) return null;
  const { user, system } = process.cpuUsage();
  const machineMs = cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys, 0);
  return { atMs: performance.now(), machineMs, ownMs: (user + system) / 1000 + stat.childrenMs };
}
