/** CPU time of this process by the name of its threads, as the kernel counts it. */
import { readdirSync, readFileSync } from 'node:fs';

const tasks = '/proc/self/task';
/** The kernel keeps so much of a thread's name. */
const keptCharacters = 15;

/** ns that all threads with this name have used so far; null where the system does not say. */
export function threadCpuNs(name: string): number | null {
  let sum: number | null = null;
  for (const task of threadIds()) {
    const comm = readOrNull(`${tasks}/${task}/comm`);
    if (comm?.trimEnd() !== name.slice(0, keptCharacters).trimEnd()) continue;
    const [onCpuNs = ''] = (readOrNull(`${tasks}/${task}/schedstat`) ?? '').split(' ');
    if (/^\d+$/.test(onCpuNs)) sum = (sum ?? 0) + Number(onCpuNs);
  }
  return sum;
}

/** ns that this process has used so far, all threads together. */
export function processCpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

function threadIds(): readonly string[] {
  try {
    return readdirSync(tasks);
  } catch {
    return [];
  }
}

/** A thread may end between being listed and being looked at. */
function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
