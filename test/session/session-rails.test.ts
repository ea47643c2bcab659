/** Other people's topics and groups, as they are found again when a run was there. */
import { ConfigResourceTypes } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { madeTopicConfig } from '../../source/cluster/made-topic.ts';
import type { Cluster } from '../../source/cluster/types.ts';
import type { Sandbox } from '../../source/sandbox/types.ts';
import { joinGroup, otherClient, produce } from '../cluster/produce.ts';
import { defaultPlan } from '../support/default-plan.ts';
import { expectExact, expectGood } from './support/expect-exact.ts';
import { Stage, sideBySide } from './support/live-run.ts';

const theirs = 'orders';
const theirConfig = { 'retention.ms': '123456789', 'max.message.bytes': '50000' };
const theirRecords = 5;

function portOf(sandbox: Sandbox): number {
  return sandbox.brokers[0]?.port ?? 0;
}

/** A topic's settings as Kafka's own tools see them. */
async function configOf(sandbox: Sandbox, topic: string): Promise<Readonly<Record<string, string>>> {
  const admin = otherClient(portOf(sandbox)).admin();
  await admin.connect();
  try {
    const resource = { type: ConfigResourceTypes.TOPIC, name: topic };
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] });
    const entries = resources[0]?.configEntries ?? [];
    return Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue]));
  } finally {
    await admin.disconnect();
  }
}

/** A sandbox on which somebody else has a topic with records and settings. */
async function withTheirTopic(stage: Stage): Promise<{ sandbox: Sandbox; cluster: Cluster }> {
  const sandbox = await stage.sandbox();
  const cluster = await stage.cluster(sandbox);
  await cluster.createTopics([{ name: theirs, partitions: 2, replicationFactor: 1, config: theirConfig }]);
  await produce(portOf(sandbox), theirs, 1, theirRecords);
  return { sandbox, cluster };
}

/** How the topic stands: its settings, its shape, and from where to where each log goes. */
async function stateOf(sandbox: Sandbox, cluster: Cluster, topic: string) {
  const table = [0, 1].map((partition) => ({ topic, partition }));
  const offsets = await cluster.offsets(table, [0, 1]);
  return {
    config: await configOf(sandbox, topic),
    shape: await cluster.describeTopic(topic),
    starts: offsets.map(({ logStartOffset }) => logStartOffset),
    records: offsets.reduce((sum, { logEndOffset }) => sum + logEndOffset, 0),
  };
}

describe("somebody else's topic", sideBySide, () => {
  it('that holds records is left alone where nobody says yes', async (context) => {
    const stage = new Stage(context);
    const { sandbox, cluster } = await withTheirTopic(stage);
    const before = await stateOf(sandbox, cluster, theirs);
    expect(before).toMatchObject({ config: theirConfig, records: theirRecords });
    const plan = { topic: theirs, yes: false, messages: 100 };
    const notEmpty = {
      code: 'TOPIC_NOT_EMPTY',
      exitCode: 3,
      message: expect.stringContaining(`${theirs} holds ${theirRecords} records`),
      next: expect.stringContaining('--yes'),
    };
    await expect(stage.run(sandbox, plan).result).rejects.toMatchObject(notEmpty);
    const declined = stage.run(sandbox, plan, { ask: async () => false });
    await expect(declined.result).rejects.toMatchObject(notEmpty);
    expect(await stateOf(sandbox, cluster, theirs)).toEqual(before);
    expect(await cluster.listTopics()).toEqual([theirs]);
    expect(await cluster.listGroups()).toEqual([]);
  });

  it('is written to with --yes, and otherwise as it was: settings, partitions, records', async (context) => {
    const stage = new Stage(context);
    const { sandbox, cluster } = await withTheirTopic(stage);
    const before = await stateOf(sandbox, cluster, theirs);
    const { document, exitCode } = await stage.run(sandbox, { topic: theirs, yes: true, messages: 100 }).result;
    expectExact(document);
    expectGood(exitCode);
    expect(document.cluster.topics).toMatchObject([{ name: theirs, created: false }]);
    const { acked, probes } = document.wholeRun;
    const records = theirRecords + acked + probes;
    expect(await stateOf(sandbox, cluster, theirs)).toEqual({ ...before, records });
    expect(await cluster.listTopics()).toEqual([theirs]);
  });
});

describe('topics of our own', sideBySide, () => {
  it.for(['interrupt', 'terminate', 'hangup', 'quit'] as const)(
    'are kept small, and gone after the end by %s; other topics are not',
    async (reason, context) => {
      const stage = new Stage(context);
      const { sandbox, cluster } = await withTheirTopic(stage);
      const before = await stateOf(sandbox, cluster, theirs);
      const run = await stage.measuring(sandbox, { topics: 2 });
      const made = (await cluster.listTopics()).filter((name) => name !== theirs);
      expect(made).toHaveLength(2);
      const bounded = madeTopicConfig(defaultPlan);
      expect(bounded).toMatchObject({ 'retention.ms': '600000', 'retention.bytes': expect.stringMatching(/^\d+$/) });
      for (const name of made) expect(await configOf(sandbox, name)).toMatchObject(bounded);
      run.control.stop(reason);
      expectExact((await run.result).document);
      expect(await cluster.listTopics()).toEqual([theirs]);
      expect(await stateOf(sandbox, cluster, theirs)).toEqual(before);
    },
  );
});

describe("somebody else's group", sideBySide, () => {
  it('with live members is not committed for', async (context) => {
    const stage = new Stage(context);
    const { sandbox, cluster } = await withTheirTopic(stage);
    const leave = await joinGroup(portOf(sandbox), 'billing', theirs);
    try {
      const run = stage.run(sandbox, { topic: theirs, yes: true, group: 'billing', messages: 100 });
      await expect(run.result).rejects.toMatchObject({ code: 'GROUP_BUSY', exitCode: 3 });
      expect((await stateOf(sandbox, cluster, theirs)).records).toBe(theirRecords);
      expect(await cluster.listTopics()).toEqual([theirs]);
    } finally {
      await leave();
    }
  });
});
