/**
 * Safety on other people's clusters, as far as topics and groups are concerned: what a plan may do to a target, and
 * what must be asked first. Nothing here writes.
 */
import { nearestNames } from '../config/nearest-name.ts';
import type { Plan, PlanSource } from '../config/plan.ts';
import { formatBytes } from '../config/units.ts';
import { LoadtuiError, usageError } from '../errors.ts';
import { madeTopicConfig, madeTopicName, neededMessageBytes } from './made-topic.ts';
import type { Cluster, NewTopic, TopicInfo, TopicUse } from './types.ts';

/** How long foreign groups are looked for. */
const lookForGroupsMs = 2_000;
const shownNames = 3;

/** What the load will go to. */
export type Target =
  | {
      readonly kind: 'existing';
      readonly topic: TopicInfo;
      /** To be confirmed before anything is written; null: nothing to ask. */
      readonly question: string | null;
      readonly warnings: readonly string[];
    }
  | {
      readonly kind: 'make';
      readonly topics: readonly NewTopic[];
      /** Topics of a name of our own making are removed at the end; a named one belongs to who asked for it. */
      readonly removeAtEnd: boolean;
      readonly warnings: readonly string[];
    };

export interface CheckOptions {
  readonly runId: string;
  readonly brokerCount: number;
  /** Group that the run commits to: its own offsets are no sign of other people. */
  readonly ownGroup: string;
  /** The operator can be asked on the screen; else a question becomes TOPIC_NOT_EMPTY. */
  readonly canAsk: boolean;
  /** Where the plan's values came from; a preset's partition count is a suggestion, a flag's is an order. */
  readonly sources?: Readonly<Record<string, PlanSource>>;
}

/**
 * Looks at what the plan wants to write to or read from. Rejects with TOPIC_MISSING, TOPIC_NOT_EMPTY, MESSAGE_TOO_LARGE,
 * GROUP_BUSY or USAGE; answers what to do otherwise.
 */
export async function checkTarget(cluster: Cluster, plan: Plan, options: CheckOptions): Promise<Target> {
  if (plan.group !== null && plan.mode !== 'produce-only') await cluster.checkGroup(plan.group);
  if (plan.topic === null) return toMake(plan, topicNames(plan, options.runId), options.brokerCount, !plan.keepTopics);
  const topic = await cluster.describeTopic(plan.topic);
  if (topic === null) {
    if (plan.create) return toMake(plan, [plan.topic], options.brokerCount, false);
    throw topicMissing(plan.topic, await cluster.listTopics());
  }
  const writes = plan.mode !== 'consume-only';
  if (writes) checkMessageSize(plan, topic.maxMessageBytes, `topic ${topic.name}`);
  const warnings = [...shapeWarnings(plan, topic, options.sources ?? {}), ...durabilityWarnings(plan, topic)];
  if (!writes) return { kind: 'existing', topic, question: null, warnings };
  const use = await cluster.topicUse(topic.name, options.ownGroup, lookForGroupsMs);
  if (use.incomplete) {
    warnings.push(
      `not all consumer groups could be looked at in ${lookForGroupsMs / 1000} s: others may read ${topic.name}`,
    );
  }
  // Groups that the operator names are known to read it.
  const foreignGroups = use.foreignGroups.filter((group) => !plan.watchGroups.includes(group));
  const question = plan.yes ? null : questionOf(topic.name, { ...use, foreignGroups });
  if (question !== null && !options.canAsk) throw topicNotEmpty(question);
  return { kind: 'existing', topic, question, warnings };
}

/**
 * Where what a pipeline makes is read: a topic that is there, or one to make (with `create`); null: the plan has none.
 * Rejects with TOPIC_MISSING. Nothing is asked, since nothing is written.
 */
export async function checkConsumeTopic(cluster: Cluster, plan: Plan, brokerCount: number): Promise<ReadTarget | null> {
  if (plan.consumeTopic === null) return null;
  const topic = await cluster.describeTopic(plan.consumeTopic);
  if (topic !== null) return { kind: 'existing', topic };
  if (!plan.create) throw topicMissing(plan.consumeTopic, await cluster.listTopics());
  return { kind: 'make', topics: [newTopic(plan, plan.consumeTopic, brokerCount)] };
}

export type ReadTarget =
  | { readonly kind: 'existing'; readonly topic: TopicInfo }
  | { readonly kind: 'make'; readonly topics: readonly NewTopic[] };

function topicNames(plan: Plan, runId: string): readonly string[] {
  return Array.from({ length: plan.topics }, (_, index) => madeTopicName(runId, index));
}

function toMake(plan: Plan, names: readonly string[], brokerCount: number, removeAtEnd: boolean): Target {
  const config = madeTopicConfig(plan);
  const limit = config['max.message.bytes'];
  if (limit !== undefined) checkMessageSize(plan, Number(limit), 'the topic to be made');
  const topics = names.map((name) => newTopic(plan, name, brokerCount));
  return { kind: 'make', topics, removeAtEnd, warnings: [] };
}

function newTopic(plan: Plan, name: string, brokerCount: number): NewTopic {
  return {
    name,
    partitions: plan.partitions ?? 3 * brokerCount,
    replicationFactor: plan.replicationFactor ?? Math.min(3, brokerCount),
    config: madeTopicConfig(plan),
  };
}

/** A compressed batch may be smaller than its messages, so only plain ones are refused beforehand. */
function checkMessageSize(plan: Plan, maxMessageBytes: number | null, what: string): void {
  const needed = neededMessageBytes(plan);
  if (maxMessageBytes === null || needed <= maxMessageBytes || plan.compression !== 'none') return;
  throw new LoadtuiError(
    `A message of ${formatBytes(plan.messageSizeBytes)} needs ${needed} bytes with its framing, and ${what} allows ${maxMessageBytes} (max.message.bytes)`,
    {
      code: 'MESSAGE_TOO_LARGE',
      fault: 'usage',
      next: `Make messages smaller with --message-size, by at least ${needed - maxMessageBytes} bytes, or use another topic.`,
    },
  );
}

/** A topic that is there is never altered: an order to do so is refused, a preset's wish passed over with a word. */
function shapeWarnings(plan: Plan, topic: TopicInfo, sources: Readonly<Record<string, PlanSource>>): string[] {
  const warnings: string[] = [];
  const compare = (key: 'partitions' | 'replicationFactor', flag: string, actual: number) => {
    const wanted = plan[key];
    if (wanted === null || wanted === actual) return;
    const text = `topic ${topic.name} has ${flag} ${actual}, not ${wanted}, and loadtui never alters a topic that is there`;
    const source = sources[key] ?? 'flag';
    if (source !== 'preset' && source !== 'default') {
      throw usageError(text, `Leave --${flag} out, or name a topic that is not there yet with --create.`);
    }
    warnings.push(text);
  };
  compare('partitions', 'partitions', topic.partitions);
  compare('replicationFactor', 'replication-factor', topic.replicationFactor);
  return warnings;
}

function durabilityWarnings(plan: Plan, { name, minInsyncReplicas, replicationFactor }: TopicInfo): string[] {
  if (plan.acks !== 'all' || minInsyncReplicas === null || minInsyncReplicas <= replicationFactor) return [];
  return [
    `topic ${name} asks for ${minInsyncReplicas} in-sync replicas and has ${replicationFactor}: acks=all cannot succeed`,
  ];
}

/** What an operator must know before a topic that is in use is written to; null: it is empty and nobody's. */
export function questionOf(name: string, use: Pick<TopicUse, 'records' | 'foreignGroups'>): string | null {
  const reasons: string[] = [];
  if (use.records > 0) {
    reasons.push(`holds ${use.records.toLocaleString('en-US')} ${use.records === 1 ? 'record' : 'records'}`);
  }
  if (use.foreignGroups.length > 0) {
    const groups = use.foreignGroups.slice(0, shownNames).join(', ');
    const more = use.foreignGroups.length > shownNames ? ` and ${use.foreignGroups.length - shownNames} more` : '';
    reasons.push(`is read by ${use.foreignGroups.length === 1 ? 'group' : 'groups'} ${groups}${more}`);
  }
  return reasons.length === 0 ? null : `Topic ${name} ${reasons.join(' and ')}. Write to it?`;
}

/**
 * Whether a run that repeats the plan would be asked: somebody else's use of the topic is as it was, or the topic holds
 * `records` of this run.
 */
export function wouldAskAgain(plan: Plan, asked: boolean, records: number): boolean {
  const writesToNamed = plan.topic !== null && plan.mode !== 'consume-only';
  return writesToNamed && !plan.yes && (asked || records > 0);
}

/** The question, where nobody is there to answer it. */
export function topicNotEmpty(question: string): LoadtuiError {
  return new LoadtuiError(question.replace(/ Write to it\?$/, ' It is not written to without being asked.'), {
    code: 'TOPIC_NOT_EMPTY',
    fault: 'cluster',
    next: 'Say --yes to write to it all the same, or leave --topic out and loadtui makes one.',
  });
}

function topicMissing(name: string, known: readonly string[]): LoadtuiError {
  const near = nearestNames(name, [...known].sort(), shownNames);
  return new LoadtuiError(`There is no topic ${name}`, {
    code: 'TOPIC_MISSING',
    fault: 'cluster',
    next:
      near.length === 0 ? 'Add --create to make it.' : `Add --create to make it, or did you mean ${near.join(', ')}?`,
  });
}
