/** `loadtui topics [--clean]`: topics that loadtui made and left; `--clean` removes only those. */
import { openCluster } from '../cluster/cluster.ts';
import { isMadeTopic } from '../cluster/made-topic.ts';
import type { OutputOptions, ResolvedPlan } from '../config/plan.ts';
import { exitCodes, usageError } from '../errors.ts';
import { connectWithinMs } from './connect-time.ts';
import { print } from './print.ts';

export interface TopicsOptions {
  readonly clean: boolean;
  readonly output: OutputOptions;
}

/** Lists (and removes) on standard output, one name a line. Rejects with LoadtuiError; resolves with the exit code. */
export async function topicsCommand(resolved: ResolvedPlan, options: TopicsOptions): Promise<number> {
  const { brokers, tuning } = resolved.plan;
  if (brokers === null) {
    throw usageError('Which cluster?', 'Name it with --brokers; the sandbox keeps no topics when it ends.');
  }
  const cluster = openCluster({ brokers, clientId: tuning.clientId, tuning });
  try {
    await cluster.connect(connectWithinMs);
    const made = (await cluster.listTopics()).filter(isMadeTopic);
    if (options.clean) await cluster.deleteTopics(made);
    await print(topicsText(made, options));
    return exitCodes.done;
  } finally {
    await cluster.close();
  }
}

/** What is printed; with `--json` one object on one line. */
export function topicsText(made: readonly string[], { clean, output }: TopicsOptions): string {
  if (output.style === 'json') return `${JSON.stringify({ type: 'topics', removed: clean, topics: made })}\n`;
  const names = made.map((name) => `${name}\n`).join('');
  if (output.quiet) return names;
  const count = `${made.length} ${made.length === 1 ? 'topic' : 'topics'}`;
  if (made.length === 0) return 'loadtui left no topics on this cluster.\n';
  if (clean) return `${names}Removed ${count}.\n`;
  return `${names}${count} made by loadtui. A run that is still going needs its own; loadtui topics --clean removes them all.\n`;
}
