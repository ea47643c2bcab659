import { afterEach, describe, expect, it, vi } from 'vitest';
import { apiVersionsApi } from '../../../source/clients/wire/control-apis.ts';
import { renewalMs } from '../../../source/clients/wire/sasl/connection-login.ts';
import { LoginRefused } from '../../../source/clients/wire/sasl/dialogue.ts';
import { connectionSecurity } from '../../../source/clients/wire/security.ts';
import { BrokerSocket } from '../../../source/clients/wire/socket.ts';
import type { LoginMaterial, SecurityMaterial, TlsMaterial } from '../../../source/config/security/material.ts';
import { ProtocolWriter } from '../../../source/protocol/protocol-writer.ts';
import { makeCertificates, type SandboxCertificates } from '../../../source/sandbox/security/certificates.ts';
import type { LoginRules } from '../../../source/sandbox/security/login.ts';
import { startSandboxHere } from '../../../source/sandbox/server.ts';
import type { SandboxOptions } from '../../../source/sandbox/types.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

let made: Promise<SandboxCertificates> | null = null;
const certificates = (): Promise<SandboxCertificates> => {
  made ??= makeCertificates(['localhost', '127.0.0.1'], Date.now());
  return made;
};

const rules: LoginRules = {
  mechanisms: ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'],
  users: { alice: 'alice-secret', 'a=b,c': 'pässword' },
  tokens: ['good-token'],
  reauthenticateMs: 0,
};
const alice = (mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512', password = 'alice-secret'): LoginMaterial => ({
  mechanism,
  username: 'alice',
  password,
});
const tls = (ca: string | null, changes: Partial<TlsMaterial> = {}): TlsMaterial => ({
  ...{ ca: ca === null ? null : [ca], certificateChain: null, key: null, keyPassword: null, verifies: true },
  ...{ serverName: null, leastVersion: null, mostVersion: null, ciphers: null },
  ...changes,
});

/** A sandbox and a socket to it. */
async function open(sandboxOptions: Partial<SandboxOptions>, material: SecurityMaterial, host = '127.0.0.1') {
  const sandbox = await startSandboxHere(sandboxOptions);
  closers.push(() => sandbox.close());
  const answers: number[] = [];
  const closed: { reason: string; cause: Error | undefined }[] = [];
  const renewals: number[] = [];
  const socket = new BrokerSocket({
    address: { id: 1, host, port: sandbox.brokers[0]?.port ?? 0 },
    clientId: 'test',
    security: connectionSecurity(material),
    receiveBufferBytes: 1024,
    onFrame: (_bytes, view, start) => answers.push(view.getInt32(start)),
    onReady: () => undefined,
    onRenewed: (tookMs) => renewals.push(tookMs),
    onClosed: (reason, cause) => closed.push({ reason, cause }),
  });
  closers.push(() => socket.close());
  socket.connect();
  const ask = (id: number): void => {
    socket.write([new ProtocolWriter().int16(apiVersionsApi.key).int16(0).int32(id).string('test').frame()]);
  };
  const ready = (): Promise<void> => vi.waitFor(() => expect(socket.state).toBe('ready'), 5000);
  const refused = async (): Promise<{ reason: string; cause: Error | undefined }> => {
    await vi.waitFor(() => expect(closed).toHaveLength(1), 5000);
    const [first] = closed;
    if (first === undefined) throw new Error('it was not closed');
    return first;
  };
  return { sandbox, socket, answers, closed, renewals, ask, ready, refused };
}

describe('a login', () => {
  it.each<[string, LoginMaterial]>([
    ['PLAIN', alice('PLAIN')],
    ['SCRAM-SHA-256', alice('SCRAM-SHA-256')],
    ['SCRAM-SHA-512', alice('SCRAM-SHA-512')],
    ['SCRAM of a name with signs in it', { mechanism: 'SCRAM-SHA-256', username: 'a=b,c', password: 'pässword' }],
    ['a token', { mechanism: 'OAUTHBEARER', token: { kind: 'text', token: 'good-token' }, extensions: {} }],
  ])('by %s opens the way', async (_what, login) => {
    const { ask, answers, ready } = await open({ logins: rules }, { tls: null, login });
    await ready();
    ask(7);
    await vi.waitFor(() => expect(answers).toEqual([7]));
  });

  it.each<[string, LoginMaterial]>([
    ['PLAIN', alice('PLAIN', 'wrong')],
    ['SCRAM-SHA-256', alice('SCRAM-SHA-256', 'wrong')],
    ['SCRAM-SHA-512', { mechanism: 'SCRAM-SHA-512', username: 'bob', password: 'alice-secret' }],
    ['a token', { mechanism: 'OAUTHBEARER', token: { kind: 'text', token: 'bad-token' }, extensions: {} }],
  ])('by %s with what is wrong is refused', async (_what, login) => {
    const { refused } = await open({ logins: rules }, { tls: null, login });
    const { cause } = await refused();
    expect(cause).toBeInstanceOf(LoginRefused);
    expect(cause).toMatchObject({ kind: 'credentials' });
    expect(cause?.message).not.toContain('secret');
  });

  it('names what is offered where the mechanism is not', async () => {
    const logins: LoginRules = { ...rules, mechanisms: ['SCRAM-SHA-512'] };
    const { refused } = await open({ logins }, { tls: null, login: alice('PLAIN') });
    const { cause, reason } = await refused();
    expect(cause).toMatchObject({ kind: 'mechanism', offered: ['SCRAM-SHA-512'] });
    expect(reason).toBe('the listener offers SCRAM-SHA-512, not PLAIN');
  });

  it('without its token comes to nothing, and says so', async () => {
    const token = { kind: 'file', path: '/nowhere/token' } as const;
    const login: LoginMaterial = { mechanism: 'OAUTHBEARER', token, extensions: {} };
    const { refused } = await open({ logins: rules }, { tls: null, login });
    expect((await refused()).cause).toMatchObject({
      kind: 'token',
      message: expect.stringContaining('/nowhere/token'),
    });
  });

  it.each([
    [3_600_000, 0, 3_060_000],
    [3_600_000, 1, 3_420_000],
    [10_000, 1, 9000],
    [3000, 0, 2000],
    [3000, 1, 2000],
    [300, 0.5, 150],
    [90 * 86_400_000, 0.5, 2 ** 31 - 1],
  ])('that holds for %d ms is renewed in time (chance %d): after %d ms', (lifetimeMs, chance, expectedMs) => {
    expect(renewalMs(lifetimeMs, chance)).toBeCloseTo(expectedMs, 3);
  });

  it('is renewed in time, with requests under way', async () => {
    const logins: LoginRules = { ...rules, reauthenticateMs: 300 };
    const material = { tls: null, login: alice('SCRAM-SHA-256') };
    const { socket, ask, answers, renewals, closed, ready } = await open({ logins }, material);
    await ready();
    let id = 0;
    await vi.waitFor(
      () => {
        if (socket.state === 'ready') ask(++id);
        expect(renewals.length).toBeGreaterThanOrEqual(3);
      },
      { timeout: 10_000, interval: 1 },
    );
    await vi.waitFor(() => expect(answers).toHaveLength(id));
    expect(answers).toEqual(Array.from({ length: id }, (_, at) => at + 1));
    expect(closed).toEqual([]);
  });

  it('that is being renewed as the connection is closed keeps no process alive', async () => {
    const logins: LoginRules = { ...rules, reauthenticateMs: 300 };
    const { socket, ready } = await open({ logins }, { tls: null, login: alice('PLAIN') });
    await ready();
    const timers = vi.spyOn(globalThis, 'setTimeout');
    try {
      await vi.waitFor(() => expect(socket.state).toBe('reauthenticating'), { timeout: 8_000, interval: 0 });
      const patience = timers.mock.results.findLast((_, at) => timers.mock.calls[at]?.[1] === 10_000)?.value;
      expect(patience).toMatchObject({ _destroyed: false });
      socket.close();
      expect(patience).toMatchObject({ _destroyed: true });
    } finally {
      timers.mockRestore();
    }
  });
});

describe('TLS', () => {
  it('is spoken with a broker whose CA is trusted, by address and by name', async () => {
    const { ca, broker } = await certificates();
    for (const host of ['127.0.0.1', 'localhost']) {
      const material = { tls: tls(ca.certificate), login: alice('PLAIN') };
      const { ask, answers, ready } = await open({ tls: broker, logins: rules, host: '127.0.0.1' }, material, host);
      await ready();
      ask(3);
      await vi.waitFor(() => expect(answers).toEqual([3]));
    }
  });

  it('is refused to a broker that nobody vouches for, unless whoever answers is believed', async () => {
    const { broker } = await certificates();
    const stranger = await open({ tls: broker }, { tls: tls(null), login: null });
    expect((await stranger.refused()).cause).toMatchObject({ code: expect.stringMatching(/SELF_SIGNED|UNABLE_TO/) });
    const believed = await open({ tls: broker }, { tls: tls(null, { verifies: false }), login: null });
    await believed.ready();
  });

  it('is refused to a broker of another name, unless any name will do', async () => {
    const own = await makeCertificates(['kafka.example'], Date.now());
    const other = await open({ tls: own.broker }, { tls: tls(own.ca.certificate), login: null });
    expect((await other.refused()).cause).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    const named = await open(
      { tls: own.broker },
      { tls: tls(own.ca.certificate, { serverName: 'kafka.example' }), login: null },
    );
    await named.ready();
    const any = await open({ tls: own.broker }, { tls: tls(own.ca.certificate, { serverName: '' }), login: null });
    await any.ready();
  });
});
