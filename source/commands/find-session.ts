/** From what an operator calls a session — a file, a folder, `last`, `last~2` — to the path of its file. */
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LoadtuiError, messageOf, usageError } from '../errors.ts';
import { journalsIn } from '../output/history.ts';

const pastRun = /^last(?:~(\d+))?$/;
/** So much of a file tells a session from anything else. */
const peekBytes = 4096;

/** Rejects with LoadtuiError (exit 2) where there is no such session. */
export async function findSession(reference: string, historyFolder: string): Promise<string> {
  const match = pastRun.exec(reference);
  if (match !== null) return pastSession(reference, Number(match[1] ?? 0), historyFolder);
  let isFolder: boolean;
  try {
    isFolder = (await stat(reference)).isDirectory();
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code !== 'ENOENT';
    if (isThere) throw unreadable(reference, error);
    const next = 'Name a file that --save wrote, a folder of such files, or last, last~1, ... for a past run.';
    throw usageError(`there is no session ${reference}`, next);
  }
  return isFolder ? newestIn(reference) : reference;
}

async function pastSession(reference: string, back: number, folder: string): Promise<string> {
  const journals = await journalsIn(folder).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  const path = journals[back];
  if (path !== undefined) return path;
  if (journals.length === 0) {
    throw usageError(`the history is empty: nothing is in ${folder}`, 'Run loadtui first, without --no-history.');
  }
  const oldest = journals.length === 1 ? 'last' : `last~${journals.length - 1}`;
  throw usageError(`there is no ${reference} in the history`, `Name a run that is there; the oldest is ${oldest}.`);
}

/** The file of a folder that was written last and looks like a session. */
async function newestIn(folder: string): Promise<string> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  const candidates: { readonly path: string; readonly writtenMs: number }[] = [];
  for (const name of names.filter((one) => /\.(nd)?json$/.test(one))) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found?.isFile()) candidates.push({ path, writtenMs: found.mtimeMs });
  }
  candidates.sort((a, b) => b.writtenMs - a.writtenMs || b.path.localeCompare(a.path));
  for (const { path } of candidates) if (await looksLikeSession(path)) return path;
  throw usageError(`no session is in ${folder}`, 'Name a folder that holds files which --save or the key s wrote.');
}

async function looksLikeSession(path: string): Promise<boolean> {
  const file = await open(path).catch(() => null);
  if (file === null) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(peekBytes), 0, peekBytes);
    const head = buffer.toString('utf8', 0, bytesRead);
    return /^\s*\{\s*("schemaVersion"|"kind":"start")/.test(head);
  } finally {
    await file.close();
  }
}

/** A file or folder that is there and cannot be read. */
export function unreadable(path: string, cause: unknown): LoadtuiError {
  const next = 'Name a file or folder that you may read.';
  return new LoadtuiError(`cannot read ${path}: ${messageOf(cause)}`, { code: 'FILE', fault: 'usage', next, cause });
}
