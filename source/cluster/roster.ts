/** Who is who in the cluster: brokers, the controller, partition leaders and group coordinators, and a link to each. */

import type { ControlApi } from '../clients/wire/control-apis.ts';
import { type MetadataAnswer, metadataApi, type TopicMetadata } from '../clients/wire/metadata.ts';
import type { HostPort } from '../config/address.ts';
import { LoadtuiError } from '../errors.ts';
import { BrokerLink, type LinkOptions } from './broker-link.ts';
import { BrokerUnavailable } from './broker-unavailable.ts';
import { findCoordinatorApi } from './group-apis.ts';
import { isPassing, isUnauthorised, kafkaError, kafkaErrorText } from './kafka-errors.ts';
import { type Again, type Attempt, again, done, type RetryPolicy, retrying } from './retry.ts';
import type { BrokerInfo } from './types.ts';

/** Leader of each partition of a topic, by partition number; −1: nobody leads. */
export type Leaders = readonly number[];

type Coordinator = { readonly kind: 'found'; readonly brokerId: number } | { readonly kind: 'unauthorised' } | Again;

export class Roster {
  readonly #linkOptions: LinkOptions;
  readonly #bootstrap: readonly BrokerLink[];
  readonly #links = new Map<number, BrokerLink>();
  readonly #leaders = new Map<string, Leaders>();
  readonly #coordinators = new Map<string, number>();
  #brokers: readonly BrokerInfo[] = [];
  #clusterId: string | null = null;
  #controllerId = -1;
  #turn = 0;
  readonly policy: RetryPolicy;

  constructor(bootstrap: readonly HostPort[], linkOptions: LinkOptions, policy: RetryPolicy) {
    this.#linkOptions = linkOptions;
    this.#bootstrap = bootstrap.map((address) => new BrokerLink(address, linkOptions));
    this.policy = policy;
  }

  get brokers(): readonly BrokerInfo[] {
    return this.#brokers;
  }

  get clusterId(): string | null {
    return this.#clusterId;
  }

  /** Link to a known broker by its advertised address. */
  link(brokerId: number): BrokerLink {
    const link = this.#links.get(brokerId);
    if (link === undefined) throw new BrokerUnavailable({ host: `broker ${brokerId}`, port: 0 }, 'closed');
    return link;
  }

  /** Begins with this one of the given addresses, since it has just answered. */
  preferBootstrap(place: number): void {
    this.#turn = this.#links.size + place;
  }

  /** Asks whichever broker answered last; after one that does not, the next, the bootstrap addresses included. */
  async any<Question, Answer>(api: ControlApi<Question, Answer>, question: Question): Promise<Answer> {
    const links = [...this.#links.values(), ...this.#bootstrap];
    const link = links[this.#turn % links.length];
    if (link === undefined) throw new BrokerUnavailable({ host: 'no address', port: 0 }, 'closed');
    try {
      return await link.call(api, question);
    } catch (error) {
      if (error instanceof BrokerUnavailable) this.#turn++;
      throw error;
    }
  }

  /** Asks the controller, or any broker (which forwards) while nobody knows who that is. */
  async atController<Question, Answer>(api: ControlApi<Question, Answer>, question: Question): Promise<Answer> {
    const link = this.#links.get(this.#controllerId);
    if (link === undefined) return await this.any(api, question);
    try {
      return await link.call(api, question);
    } catch (error) {
      if (error instanceof BrokerUnavailable) this.#controllerId = -1;
      throw error;
    }
  }

  /** Metadata of the named topics (null: all), from one broker, once. Never creates a topic. Leaders are remembered. */
  async metadata(topics: readonly string[] | null): Promise<MetadataAnswer> {
    const answer = await this.any(metadataApi, topics);
    this.#takeBrokers(answer);
    for (const topic of answer.topics) {
      if (topic.name && topic.errorCode === kafkaError.none) this.#leaders.set(topic.name, leadersOf(topic));
    }
    return answer;
  }

  /** As `metadata`, tried again while brokers are away. */
  async metadataWithRetries(topics: readonly string[] | null): Promise<MetadataAnswer> {
    return await retrying(this.policy, 'read the metadata of the cluster', async () =>
      done(await this.metadata(topics)),
    );
  }

  leadersOf(topic: string): Leaders | undefined {
    return this.#leaders.get(topic);
  }

  /** Makes the next look at these topics ask the cluster again. */
  forgetLeaders(topics: Iterable<string>): void {
    for (const topic of topics) this.#leaders.delete(topic);
  }

  /**
   * Calls the coordinator of a group. `judge` says what an answer means: `again` finds the coordinator anew.
   * Answers null where we may not even ask who it is.
   */
  async atCoordinator<Question, Answer, T>(
    group: string,
    what: string,
    api: ControlApi<Question, Answer>,
    question: Question,
    judge: (answer: Answer) => Attempt<T>,
  ): Promise<T | null> {
    return await retrying<T | null>(this.policy, what, async () => {
      const coordinator = await this.#coordinator(group);
      if (coordinator.kind === 'unauthorised') return done(null);
      if (coordinator.kind === 'again') return coordinator;
      try {
        const outcome = judge(await this.link(coordinator.brokerId).call(api, question));
        if (outcome.kind === 'again') this.#coordinators.delete(group);
        return outcome;
      } catch (error) {
        this.#coordinators.delete(group);
        throw error;
      }
    });
  }

  close(): void {
    for (const link of [...this.#links.values(), ...this.#bootstrap]) link.close();
  }

  async #coordinator(group: string): Promise<Coordinator> {
    const known = this.#coordinators.get(group);
    if (known !== undefined && this.#links.has(known)) return { kind: 'found', brokerId: known };
    const found = await this.any(findCoordinatorApi, group);
    if (isUnauthorised(found.errorCode)) return { kind: 'unauthorised' };
    if (isPassing(found.errorCode)) return again(kafkaErrorText(found.errorCode, found.errorMessage));
    if (found.errorCode !== kafkaError.none) {
      throw new LoadtuiError(
        `The cluster names no coordinator for group ${group}: ${kafkaErrorText(found.errorCode, found.errorMessage)}`,
        { code: 'PROTOCOL', fault: 'cluster' },
      );
    }
    if (!this.#links.has(found.nodeId)) await this.metadata([]);
    if (!this.#links.has(found.nodeId)) return again(`coordinator ${found.nodeId} is not among the brokers yet`);
    this.#coordinators.set(group, found.nodeId);
    return { kind: 'found', brokerId: found.nodeId };
  }

  #takeBrokers(answer: MetadataAnswer): void {
    this.#clusterId = answer.clusterId ?? this.#clusterId;
    this.#controllerId = answer.controllerId;
    this.#brokers = answer.brokers
      .map(({ nodeId, host, port, rack }) => ({ id: nodeId, host, port, rack }))
      .sort((a, b) => a.id - b.id);
    const ids = new Set(this.#brokers.map(({ id }) => id));
    for (const [id, link] of this.#links) {
      if (!ids.has(id)) {
        this.#links.delete(id);
        link.close();
      }
    }
    for (const { id, host, port } of this.#brokers) {
      const link = this.#links.get(id);
      if (link !== undefined && link.address.host === host && link.address.port === port) continue;
      link?.close();
      this.#links.set(id, new BrokerLink({ host, port }, this.#linkOptions));
    }
  }
}

function leadersOf(topic: TopicMetadata): Leaders {
  const leaders = new Array<number>(topic.partitions.length).fill(-1);
  for (const { partitionIndex, leaderId } of topic.partitions) leaders[partitionIndex] = leaderId;
  return leaders;
}
