/** CPU time of a process by the name of its threads, as the kernel counts it. */
import { readdirSync, readFileSync } from 'node:fs';

/** The kernel keeps so much of a thread's name. */
const keptCharacters = 15;

/** ns that all threads of this process with this name have used so far; null where the system does not say. */
export function threadCpuNs(name: string): number | null {
  return cpuOf(cpuNsByThread('self'), name);
}

/** The same of a reading of all threads. */
export function cpuOf(byThread: ReadonlyMap<string, number>, name: string): number | null {
  return byThread.get(name.slice(0, keptCharacters).trimEnd()) ?? null;
}

/** ns that the threads of a process have used so far, by the first 15 characters of their names; empty: not known. */
export function cpuNsByThread(pid: number | 'self'): ReadonlyMap<string, number> {
  const tasks = `/proc/${pid}/task`;
  const sums = new Map<string, number>();
  for (const task of threadIds(tasks)) {
    const name = readOrNull(`${tasks}/${task}/comm`)?.trimEnd();
    const [onCpuNs = ''] = (readOrNull(`${tasks}/${task}/schedstat`) ?? '').split(' ');
    if (name !== undefined && /^\d+$/.test(onCpuNs)) sums.set(name, (sums.get(name) ?? 0) + Number(onCpuNs));
  }
  return sums;
}

/** ns that this process has used so far, all threads together. */
export function processCpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

function threadIds(tasks: string): readonly string[] {
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
