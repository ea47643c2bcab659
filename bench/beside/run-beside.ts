/** `npm run bench -- --beside`: all tools at the same tasks in one run. */
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BesideResults, ContestantResult, TaskResult } from './beside-schema.ts';
import { type Place, shownCommand } from './commands.ts';
import { consumeTurn } from './consume-turn.ts';
import { judge } from './judge.ts';
import { brokerProperties, logPlace } from './log-place.ts';
import { type BesidePace, inOrderOf } from './pace.ts';
import { produceTurn, type TurnResult } from './produce-turn.ts';
import { Stage } from './stage.ts';
import { targets } from './targets.ts';
import { allTasks, type ConsumeTask, type ProduceTask, type TaskName } from './tasks.ts';
import { findTools, type Tools } from './tools.ts';

export interface BesideRun {
  readonly pace: BesidePace;
  /** Empty: all. */
  readonly onlyTasks: readonly TaskName[];
  readonly tell: (text: string) => void;
}

/** Takes a quarter of an hour at full pace. Rejects where a tool fails. */
export async function runBeside({ pace, onlyTasks, tell }: BesideRun): Promise<BesideResults> {
  endWithSignals();
  const tools = await findTools();
  const logs = await logPlace();
  const folder = await mkdtemp(join(tmpdir(), 'loadtui-bench-'));
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  process.on('exit', removeFolder);
  const stages = new Map<1 | 3, Stage>();
  const stageOf = async (nodes: 1 | 3): Promise<Stage> => {
    const stage = stages.get(nodes) ?? (await Stage.open(nodes, logs.folder));
    stages.set(nodes, stage);
    return stage;
  };
  const bench: Bench = { pace, tools, session: join(folder, 'session.json'), stageOf, tell };
  const tasks: TaskResult[] = [];
  try {
    for (const task of allTasks(pace)) {
      if (onlyTasks.length > 0 && !onlyTasks.includes(task.name)) continue;
      const contestants = task.kind === 'produce' ? await produceTask(bench, task) : await consumeTask(bench, task);
      const judgements = judge(
        contestants,
        targets.filter((target) => target.task === task.name),
      );
      tasks.push({ name: task.name, kind: task.kind, title: task.title, contestants: [...contestants], judgements });
    }
  } finally {
    await Promise.all([...stages.values()].map((stage) => stage.close()));
    removeFolder();
    process.off('exit', removeFolder);
  }
  const { versions, missing } = tools;
  return { ...pace, logs: logs.inMemory ? 'memory' : 'disk', brokerProperties, versions, missing, tasks };
}

interface Bench {
  readonly pace: BesidePace;
  readonly tools: Tools;
  readonly session: string;
  readonly stageOf: (nodes: 1 | 3) => Promise<Stage>;
  readonly tell: (text: string) => void;
}

async function produceTask(bench: Bench, task: ProduceTask): Promise<readonly ContestantResult[]> {
  const { pace, tools, session } = bench;
  let turns = 0;
  return inRounds(bench, task.title, task.contestants, async ({ tool, commandFor, partitions, brokers: nodes }) => {
    const stage = await bench.stageOf(nodes);
    const { cluster, brokers, tlsBrokers } = stage;
    const topic = `bench-${task.name}-${turns++}`;
    const place: Place = { ...tools.places, brokers, tlsBrokers, topic, session };
    await rm(session, { force: true });
    const saved = tool === 'loadtui' ? session : null;
    const brokerCpuNs = () => stage.cpuNs();
    return produceTurn({ cluster, topic, partitions, command: commandFor(place), brokerCpuNs, pace, session: saved });
  });
}

async function consumeTask(bench: Bench, task: ConsumeTask): Promise<readonly ContestantResult[]> {
  const { tools, session } = bench;
  const stage = await bench.stageOf(1);
  const topic = `bench-${task.name}`;
  const { brokers, tlsBrokers } = stage;
  const place: Place = { ...tools.places, brokers, tlsBrokers, topic, session };
  let results: readonly ContestantResult[] = [];
  await stage.withFilled(topic, task.bytes, task.messages, async () => {
    results = await inRounds(bench, task.title, task.contestants, (contestant) =>
      consumeTurn(contestant, task.messages, contestant.commandFor(place), () => stage.cpuNs()),
    );
  });
  return results;
}

/** Every tool that is here takes its turn in every round. */
async function inRounds<T extends ProduceTask['contestants'][number] | ConsumeTask['contestants'][number]>(
  { pace, tools, tell }: Bench,
  title: string,
  contestants: readonly T[],
  takeTurn: (contestant: T) => Promise<TurnResult>,
): Promise<readonly ContestantResult[]> {
  const present = contestants.filter(({ tool }) => tool !== 'rdkafka' || tools.has.rdkafka);
  const turns = new Map<T, TurnResult[]>(present.map((contestant) => [contestant, []]));
  for (let round = 0; round < pace.warmUpRounds + pace.rounds; round++) {
    const isWarmUp = round < pace.warmUpRounds;
    for (const contestant of inOrderOf(round, present)) {
      const turn = await takeTurn(contestant);
      const { perSecond, cpuNsPerMessage, brokerCores } = turn;
      const when = isWarmUp ? 'warm-up' : `round ${round - pace.warmUpRounds + 1} of ${pace.rounds}`;
      const thousands = Math.round(perSecond / 1000).toLocaleString('en-US');
      tell(
        `${title}, ${when}: ${contestant.title}: ${thousands} thousand/s, ${Math.round(cpuNsPerMessage)} ns CPU, broker ${brokerCores.toFixed(2)} cores`,
      );
      if (!isWarmUp) turns.get(contestant)?.push(turn);
    }
  }
  return present.map((contestant) => resultOf(contestant, turns.get(contestant) ?? []));
}

function resultOf(
  { name, title, tool, commandFor }: ProduceTask['contestants'][number] | ConsumeTask['contestants'][number],
  turns: readonly TurnResult[],
): ContestantResult {
  const own = turns.map(({ ownOverBroker }) => ownOverBroker).filter((share) => share !== null);
  return {
    name,
    title,
    tool,
    command: shownCommand(commandFor),
    perSecond: turns.map(({ perSecond }) => perSecond),
    cpuNsPerMessage: turns.map(({ cpuNsPerMessage }) => cpuNsPerMessage),
    brokerCores: turns.map(({ brokerCores }) => brokerCores),
    ownOverBroker: own.length === 0 ? null : own,
  };
}

/** By an exit, at which Kafka, tools and data are removed; a signal alone would leave them. */
function endWithSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}
