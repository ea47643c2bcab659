/** CPU time that the host of a virtual machine gave to others while ours wanted it: "steal" of /proc/stat, see proc(5). */
import { readFileSync } from 'node:fs';

export interface CpuTicks {
  readonly stolen: number;
  /** Of all states, idle too. */
  readonly total: number;
}

/** Places in the line `cpu`: user nice system idle iowait irq softirq steal, then what is counted among those already. */
const states = 8;
const stolenAt = 7;

/** Of the text of /proc/stat; null: it has no line for all CPUs. */
export function parseCpuTicks(text: string): CpuTicks | null {
  const line = /^cpu +(.*)$/m.exec(text)?.[1];
  if (line === undefined) return null;
  const ticks = line.split(' ').slice(0, states).map(Number);
  return { stolen: ticks[stolenAt] ?? 0, total: ticks.reduce((sum, one) => sum + one, 0) };
}

export class StolenCpu {
  readonly #before = read();

  /** Of all CPU time since this object was made, 0 … 1; null where the system does not say. */
  fraction(): number | null {
    const now = read();
    if (this.#before === null || now === null) return null;
    const total = now.total - this.#before.total;
    return total === 0 ? 0 : (now.stolen - this.#before.stolen) / total;
  }
}

function read(): CpuTicks | null {
  try {
    return parseCpuTicks(readFileSync('/proc/stat', 'utf8'));
  } catch {
    return null;
  }
}
