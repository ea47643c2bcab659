/** Where a run goes: the cluster, the client, and the topics. */
import type { ClientName } from '../plan.ts';
import { readBrokers, readChoice, readName, readTopicConfig, readTopicName, writeTopicConfig } from '../readers.ts';
import { count, countOr, orNothing, same, toggle, words } from '../setting-kinds.ts';
import type { Settings } from './setting.ts';

const clients = ['wire', 'kafkajs', 'platformatic', 'librdkafka'] as const satisfies readonly ClientName[];

export const clusterSettings = {
  brokers: {
    ...words<readonly string[] | null>('HOST:PORT,...', readBrokers, (value) =>
      value === null ? [] : [value.join(',')],
    ),
    name: 'brokers',
    short: 'b',
    aliases: ['bootstrap-server'],
    property: 'bootstrap.servers',
    group: 'Cluster',
    help: 'where the cluster is; without it: the embedded sandbox',
  },
  noSandbox: { ...toggle, name: 'no-sandbox', group: 'Cluster', help: 'never start the sandbox' },
  client: {
    ...words<ClientName>('NAME', readChoice(clients), same),
    name: 'client',
    group: 'Cluster',
    help: 'wire (others come in a later version)',
  },
  clientId: {
    ...words('NAME', readName, same),
    name: 'client-id',
    property: 'client.id',
    group: 'Cluster',
    help: 'name for logs and quotas',
  },

  topic: {
    ...words<string | null>('NAME', readTopicName, orNothing),
    name: 'topic',
    short: 't',
    group: 'Topic',
    help: 'an existing topic; without it loadtui makes its own',
  },
  create: { ...toggle, name: 'create', group: 'Topic', help: 'make the named topic where it is missing' },
  consumeTopic: {
    ...words<string | null>('NAME', readTopicName, orNothing),
    name: 'consume-topic',
    group: 'Topic',
    help: 'read this one: what a job makes of --topic',
  },
  topics: { ...count, name: 'topics', group: 'Topic', help: 'how many topics loadtui makes' },
  partitions: { ...countOr('auto'), name: 'partitions', group: 'Topic', help: 'of a made topic (auto: 3 x brokers)' },
  replicationFactor: {
    ...countOr('auto'),
    name: 'replication-factor',
    group: 'Topic',
    help: 'of a made topic (auto: min(3, brokers))',
  },
  topicConfig: {
    ...words('NAME=VALUE', readTopicConfig, writeTopicConfig),
    name: 'topic-config',
    repeat: true,
    group: 'Topic',
    help: 'a Kafka setting of made topics',
  },
  keepTopics: { ...toggle, name: 'keep-topics', group: 'Topic', help: 'leave made topics behind at the end' },
} satisfies Settings;
