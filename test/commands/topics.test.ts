import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openCluster } from '../../source/cluster/cluster.ts';
import type { Cluster } from '../../source/cluster/types.ts';
import { checkCommand, checkText, versionText } from '../../source/commands/check.ts';
import { topicsCommand } from '../../source/commands/topics.ts';
import type { OutputOptions } from '../../source/config/plan.ts';
import { resolvePlan } from '../../source/config/resolve-plan.ts';
import { plaintext } from '../../source/config/security.ts';
import { journalName } from '../../source/output/history.ts';
import { startSandboxHere } from '../../source/sandbox/server.ts';
import type { Sandbox } from '../../source/sandbox/types.ts';
import { deafPort, testTuning } from '../cluster/fakes.ts';

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
const plain: OutputOptions = {
  style: 'plain',
  savePath: null,
  force: false,
  outDirectory: '.',
  quiet: false,
  color: false,
  ascii: true,
  theme: 'default',
  mouse: false,
  fps: 4,
  commandsPath: null,
  historyFolder: null,
};

/** Runs a command and hands back its exit code and what it wrote to standard output. */
async function outputOf(run: () => Promise<number>): Promise<{ code: number; text: string }> {
  const written: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk, ...rest) => {
    written.push(String(chunk));
    for (const argument of rest) if (typeof argument === 'function') argument();
    return true;
  });
  try {
    return { code: await run(), text: written.join('') };
  } finally {
    spy.mockRestore();
  }
}

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

test('check names every broker by its advertised address, and leaves nothing behind', async () => {
  const before = await cluster.listTopics();
  const { code, text } = await outputOf(() => checkCommand(at([address]), plain));
  expect(code).toBe(0);
  for (const { id, host, port } of sandbox.brokers) {
    expect(text).toMatch(new RegExp(`broker ${id}\\s+${host}:${port}\\s+\\d+\\.\\d\\d ms`));
  }
  expect(text).toContain('SANDBOX');
  expect(text).toContain('may be created');
  expect(text).toContain('zstd');
  expect(await cluster.listTopics()).toEqual(before);
});

test('check as one JSON object', async () => {
  const json = { ...plain, style: 'json' } as const;
  const { text } = await outputOf(() => checkCommand(at([address]), json));
  expect(JSON.parse(text)).toMatchObject({
    type: 'check',
    cluster: { sandbox: true, brokers: [{ id: 1, pingMs: expect.any(Number) }, { id: 2 }], mayCreateTopics: true },
    clients: ['wire'],
    driven: null,
  });
});

test('check without brokers tells of this machine alone, and of what it can drive', async () => {
  const drive = async (durationMs: number) => ({ ratePerSecond: 46.617 * durationMs, messageSizeBytes: 1024 });
  const { code, text } = await outputOf(() => checkCommand(at(null), plain, drive));
  expect(code).toBe(0);
  expect(text).toContain('93.2k/s of 1KiB');
});

test('check of a cluster that is not there', async () => {
  const refusing = `127.0.0.1:${await deafPort()}`;
  const checking = outputOf(() => checkCommand(at([refusing]), plain, undefined, 300));
  await expect(checking).rejects.toMatchObject({ code: 'CANNOT_REACH', exitCode: 3 });
});

test('a broker that gives no answer is shown', () => {
  const info = {
    clusterId: 'c',
    brokers: [{ id: 1, host: 'a', port: 9092, rack: 'r1' }],
    metadataVersion: null,
    inferredAtLeast: '3.7',
  };
  const text = checkText({
    cluster: { info, pings: new Map([[1, null]]), whyNotCreate: 'not allowed' },
    host: { cpus: 2, memoryBytes: 2 ** 30, platform: 'linux x64', kernel: '6' },
    node: '24',
    clients: [],
    codecs: [],
    driven: null,
  });
  expect(text).toContain('a:9092  no answer  rack r1');
  expect(text).toContain('may not be created: not allowed');
  expect(text).toContain('cluster   c, Kafka 3.7 or newer');
  expect(versionText({ ...info, metadataVersion: '4.3-IV0' })).toBe('Kafka 4.3-IV0');
  expect(versionText({ ...info, inferredAtLeast: null })).toBe('version unknown');
});
