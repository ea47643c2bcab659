/** CPU time by /proc/stat of Linux, see proc(5). */

export interface CpuTicks {
  /** What the host of a virtual machine gave to others while ours wanted it: "steal". */
  readonly stolen: number;
  /** Of all states, idle too. */
  readonly total: number;
}

/** Places in the line `cpu`: user nice system idle iowait irq softirq steal, then what is counted among those already. */
const states = 8;
const stolenAt = 7;

/** Of all CPUs together; null: the text has no line for them. */
export function parseCpuTicks(text: string): CpuTicks | null {
  const line = /^cpu +(.*)$/m.exec(text)?.[1];
  if (line === undefined) return null;
  const ticks = line.split(' ').slice(0, states).map(Number);
  return { stolen: ticks[stolenAt] ?? 0, total: ticks.reduce((sum, one) => sum + one, 0) };
}
