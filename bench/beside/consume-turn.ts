/** One turn of a consumer, whose own report of messages a second counts. */
import { z } from 'zod';
import { runCommand } from '../../test/support/run-command.ts';
import { processStat } from '../support/process-stat.ts';
import type { Command } from './commands.ts';
import type { TurnResult } from './produce-turn.ts';
import type { ConsumeContestant } from './tasks.ts';

const timeoutMs = 120_000;

const readerSchema = z.object({ consumedPerSecond: z.number(), cpuNsPerMessage: z.number() });

/** Another tool's CPU time is that of its whole life, start and rebalance included; loadtui's of the time that is measured. */
export async function consumeTurn(
  { rateIn }: Pick<ConsumeContestant, 'rateIn'>,
  messages: number,
  command: Command,
  brokerCpuNs: () => number,
): Promise<TurnResult> {
  const beforeMs = endedChildrenMs();
  const broker = { fromNs: brokerCpuNs(), fromMs: performance.now() };
  const { exitCode, stdout, stderr } = await runCommand(command.program, command.args, { timeoutMs });
  const cpuMs = endedChildrenMs() - beforeMs;
  const brokerCores = (brokerCpuNs() - broker.fromNs) / 1e6 / (performance.now() - broker.fromMs);
  if (exitCode !== 0) throw new Error(`${command.program} ended with ${exitCode}: ${stderr.slice(-2_000)}`);
  if (rateIn === null) {
    const { consumedPerSecond, cpuNsPerMessage } = readerSchema.parse(JSON.parse(stdout));
    return { perSecond: consumedPerSecond, cpuNsPerMessage, brokerCores, ownOverBroker: null };
  }
  const perSecond = rateIn(`${stdout}\n${stderr}`);
  if (perSecond === null) throw new Error(`${command.program} reports no rate: ${stderr.slice(-2_000)}`);
  return { perSecond, cpuNsPerMessage: (cpuMs * 1e6) / messages, brokerCores, ownOverBroker: null };
}

/** The tool is the only child that ends meanwhile. */
function endedChildrenMs(): number {
  const stat = processStat(process.pid);
  if (stat === null) throw new Error('the CPU time of a process is not known here: this bench needs Linux');
  return stat.childrenMs;
}
