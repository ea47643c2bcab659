/** The history of runs: a folder with one journal a run, of which the last are kept. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export const sessionsKept = 20;
/** A run writes at least once a second: a journal that was written to so lately may be another run's present one. */
export const liveWithinMs = 10_000;

const journalPattern = /^\d{8}-\d{6}-[0-9a-f]{16}\.ndjson$/;

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
