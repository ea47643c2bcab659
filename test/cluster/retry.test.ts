import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { BrokerUnavailable } from '../../source/cluster/broker-unavailable.ts';
import { again, done, type RetryPolicy, retrying } from '../../source/cluster/retry.ts';

const policy: RetryPolicy = { withinMs: 200, backoffMs: 1, backoffMaxMs: 10, signal: new AbortController().signal };

test('tries until it is done', async () => {
  let tries = 0;
  const value = await retrying(policy, 'count', async (attempt) => {
    tries = attempt;
    return attempt < 4 ? again('not yet') : done('there');
  });
  expect([value, tries]).toEqual(['there', 4]);
});

test('a broker that is away is a reason to try again', async () => {
  const value = await retrying(policy, 'reach', async (attempt) => {
    if (attempt === 1) throw new BrokerUnavailable({ host: 'a', port: 1 }, 'refused');
    return done(attempt);
  });
  expect(value).toBe(2);
});

test('gives up in time, with the last reason', async () => {
  await expect(retrying(policy, 'wait', async () => again('still loading'))).rejects.toMatchObject({
    code: 'PROTOCOL',
    fault: 'cluster',
    message: 'Cannot wait: still loading',
  });
  const away = retrying(policy, 'wait', async () => {
    throw new BrokerUnavailable({ host: 'a', port: 1 }, 'refused');
  });
  await expect(away).rejects.toMatchObject({ code: 'CANNOT_REACH', message: 'Cannot wait: a:1: connection refused' });
});

test('goes on for as long as it gets further, and gives up its time after that', async () => {
  const tries = { further: 0, stuck: 0 };
  const value = retrying({ ...policy, withinMs: 50 }, 'count', async () => {
    await sleep(40);
    return ++tries.further < 4 ? again('some are left', true) : done('all');
  });
  expect(await value).toBe('all');
  const stuck = retrying({ ...policy, withinMs: 50 }, 'count', async (attempt) => {
    tries.stuck++;
    await sleep(40);
    return again('some are left', attempt === 1);
  });
  await expect(stuck).rejects.toMatchObject({ message: 'Cannot count: some are left' });
  expect(tries.stuck).toBeGreaterThan(1);
});

test('anything else passes through at once', async () => {
  let tries = 0;
  const broken = retrying(policy, 'break', async () => {
    tries++;
    throw new TypeError('ours');
  });
  await expect(broken).rejects.toThrowError(TypeError);
  expect(tries).toBe(1);
});

test('closing ends the waiting', async () => {
  const closing = new AbortController();
  const slow = {
    ...policy,
    withinMs: 3_600_000,
    backoffMs: 3_600_000,
    backoffMaxMs: 3_600_000,
    signal: closing.signal,
  };
  const waiting = retrying({ ...slow, withinMs: 36_000_000 }, 'wait', async () => again('no'));
  setImmediate(() => closing.abort());
  await expect(waiting).rejects.toMatchObject({ code: 'PROTOCOL' });
});
