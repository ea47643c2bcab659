/** Two sets of runs beside each other, and what may be said of their difference. */
import { compareFigures, type FigureTest, fewestForLabels, medianOf } from '../analysis/compare-figures.ts';
import { intervalCoverage } from '../analysis/hodges-lehmann.ts';
import { smallestP } from '../analysis/mann-whitney.ts';
import { usageError } from '../errors.ts';
import {
  type ComparedRun,
  type FigureName,
  figureNames,
  noSearch,
  type RunFigure,
  type Trait,
} from './compared-run.ts';

export interface ComparedSide {
  /** One for each run, in their order. */
  readonly values: readonly number[];
  readonly median: number;
  /** Within the run where each side is one; else lowest and highest of the runs. null: not known. */
  readonly spread: RunFigure['spread'];
}

export interface ComparedFigure {
  readonly name: FigureName;
  readonly worseWhen: 'higher' | 'lower';
  readonly base: ComparedSide;
  readonly new: ComparedSide;
  /** New over base: the Hodges–Lehmann estimate; with fewer than 5 runs a side, of the medians. */
  readonly ratio: number;
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** null: fewer than 5 runs a side. */
  readonly test: FigureTest | null;
}

/** Something in which the sides differ: all that is found on each. */
export interface Difference {
  readonly name: string;
  readonly base: readonly string[];
  readonly new: readonly string[];
}

/** What `comparison-schema.ts` makes the object of `--format json` from. */
export interface Comparison {
  readonly type: 'comparison';
  /** What may be said: one run each side; fewer than 5 on one of them; enough for labels. */
  readonly claim: 'one-run-each' | 'too-few-for-labels' | 'labels';
  /** Whether one of the runs was on loadtui's own broker. */
  readonly sandbox: boolean;
  readonly base: readonly Pick<ComparedRun, 'session' | 'id' | 'startedAt' | 'headline'>[];
  readonly new: readonly Pick<ComparedRun, 'session' | 'id' | 'startedAt' | 'headline'>[];
  /** The smallest p that so many runs could give. */
  readonly smallestP: number;
  /** What the intervals of the ratios hold of the truth, 0 … 1; null: too few runs. */
  readonly coverage: number | null;
  readonly figures: readonly ComparedFigure[];
  /** Figures that not every run has, and why; a maximum rate only where somebody searched for one. */
  readonly leftOut: readonly { readonly name: FigureName; readonly reason: string }[];
  readonly changed: readonly Difference[];
  /** What would have been refused without --force-compare. */
  readonly unlike: readonly Difference[];
  readonly remarks: readonly string[];
  /** Whether a figure is different in the worse direction. */
  readonly regression: boolean;
}

/** Asked of the exact test, more would take minutes. */
const mostRuns = 100;

/**
 * Throws LoadtuiError (exit 2) where a run is named twice, a side is empty or too large, or runs measure different things
 * and `force` is false.
 */
export function compareRuns(
  base: readonly ComparedRun[],
  later: readonly ComparedRun[],
  { force }: { readonly force: boolean },
): Comparison {
  refuseSides(base, later);
  const unlike = differences(base, later, ({ alike }) => alike, 'any');
  if (unlike.length > 0 && !force) throw unlikeError(unlike);
  const shown = figureNames.filter((name) => missing(name, base, later) === null);
  const samples = shown.map((name) => ({
    worseWhen: worseWhen(name),
    base: valuesOf(name, base),
    new: valuesOf(name, later),
  }));
  const compared = compareFigures(samples);
  const isOneEach = base.length === 1 && later.length === 1;
  const figures = shown.flatMap((name, at): ComparedFigure[] => {
    const figure = compared[at];
    if (figure === undefined) return [];
    const sides = { base: sideOf(name, base, isOneEach), new: sideOf(name, later, isOneEach) };
    return [{ name, worseWhen: worseWhen(name), ...sides, ...figure }];
  });
  const isEnough = base.length >= fewestForLabels && later.length >= fewestForLabels;
  return {
    type: 'comparison',
    claim: isOneEach ? 'one-run-each' : isEnough ? 'labels' : 'too-few-for-labels',
    sandbox: [...base, ...later].some(({ sandbox }) => sandbox),
    base: base.map(nameOf),
    new: later.map(nameOf),
    smallestP: smallestP(base.length, later.length),
    coverage: isEnough ? intervalCoverage(base.length, later.length) : null,
    figures,
    leftOut: figureNames.flatMap((name) => {
      const reason = missing(name, base, later);
      const isNoNews = [...base, ...later].every(({ figures: own }) => own[name] === noSearch);
      return reason === null || isNoNews ? [] : [{ name, reason }];
    }),
    changed: differences(base, later, ({ free }) => free, 'sides'),
    unlike,
    remarks: [...runRemarks([...base, ...later]), ...(isEnough ? orderRemarks(base, later) : [])],
    regression: figures.some(({ test }) => test?.direction === 'worse'),
  };
}

function refuseSides(base: readonly ComparedRun[], later: readonly ComparedRun[]): void {
  const next = 'Name at least one run on each side: loadtui compare last~1 last.';
  if (base.length === 0 || later.length === 0) throw usageError('a comparison needs two sides', next);
  if (Math.max(base.length, later.length) > mostRuns) {
    throw usageError(`more than ${mostRuns} runs on one side`, `Name at most ${mostRuns} of them.`);
  }
  const all = [...base, ...later];
  for (const [at, { id, session }] of all.entries()) {
    const twin = all.slice(0, at).find((other) => other.id === id);
    if (twin === undefined) continue;
    const which =
      twin.session === session ? `${session} is named twice` : `${twin.session} and ${session} are the same run`;
    throw usageError(which, 'Name each run once: a run is no evidence against itself.');
  }
}

/** By trait, where a run differs from another: `any` two runs, or the `sides` as wholes. */
function differences(
  base: readonly ComparedRun[],
  later: readonly ComparedRun[],
  traitsOf: (run: ComparedRun) => readonly Trait[],
  between: 'any' | 'sides',
): Difference[] {
  const names = [...new Set([...base, ...later].flatMap((run) => traitsOf(run).map(({ name }) => name)))];
  const found = (name: string, runs: readonly ComparedRun[]): string[] => {
    const texts = runs.map((run) => traitsOf(run).find((trait) => trait.name === name)?.text ?? 'not known');
    return [...new Set(texts)].toSorted();
  };
  return names
    .map((name) => ({ name, base: found(name, base), new: found(name, later) }))
    .filter((difference) => {
      const isSame = difference.base.join('\n') === difference.new.join('\n');
      return between === 'sides' ? !isSame : !isSame || difference.base.length > 1;
    });
}

function unlikeError(unlike: readonly Difference[]): Error {
  const texts = unlike.map((difference) => `${difference.name} (${againstText(difference)})`);
  const next = 'Compare runs that are alike in these, or say --force-compare.';
  return usageError(`these runs measure different things: they differ in ${texts.join(', ')}`, next);
}

/** `100 B against 1 KiB`; where the sides are alike and their runs are not, `100 B, 1 KiB`. */
function againstText({ base, new: later }: Difference): string {
  const [before, after] = [base.join(', '), later.join(', ')];
  return before === after ? before : `${before} against ${after}`;
}

/** Why a figure is left out; null: every run has it. */
function missing(name: FigureName, base: readonly ComparedRun[], later: readonly ComparedRun[]): string | null {
  const without = [...base, ...later].filter(({ figures }) => typeof figures[name] === 'string');
  const [first] = without;
  const why = first?.figures[name];
  if (first === undefined || typeof why !== 'string') return null;
  const more = without.length === 1 ? '' : ` (so for ${without.length} of ${base.length + later.length} runs)`;
  return `${first.session}: ${why}${more}`;
}

function valuesOf(name: FigureName, runs: readonly ComparedRun[]): number[] {
  return runs
    .map(({ figures }) => figures[name])
    .flatMap((figure) => (typeof figure === 'string' ? [] : [figure.value]));
}

function sideOf(name: FigureName, runs: readonly ComparedRun[], isOneEach: boolean): ComparedSide {
  const values = valuesOf(name, runs);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const own = runs[0]?.figures[name];
  const within = own === undefined || typeof own === 'string' ? null : own.spread;
  return { values, median: medianOf(values), spread: isOneEach ? within : values.length < 2 ? null : { low, high } };
}

function worseWhen(name: FigureName): 'higher' | 'lower' {
  switch (name) {
    case 'p50Ms':
    case 'p99Ms':
      return 'higher';
    case 'throughputRate':
    case 'maxSustainableRate':
      return 'lower';
  }
}

/** `A.json and 2 more: exit code 6, client-bound.` */
function runRemarks(runs: readonly ComparedRun[]): string[] {
  const all = runs.flatMap(({ remarks, session }) => remarks.map((text) => ({ text, session })));
  return [...Map.groupBy(all, ({ text }) => text)].map(([text, found]) => {
    const more = found.length === 1 ? '' : ` and ${found.length - 1} more`;
    return `${found[0]?.session ?? ''}${more}: ${text}.`;
  });
}

/** What changes with time alone looks like a difference where one side was run after the other. */
function orderRemarks(base: readonly ComparedRun[], later: readonly ComparedRun[]): string[] {
  const times = (runs: readonly ComparedRun[]): number[] => runs.map(({ startedAt }) => Date.parse(startedAt));
  const [before, after] = [times(base), times(later)];
  const isApart = Math.max(...before) < Math.min(...after) || Math.max(...after) < Math.min(...before);
  return isApart ? ['The sides were run one after the other: alternate them, or a drift counts as a difference.'] : [];
}

function nameOf({ headline, id, session, startedAt }: ComparedRun): Comparison['base'][number] {
  return { session, id, startedAt, headline };
}
