/** Follows log ends without ever waiting: a leader that is stuck owes its answer while the others go on being asked. */
import { LoadtuiError } from '../errors.ts';
import { BrokerUnavailable } from './broker-unavailable.ts';
import { askLeader, groupByLeader, nobody, offsetSpec, topicsOf, whyNoLeader } from './offsets.ts';
import type { Roster } from './roster.ts';
import type { EndOffsetSink, EndOffsetWatch, PartitionTable } from './types.ts';

export function watchEndOffsets(roster: Roster, partitions: PartitionTable, sink: EndOffsetSink): EndOffsetWatch {
  const all = partitions.map((_, index) => index);
  const owing = new Set<number>();
  let finding = false;

  const findLeaders = async (indexes: readonly number[]) => {
    if (finding) return;
    finding = true;
    try {
      await roster.metadata([...topicsOf(partitions, indexes)]);
      for (const [leader, theirs] of groupByLeader(roster, partitions, indexes)) {
        if (leader !== nobody) void ask(leader, theirs);
        else sink.failed(whyNoLeader(roster, partitions, theirs));
      }
    } catch (error) {
      sink.failed(reasonFor(error));
    } finally {
      finding = false;
    }
  };

  const ask = async (leader: number, indexes: readonly number[]) => {
    if (owing.has(leader)) return;
    owing.add(leader);
    const offsets = new Map<number, number>();
    const sentMs = unixMs();
    try {
      const { left, because } = await askLeader(roster, leader, partitions, indexes, offsetSpec.latest, offsets);
      // The broker read them somewhere between the request and the answer.
      sink.offsets((sentMs + unixMs()) / 2, [...offsets.keys()], [...offsets.values()]);
      if (left.length > 0) missed(left, because);
    } catch (error) {
      missed(indexes, reasonFor(error));
    } finally {
      owing.delete(leader);
    }
  };

  const missed = (indexes: readonly number[], because: string) => {
    sink.failed(because);
    roster.forgetLeaders(topicsOf(partitions, indexes));
  };

  return {
    tick: () => {
      for (const [leader, indexes] of groupByLeader(roster, partitions, all)) {
        void (leader === nobody ? findLeaders(indexes) : ask(leader, indexes));
      }
    },
  };
}

/** What kept a leader from answering; anything but that is a fault of ours, and must not pass for one of the cluster. */
function reasonFor(error: unknown): string {
  if (error instanceof BrokerUnavailable || error instanceof LoadtuiError) return error.message;
  throw error;
}

/** Unix ms with fractions, from the monotonic clock. */
function unixMs(): number {
  return performance.timeOrigin + performance.now();
}
