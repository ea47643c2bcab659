/** The history of runs: a folder with one journal a run, of which the last are kept. */
import { open, readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

export const sessionsKept = 20;
/** A run writes at least once a second: a journal that was written to so lately may be another run's present one. */
export const liveWithinMs = 10_000;

const journalPattern = /^\d{8}-\d{6}-([0-9a-f]{16})\.ndjson$/;
/** A journal's first line begins with less than this, up to its writer's process id. */
const beginBytes = 100;

/** `YYYYMMDD-HHMMSS-RUNID.ndjson`, in UTC, so that names sort by time wherever the machine goes. */
export function journalName(runId: string, startedAtMs: number): string {
  const [day = '', time = ''] = new Date(startedAtMs)
    .toISOString()
    .replaceAll(/[-:]|\.\d+Z/g, '')
    .split('T');
  return `${day}-${time}-${runId}.ndjson`;
}

/** Paths of the journals in a folder, newest first; none where there is no such folder. */
export async function journalsIn(folder: string): Promise<string[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  const journals = names.filter((name) => journalPattern.test(name));
  return journals
    .sort()
    .reverse()
    .map((name) => join(folder, name));
}

/** Removes all but the newest `keep` journals, and none that may be written to at this moment. */
export async function pruneJournals(folder: string, keep: number, nowMs = Date.now()): Promise<void> {
  for (const path of (await journalsIn(folder)).slice(keep)) {
    const writtenMs = (await stat(path).catch(() => null))?.mtimeMs ?? nowMs;
    if (nowMs - writtenMs < liveWithinMs) continue;
    // One that cannot be removed is left: the run that begins matters more.
    await rm(path, { force: true }).catch(() => null);
  }
}

/** Ids of runs on this machine that are going: their journals are being written, by processes that live. */
export async function runsGoing(folder: string, nowMs = Date.now()): Promise<ReadonlySet<string>> {
  const going = new Set<string>();
  for (const path of await journalsIn(folder)) {
    const id = journalPattern.exec(basename(path))?.[1];
    const writtenMs = (await stat(path).catch(() => null))?.mtimeMs ?? 0;
    if (id === undefined || nowMs - writtenMs >= liveWithinMs) continue;
    const pid = await writerOf(path).catch(() => null);
    if (pid !== null && processLives(pid)) going.add(id);
  }
  return going;
}

/** The process that writes a journal; null: its first line does not say. */
async function writerOf(path: string): Promise<number | null> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(beginBytes), 0, beginBytes);
    const pid = /"pid":(\d+),/.exec(buffer.toString('utf8', 0, bytesRead))?.[1];
    return pid === undefined ? null : Number(pid);
  } finally {
    await file.close();
  }
}

export function processLives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
