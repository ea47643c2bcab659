/** CPU time that the host of a virtual machine gave to others. */
import { readFileSync } from 'node:fs';
import { type CpuTicks, parseCpuTicks } from '../../source/measure/cpu-ticks.ts';

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
