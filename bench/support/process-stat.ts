/** CPU time of processes, as Linux counts it in /proc/PID/stat: see proc(5). */
import { readFileSync } from 'node:fs';

/** Linux counts for others in hundredths of a second, whatever its own clock. */
const tickMs = 10;
/** Places after the command's name. */
const userAt = 11;
const systemAt = 12;
const childrenUserAt = 13;
const childrenSystemAt = 14;

export interface ProcessStat {
  /** All threads together, ms. */
  readonly ownMs: number;
  /** Children that have ended and were waited for, with theirs, ms. */
  readonly childrenMs: number;
}

/** Of one line of /proc/PID/stat. The command's name may hold anything, also `)`. */
export function parseStat(line: string): ProcessStat {
  const fields = line
    .slice(line.lastIndexOf(')') + 1)
    .trim()
    .split(' ');
  const ms = (user: number, system: number): number => (Number(fields[user]) + Number(fields[system])) * tickMs;
  return { ownMs: ms(userAt, systemAt), childrenMs: ms(childrenUserAt, childrenSystemAt) };
}

/** null where there is no such process, or the system does not say. */
export function processStat(pid: number): ProcessStat | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}
