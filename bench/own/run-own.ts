/** `npm run bench -- --own`: what loadtui costs whoever runs it. */
import { runCommand } from '../../test/support/run-command.ts';
import { inOrderOf } from '../beside/pace.ts';
import { builtProgram } from '../support/built-program.ts';
import { firstAckMs } from '../support/first-ack.ts';
import { inTurn } from '../support/in-turn.ts';
import { garbageFlags, garbageRun } from './garbage-run.ts';
import { type LookRound, lookFlags, lookRun } from './look-run.ts';
import { type GarbageResult, type Look, type LookResult, looks, type OwnResults } from './own-schema.ts';
import type { OwnPace } from './pace.ts';

const messageSizes = [100, 1024] as const;

export interface OwnRun {
  readonly brokers: string;
  readonly pace: OwnPace;
  readonly tell: (text: string) => void;
}

export async function runOwn({ brokers, pace, tell }: OwnRun): Promise<OwnResults> {
  const program = builtProgram();
  const rounds: Record<Look, LookRound[]> = { plain: [], screen: [], frozen: [] };
  for (let round = 0; round < pace.rounds; round++) {
    for (const look of inOrderOf(round, looks)) {
      const one = await lookRun(brokers, look, pace);
      const { e2eP50Ms, e2eP99Ms, mainThreadPercent, rssMb } = one;
      const latency = `e2e p50 ${e2eP50Ms.toFixed(2)}, p99 ${e2eP99Ms.toFixed(2)} ms`;
      tell(
        `round ${round + 1}, ${look}: ${latency}, main thread ${mainThreadPercent.toFixed(1)} %, ${rssMb.toFixed(0)} MB`,
      );
      rounds[look].push(one);
    }
  }
  const garbage: GarbageResult[] = [];
  for (const messageSizeBytes of messageSizes) {
    const runs = await inTurn(pace.rounds, () => garbageRun(brokers, messageSizeBytes, pace));
    garbage.push({
      messageSizeBytes,
      messagesPerSecond: runs.map((run) => run.messagesPerSecond),
      producerBytesPerMessage: runs.map((run) => run.producerBytesPerMessage),
      consumerBytesPerMessage: runs.map((run) => run.consumerBytesPerMessage),
      gcPauseP99Ms: runs.map((run) => run.gcPauseP99Ms),
    });
    tell(`garbage with ${messageSizeBytes} B: ${JSON.stringify(runs.at(-1))}`);
  }
  // The first start reads the files from disk.
  await versionMs(program);
  const start = {
    versionMs: await inTurn(pace.starts, () => versionMs(program)),
    firstMessageMs: await inTurn(pace.starts, () => firstAckMs(program)),
  };
  return {
    looks: { plain: resultOf(rounds.plain), screen: resultOf(rounds.screen), frozen: resultOf(rounds.frozen) },
    garbage,
    start,
    commands: {
      looks: `node bin/loadtui.js run -b HOST:PORT ${lookFlags}`,
      garbage: `node bin/loadtui.js run -b HOST:PORT ${garbageFlags} -s BYTES`,
    },
  };
}

function resultOf(runs: readonly LookRound[]): LookResult {
  return {
    e2eP50Ms: runs.map((run) => run.e2eP50Ms),
    e2eP99Ms: runs.map((run) => run.e2eP99Ms),
    mainThreadPercent: runs.map((run) => run.mainThreadPercent),
    rssMb: runs.map((run) => run.rssMb),
  };
}

async function versionMs(program: string): Promise<number> {
  const startedMs = performance.now();
  const { exitCode } = await runCommand(process.execPath, [program, '--version']);
  if (exitCode !== 0) throw new Error(`loadtui --version ended with ${exitCode}`);
  return performance.now() - startedMs;
}
