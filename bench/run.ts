/** `npm run bench`: runs benches one after the other and compares them with bench/baseline.json. */
import { loadavg } from 'node:os';
import { LoadtuiError } from '../source/errors.ts';
import {
  compare,
  isRegression,
  isSameMachine,
  type Measured,
  readBaseline,
  slowdownOf,
  thisMachine,
  updated,
  writeBaseline,
} from './baseline.ts';
import { benches } from './benches.ts';
import type { BesideOptions } from './beside/beside-options.ts';
import { type BesideResults, besideSchema } from './beside/beside-schema.ts';
import { mergeTasks } from './beside/merge-tasks.ts';
import { besidePace, quickBesidePace } from './beside/pace.ts';
import { type BenchOptions, helpText, readOptions, select } from './options.ts';
import { ownPace, quickOwnPace } from './own/pace.ts';
import { jsonText, tableText } from './report.ts';
import { readSection, sectionMarkdown, writeSection } from './results/results.ts';
import { sections } from './results/sections.ts';
import { runBench } from './run-bench.ts';
import { runScale } from './scale/run-scale.ts';
import { runSearches } from './searches/run-searches.ts';

/** Above this something else runs, and takes from what is measured. */
const quietLoad = 0.6;
/** Share of a core. A machine at rest uses a few percent. */
const disturbingPercent = 15;

interface Failure {
  readonly bench: string;
  readonly message: string;
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

/**
 * Answers the exit code: 1 where a bench failed, a promise is broken, or a figure is worse than before on the same
 * machine. Disturbed figures are not judged.
 */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options.help) {
    process.stdout.write(helpText);
    return 0;
  }
  const [load = 0] = loadavg();
  if (load > quietLoad) tell(`this machine is busy (load average ${load.toFixed(2)}): figures will be worse`);
  if (options.beside !== null) return beside(options.beside, options.quick);
  const selected = select(benches, options);
  const machine = thisMachine();

  const { scale, quick } = options;
  if (scale !== null) return withBrokers(options, (brokers) => runScale({ names: scale, quick, brokers }));

  if (options.searches !== null) return runSearches({ ...options.searches, quick });

  if (options.own) return withBrokers(options, (brokers) => own(brokers ?? '', quick));

  const baseline = await readBaseline();
  const { measured, failed } = await withBrokers(options, (brokers) => measureAll(selected, options, brokers));
  const comparisons = measured.map((one) => compare(one, baseline));
  process.stdout.write(options.json ? jsonText(machine, comparisons, failed) : tableText(comparisons));
  for (const { bench, message } of failed) tell(`${bench} failed: ${message}`);
  if (options.update) await writeBaseline(updated(baseline, machine, measured));

  const isJudged = baseline !== null && isSameMachine(baseline.machine, machine) && !options.quick && !options.update;
  if (baseline !== null && !isSameMachine(baseline.machine, machine)) {
    tell(`the baseline is of another machine (${baseline.machine.cpu}, ${baseline.machine.cores} cores): not judged`);
  }
  if (options.guard) {
    const slowdown = slowdownOf(comparisons);
    if (isJudged && slowdown > 1) tell(`this machine is ${slowdown.toFixed(2)} times slower than that of the baseline`);
    const regressions = isJudged ? comparisons.filter((one) => isRegression(one, slowdown)) : [];
    for (const { bench, figure } of regressions) tell(`${bench}: ${figure.name} is far worse than it was`);
    return failed.length > 0 || regressions.length > 0 ? 1 : 0;
  }
  const isBad = comparisons.some(
    ({ standing, isDisturbed }) =>
      !isDisturbed && ((standing === 'broken promise' && !options.quick) || (standing === 'worse' && isJudged)),
  );
  return failed.length > 0 || isBad ? 1 : 0;
}

/** Answers 1 where a target is missed. */
async function beside({ rounds, onlyTasks }: BesideOptions, isQuick: boolean): Promise<number> {
  // Only who asks for other tools needs what starts them.
  const { runBeside } = await import('./beside/run-beside.ts');
  const pace = isQuick ? quickBesidePace : besidePace(rounds);
  const results = await runBeside({ pace, onlyTasks, tell });
  const { title, blocks } = sections.beside;
  process.stdout.write(sectionMarkdown(title, blocks(results)));
  if (isQuick) {
    tell('these figures are worth nothing: --quick');
    return 0;
  }
  const whole = onlyTasks.length === 0 ? results : await amongOthers(results);
  if (whole === null) tell('written nowhere: the other tasks were measured in another way, or on another machine');
  else await writeSection('beside', thisMachine(), whole);
  const judgements = results.tasks.flatMap((task) => task.judgements);
  return judgements.some(({ verdict }) => verdict === 'missed') ? 1 : 0;
}

/** With the tasks that were measured before; null: they cannot stand beside each other. */
async function amongOthers(results: BesideResults): Promise<BesideResults | null> {
  const before = await readSection('beside');
  if (before === null) return results;
  if (!isSameMachine(before.machine, thisMachine())) return null;
  return mergeTasks(besideSchema.parse(before.data), before.date, results);
}

/** Answers 0: what is missed stands in the results. */
async function own(brokers: string, isQuick: boolean): Promise<number> {
  // Only who asks for it needs a terminal and a build.
  const { runOwn } = await import('./own/run-own.ts');
  const results = await runOwn({ brokers, pace: isQuick ? quickOwnPace : ownPace, tell });
  const { title, blocks } = sections.own;
  process.stdout.write(sectionMarkdown(title, blocks(results)));
  if (isQuick) tell('these figures are worth nothing: --quick');
  else await writeSection('own', thisMachine(), results);
  return 0;
}

async function measureAll(
  selected: typeof benches,
  { quick }: BenchOptions,
  brokers: string | null,
): Promise<{ measured: readonly Measured[]; failed: readonly Failure[] }> {
  const measured: Measured[] = [];
  const failed: Failure[] = [];
  for (const bench of selected) {
    tell(`${bench.name} …`);
    const answer = await runBench(bench, quick ? 'quick' : 'full', bench.needs === 'kafka' ? brokers : null);
    if (answer.kind === 'failed') failed.push({ bench: bench.name, message: answer.message });
    else {
      const { figures, othersPercent } = answer;
      const isDisturbed = othersPercent !== null && othersPercent > disturbingPercent;
      if (isDisturbed) tell(`${bench.name}: something else used ${Math.round(othersPercent)} % of a core meanwhile`);
      for (const figure of figures) measured.push({ bench: bench.name, figure, isDisturbed });
    }
  }
  return { measured, failed };
}

/** Hands over the Kafka that is named, or one that is started and stopped; null: none is asked for. */
async function withBrokers<T>(options: BenchOptions, act: (brokers: string | null) => Promise<T>): Promise<T> {
  if (!options.kafka) return act(options.brokers);
  // Only who asks for a Kafka needs what starts one.
  const { RealKafka } = await import('../test/kafka/harness/kafka.ts');
  // Logs of topics that are removed: rounds of 10,000 partitions would else run into the limit of open files.
  const kafka = await RealKafka.start({ properties: { 'log.segment.delete.delay.ms': '1000' } });
  try {
    return await act(kafka.bootstrap);
  } finally {
    await kafka.stop();
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof LoadtuiError)) throw error;
  tell(`bench: ${error.message}${error.next === undefined ? '' : `. ${error.next}`}`);
  process.exitCode = error.exitCode;
}
