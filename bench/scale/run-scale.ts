/** `npm run bench -- --scale`: runs dimensions point by point, tells what each costs, and keeps figures and pictures. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../../source/errors.ts';
import { thisMachine } from '../baseline.ts';
import { numberText } from '../report.ts';
import { bendOf, bendText } from './bend.ts';
import { type ChartPlan, type Dimension, type DimensionName, endsOf, type Point } from './dimension.ts';
import { dimensions } from './dimensions.ts';
import { chartSvg } from './plot.ts';
import { type DimensionResult, keepResult, type NamedBend, type PointResult } from './results.ts';
import { middleRound, type Round, runRound, type Times } from './round.ts';
import { startSandboxProcess } from './sandbox-process.ts';
import { failureText, pointText } from './text.ts';

interface ScalePace extends Times {
  readonly rounds: number;
}

/** Threads compile in their first seconds, which at low rates would be much of the cost. */
const fullPace: ScalePace = { rounds: 3, warmUpMs: 5_000, measureMs: 4_000 };
const quickPace: ScalePace = { rounds: 1, warmUpMs: 1_000, measureMs: 2_000 };

const folder = fileURLToPath(new URL('.', import.meta.url));

export interface ScaleOptions {
  readonly names: readonly DimensionName[];
  /** The ends of each series only, short, and nothing is written. */
  readonly quick: boolean;
  /** null: a sandbox is started for it. */
  readonly brokers: string | null;
}

/** Answers the exit code: 1 where a point came to nothing. */
export async function runScale({ names, quick, brokers }: ScaleOptions): Promise<number> {
  const sandbox = brokers === null ? await startSandboxProcess() : null;
  let isBad = false;
  try {
    for (const name of names) {
      const dimension = dimensions[name];
      const points = quick ? endsOf(dimension.points) : dimension.points;
      const result = await measure(dimension, points, quick ? quickPace : fullPace, brokers ?? sandbox?.brokers ?? '');
      if (!quick) await keep(dimension, result);
      isBad ||= result.failed.length > 0;
    }
  } finally {
    await sandbox?.stop();
  }
  return isBad ? 1 : 0;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function measure(
  dimension: Dimension,
  points: readonly Point[],
  pace: ScalePace,
  brokers: string,
): Promise<DimensionResult> {
  const measured: PointResult[] = [];
  const failed: DimensionResult['failed'] = [];
  let onWhat = '';
  say(`${dimension.name}: ${dimension.constant}`);
  for (const { series, x, flags } of points) {
    const rounds: Round[] = [];
    try {
      for (let index = 0; index < pace.rounds; index++) {
        const { round, broker } = await runRound([...dimension.flags, ...flags], pace, brokers);
        rounds.push(round);
        onWhat = broker;
      }
    } catch (error) {
      failed.push({ series, x, message: messageOf(error) });
      say(failureText({ series, x, flags }, messageOf(error)));
    }
    const middle = middleRound(rounds);
    if (middle === null) continue;
    const roundsNs = rounds.map(({ processNs }) => processNs);
    const result: PointResult = { series, x, flags: [...flags], ...middle, roundsNs };
    measured.push(result);
    say(pointText(result));
  }
  const bends = dimension.charts.flatMap((chart) => bendsOf(chart, measured));
  for (const { chart, line, text } of bends) say(`  ${chart}, ${line}: ${text}`);
  return {
    takenAt: new Date().toISOString(),
    machine: thisMachine(),
    broker: onWhat,
    constant: dimension.constant,
    points: measured,
    bends,
    failed,
  };
}

/** Of each line of a chart of costs. */
function bendsOf({ file, isCost, x, lines }: ChartPlan, results: readonly PointResult[]): NamedBend[] {
  if (!isCost) return [];
  const words = { x: x.format, cost: (value: number) => `${numberText(value)} ns` };
  return lines(results).flatMap(({ name, points }) => {
    const bend = bendOf(points.map((point) => ({ x: point.x, cost: point.y })));
    return bend === null ? [] : [{ chart: file, line: name, ...bend, text: bendText(bend, words) }];
  });
}

async function keep({ name, charts }: Dimension, result: DimensionResult): Promise<void> {
  await keepResult(folder, name, result);
  const { cpu, cores, node } = result.machine;
  const notes = [result.constant, `${result.broker} · ${cores} cores, ${cpu}, Node ${node}`] as const;
  for (const { file, lines, ...rest } of charts) {
    // A line without points is a figure that this system does not know.
    const known = lines(result.points).filter(({ points }) => points.length > 0);
    if (known.length > 0) await writeFile(join(folder, `${file}.svg`), chartSvg({ ...rest, notes, lines: known }));
  }
}
