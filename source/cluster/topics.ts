/** Topics: looked at, made and removed. Nothing here alters a topic that is there. */
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../clients/wire/backoff.ts';
import type { TopicMetadata } from '../clients/wire/metadata.ts';
import { LoadtuiError, usageError } from '../errors.ts';
import { BrokerUnavailable } from './broker-unavailable.ts';
import { isPassing, isUnauthorised, kafkaError, kafkaErrorText } from './kafka-errors.ts';
import { again, done, retrying } from './retry.ts';
import type { Roster } from './roster.ts';
import {
  type CreateTopic,
  createPartitionsApi,
  createTopicsApi,
  deleteTopicsApi,
  describeConfigsApi,
} from './topic-apis.ts';
import type { NewTopic, TopicInfo } from './types.ts';

/** Kafka 4.3.1 refuses 10,000 partitions in one request ("excessively large batch") and takes 9,999. */
export const maxPartitionsPerRequest = 5_000;
const minInsyncReplicasKey = 'min.insync.replicas';
const maxMessageBytesKey = 'max.message.bytes';
/** Leaders are elected within seconds; ten thousand partitions on one slow broker take longer. */
const leadersWithinMs = 60_000;
/** Brokers hear of a deletion a little after the controller has answered. */
const goneWithinMs = 5_000;
/** Between looks at metadata that others have yet to bring about. */
const lookAgainMs = 25;
const lookAgainMaxMs = 500;

export async function listTopics(roster: Roster): Promise<readonly string[]> {
  const { topics } = await roster.metadataWithRetries(null);
  return topics.flatMap(({ name, isInternal }) => (name && !isInternal ? [name] : [])).sort();
}

/** null: there is no such topic. */
export async function describeTopic(roster: Roster, name: string, created: boolean): Promise<TopicInfo | null> {
  const topic = await retrying(roster.policy, `look at topic ${name}`, async () => {
    const found = (await roster.metadata([name])).topics.find((each) => each.name === name);
    if (found === undefined || found.errorCode === kafkaError.unknownTopicOrPartition) return done(null);
    if (found.errorCode === kafkaError.none) return done(found);
    if (isPassing(found.errorCode)) return again(kafkaErrorText(found.errorCode));
    throw refused(`look at topic ${name}`, found.errorCode, null);
  });
  if (topic === null) return null;
  const config = await topicConfig(roster, name);
  return {
    name,
    partitions: topic.partitions.length,
    replicationFactor: topic.replicationFactor,
    minInsyncReplicas: numberOf(config.get(minInsyncReplicasKey)),
    maxMessageBytes: numberOf(config.get(maxMessageBytesKey)),
    created,
  };
}

/** The two settings we care for; empty where we may not read them. */
async function topicConfig(roster: Roster, name: string): Promise<ReadonlyMap<string, string>> {
  const question = { topic: name, keys: [minInsyncReplicasKey, maxMessageBytesKey] };
  return await retrying(roster.policy, `read the settings of topic ${name}`, async () => {
    const answer = await roster.any(describeConfigsApi, question);
    if (answer !== null && isPassing(answer.errorCode)) return again(kafkaErrorText(answer.errorCode));
    if (answer === null || answer.errorCode !== kafkaError.none) return done(new Map<string, string>());
    return done(new Map(answer.configs.flatMap(({ name: key, value }) => (value ? [[key, value] as const] : []))));
  });
}

/**
 * Creates the topics and waits until every partition has a leader. Requests are split by partitions; a topic of more
 * than one request's worth grows by CreatePartitions. When one is refused, those of this call are removed again.
 */
export async function makeTopics(roster: Roster, topics: readonly NewTopic[]): Promise<readonly TopicInfo[]> {
  const made: string[] = [];
  try {
    for (const batch of splitByPartitions(topics)) await createBatch(roster, batch, made);
    for (const topic of topics) {
      for (let count = maxPartitionsPerRequest; count < topic.partitions; ) {
        count = Math.min(topic.partitions, count + maxPartitionsPerRequest);
        await growTo(roster, topic.name, count);
      }
    }
    await waitForLeaders(roster, topics);
  } catch (error) {
    // The cause matters more than what the cleaning up may say; `topics --clean` finds what stays.
    await removeTopics(roster, made).catch(() => undefined);
    throw error;
  }
  return await Promise.all(topics.map(({ name }) => describeMade(roster, name)));
}

async function describeMade(roster: Roster, name: string): Promise<TopicInfo> {
  const info = await describeTopic(roster, name, true);
  if (info === null) {
    throw new LoadtuiError(`Topic ${name} vanished right after it was created`, {
      code: 'TOPIC_REFUSED',
      fault: 'cluster',
      next: 'See whether something else deletes topics on this cluster.',
    });
  }
  return info;
}

/** Batches of topics with at most `maxPartitionsPerRequest` first partitions together. */
export function splitByPartitions(topics: readonly NewTopic[]): readonly (readonly NewTopic[])[] {
  const batches: NewTopic[][] = [];
  let room = 0;
  for (const topic of topics) {
    const partitions = Math.min(topic.partitions, maxPartitionsPerRequest);
    if (partitions > room || batches.length === 0) {
      batches.push([]);
      room = maxPartitionsPerRequest;
    }
    batches.at(-1)?.push(topic);
    room -= partitions;
  }
  return batches;
}

async function createBatch(roster: Roster, topics: readonly NewTopic[], made: string[]): Promise<void> {
  let left = topics;
  await retrying(roster.policy, `create topic ${topics.map(({ name }) => name).join(', ')}`, async (attempt) => {
    const outcomes = await roster.atController(createTopicsApi, {
      topics: left.map(toRequest),
      timeoutMs: roster.policy.withinMs,
      validateOnly: false,
    });
    const codes = new Map(outcomes.map((outcome) => [outcome.name, outcome]));
    let because = '';
    const open: NewTopic[] = [];
    for (const topic of left) {
      const { errorCode, errorMessage } = codes.get(topic.name) ?? { errorCode: kafkaError.none, errorMessage: null };
      // An earlier try whose answer was lost may have made it.
      const repeated = attempt > 1 && errorCode === kafkaError.topicAlreadyExists;
      if (errorCode === kafkaError.none || repeated) {
        made.push(topic.name);
      } else if (isPassing(errorCode)) {
        because = kafkaErrorText(errorCode, errorMessage);
        open.push(topic);
      } else {
        throw refused(`create topic ${topic.name} (${shape(topic)})`, errorCode, errorMessage);
      }
    }
    left = open;
    if (left.length === 0) return done(undefined);
    await roster.metadata([]); // a new controller, maybe
    return again(because);
  });
}

async function growTo(roster: Roster, name: string, count: number): Promise<void> {
  await retrying(roster.policy, `give topic ${name} ${count} partitions`, async (attempt) => {
    const question = { topics: [{ name, partitions: count }], timeoutMs: roster.policy.withinMs };
    const [outcome] = await roster.atController(createPartitionsApi, question);
    const { errorCode, errorMessage } = outcome ?? { errorCode: kafkaError.none, errorMessage: null };
    const repeated = attempt > 1 && errorCode === kafkaError.invalidPartitions;
    if (errorCode === kafkaError.none || repeated) return done(undefined);
    if (isPassing(errorCode)) return again(kafkaErrorText(errorCode, errorMessage));
    throw refused(`give topic ${name} ${count} partitions`, errorCode, errorMessage);
  });
}

async function waitForLeaders(roster: Roster, topics: readonly NewTopic[]): Promise<void> {
  const startMs = performance.now();
  let waiting = topics;
  for (let attempt = 0; waiting.length > 0; attempt++) {
    waiting = await withoutLeaders(roster, waiting);
    if (waiting.length === 0) return;
    if (performance.now() - startMs > leadersWithinMs || roster.policy.signal.aborted) {
      const names = waiting.map(({ name }) => name).join(', ');
      throw new LoadtuiError(`Some partitions of ${names} still have no leader after ${leadersWithinMs / 1000} s`, {
        code: 'TOPIC_REFUSED',
        fault: 'cluster',
        next: 'See whether all brokers are up, or ask for fewer partitions or replicas.',
      });
    }
    await sleep(backoffMs(attempt, lookAgainMs, lookAgainMaxMs));
  }
}

async function withoutLeaders(roster: Roster, topics: readonly NewTopic[]): Promise<readonly NewTopic[]> {
  let found: readonly TopicMetadata[];
  try {
    found = (await roster.metadata(topics.map(({ name }) => name))).topics;
  } catch (error) {
    if (error instanceof BrokerUnavailable) return topics;
    throw error;
  }
  const led = new Map(
    found.map((topic) => [topic.name, topic.partitions.filter(({ leaderId }) => leaderId >= 0).length]),
  );
  return topics.filter(({ name, partitions }) => (led.get(name) ?? 0) < partitions);
}

/** Asks whether a topic could be created, without creating it. null: yes; else the broker's reason. */
export async function whyNotCreate(roster: Roster, topic: NewTopic): Promise<string | null> {
  return await retrying(roster.policy, 'ask whether topics may be created', async () => {
    const question = { topics: [toRequest(topic)], timeoutMs: roster.policy.withinMs, validateOnly: true };
    const [result] = await roster.atController(createTopicsApi, question);
    if (result === undefined || result.errorCode === kafkaError.none) return done(null);
    if (isPassing(result.errorCode)) return again(kafkaErrorText(result.errorCode, result.errorMessage));
    return done(kafkaErrorText(result.errorCode, result.errorMessage));
  });
}

/** A topic that is already gone counts as removed. */
export async function removeTopics(roster: Roster, names: readonly string[]): Promise<void> {
  let left = [...names];
  if (left.length === 0) return;
  await retrying(roster.policy, `delete topic ${names.join(', ')}`, async () => {
    const question = { names: left, timeoutMs: roster.policy.withinMs };
    const outcomes = await roster.atController(deleteTopicsApi, question);
    const open: string[] = [];
    let because = '';
    for (const { name, errorCode, errorMessage } of outcomes) {
      if (errorCode === kafkaError.none || errorCode === kafkaError.unknownTopicOrPartition) continue;
      if (!isPassing(errorCode)) throw refused(`delete topic ${name}`, errorCode, errorMessage);
      because = kafkaErrorText(errorCode, errorMessage);
      open.push(name);
    }
    left = open;
    if (left.length === 0) return done(undefined);
    await roster.metadata([]);
    return again(because);
  });
  roster.forgetLeaders(names);
  await waitUntilGone(roster, names);
}

/** So that a list read right afterwards no longer shows them; gives up quietly, since the deletion itself is done. */
async function waitUntilGone(roster: Roster, names: readonly string[]): Promise<void> {
  const startMs = performance.now();
  for (let attempt = 0; performance.now() - startMs < goneWithinMs && !roster.policy.signal.aborted; attempt++) {
    try {
      const { topics } = await roster.metadata(names);
      if (topics.every(({ errorCode }) => errorCode !== kafkaError.none)) return;
    } catch (error) {
      if (!(error instanceof BrokerUnavailable)) throw error;
    }
    await sleep(backoffMs(attempt, lookAgainMs, lookAgainMaxMs));
  }
}

function toRequest(topic: NewTopic): CreateTopic {
  return {
    name: topic.name,
    partitions: Math.min(topic.partitions, maxPartitionsPerRequest),
    replicationFactor: topic.replicationFactor,
    config: topic.config,
  };
}

function shape(topic: NewTopic): string {
  return `${topic.partitions} partitions, replication factor ${topic.replicationFactor}`;
}

function refused(what: string, code: number, brokerMessage: string | null | undefined): LoadtuiError {
  const message = `Cannot ${what}: ${kafkaErrorText(code, brokerMessage)}`;
  if (code === kafkaError.invalidTopic)
    return usageError(message, 'Topic names are letters, digits, ".", "_" and "-".');
  return new LoadtuiError(message, { code: 'TOPIC_REFUSED', fault: 'cluster', next: nextStep(code) });
}

function nextStep(code: number): string {
  if (isUnauthorised(code)) return 'Ask for the right to do so, or name an existing topic with --topic.';
  switch (code) {
    case kafkaError.topicAlreadyExists:
      return 'Leave --create out to use the topic as it is.';
    case kafkaError.invalidReplicationFactor:
      return 'Lower --replication-factor to the number of brokers that are up.';
    case kafkaError.invalidPartitions:
      return 'Try another --partitions.';
    default:
      return 'Words after the code are the broker’s own; its log may say more.';
  }
}

function numberOf(text: string | undefined): number | null {
  const value = Number(text);
  return text === undefined || !Number.isFinite(value) ? null : value;
}
