/** One producer's connections, by broker, and which queue goes where: follows the leaders. */
import type { ClientEvent } from '../types.ts';
import type { BrokerLane } from './broker-lane.ts';
import type { PartitionQueue } from './partition-queue.ts';
import type { BrokerAddress, LeaderDirectory } from './types.ts';

export interface LaneTableParts {
  readonly directory: LeaderDirectory;
  readonly makeLane: (address: BrokerAddress) => BrokerLane;
  readonly event: (event: ClientEvent) => void;
}

export class LaneTable {
  readonly #parts: LaneTableParts;
  readonly #lanes = new Map<number, BrokerLane>();

  constructor(parts: LaneTableParts) {
    this.#parts = parts;
  }

  all(): Iterable<BrokerLane> {
    return this.#lanes.values();
  }

  /** Opens connections to the leaders of partitions 0 to `count` − 1, before the first message needs one. */
  openAll(count: number): void {
    for (let i = 0; i < count; i++) this.#laneOf(this.#parts.directory.leaderOf(i));
  }

  /** Every connection stands or has failed once, and at least one stands: the others are left to the retries. */
  get usable(): boolean {
    const lanes = [...this.#lanes.values()];
    return lanes.some((lane) => lane.isReady) && lanes.every((lane) => lane.isReady || lane.failures > 0);
  }

  /** Brings queues to their leaders after the directory has changed. */
  followAll(queues: readonly PartitionQueue<BrokerLane>[]): void {
    for (const [id, lane] of this.#lanes) {
      const address = this.#parts.directory.broker(id);
      if (address !== undefined) {
        lane.moveTo(address);
        continue;
      }
      lane.abandon();
      this.#lanes.delete(id);
      for (const queue of queues) if (queue.lane === lane) attach(queue, null);
    }
    for (const queue of queues) this.follow(queue);
  }

  follow(queue: PartitionQueue<BrokerLane>): void {
    const { directory, event } = this.#parts;
    const leaderId = directory.leaderOf(queue.partitionIndex);
    const before = queue.leaderId;
    if (leaderId >= 0 && leaderId !== before) {
      queue.leaderId = leaderId;
      if (before >= 0)
        event({ kind: 'leader-moved', partitionIndex: queue.partitionIndex, from: before, to: leaderId });
    }
    const lane = this.#laneOf(leaderId);
    if (lane !== queue.lane) attach(queue, lane);
  }

  #laneOf(brokerId: number): BrokerLane | null {
    const known = this.#lanes.get(brokerId);
    if (known !== undefined) return known;
    const address = this.#parts.directory.broker(brokerId);
    if (address === undefined) return null;
    const lane = this.#parts.makeLane(address);
    this.#lanes.set(brokerId, lane);
    lane.connect();
    return lane;
  }
}

function attach(queue: PartitionQueue<BrokerLane>, lane: BrokerLane | null): void {
  queue.lane?.ready.remove(queue);
  queue.lane = lane;
  if (queue.waiting.length > 0) lane?.ready.add(queue);
}
