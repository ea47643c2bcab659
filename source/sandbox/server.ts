import { usageError } from '../errors.ts';
import { Broker } from './broker.ts';
import type { SandboxCounters, SandboxState } from './context.ts';
import { FaultBox } from './faults.ts';
import { GroupCoordinator } from './groups/coordinator.ts';
import { takesForcedError } from './handlers/table.ts';
import { ServiceDesk } from './service-desk.ts';
import { Timeline } from './timeline.ts';
import { Topics } from './topics.ts';
import { defaultSandboxOptions, type Fault, type Sandbox, type SandboxOptions, type SandboxStats } from './types.ts';

const firstProducerId = 1000;

/**
 * Starts the brokers in this thread; for tests and for a process that does nothing else. Throws LoadtuiError PORT_IN_USE where
 * the named port is taken. Brokers have the ids 1, 2, 3 …
 */
export async function startSandboxHere(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const checked: SandboxOptions = { ...defaultSandboxOptions, ...options };
  const brokerIds = Array.from({ length: checked.brokers }, (_, index) => index + 1);
  const state = newState(checked, brokerIds);
  const brokers = brokerIds.map((id) => new Broker(id, state));
  try {
    for (const [index, broker] of brokers.entries()) await broker.listen(checked.host, index === 0 ? checked.port : 0);
  } catch (error) {
    await close(state, brokers);
    throw error;
  }
  state.brokers.push(...brokers);
  return {
    brokers: brokers.map(({ id, port }) => ({ id, host: checked.host, port })),
    inject: async (fault) => inject(state, brokers, fault),
    setService: async (service) => state.desk.change(service),
    stats: async () => statsOf(state, brokers),
    close: () => close(state, brokers),
  };
}

function newState(options: SandboxOptions, brokerIds: readonly number[]): SandboxState {
  const timeline = new Timeline();
  const counters: SandboxCounters = {
    producedBatches: 0,
    producedRecords: 0,
    fetches: 0,
    refusedRequests: 0,
    lastRefusal: null,
  };
  return {
    options,
    timeline,
    topics: new Topics(brokerIds, options),
    groups: new GroupCoordinator(timeline),
    faults: new FaultBox(),
    desk: new ServiceDesk(options.service, timeline),
    counters,
    brokers: [],
    nextProducerId: firstProducerId,
  };
}

function statsOf({ counters, faults }: SandboxState, brokers: readonly Broker[]): SandboxStats {
  const connections = brokers.reduce((sum, broker) => sum + broker.connections, 0);
  return { ...counters, connections, faultsApplied: faults.counts() };
}

async function close({ timeline }: SandboxState, brokers: readonly Broker[]): Promise<void> {
  timeline.close();
  await Promise.all(brokers.map((broker) => broker.close()));
}

/** What happens at once happens here; what strikes batches is armed. */
function inject(state: SandboxState, brokers: readonly Broker[], fault: Fault): void {
  const { faults, topics } = state;
  switch (fault.kind) {
    case 'stall':
      for (const broker of chosen(brokers, fault.brokerId)) broker.stall(fault.durationMs);
      faults.applied(fault.kind);
      return;
    case 'disconnect':
      for (const broker of chosen(brokers, fault.brokerId)) broker.disconnect();
      faults.applied(fault.kind);
      return;
    case 'refuse':
      for (const broker of chosen(brokers, fault.brokerId)) broker.refuse(fault.durationMs);
      faults.applied(fault.kind);
      return;
    case 'move-leader': {
      const partition = topics.partition(fault.topic, fault.partition);
      if (partition === undefined) {
        throw usageError(`The sandbox has no partition ${fault.topic}/${fault.partition}.`, 'Create the topic first.');
      }
      for (const broker of chosen(brokers, fault.to)) partition.moveLeader(broker.id);
      faults.applied(fault.kind);
      return;
    }
    case 'error':
      if (!takesForcedError(fault.apiKey ?? 0)) {
        throw usageError(`The sandbox cannot answer request ${fault.apiKey} with an error.`);
      }
      faults.arm(fault);
      return;
    case 'throttle':
    case 'lost-ack':
    case 'drop':
    case 'duplicate':
    case 'swap':
    case 'corrupt':
      faults.arm(fault);
      return;
    default:
      fault satisfies never;
  }
}

/** The broker of that id, or all of them. */
function chosen(brokers: readonly Broker[], brokerId: number | undefined): readonly Broker[] {
  if (brokerId === undefined) return brokers;
  const found = brokers.filter(({ id }) => id === brokerId);
  if (found.length === 0) {
    throw usageError(`The sandbox has no broker ${brokerId}.`, `Its brokers are 1 to ${brokers.length}.`);
  }
  return found;
}
