import { describe, expect, it } from 'vitest';
import { apiVersionRanges } from '../../source/sandbox/protocol/api-versions.ts';
import type { RawClient } from './support/raw-client.ts';
import { connectTo, startTestSandbox, startWithTopic } from './support/start.ts';

describe('ApiVersions', () => {
  it.each([0, 1, 2, 3, 4])('version %d lists what is spoken', async (version) => {
    const { client } = await startWithTopic();
    const answer = await client.ask('apiVersions', version, (body) => {
      if (version >= 3) body.string('test').string('1');
    });
    expect(answer.int16()).toBe(0);
    const ranges = answer.array(() => {
      const range = [answer.int16(), answer.int16(), answer.int16()];
      answer.tags();
      return range;
    });
    expect(ranges).toEqual(apiVersionRanges.map(({ key, min, max }) => [key, min, max]));
  });

  it('answers an unknown version in version 0, with error 35', async () => {
    const { client } = await startWithTopic();
    const answer = await client.ask('apiVersions', 99, () => undefined);
    answer.flexible = false;
    expect(answer.int16()).toBe(35);
    expect(answer.array(() => [answer.int16(), answer.int16(), answer.int16()])).toHaveLength(apiVersionRanges.length);
  });

  it('closes the connection for a version of anything else', async () => {
    const { client, sandbox } = await startWithTopic();
    client.tell('fetch', 13, () => undefined);
    await client.closed;
    expect((await sandbox.stats()).lastRefusal).toContain('1 version 13');
  });
});

describe('CreateTopics', () => {
  it.each<[string, string, number, Record<string, string>, number, number]>([
    ['fine', 'new.topic-1_x', 3, { 'retention.bytes': '1000' }, 1, 0],
    ['there already', 't', 1, {}, 1, 36],
    ['a bad name', 'a b', 1, {}, 1, 17],
    ['no partition', 'p', 0, {}, 1, 37],
    ['more replicas than brokers', 'r', 1, {}, 2, 38],
    ['an unknown setting', 's', 1, { 'no.such': '1' }, 1, 40],
  ])('%s', async (_, name, partitions, config, replicas, code) => {
    const { client } = await startWithTopic();
    expect(await client.createTopic(name, partitions, config, replicas)).toBe(code);
  });

  it('metadata never makes a topic unless the sandbox may', async () => {
    for (const autoCreateTopics of [false, true]) {
      const client = await connectTo(await startTestSandbox({ autoCreateTopics }));
      expect(await topicCode(client, 'new', true)).toBe(autoCreateTopics ? 0 : 3);
      expect(await topicCode(client, 'other', false)).toBe(3);
    }
  });

  it('spreads leaders over the brokers', async () => {
    const client = await connectTo(await startTestSandbox({ brokers: 3 }));
    await client.createTopic('t', 6, {}, 2);
    const answer = await client.ask('metadata', 1, (body) => body.arrayLength(1).string('t'));
    const brokers = answer.array(() => [answer.int32(), answer.string(), answer.int32(), answer.nullableString()]);
    expect(brokers.map(([id]) => id)).toEqual([1, 2, 3]);
    answer.int32();
    answer.arrayLength();
    answer.int16();
    answer.string();
    answer.boolean();
    const partitions = answer.array(() => {
      answer.int16();
      answer.int32();
      const leader = answer.int32();
      const replicas = answer.array(() => answer.int32());
      answer.array(() => answer.int32());
      return { leader, replicas };
    });
    expect(partitions.map(({ leader }) => leader)).toEqual([1, 2, 3, 1, 2, 3]);
    for (const { leader, replicas } of partitions) expect(replicas).toEqual([leader, (leader % 3) + 1]);
  });
});

describe('groups without members', () => {
  it('commit, keep and delete offsets', async () => {
    const { client } = await startWithTopic();
    expect(await commit(client, 'g', 42)).toBe(0);
    expect(await committed(client, 'g')).toBe(42);
    expect(await commit(client, 'g', 42, { topic: 'nobody' })).toBe(3);
    expect(await commit(client, 'g', 43, { generation: 1, memberId: 'me' })).toBe(25);
    expect(await commit(client, '', 43)).toBe(24);
    expect(await deleteGroup(client, 'g')).toBe(0);
    expect(await deleteGroup(client, 'g')).toBe(69);
    expect(await committed(client, 'g')).toBe(-1);
  });

  it('lose to live members', async () => {
    const { client } = await startWithTopic();
    const { memberId, generation } = await join(client, 'g');
    expect(await commit(client, 'g', 1)).toBe(25);
    expect(await deleteGroup(client, 'g')).toBe(68);
    expect(await commit(client, 'g', 1, { generation: generation + 1, memberId })).toBe(22);
    await sync(client, 'g', generation, memberId);
    expect(await commit(client, 'g', 1, { generation, memberId })).toBe(0);
    expect(await leave(client, 'g', memberId)).toBe(0);
    expect(await leave(client, 'g', memberId)).toBe(25);
    expect(await commit(client, 'g', 2)).toBe(0);
    expect(await committed(client, 'g')).toBe(2);
  });

  it('a member that falls silent is thrown out', async () => {
    const { client } = await startWithTopic();
    const { memberId, generation } = await join(client, 'g', 30);
    await sync(client, 'g', generation, memberId);
    await expect.poll(() => deleteGroup(client, 'g')).toBe(0);
  });

  it('are asked of their coordinator', async () => {
    const sandbox = await startTestSandbox({ brokers: 2 });
    const clients = [await connectTo(sandbox, 1), await connectTo(sandbox, 2)];
    await clients[0]?.createTopic('t');
    for (const group of ['a', 'b', 'c', 'd']) {
      const codes = await Promise.all(clients.map((client) => commit(client, group, 1)));
      expect(codes.toSorted((a, b) => a - b)).toEqual([0, 16]);
    }
  });
});

async function topicCode(client: RawClient, name: string, mayCreate: boolean): Promise<number> {
  const answer = await client.ask('metadata', 4, (body) => body.arrayLength(1).string(name).boolean(mayCreate));
  answer.int32();
  answer.array(() => [answer.int32(), answer.string(), answer.int32(), answer.nullableString()]);
  answer.string();
  answer.int32();
  answer.arrayLength();
  return answer.int16();
}

async function commit(
  client: RawClient,
  group: string,
  offset: number,
  { topic = 't', generation = -1, memberId = '' } = {},
): Promise<number> {
  const answer = await client.ask('offsetCommit', 7, (body) => {
    body.string(group).int32(generation).string(memberId).string(null);
    body.arrayLength(1).string(topic).arrayLength(1).int32(0).int64(offset).int32(-1).string(null);
  });
  answer.int32();
  answer.arrayLength();
  answer.string();
  answer.arrayLength();
  answer.int32();
  return answer.int16();
}

async function committed(client: RawClient, group: string): Promise<number> {
  const answer = await client.ask('offsetFetch', 5, (body) => {
    body.string(group).arrayLength(1).string('t').arrayLength(1).int32(0);
  });
  answer.int32();
  answer.arrayLength();
  answer.string();
  answer.arrayLength();
  answer.int32();
  return answer.int64();
}

async function deleteGroup(client: RawClient, group: string): Promise<number> {
  const answer = await client.ask('deleteGroups', 1, (body) => body.arrayLength(1).string(group));
  answer.int32();
  answer.arrayLength();
  answer.string();
  return answer.int16();
}

/** JoinGroup 4: told an id first, joined with it then. */
async function join(client: RawClient, group: string, sessionMs = 10_000) {
  const once = async (memberId: string) => {
    const answer = await client.ask('joinGroup', 4, (body) => {
      body.string(group).int32(sessionMs).int32(sessionMs).string(memberId).string('consumer');
      body.arrayLength(1).string('range').byteArray(Buffer.from('m'));
    });
    answer.int32();
    const code = answer.int16();
    const generation = answer.int32();
    answer.string();
    const leaderId = answer.string();
    return { code, generation, leaderId, memberId: answer.string() };
  };
  const told = await once('');
  expect(told.code).toBe(79);
  const joined = await once(told.memberId);
  expect(joined).toMatchObject({ code: 0, generation: 1, leaderId: told.memberId, memberId: told.memberId });
  return joined;
}

async function sync(client: RawClient, group: string, generation: number, memberId: string): Promise<void> {
  const answer = await client.ask('syncGroup', 3, (body) => {
    body.string(group).int32(generation).string(memberId).string(null);
    body.arrayLength(1).string(memberId).byteArray(Buffer.from('mine'));
  });
  answer.int32();
  expect(answer.int16()).toBe(0);
  expect(answer.copiedBytes().toString()).toBe('mine');
}

async function leave(client: RawClient, group: string, memberId: string): Promise<number> {
  const answer = await client.ask('leaveGroup', 1, (body) => body.string(group).string(memberId));
  answer.int32();
  return answer.int16();
}
