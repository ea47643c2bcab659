/** This bench's section of bench/RESULTS.md. Pure. */
import { ratioOf } from '../../source/analysis/hodges-lehmann.ts';
import { numberText } from '../report.ts';
import type { Block } from '../results/block.ts';
import { median } from '../statistics.ts';
import type { OwnResults } from './own-schema.ts';

/** One line of the table: a figure, what was asked of it, and in what it is counted. */
interface Row {
  readonly title: string;
  readonly rounds: readonly number[];
  readonly unit: string;
  /** Promised at most; null: nothing is. */
  readonly atMost: number | null;
}

/** Limits are what a user would feel beyond: a screen that slows the load, a machine that swaps. */
function rowsOf({ looks, garbage, start }: OwnResults): readonly Row[] {
  const { plain, screen, frozen } = looks;
  const ms = (title: string, rounds: readonly number[], atMost: number | null): Row => ({
    title,
    rounds,
    unit: 'ms',
    atMost,
  });
  const share = (title: string, rounds: readonly number[], atMost: number): Row => ({
    title: `main thread, ${title}`,
    rounds,
    unit: '% of a core',
    atMost,
  });
  return [
    ms('end-to-end p50, plain lines', plain.e2eP50Ms, 1.2),
    ms('end-to-end p50, with the screen', screen.e2eP50Ms, median(plain.e2eP50Ms) * 1.1),
    ms('end-to-end p99, plain lines', plain.e2eP99Ms, 6),
    ms('end-to-end p99, with the screen', screen.e2eP99Ms, null),
    share('plain lines', plain.mainThreadPercent, 1),
    share('with the screen at 160×45', screen.mainThreadPercent, 10),
    share('with the screen frozen', frozen.mainThreadPercent, 1),
    { title: 'memory (RSS), plain lines', rounds: plain.rssMb, unit: 'MB', atMost: 160 },
    { title: 'memory (RSS), with the screen', rounds: screen.rssMb, unit: 'MB', atMost: 160 },
    ...garbage.flatMap(({ messageSizeBytes, producerBytesPerMessage, consumerBytesPerMessage, gcPauseP99Ms }) => [
      {
        title: `garbage in producing and acknowledging, ${messageSizeBytes} B`,
        rounds: producerBytesPerMessage,
        unit: 'B a message',
        atMost: 1,
      },
      {
        title: `garbage in consuming, ${messageSizeBytes} B`,
        rounds: consumerBytesPerMessage,
        unit: 'B a message',
        atMost: 1,
      },
      ms(`pauses for it in the load threads, p99, ${messageSizeBytes} B`, gcPauseP99Ms, 3),
    ]),
    ms('`loadtui --version`', start.versionMs, 120),
    ms('first message on the sandbox acknowledged', start.firstMessageMs, 1_200),
  ];
}

export function verdictOf({
  rounds,
  atMost,
}: Pick<Row, 'rounds' | 'atMost'>): 'met' | 'missed' | 'not told apart' | '' {
  if (atMost === null) return '';
  if (median(rounds) <= atMost) return 'met';
  return Math.min(...rounds) > atMost ? 'missed' : 'not told apart';
}

/** The screen's p99 over that by lines: met where the interval reaches down to the target. */
function screenRow({ looks: { plain, screen } }: OwnResults): string[] {
  const { ratio, interval } = ratioOf(plain.e2eP99Ms, screen.e2eP99Ms);
  const verdict = interval === null ? 'not told apart' : interval.low <= mostScreenRatio ? 'met' : 'missed';
  return [
    'end-to-end p99, with the screen over plain lines',
    `${ratio.toFixed(2)} ×`,
    interval === null ? '–' : `${interval.low.toFixed(2)}–${interval.high.toFixed(2)}`,
    `≤ ${mostScreenRatio} ×`,
    verdict,
  ];
}

const mostScreenRatio = 1.1;

export function ownBlocks(results: OwnResults): readonly Block[] {
  const rates = results.garbage.map(
    ({ messageSizeBytes, messagesPerSecond }) =>
      `${numberText(median(messagesPerSecond) / 1000)} thousand/s of ${messageSizeBytes} B`,
  );
  return [
    {
      kind: 'prose',
      text:
        'The built program at 10,000/s × 1 KiB, linger 0, timer pacing, against a Kafka of one broker on the same machine: as ' +
        'plain lines, on the screen (5 pictures a second in a terminal of 160×45), on the screen while it is frozen; another ' +
        'one first in each round. A figure is the median of the rounds, with the least and the most of them; it is met where ' +
        'the median is, missed only where every round is. The ratio is the Hodges–Lehmann estimate with its interval of 95 %, and ' +
        'met where that reaches down to the target.',
    },
    {
      kind: 'prose',
      text:
        `Garbage is measured while a thread each produces and reads as fast as it goes (${rates.join(', ')}), by the sampling ` +
        'heap profiler with collected objects included.',
    },
    {
      kind: 'table',
      columns: [
        { title: 'figure', align: 'left' },
        { title: 'measured', align: 'right' },
        { title: 'least–most', align: 'right' },
        { title: 'target', align: 'right' },
        { title: '', align: 'left' },
      ],
      rows: rowsOf(results)
        .map((row) => [
          row.title,
          `${numberText(median(row.rounds))} ${row.unit}`,
          `${numberText(Math.min(...row.rounds))}–${numberText(Math.max(...row.rounds))}`,
          row.atMost === null ? '–' : `≤ ${numberText(row.atMost)}`,
          verdictOf(row),
        ])
        .toSpliced(4, 0, screenRow(results)),
    },
    { kind: 'commands', lines: [results.commands.looks, results.commands.garbage] },
  ];
}
