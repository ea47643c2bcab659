import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openCluster } from '../../source/cluster/cluster.ts';
import type { Cluster } from '../../source/cluster/types.ts';
import { topicsCommand } from '../../source/commands/topics.ts';
import type { OutputOptions } from '../../source/config/plan.ts';
import { resolvePlan } from '../../source/config/resolve-plan.ts';
import { plaintext } from '../../source/config/security/material.ts';
import { journalName } from '../../source/output/history.ts';
import { startSandboxHere } from '../../source/sandbox/server.ts';
import type { Sandbox } from '../../source/sandbox/types.ts';
import { testTuning } from '../cluster/fakes.ts';
import { outputOf, plain } from './support/printed.ts';

let sandbox: Sandbox;
let cluster: Cluster;
let address = '';

let historyFolder = '';

beforeAll(async () => {
  historyFolder = await mkdtemp(join(tmpdir(), 'loadtui-topics-'));
  sandbox = await startSandboxHere({ brokers: 2 });
  address = `127.0.0.1:${sandbox.brokers[0]?.port}`;
  cluster = openCluster({ brokers: [address], clientId: 'test', security: plaintext, tuning: testTuning });
  await cluster.connect(5_000);
});
afterAll(async () => {
  await cluster.close();
  await sandbox.close();
  await rm(historyFolder, { recursive: true, force: true });
});

const resolvedDefaults = resolvePlan({ given: [], planPath: null, style: 'plain', cores: 4 });
const at = (brokers: readonly string[] | null) => ({
  ...resolvedDefaults,
  plan: { ...resolvedDefaults.plan, brokers, tuning: testTuning },
});
const ours = 'loadtui-0123456789abcdef';
const theirs = ['loadtui-orders', 'orders', 'loadtui-0123456789abcdef-copy'];

test('only topics that loadtui made are listed, and only those removed', async () => {
  const topics = [ours, `${ours}-1`, ...theirs].map((name) => ({
    name,
    partitions: 1,
    replicationFactor: 1,
    config: {},
  }));
  await cluster.createTopics(topics);
  const list = () => outputOf(() => topicsCommand(at([address]), { clean: false, historyFolder, output: plain }));
  const listed = await list();
  expect(listed.code).toBe(0);
  expect(listed.text.split('\n').slice(0, 2)).toEqual([ours, `${ours}-1`]);
  for (const name of theirs) expect(listed.text.split('\n')).not.toContain(name);

  const json = { ...plain, style: 'json' } as const;
  const cleaned = await outputOf(() => topicsCommand(at([address]), { clean: true, historyFolder, output: json }));
  expect(JSON.parse(cleaned.text)).toEqual({ type: 'topics', removed: true, topics: [ours, `${ours}-1`] });
  expect(await cluster.listTopics()).toEqual([...theirs].sort());
  expect((await list()).text).toContain('no topics');
});

test('topics of a run that is going are left alone with a word, but for --force', async () => {
  const [going, ended] = ['0123456789abcdef', 'fedcba9876543210'];
  const named = [`loadtui-${ended}`, `loadtui-${going}`, `loadtui-${going}-1`];
  await cluster.createTopics(named.map((name) => ({ name, partitions: 1, replicationFactor: 1, config: {} })));
  const journal = join(historyFolder, journalName(going, Date.now()));
  await writeFile(journal, `{"kind":"start","journalVersion":1,"pid":${process.pid},`);
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const clean = (output: OutputOptions) =>
      outputOf(() => topicsCommand(at([address]), { clean: true, historyFolder, output }));
    expect((await clean(plain)).text).toBe(`loadtui-${ended}\nRemoved 1 topic.\n`);
    expect(await cluster.listTopics()).toEqual(expect.arrayContaining(named.slice(1)));
    expect(told.mock.calls.map(([text]) => text)).toEqual([
      `loadtui: ${named[1]}, ${named[2]} are left alone, since a run that is going needs them; --force removes them too\n`,
    ]);
    expect((await clean({ ...plain, force: true })).text).toContain('Removed 2 topics.');
    expect(told).toHaveBeenCalledTimes(1);
  } finally {
    told.mockRestore();
  }
  for (const name of named) expect(await cluster.listTopics()).not.toContain(name);
});

test('without brokers there is nothing to look at', async () => {
  await expect(topicsCommand(at(null), { clean: true, historyFolder, output: plain })).rejects.toMatchObject({
    code: 'USAGE',
  });
});
