/** `loadtui report FILE|DIR|last|last~N`: a session in another format, on standard output or into a file. */
import { didYouMean } from '../config/nearest-name.ts';
import { exitCodes, usageError } from '../errors.ts';
import { type HlogRow, hlogText, intervalHlogRows, windowHlogRows } from '../output/hlog.ts';
import { inPieces, writeWhole } from '../output/snapshot-file.ts';
import { snapshotText } from '../output/snapshot-text.ts';
import { findSession } from './find-session.ts';
import { laterReportFormats, type ReportFormat, reportFormats } from './names.ts';
import { print } from './print.ts';
import { readSession } from './read-session.ts';

export interface ReportOptions {
  /** As typed: a file, a folder, `last`, `last~2`. */
  readonly session: string;
  readonly format: ReportFormat;
  /** null: standard output. */
  readonly path: string | null;
  readonly force: boolean;
  readonly historyFolder: string;
}

/** Reads the name of a format; throws where there is none of it (yet). */
export function readReportFormat(text: string): ReportFormat {
  const format = reportFormats.find((known) => known === text);
  if (format !== undefined) return format;
  const all = `The formats are ${reportFormats.join(' and ')}.`;
  if (laterReportFormats.includes(text)) throw usageError(`--format ${text} comes in a later version`, all);
  throw usageError(`there is no format "${text}"`, didYouMean(text, reportFormats, all));
}

/** Rejects with LoadtuiError (exit 2) where the session cannot be read or the file cannot be written. Answers the exit code. */
export async function reportCommand(options: ReportOptions): Promise<number> {
  const { session, format, path, force, historyFolder } = options;
  const pieces = await reportText(await findSession(session, historyFolder), format);
  if (path === null) {
    for (const piece of inPieces(pieces)) await print(piece);
  } else {
    await writeWhole(pieces, path, { force });
    process.stderr.write(`saved  ${path}\n`);
  }
  return exitCodes.done;
}

async function reportText(path: string, format: ReportFormat): Promise<Iterable<string>> {
  switch (format) {
    case 'json':
      return snapshotText((await readSession(path)).document);
    case 'hlog': {
      const rows: HlogRow[] = [];
      const { document, isJournal } = await readSession(path, (row, tally) => {
        if (row.phase === 'measuring') rows.push(...intervalHlogRows(row, tally));
      });
      return isJournal
        ? hlogText(document, rows, 'the measured phase, by the second')
        : hlogText(document, windowHlogRows(document), 'all phases, by windows of 10 s');
    }
  }
}
