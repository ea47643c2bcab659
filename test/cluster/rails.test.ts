import { expect, test } from 'vitest';
import {
  checkConsumeTopic,
  checkTarget,
  questionOf,
  topicNotEmpty,
  wouldAskAgain,
} from '../../source/cluster/rails.ts';
import type { Cluster, TopicInfo, TopicUse } from '../../source/cluster/types.ts';
import type { Plan } from '../../source/config/plan.ts';
import { resolvePlan } from '../../source/config/resolve-plan.ts';
import { LoadtuiError } from '../../source/errors.ts';
import { fakeCluster } from './fake-cluster.ts';

const { plan: defaults } = resolvePlan({ given: [], planPath: null, style: 'plain', cores: 4 });
const planWith = (changes: Partial<Plan>): Plan => ({ ...defaults, ...changes });
const runId = '0123456789abcdef';
const options = { runId, brokerCount: 3, ownGroup: `loadtui-${runId}`, canAsk: true };

const topic: TopicInfo = {
  name: 'orders',
  partitions: 12,
  replicationFactor: 3,
  minInsyncReplicas: 2,
  maxMessageBytes: 1_048_588,
  created: false,
};
const unused: TopicUse = { records: 0, foreignGroups: [], incomplete: false };

/** A cluster on which `orders` is, used as said. Anything that would change something fails the test. */
function clusterWith(use = unused, info: TopicInfo = topic, rest: Partial<Cluster> = {}): Cluster {
  return fakeCluster({
    describeTopic: async (name) => (name === info.name ? info : null),
    listTopics: async () => ['orders', 'payments', 'order-events'],
    topicUse: async () => use,
    ...rest,
  });
}

test('without a name, topics of our own are made and removed at the end', async () => {
  const target = await checkTarget(fakeCluster({}), planWith({ topics: 2, partitions: null }), options);
  expect(target).toMatchObject({
    kind: 'make',
    removeAtEnd: true,
    topics: [
      { name: `loadtui-${runId}`, partitions: 9, replicationFactor: 3, config: { 'retention.ms': '600000' } },
      { name: `loadtui-${runId}-1` },
    ],
  });
});

test('made topics are kept where that is asked for', async () => {
  const target = await checkTarget(fakeCluster({}), planWith({ keepTopics: true }), options);
  expect(target).toMatchObject({ kind: 'make', removeAtEnd: false });
});

test.each([
  [1, 1],
  [2, 2],
  [3, 3],
  [7, 3],
])('on %i brokers the replication factor is %i', async (brokerCount, replicationFactor) => {
  const plan = planWith({ replicationFactor: null });
  const target = await checkTarget(fakeCluster({}), plan, { ...options, brokerCount });
  expect(target).toMatchObject({ topics: [{ replicationFactor }] });
});

test('a missing topic is refused with the nearest names', async () => {
  await expect(checkTarget(clusterWith(), planWith({ topic: 'order' }), options)).rejects.toMatchObject({
    code: 'TOPIC_MISSING',
    exitCode: 3,
    next: 'Add --create to make it, or did you mean order-events, orders?',
  });
});

test('with --create a missing topic is made and stays', async () => {
  const target = await checkTarget(clusterWith(), planWith({ topic: 'new', create: true }), options);
  expect(target).toMatchObject({ kind: 'make', removeAtEnd: false, topics: [{ name: 'new' }] });
});

test('an empty topic that nobody reads is taken without a question', async () => {
  const target = await checkTarget(clusterWith(), planWith({ topic: 'orders' }), options);
  expect(target).toEqual({ kind: 'existing', topic, question: null, warnings: [] });
});

test.each([
  [{ ...unused, records: 1_234_567 }, 'Topic orders holds 1,234,567 records. Write to it?'],
  [{ ...unused, foreignGroups: ['billing'] }, 'Topic orders is read by group billing. Write to it?'],
])('a topic in use is asked about: %j', async (use, question) => {
  const plan = planWith({ topic: 'orders' });
  expect(await checkTarget(clusterWith(use), plan, options)).toMatchObject({ question });
  expect(await checkTarget(clusterWith(use), { ...plan, yes: true }, options)).toMatchObject({ question: null });
  await expect(checkTarget(clusterWith(use), plan, { ...options, canAsk: false })).rejects.toMatchObject({
    code: 'TOPIC_NOT_EMPTY',
    exitCode: 3,
    next: expect.stringContaining('--yes'),
  });
});

test('a topic that is only read is not asked about', async () => {
  const cluster = clusterWith(unused, topic, { topicUse: () => Promise.reject(new Error('not needed')) });
  const plan = planWith({ topic: 'orders', mode: 'consume-only' });
  expect(await checkTarget(cluster, plan, options)).toMatchObject({ kind: 'existing', question: null });
});

test('it is said when not all groups could be looked at', async () => {
  const target = await checkTarget(
    clusterWith({ ...unused, incomplete: true }),
    planWith({ topic: 'orders' }),
    options,
  );
  expect(target.warnings).toEqual([expect.stringContaining('2 s')]);
});

test.each([
  [1_048_576, false],
  [1_048_576 - 1024, true],
])('a message of %i bytes fits the topic: %s', async (messageSizeBytes, fits) => {
  const checking = checkTarget(clusterWith(), planWith({ topic: 'orders', messageSizeBytes }), options);
  if (fits) await expect(checking).resolves.toMatchObject({ kind: 'existing' });
  else await expect(checking).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE', exitCode: 2 });
});

test('a made topic whose own settings are too small is refused too', async () => {
  const plan = planWith({ messageSizeBytes: 4096, topicConfig: { 'max.message.bytes': '1000' } });
  await expect(checkTarget(fakeCluster({}), plan, options)).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE' });
});

test.each([
  [{ partitions: 6 }, '--partitions'],
  [{ replicationFactor: 1 }, '--replication-factor'],
])('a topic is not altered to %j', async (shape, flag) => {
  const plan = planWith({ topic: 'orders', partitions: null, replicationFactor: null, ...shape });
  const [key = ''] = Object.keys(shape);
  await expect(checkTarget(clusterWith(), plan, { ...options, sources: { [key]: 'flag' } })).rejects.toMatchObject({
    code: 'USAGE',
    exitCode: 2,
    next: expect.stringContaining(flag),
  });
  const wished = await checkTarget(clusterWith(), plan, { ...options, sources: { [key]: 'preset' } });
  expect(wished.warnings).toEqual([expect.stringContaining('never alters')]);
});

test('the shape that a topic has may be repeated', async () => {
  const plan = planWith({ topic: 'orders', partitions: 12, replicationFactor: 3 });
  expect(await checkTarget(clusterWith(), plan, options)).toMatchObject({ warnings: [] });
});

test('acks=all that cannot succeed is told', async () => {
  const cluster = clusterWith(unused, { ...topic, replicationFactor: 1 });
  const target = await checkTarget(cluster, planWith({ topic: 'orders', acks: 'all' }), options);
  expect(target.warnings).toEqual([expect.stringContaining('acks=all')]);
});

test('a named group with live members is refused before anything else', async () => {
  const busy = new LoadtuiError('busy', { code: 'GROUP_BUSY', fault: 'cluster' });
  const cluster = clusterWith(unused, topic, { checkGroup: () => Promise.reject(busy) });
  await expect(checkTarget(cluster, planWith({ topic: 'orders', group: 'theirs' }), options)).rejects.toBe(busy);
});

test('many groups are named in part', () => {
  const question = questionOf('t', { records: 1, foreignGroups: ['a', 'b', 'c', 'd', 'e'] });
  expect(question).toBe('Topic t holds 1 record and is read by groups a, b, c and 2 more. Write to it?');
  expect(topicNotEmpty(question ?? '').message).not.toContain('?');
});

test.each<[string, Partial<Plan>, boolean, number, boolean]>([
  ['a topic of our own, which is made anew', { topic: null }, false, 100, false],
  ['a named topic that holds what was written', { topic: 'orders' }, false, 100, true],
  ['a named topic that was asked about', { topic: 'orders' }, true, 0, true],
  ['a named topic that got nothing', { topic: 'orders' }, false, 0, false],
  ['a plan that says yes', { topic: 'orders', yes: true }, false, 100, false],
  ['a run that only reads', { topic: 'orders', mode: 'consume-only' }, false, 100, false],
])('would ask again: %s', (_, changes, asked, records, expected) => {
  expect(wouldAskAgain(planWith(changes), asked, records)).toBe(expected);
});

test('groups that are watched are known to read the topic; others raise the question still', async () => {
  const use = { ...unused, foreignGroups: ['job', 'audit'] };
  const asked = async (watchGroups: readonly string[]) =>
    checkTarget(clusterWith(use), planWith({ topic: 'orders', watchGroups }), options);
  expect(await asked(['job', 'audit'])).toMatchObject({ question: null });
  expect(await asked(['job'])).toMatchObject({ question: 'Topic orders is read by group audit. Write to it?' });
});

test('a topic behind a pipeline is taken as it is, whoever uses it: it is only read', async () => {
  const use = { ...unused, records: 5, foreignGroups: ['job'] };
  const plan = planWith({ topic: 'in', consumeTopic: 'orders' });
  expect(await checkConsumeTopic(clusterWith(use), plan, 3)).toEqual({ kind: 'existing', topic });
  expect(await checkConsumeTopic(clusterWith(use), planWith({ topic: 'in' }), 3)).toBeNull();
});

test('a topic behind a pipeline that is missing is refused, or made where that is asked for', async () => {
  const plan = planWith({ topic: 'in', consumeTopic: 'order' });
  await expect(checkConsumeTopic(clusterWith(), plan, 3)).rejects.toMatchObject({
    code: 'TOPIC_MISSING',
    next: 'Add --create to make it, or did you mean order-events, orders?',
  });
  expect(await checkConsumeTopic(clusterWith(), { ...plan, create: true }, 2)).toMatchObject({
    kind: 'make',
    topics: [{ name: 'order', partitions: 6, replicationFactor: 2 }],
  });
});
