/** The command line of `npm run bench`. */
import { parseArgs } from 'node:util';
import { usageError } from '../source/errors.ts';
import type { Bench } from './bench.ts';
import { type BesideOptions, besideFlags, besideHelp, besideOptions } from './beside/beside-options.ts';
import { type DimensionName, dimensionNames } from './scale/dimension.ts';
import { cases } from './searches/cases.ts';

export interface BenchOptions {
  /** Names or beginnings of names; empty: all that can run. */
  readonly only: readonly string[];
  readonly json: boolean;
  readonly update: boolean;
  readonly quick: boolean;
  /** Only what is far worse than the baseline counts: for machines that are never quite at rest. */
  readonly guard: boolean;
  readonly kafka: boolean;
  readonly brokers: string | null;
  /** Dimensions along which costs are measured instead of benches; null: benches. */
  readonly scale: readonly DimensionName[] | null;
  /** Beside other tools instead of benches; null: benches. */
  readonly beside: BesideOptions | null;
  /** Searches with known answers instead of benches, so often each; null: benches. */
  readonly searches: { readonly names: readonly string[]; readonly rounds: number } | null;
  /** What loadtui itself costs instead of benches. */
  readonly own: boolean;
  readonly help: boolean;
}

export const helpText = `npm run bench -- [options]

  --only NAME            this bench or group only (micro, sandbox.produce); may be repeated
  --json                 figures as JSON
  --update               write bench/baseline.json: from a machine that does nothing else
  --guard                exit code 1 only where even the best round is 2.5 times as bad as the
                         baseline, on a machine as fast
  --quick                to see that it works; the figures are worth nothing
  --brokers HOST:PORT    also the benches against this Kafka
  --kafka                the same, against a Kafka that is started for it (Java and Maven)
  --scale [NAME...]      instead of benches: how costs bend with ${dimensionNames.join(', ')};
                         writes bench/scale/*.svg and results.json, with --quick nothing
  --searches [NAME...]   instead of benches: loadtui find on sandboxes with known answers, --rounds times each (10);
                         two hours at rest; writes bench/searches/results.json, with --quick nothing
  --own                  instead of benches: what loadtui itself costs (latency with and without the screen, CPU,
                         memory, garbage, start); a quarter of an hour, needs tmux and a Kafka (--kafka or
                         --brokers); writes bench/RESULTS.json and bench/RESULTS.md, with --quick nothing

${besideHelp}`;

/** Throws LoadtuiError (USAGE). */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parse(args);
  const { json = false, update = false, quick = false, kafka = false, help = false, brokers = null } = values;
  const { guard = false, own = false } = values;
  if (quick && update) throw usageError('--quick measures nothing that --update could keep', 'Leave one of them out.');
  if (kafka && brokers !== null) throw usageError('--kafka starts a Kafka, --brokers names one', 'Keep one of them.');
  if (guard && (quick || update)) throw usageError('--guard judges whole rounds', 'Leave out --quick and --update.');
  const only = values.only ?? [];
  const searches = readSearches(values.searches === true, positionals, values.rounds);
  const scale = searches === null ? readScale(values.scale === true, positionals) : null;
  const { rounds: _rounds, ...others } = values;
  const beside = besideOptions(searches === null ? values : others);
  if (scale !== null && beside !== null) throw usageError('--scale and --beside are two runs', 'Keep one of them.');
  if (own && (scale !== null || beside !== null || only.length > 0 || json || update || guard)) {
    throw usageError('--own runs no benches', 'Leave out all but --kafka, --brokers and --quick.');
  }
  if (own && !kafka && brokers === null) throw usageError('--own needs a Kafka', 'Add --brokers HOST:PORT or --kafka.');
  if (scale !== null && (json || update || only.length > 0)) {
    throw usageError('--scale runs no benches', 'Leave out --only, --json and --update.');
  }
  return { only, json, update, quick, guard, kafka, brokers, scale, searches, beside, own, help };
}

/** Names after --searches; all of them where there are none. */
function readSearches(
  isAsked: boolean,
  words: readonly string[],
  rounds: string | undefined,
): BenchOptions['searches'] {
  if (!isAsked) return null;
  const wrong = words.find((word) => !cases.some(({ name }) => name === word));
  const names = cases.map(({ name }) => name).join(', ');
  if (wrong !== undefined) throw usageError(`there is no search ${wrong}`, `There are ${names}.`);
  const count = Number(rounds ?? '10');
  if (!Number.isInteger(count) || count < 1)
    throw usageError(`"${rounds}" rounds cannot be run`, 'Write a whole number.');
  return { names: words, rounds: count };
}

/** Names after --scale; all dimensions where there are none. */
function readScale(isScale: boolean, words: readonly string[]): readonly DimensionName[] | null {
  if (!isScale) {
    if (words[0] !== undefined) throw usageError(`${words[0]} is no option`, 'npm run bench -- --help');
    return null;
  }
  const wrong = words.find((word) => !dimensionNames.some((name) => name === word));
  if (wrong !== undefined) {
    throw usageError(`there is no dimension ${wrong}`, `There are ${dimensionNames.join(', ')}.`);
  }
  return words.length === 0 ? dimensionNames : dimensionNames.filter((name) => words.includes(name));
}

function parse(args: readonly string[]) {
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        only: { type: 'string', multiple: true },
        brokers: { type: 'string' },
        json: flag,
        update: flag,
        quick: flag,
        guard: flag,
        kafka: flag,
        scale: flag,
        own: flag,
        searches: flag,
        ...besideFlags,
        help: flag,
      },
    });
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error), 'npm run bench -- --help');
  }
}

/** The benches to run. Throws LoadtuiError (USAGE) for a name that is none, or one that needs a Kafka and has none. */
export function select(benches: readonly Bench[], { only, kafka, brokers }: BenchOptions): readonly Bench[] {
  const hasKafka = kafka || brokers !== null;
  const matches = (bench: Bench, name: string): boolean => bench.name === name || bench.name.startsWith(`${name}.`);
  for (const name of only) {
    const named = benches.filter((bench) => matches(bench, name));
    if (named.length === 0) {
      throw usageError(`there is no bench ${name}`, `There are ${benches.map((bench) => bench.name).join(', ')}.`);
    }
    if (!hasKafka && named.every(({ needs }) => needs === 'kafka')) {
      throw usageError(`${name} needs a Kafka`, 'Add --brokers HOST:PORT or --kafka.');
    }
  }
  return benches.filter(
    (bench) =>
      (hasKafka || bench.needs === 'nothing') &&
      (bench.isLong === true
        ? only.includes(bench.name)
        : only.length === 0 || only.some((name) => matches(bench, name))),
  );
}
