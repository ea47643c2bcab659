import type { FaultBox } from './faults.ts';
import type { FetchSessions } from './fetch-sessions.ts';
import type { GroupCoordinator } from './groups/coordinator.ts';
import type { ServiceDesk } from './service-desk.ts';
import type { Timeline } from './timeline.ts';
import type { Topics } from './topics.ts';
import type { SandboxOptions } from './types.ts';

/** What the brokers of one sandbox share. */
export interface SandboxState {
  readonly options: SandboxOptions;
  readonly timeline: Timeline;
  readonly topics: Topics;
  readonly groups: GroupCoordinator;
  readonly faults: FaultBox;
  readonly desk: ServiceDesk;
  readonly counters: SandboxCounters;
  /** In order of their ids; filled once all of them listen. */
  readonly brokers: BrokerState[];
  nextProducerId: number;
}

export interface SandboxCounters {
  producedBatches: number;
  producedRecords: number;
  fetches: number;
  refusedRequests: number;
  lastRefusal: string | null;
}

/** One broker as its handlers see it. */
export interface BrokerState {
  readonly id: number;
  readonly port: number;
  readonly sandbox: SandboxState;
  readonly sessions: FetchSessions;
  /** Nothing is read or answered before this time of the timeline, ms. */
  stalledUntilMs: number;
}

/** The broker that coordinates a group (or hands out transactions): the same whoever is asked. */
export function coordinatorOf(state: SandboxState, key: string): BrokerState | undefined {
  let hash = 0;
  for (let i = 0; i < key.length; i++) hash = (Math.imul(hash, 31) + key.charCodeAt(i)) | 0;
  return state.brokers[Math.abs(hash % Math.max(1, state.brokers.length))];
}
