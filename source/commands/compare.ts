/** `loadtui compare A B...`: runs against a base, on standard output or into a file. */
import { didYouMean } from '../config/nearest-name.ts';
import { exitCodes, usageError } from '../errors.ts';
import { type ComparedRun, comparedRun } from '../output/compared-run.ts';
import { type Comparison, compareRuns } from '../output/comparison.ts';
import { comparisonJson } from '../output/comparison-schema.ts';
import { comparisonMarkdown, comparisonText } from '../output/comparison-text.ts';
import { asciiOnly } from '../output/figures-text.ts';
import { writeWhole } from '../output/snapshot-file.ts';
import { findSession } from './find-session.ts';
import { type CompareFormat, compareFormats } from './names.ts';
import { print } from './print.ts';
import { readSession } from './read-session.ts';

/** As typed: files, folders, `last`, `last~2`. */
export interface Sides {
  readonly base: readonly string[];
  readonly new: readonly string[];
}

export interface CompareOptions extends Sides {
  readonly format: CompareFormat;
  /** null: standard output. */
  readonly path: string | null;
  /** Whether a file that is there may be replaced. */
  readonly force: boolean;
  /** Also runs that measure different things. */
  readonly forceCompare: boolean;
  readonly failOnRegression: boolean;
  /** Of the format text. */
  readonly ascii: boolean;
  readonly historyFolder: string;
}

/** Reads the name of a format; throws where there is none of it. */
export function readCompareFormat(text: string): CompareFormat {
  const format = compareFormats.find((known) => known === text);
  if (format !== undefined) return format;
  const all = `The formats are ${compareFormats.join(', ')}.`;
  throw usageError(`there is no format "${text}" of comparisons`, didYouMean(text, compareFormats, all));
}

/** The first word is the base and the others are new, or --base and --new say which are; a mixture throws. */
export function readSides({ operands, ...flags }: Sides & { readonly operands: readonly string[] }): Sides {
  const next = 'Write loadtui compare A.json B.json, or --base A*.json --new B*.json.';
  if (flags.base.length === 0 && flags.new.length === 0) {
    const [first, ...others] = operands;
    if (first === undefined) throw usageError('which sessions?', next);
    if (others.length === 0) throw usageError(`compare ${first} with what?`, next);
    return { base: [first], new: others };
  }
  if (operands[0] !== undefined) throw usageError(`"${operands[0]}" is on neither side`, next);
  if (flags.base.length === 0) throw usageError('--new has nothing to be compared with', next);
  if (flags.new.length === 0) throw usageError('--base has nothing to be compared with', next);
  return flags;
}

/**
 * Rejects with LoadtuiError (exit 2) where a session cannot be read, sessions do not compare, or the file cannot be
 * written. Answers the exit code.
 */
export async function compareCommand(options: CompareOptions): Promise<number> {
  const { failOnRegression, force, forceCompare, historyFolder, path } = options;
  const base = await readRuns(options.base, historyFolder);
  const later = await readRuns(options.new, historyFolder);
  const comparison = compareRuns(base, later, { force: forceCompare });
  const text = textOf(comparison, options);
  if (path === null) await print(text);
  else {
    await writeWhole([text], path, { force });
    process.stderr.write(`saved  ${path}\n`);
  }
  return failOnRegression && comparison.regression ? exitCodes.sloBroken : exitCodes.done;
}

/** One after the other: a document may be large, and little of it is kept. */
async function readRuns(sessions: readonly string[], historyFolder: string): Promise<ComparedRun[]> {
  const runs: ComparedRun[] = [];
  for (const session of sessions) {
    const { document } = await readSession(await findSession(session, historyFolder));
    runs.push(comparedRun(session, document));
  }
  return runs;
}

function textOf(comparison: Comparison, { ascii, format }: CompareOptions): string {
  switch (format) {
    case 'json':
      return comparisonJson(comparison);
    case 'md':
      return comparisonMarkdown(comparison);
    case 'text':
      return ascii ? asciiOnly(comparisonText(comparison)) : comparisonText(comparison);
  }
}
