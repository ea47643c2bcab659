import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ConnectionLogin } from '../../../../source/clients/wire/sasl/connection-login.ts';
import { ProtocolWriter } from '../../../../source/protocol/protocol-writer.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const hourMs = 3_600_000;

/** A login whose token is there or not, and a broker that takes any, for an hour. */
function rig() {
  const happened: string[] = [];
  let isTokenThere = true;
  let sent = 0;
  const login = new ConnectionLogin({
    begin: () => ({
      mechanism: 'OAUTHBEARER',
      first: () => (isTokenThere ? Promise.resolve(Buffer.from('token')) : Promise.reject(new Error('no token'))),
      next: () => null,
    }),
    clientId: 'test',
    send: () => sent++,
    loggedIn: () => happened.push('logged in'),
    renewing: () => happened.push('renewing'),
    renewed: () => happened.push('renewed'),
    failed: (error) => happened.push(`failed: ${error.message}`),
  });
  /** Handshake and token are answered. */
  const answer = async (): Promise<void> => {
    const shaken = new ProtocolWriter().int16(0).int32(1).string('OAUTHBEARER').frame();
    const taken = new ProtocolWriter().int16(0).int16(-1).byteArray(Buffer.alloc(0)).int64(hourMs).frame();
    for (const body of [shaken, taken]) {
      expect(login.takes(-1, body, 4, body.length)).toBe(true);
      await vi.advanceTimersByTimeAsync(0);
    }
  };
  const token = (isThere: boolean): void => {
    isTokenThere = isThere;
  };
  return { login, happened, answer, token, sent: () => sent };
}

it('holds nothing up before the token of a renewal is there, and asks for it again while the login holds', async () => {
  const { login, happened, answer, token, sent } = rig();
  login.begin();
  await answer();
  expect(happened).toEqual(['logged in']);
  token(false);
  await vi.advanceTimersByTimeAsync(0.96 * hourMs);
  expect(happened).toEqual(['logged in']);
  expect(sent()).toBe(2);
  token(true);
  await vi.advanceTimersByTimeAsync(1000);
  expect(happened).toEqual(['logged in', 'renewing']);
  await answer();
  expect(happened).toEqual(['logged in', 'renewing', 'renewed']);
  login.close();
});

it('gives the connection up where there is no token until its login ends', async () => {
  const { login, happened, answer, token } = rig();
  login.begin();
  await answer();
  token(false);
  await vi.advanceTimersByTimeAsync(hourMs);
  expect(happened).toEqual(['logged in', 'failed: no token']);
  login.close();
});

it('takes no answers of others, and asks for nothing once it is closed', async () => {
  const { login, happened, answer } = rig();
  login.begin();
  expect(login.takes(7, Buffer.alloc(8), 4, 8)).toBe(false);
  await answer();
  expect(login.takes(-1, Buffer.alloc(8), 4, 8)).toBe(false);
  login.close();
  await vi.advanceTimersByTimeAsync(hourMs);
  expect(happened).toEqual(['logged in']);
});
