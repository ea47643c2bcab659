/** This bench's section of bench/RESULTS.md. Pure. */
import { numberText } from '../report.ts';
import type { Block } from '../results/block.ts';
import { median } from '../statistics.ts';
import type { BesideResults, ContestantResult, Judgement, TaskResult } from './beside-schema.ts';

const nothing = '–';

export function besideBlocks(results: BesideResults): readonly Block[] {
  return [...howMeasured(results).map(prose), ...results.tasks.flatMap(taskBlocks)];
}

function howMeasured(results: BesideResults): readonly string[] {
  const { rounds, warmUpRounds, logs, versions, missing } = results;
  const seconds = (ms: number): string => `${ms / 1000} s`;
  const versionList = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const place = logs === 'memory' ? 'in memory (a tmpfs)' : 'in a temporary folder';
  const properties = Object.entries(results.brokerProperties).map(([name, value]) => `\`${name}=${value}\``);
  return [
    `Clients and a Kafka of one broker on one machine, its log ${place}; one tool at a time. ${roundsText(rounds)}, ` +
      `after ${roundsText(warmUpRounds)} of all tools that counts for nothing; each begins with another tool. A figure is ` +
      'the median of the rounds, with the least and the most of them.',
    `The broker differs from a fresh one in ${properties.join(', ')}. A topic to produce to keeps 256 MiB and is removed ` +
      'after the turn: the log is written into memory that was touched before, which the broker of no tool has to wait for.',
    `Versions: ${versionList.join(', ')}.`,
    ...missing.map(
      ({ tool, makeWith }) =>
        `**Not measured: ${tool}**, which was not there. It is made with ${makeWith.map((line) => `\`${line}\``).join(', ')}.`,
    ),
    `Producers run until they are ended. From the first message in the log ${seconds(results.produceWarmUpMs)} pass; then the ` +
      `growth of the log end offset over ${seconds(results.produceMeasureMs)} is the rate, and the CPU time is that of the ` +
      "process, all threads, over the same time. No tool's own report is used.",
    ...ownFigureText(results),
    'Each message of loadtui bears a stamp, which tells it from all others. So does each of rdkafka_performance where it is ' +
      'numbered (`-S`); without it all of its messages are alike, which is what a codec likes best.',
    `Consumers read a topic of ${results.filledBytes / 1024 ** 2} MiB of values. The other tools read it once, ` +
      'and their own report of messages a second counts (Java: after the rebalance); their CPU time is that of the whole ' +
      `process, start included. loadtui reads it over and over for ${seconds(results.consumeMeasureMs)} after ` +
      `${seconds(results.consumeWarmUpMs)} of warm-up, in the code of its consumer thread: it verifies every checksum, follows ` +
      'every sequence number and records every end-to-end latency meanwhile. The others do nothing of the kind; ' +
      'rdkafka_performance verifies no checksum either (`check.crcs=false`, its default).',
    'Of the cores, the tool is given those that its rate and its CPU time a message come to, the broker those that it used ' +
      'over the same time; while others consume, over the whole life of their process.',
    'A ratio is the Hodges–Lehmann estimate over the rounds, with its interval of at least 95 %. A target for a ratio is ' +
      'missed only where the whole interval misses it, and met only where the whole interval meets it; a limit for CPU time ' +
      'is missed only where every round is above it, and met where the median is not.',
  ];
}

/** loadtui's own figure and the broker's contradict each other where they are farther apart. */
const agreedShare = 0.05;

function ownFigureText({ tasks }: BesideResults): readonly string[] {
  const own = tasks.flatMap(({ contestants }) => contestants.flatMap(({ ownOverBroker }) => ownOverBroker ?? []));
  if (own.length === 0) return [];
  const furthest = Math.max(...own.map((share) => Math.abs(share - 1)));
  const text = `What loadtui itself says was acknowledged was within ${percent(furthest)} of the broker's figure in every turn`;
  return [
    furthest <= agreedShare ? `${text}.` : `**${text}: more than the ${percent(agreedShare)} that it may differ by.**`,
  ];
}

function taskBlocks(task: TaskResult): readonly Block[] {
  return [
    { kind: 'heading', text: task.title },
    ...(task.date === undefined ? [] : [prose(`Measured on ${task.date}.`)]),
    {
      kind: 'table',
      columns: [
        left('tool'),
        right('thousand/s'),
        right('least–most'),
        right('CPU ns/message'),
        right('least–most'),
        right('cores: tool'),
        right('broker'),
      ],
      rows: task.contestants.map(contestantRow),
    },
    ...(task.judgements.length === 0
      ? []
      : ([
          {
            kind: 'table',
            columns: [left('held against each other'), right('measured'), right('95 %'), right('target'), left('')],
            rows: task.judgements.map((judgement) => judgementRow(task.contestants, judgement)),
          },
        ] as const)),
    { kind: 'commands', lines: task.contestants.map(({ command }) => command) },
  ];
}

function contestantRow({ title, perSecond, cpuNsPerMessage, brokerCores }: ContestantResult): readonly string[] {
  const thousands = perSecond.map((rate) => rate / 1000);
  return [
    title,
    numberText(median(thousands)),
    rangeText(thousands),
    numberText(median(cpuNsPerMessage)),
    rangeText(cpuNsPerMessage),
    ((median(perSecond) * median(cpuNsPerMessage)) / 1e9).toFixed(2),
    median(brokerCores).toFixed(2),
  ];
}

function judgementRow(contestants: readonly ContestantResult[], judgement: Judgement): readonly string[] {
  const row = (name: string): ContestantResult | undefined => contestants.find((one) => one.name === name);
  const title = (name: string): string => row(name)?.title ?? name;
  switch (judgement.kind) {
    case 'rate': {
      const { contestant, other, ratio, target, verdict } = judgement;
      const what = `messages/s: ${title(contestant)} over ${title(other)}`;
      const wanted = target === null ? nothing : `≥ ${target} ×`;
      return [what, `${ratio.toFixed(2)} ×`, intervalText(judgement), wanted, verdict ?? ''];
    }
    case 'cpu-ratio': {
      const { contestant, other, ratio, target, verdict } = judgement;
      const what = `CPU a message: ${title(contestant)} over ${title(other)}`;
      return [what, `${ratio.toFixed(2)} ×`, intervalText(judgement), `≤ ${target} ×`, verdict];
    }
    case 'cpu': {
      const { contestant, target, verdict } = judgement;
      const rounds = row(contestant)?.cpuNsPerMessage;
      const measured = rounds === undefined ? nothing : `${numberText(median(rounds))} ns`;
      return [`CPU a message: ${title(contestant)}`, measured, nothing, `≤ ${target} ns`, verdict];
    }
  }
}

function intervalText({
  interval,
}: {
  readonly interval: { readonly low: number; readonly high: number } | null;
}): string {
  return interval === null ? nothing : `${interval.low.toFixed(2)}–${interval.high.toFixed(2)}`;
}

function rangeText(values: readonly number[]): string {
  return `${numberText(Math.min(...values))}–${numberText(Math.max(...values))}`;
}

function roundsText(count: number): string {
  return `${count} ${count === 1 ? 'round' : 'rounds'}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function prose(text: string): Block {
  return { kind: 'prose', text };
}

function left(title: string) {
  return { title, align: 'left' } as const;
}

function right(title: string) {
  return { title, align: 'right' } as const;
}
