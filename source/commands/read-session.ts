/** Reads a session from its file: a journal of the history, or a saved document. */
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { usageError } from '../errors.ts';
import { liveWithinMs, processLives } from '../output/history.ts';
import { type SessionDocument, sessionDocumentSchema } from '../session/document-schema.ts';
import { JournalFault, type RebuildOptions, rebuildSession } from '../session/journal-rebuild.ts';
import { faultText } from '../session/schema-fault.ts';
import { unreadable } from './find-session.ts';

const journalBegin = '{"kind":"start"';
const what = 'a saved session or a journal of the history';

export interface SessionRead {
  readonly document: SessionDocument;
  /** A journal knows every second; a document only its 10 s windows. */
  readonly isJournal: boolean;
}

/** `interval` is called for each interval of a journal. Rejects with LoadtuiError (exit 2) where the file is none of ours. */
export async function readSession(path: string, interval?: RebuildOptions['interval']): Promise<SessionRead> {
  const isJournal = await beginsLikeJournal(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (!isJournal) return { document: await readDocument(path), isJournal };
  const { mtimeMs } = await stat(path);
  const isFresh = Date.now() - mtimeMs < liveWithinMs;
  const lines = createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
  try {
    const document = await rebuildSession(lines, {
      running: ({ pid }) => isFresh && processLives(pid),
      ...(interval === undefined ? {} : { interval }),
    });
    return { document, isJournal };
  } catch (error) {
    if (!(error instanceof JournalFault)) throw unreadable(path, error);
    const at = { file: path, line: error.line };
    throw usageError(`${path} is a journal with a fault: ${error.message}`, tryInstead, at);
  }
}

const tryInstead = `Name ${what}: last, last~1, or a file that --save wrote.`;

async function beginsLikeJournal(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(journalBegin.length), 0, journalBegin.length);
    return buffer.toString('utf8', 0, bytesRead) === journalBegin;
  } finally {
    await file.close();
  }
}

async function readDocument(path: string): Promise<SessionDocument> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unreadable(path, error);
  });
  try {
    return sessionDocumentSchema.parse(JSON.parse(text));
  } catch (error) {
    throw usageError(`${path} is not ${what}: ${faultText(error)}`, tryInstead, { file: path });
  }
}
