/** `loadtui topics [--clean]`: topics that loadtui made and left; `--clean` removes only those. */
import { openCluster } from '../cluster/cluster.ts';
import { isMadeTopic } from '../cluster/made-topic.ts';
import type { OutputOptions, ResolvedPlan } from '../config/plan.ts';
import { exitCodes, usageError } from '../errors.ts';
import { connectWithinMs } from './connect-time.ts';
import { goingTopics } from './going-topics.ts';
import { print } from './print.ts';

export interface TopicsOptions {
  readonly clean: boolean;
  /** Where runs of this machine keep their journals. */
  readonly historyFolder: string;
  readonly output: OutputOptions;
}

/** Lists (and removes) on standard output, one name a line. Rejects with LoadtuiError; resolves with the exit code. */
export async function topicsCommand(resolved: ResolvedPlan, options: TopicsOptions): Promise<number> {
  const { brokers, tuning } = resolved.plan;
  if (brokers === null) {
    throw usageError('Which cluster?', 'Name it with --brokers; the sandbox keeps no topics when it ends.');
  }
  const cluster = openCluster({ brokers, clientId: tuning.clientId, security: resolved.security, tuning });
  try {
    await cluster.connect(connectWithinMs);
    const made = (await cluster.listTopics()).filter(isMadeTopic);
    if (!options.clean) {
      await print(topicsText(made, options));
      return exitCodes.done;
    }
    const going = options.output.force ? [] : await goingTopics(cluster, made, options.historyFolder);
    const removed = made.filter((name) => !going.includes(name));
    await cluster.deleteTopics(removed);
    await print(topicsText(removed, options));
    if (going.length > 0) process.stderr.write(`loadtui: ${goingText(going)}\n`);
    return exitCodes.done;
  } finally {
    await cluster.close();
  }
}

function goingText(going: readonly string[]): string {
  const [are, them] = going.length === 1 ? ['is', 'it'] : ['are', 'them'];
  return `${going.join(', ')} ${are} left alone, since a run that is going needs ${them}; --force removes ${them} too`;
}

/** What is printed; with `--json` one object on one line. */
export function topicsText(made: readonly string[], { clean, output }: TopicsOptions): string {
  if (output.style === 'json') return `${JSON.stringify({ type: 'topics', removed: clean, topics: made })}\n`;
  const names = made.map((name) => `${name}\n`).join('');
  if (output.quiet) return names;
  const count = `${made.length} ${made.length === 1 ? 'topic' : 'topics'}`;
  if (made.length === 0) return clean ? 'There is nothing to remove.\n' : 'loadtui left no topics on this cluster.\n';
  if (clean) return `${names}Removed ${count}.\n`;
  return `${names}${count} made by loadtui; loadtui topics --clean removes all but those of runs that are going.\n`;
}
