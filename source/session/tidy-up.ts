/** Removing what a run made, within a limit of time: a cluster that is gone cannot be tidied up. */
import type { Cluster } from '../cluster/types.ts';
import { messageOf } from '../errors.ts';
import { within } from './wait.ts';

/** What is a run's own and nobody wants to keep. */
export interface Own {
  readonly topics: readonly string[];
  /** null: no group of the run's own. */
  readonly group: string | null;
}

/** Whoever asked to end is not kept waiting for longer. */
const patienceMs = 6_000;

/**
 * Removes topics and group and hangs up on the cluster, which ends whatever is still being tried. Faults are told, not
 * thrown, and none of them after this has resolved. Topics that are gone are taken out of `there`.
 */
export async function tidyUp(
  cluster: Pick<Cluster, 'deleteTopics' | 'deleteGroups' | 'close'>,
  { topics, group }: Own,
  there: Set<string>,
  note: (message: string) => void,
  limitMs = patienceMs,
): Promise<void> {
  const attempt = async (what: string, act: () => Promise<void>): Promise<boolean> => {
    try {
      await within(act(), limitMs, `no answer within ${limitMs / 1000} s`);
      return true;
    } catch (error) {
      note(`${what} failed: ${messageOf(error)}`);
      return false;
    }
  };
  // At once: what one of them waits for must not keep the other from being tried.
  const [gone] = await Promise.all([
    topics.length === 0 || attempt(`removing ${topics.join(', ')}`, () => cluster.deleteTopics(topics)),
    group === null || attempt(`removing group ${group}`, () => cluster.deleteGroups([group])),
  ]);
  if (gone) for (const name of topics) there.delete(name);
  await cluster.close();
}
