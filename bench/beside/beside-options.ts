/** The words of the command line that belong to `--beside`. */
import { usageError } from '../../source/errors.ts';
import { leastRounds } from './pace.ts';
import { type TaskName, taskNames } from './tasks.ts';

export interface BesideOptions {
  readonly rounds: number;
  /** Empty: all. */
  readonly onlyTasks: readonly TaskName[];
}

export const besideFlags = {
  beside: { type: 'boolean' },
  rounds: { type: 'string' },
  'only-task': { type: 'string', multiple: true },
} as const;

export const besideHelp = `npm run bench -- --beside [options]

  Measures loadtui beside other Kafka tools, against Kafkas that are started for it (Java, Maven, a build; a quarter of an hour),
  and writes bench/RESULTS.json and bench/RESULTS.md. rdkafka_performance is taken from the PATH or $RDKAFKA_PERFORMANCE.

  --rounds N             instead of ${leastRounds}, not fewer
  --only-task NAME       this task only (${taskNames.join(', ')});
                         may be repeated; the others' results stay as they were
  --quick                to see that it works: a round of a second each; writes no file
`;

interface Words {
  readonly beside?: boolean;
  readonly rounds?: string;
  readonly 'only-task'?: readonly string[];
}

const strangers = ['only', 'json', 'update', 'kafka', 'brokers', 'scale'] as const;
type Stranger = Partial<Readonly<Record<(typeof strangers)[number], unknown>>>;

/** null: without `--beside`. Throws LoadtuiError (USAGE). */
export function besideOptions(values: Words & Stranger): BesideOptions | null {
  const { beside = false, rounds, 'only-task': onlyTasks = [] } = values;
  if (!beside) {
    if (rounds === undefined && onlyTasks.length === 0) return null;
    throw usageError('--rounds and --only-task belong to --beside', 'Add --beside.');
  }
  for (const other of strangers) {
    if (values[other] === undefined) continue;
    throw usageError(`--beside does not go with --${other}`, 'It measures and writes what is its own.');
  }
  return { rounds: readRounds(rounds), onlyTasks: onlyTasks.map(readTask) };
}

function readRounds(text: string | undefined): number {
  if (text === undefined) return leastRounds;
  const rounds = /^\d+$/.test(text) ? Number(text) : 0;
  if (rounds >= leastRounds) return rounds;
  throw usageError(
    `--rounds ${text}: from fewer than ${leastRounds} nothing can be told`,
    `Give ${leastRounds} or more.`,
  );
}

function readTask(name: string): TaskName {
  const task = taskNames.find((one) => one === name);
  if (task === undefined) throw usageError(`there is no task ${name}`, `There are ${taskNames.join(', ')}.`);
  return task;
}
