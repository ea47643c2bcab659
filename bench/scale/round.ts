/** One run of the program: what its saved session and its threads say about the measured phase. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSession } from '../../source/commands/read-session.ts';
import { exitCodes } from '../../source/errors.ts';
import type { IntervalRow, SessionDocument } from '../../source/session/document-schema.ts';
import { runCommand } from '../../test/support/run-command.ts';
import { builtProgram } from '../support/built-program.ts';
import type { PointResult } from './results.ts';
import { type ThreadSample, ThreadWatch, usedPerSecond } from './thread-watch.ts';

export interface Times {
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export type Round = Omit<PointResult, 'series' | 'x' | 'flags' | 'roundsNs'>;

export interface RoundDone {
  readonly round: Round;
  readonly broker: string;
}

/** Making 10,000 partitions and removing them takes its time. */
const spareMs = 120_000;
/** Ends of a run that measured to its end, whatever it found. */
const { done, sloBroken, unaccounted, clientBound } = exitCodes;
const whole: readonly (number | null)[] = [done, sloBroken, unaccounted, clientBound];

/** Rejects where the run came to nothing. A rate that was not held is a figure, no failure. */
export async function runRound(
  flags: readonly string[],
  { warmUpMs, measureMs }: Times,
  brokers: string,
): Promise<RoundDone> {
  const folder = mkdtempSync(join(tmpdir(), 'loadtui-scale-'));
  const path = join(folder, 'session.json');
  const times = ['--warm-up', `${warmUpMs}ms`, '--duration', `${measureMs}ms`];
  const output = ['--plain', '--quiet', '--no-history', '--save', path];
  let watch: ThreadWatch | undefined;
  try {
    const words = [builtProgram(), '--brokers', brokers, ...flags, ...times, ...output];
    const { exitCode, stdout, stderr } = await runCommand(process.execPath, words, {
      timeoutMs: warmUpMs + measureMs + spareMs,
      started: (pid) => {
        watch = new ThreadWatch(pid);
      },
    });
    if (!whole.includes(exitCode)) {
      throw new Error(`the run ended with exit code ${exitCode}: ${stderr}${stdout}`.trimEnd());
    }
    const { document } = await readSession(path);
    return { round: roundOf(document, watch?.samples ?? []), broker: brokerOf(document) };
  } finally {
    watch?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Figures of the measured phase. Throws where nothing was acknowledged in it. */
export function roundOf(document: SessionDocument, samples: readonly ThreadSample[]): Round {
  const { intervals, run } = document;
  const measured = intervals.filter(({ phase }) => phase === 'measuring');
  const [first] = measured;
  const last = measured.at(-1);
  const acked = sumOf(
    measured,
    messages(({ ackedRate }) => ackedRate),
  );
  if (first === undefined || last === undefined || acked === 0) throw new Error('nothing was acknowledged');
  const read = sumOf(
    measured,
    messages(({ consumedRate }) => consumedRate),
  );
  const seconds = sumOf(measured, ({ durationMs }) => durationMs) / 1000;
  const used = (of: (sample: ThreadSample) => number | null): number | null =>
    usedPerSecond(samples, of, first.timeMs, last.timeMs + last.durationMs);
  const heldPerSecond = acked / seconds;
  const readPerSecond = read / seconds;
  const memory = measured.flatMap(({ process: { rssBytes } }) => (rssBytes === null ? [] : [rssBytes]));
  return {
    askedPerSecond: first.targetRate,
    heldPerSecond,
    readPerSecond,
    processNs: processNsOf(measured),
    producersNs: ratio(
      used(({ producersNs }) => producersNs),
      heldPerSecond,
    ),
    consumersNs: ratio(
      used(({ consumersNs }) => consumersNs),
      readPerSecond,
    ),
    rssBytes: memory.length === 0 ? null : Math.max(...memory),
    exitCode: run.verdict.exitCode,
    verdict: run.verdict.label,
    reasons: run.verdict.reasons,
  };
}

/** CPU over messages, of the intervals whose CPU is known. 100 % is one core: 10 ms a second for each percent. */
function processNsOf(measured: readonly IntervalRow[]): number | null {
  const known = measured.filter(({ process: { cpuPercent } }) => cpuPercent !== null);
  const usedNs = sumOf(
    known,
    ({ process: { cpuPercent }, durationMs }) => ((cpuPercent ?? 0) / 100) * durationMs * 1e6,
  );
  return known.length === 0
    ? null
    : ratio(
        usedNs,
        sumOf(
          known,
          messages(({ ackedRate }) => ackedRate),
        ),
      );
}

function messages(rate: (row: IntervalRow) => number): (row: IntervalRow) => number {
  return (row) => (rate(row) * row.durationMs) / 1000;
}

function sumOf(rows: readonly IntervalRow[], value: (row: IntervalRow) => number): number {
  return rows.reduce((sum, row) => sum + value(row), 0);
}

function ratio(usedNs: number | null, count: number): number | null {
  return usedNs === null || count === 0 ? null : usedNs / count;
}

function brokerOf({ cluster: { sandbox, brokers, version } }: SessionDocument): string {
  if (sandbox) return 'the sandbox, a process of its own';
  const name = version.metadataVersion ?? version.inferredAtLeast ?? 'version not known';
  return `Kafka (${name}), ${brokers.length === 1 ? '1 broker' : `${brokers.length} brokers`}`;
}

/** The round whose cost is in the middle; of an even number, the cheaper of the two. null: there are none. */
export function middleRound(rounds: readonly Round[]): Round | null {
  const sorted = rounds.toSorted((one, other) => (one.processNs ?? 0) - (other.processNs ?? 0));
  return sorted[(sorted.length - 1) >> 1] ?? null;
}
