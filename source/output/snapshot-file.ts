/**
 * Writes documents to disk so that a file of that name is always whole: the text goes to a temporary file in
 * the same folder, reaches the disk, and only then takes the name.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, link, lstat, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { LoadtuiError, messageOf } from '../errors.ts';
import type { SessionDocument } from '../session/document-schema.ts';
import { snapshotText } from './snapshot-text.ts';

export interface WriteOptions {
  /** Whether a file that is there may be replaced. */
  readonly force: boolean;
}

/** Longest part of a topic's name in a file name: Kafka allows 249 characters, most file systems 255 in all. */
const longestTopicPart = 200;
const pieceLength = 1 << 20;

/** `TOPIC-YYYYMMDD-HHMMSS.json`, local time. */
export function defaultSnapshotName(topic: string, date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  const time = `${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
  const safeTopic = topic.replaceAll(/[^\w.-]/g, '_').slice(0, longestTopicPart);
  return `${safeTopic}-${day}-${time}.json`;
}

/**
 * Says before a run whether a snapshot could be written there: rejects with FILE_EXISTS or FILE (exit 2).
 * What it finds may change until the file is written; `writeSnapshot` looks again.
 */
export async function checkWritable(path: string, options: WriteOptions): Promise<void> {
  const folder = dirname(resolve(path));
  try {
    if (!(await stat(folder)).isDirectory()) throw new Error('it is not a directory');
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fileError(`cannot write to ${folder}`, error);
  }
  const there = await kindOf(path);
  if (there === 'directory') throw isDirectory(path);
  if (there === 'file' && !options.force) throw fileExists(path);
}

/** Writes a document; see `writeWhole`. */
export function writeSnapshot(document: SessionDocument, path: string, options: WriteOptions): Promise<void> {
  return writeWhole(snapshotText(document), path, options);
}

/**
 * Writes a text. Rejects with FILE_EXISTS where a file is there and `force` is false — also when it appears while
 * writing — or with FILE where the folder cannot be written to. Nothing is left behind in either case.
 */
export async function writeWhole(text: Iterable<string>, path: string, options: WriteOptions): Promise<void> {
  await checkWritable(path, options);
  const folder = dirname(resolve(path));
  const temporary = join(folder, `.loadtui-${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeDurably(temporary, text);
    if (options.force) await rename(temporary, path);
    else await takeName(temporary, path);
    await syncFolder(folder);
  } catch (error) {
    throw error instanceof LoadtuiError ? error : fileError(`cannot write ${path}`, error);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeDurably(path: string, text: Iterable<string>): Promise<void> {
  const file = await open(path, 'wx', 0o644);
  try {
    for (const piece of inPieces(text)) await file.appendFile(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The same text in pieces that are worth a call to the system each. */
export function* inPieces(text: Iterable<string>): Generator<string> {
  let piece = '';
  for (const part of text) {
    piece += part;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

/** Gives a finished file its name unless something has that name: a link fails where a rename would replace. */
async function takeName(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw fileExists(path);
    if (!cannotLink.has(codeOf(error))) throw error;
    await reserveAndRename(temporary, path);
  }
}

/** What file systems without hard links answer. */
const cannotLink = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK']);

async function reserveAndRename(temporary: string, path: string): Promise<void> {
  try {
    await (await open(path, 'wx')).close();
  } catch (error) {
    throw codeOf(error) === 'EEXIST' ? fileExists(path) : error;
  }
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** Makes the new name itself last. Some systems cannot sync a folder; the file's content is safe without it. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  if (handle === null) return;
  await handle.sync().catch(() => null);
  await handle.close();
}

async function kindOf(path: string): Promise<'nothing' | 'file' | 'directory'> {
  try {
    return (await lstat(path)).isDirectory() ? 'directory' : 'file';
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'nothing';
    throw fileError(`cannot write ${path}`, error);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function fileExists(path: string): LoadtuiError {
  return new LoadtuiError(`${path} is there already`, {
    code: 'FILE_EXISTS',
    fault: 'usage',
    next: 'Name another file, or replace this one with --force.',
  });
}

function isDirectory(path: string): LoadtuiError {
  return new LoadtuiError(`${path} is a directory`, {
    code: 'FILE',
    fault: 'usage',
    next: `Name a file, such as ${join(path, 'session.json')}.`,
  });
}

function fileError(what: string, cause: unknown): LoadtuiError {
  return new LoadtuiError(`${what}: ${messageOf(cause)}`, {
    code: 'FILE',
    fault: 'usage',
    next: 'Name a directory that is there and that you may write to.',
    cause,
  });
}
