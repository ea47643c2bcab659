import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Inspection } from '../../source/cluster/inspect.ts';
import { checkCommand } from '../../source/commands/check.ts';
import { problemsOf } from '../../source/commands/check-problems.ts';
import type { Allowed, CheckReport } from '../../source/commands/check-report.ts';
import { checkText, versionText } from '../../source/commands/check-text.ts';
import { resolvePlan } from '../../source/config/resolve-plan.ts';
import {
  type LoginMaterial,
  plaintext,
  type SecurityMaterial,
  securityFacts,
} from '../../source/config/security/material.ts';
import { makeCertificates, type SandboxCertificates } from '../../source/sandbox/security/certificates.ts';
import { startSandboxHere } from '../../source/sandbox/server.ts';
import type { Sandbox, SandboxOptions } from '../../source/sandbox/types.ts';
import { deafPort, testTuning } from '../cluster/fakes.ts';
import { outputOf, plain } from './support/printed.ts';

const json = { ...plain, style: 'json' } as const;
const defaults = resolvePlan({ given: [], planPath: null, style: 'plain', cores: 4 });
const at = (
  brokers: readonly string[] | null,
  security: SecurityMaterial = plaintext,
  group: string | null = null,
) => ({
  ...defaults,
  security,
  plan: { ...defaults.plan, brokers, group, tuning: testTuning },
});

const sandboxes: Sandbox[] = [];
afterEach(async () => {
  await Promise.all(sandboxes.splice(0).map((sandbox) => sandbox.close()));
});

async function sandboxAt(options: Partial<SandboxOptions> = {}): Promise<{ sandbox: Sandbox; address: string }> {
  const sandbox = await startSandboxHere(options);
  sandboxes.push(sandbox);
  return { sandbox, address: `127.0.0.1:${sandbox.brokers[0]?.port}` };
}

const logins: SandboxOptions['logins'] = {
  mechanisms: ['SCRAM-SHA-256', 'SCRAM-SHA-512'],
  users: { alice: 'alice-secret' },
  tokens: [],
  reauthenticateMs: 3_600_000,
};
const alice: LoginMaterial = { mechanism: 'SCRAM-SHA-512', username: 'alice', password: 'alice-secret' };

describe('check', () => {
  it('names every broker by its advertised address', async () => {
    const { sandbox, address } = await sandboxAt({ brokers: 2 });
    const { code, text } = await outputOf(() => checkCommand(at([address]), plain));
    expect(code).toBe(0);
    for (const { id, host, port } of sandbox.brokers) {
      expect(text).toMatch(new RegExp(`broker ${id}\\s+${host}:${port}\\s+\\d+\\.\\d\\d ms\\n\\s+plain text\\n`));
    }
    expect(text).toContain('SANDBOX');
    expect(text).toContain('secured   PLAINTEXT');
    expect(text).toMatch(/versions {2}Produce 3[–-]9, Fetch 4[–-]12,/);
    expect(text).toContain('may be created');
    expect(text).toContain('zstd');
    expect(text).not.toContain('PROBLEM');
  });

  it('is one JSON object with the same', async () => {
    const { address } = await sandboxAt({ brokers: 2 });
    const { code, text } = await outputOf(() => checkCommand(at([address], plaintext, 'readers'), json));
    expect(code).toBe(0);
    expect(JSON.parse(text)).toMatchObject({
      type: 'check',
      cluster: {
        sandbox: true,
        security: { protocol: 'PLAINTEXT' },
        brokers: [
          {
            ...{ id: 1, host: '127.0.0.1', ip: '127.0.0.1', reached: true, reason: null, tls: null, sasl: null },
            pingMs: expect.any(Number),
            apiVersions: expect.arrayContaining([{ key: 0, name: 'Produce', oldest: 3, newest: 9 }]),
          },
          { id: 2, reached: true },
        ],
        unansweredBootstrap: [],
        mayCreateTopics: true,
        topics: [],
        group: { name: 'readers' },
        problems: [],
      },
      clients: ['wire'],
      driven: null,
    });
  });

  it('tells of this machine alone where no broker is named, and of what it can drive', async () => {
    const drive = async (durationMs: number) => ({ ratePerSecond: 46.617 * durationMs, messageSizeBytes: 1024 });
    const { code, text } = await outputOf(() => checkCommand(at(null), plain, drive));
    expect(code).toBe(0);
    expect(text).toContain('93.2k/s of 1KiB');
  });

  it('ends at once where nobody listens', async () => {
    const refusing = `127.0.0.1:${await deafPort()}`;
    await expect(outputOf(() => checkCommand(at([refusing]), plain))).rejects.toMatchObject({
      code: 'CANNOT_REACH',
      exitCode: 3,
    });
  });

  it('tells of every broker where one is not reached', async () => {
    const { sandbox, address } = await sandboxAt({ brokers: 3 });
    await sandbox.inject({ kind: 'refuse', durationMs: 60_000, brokerId: 2 });
    const shown = await outputOf(() => checkCommand(at([address]), plain));
    expect(shown.code).toBe(3);
    expect(shown.text).toMatch(/broker 1 {2}\S+ {2}\d+\.\d\d ms/);
    expect(shown.text).toMatch(/broker 2 {2}\S+ {2}NOT REACHED: /);
    expect(shown.text).toMatch(/broker 3 {2}\S+ {2}\d+\.\d\d ms/);
    expect(shown.text).toMatch(/PROBLEM {3}broker 2 advertises [\s\S]*try[\s\S]*advertised.listeners/);

    const { code, text } = await outputOf(() => checkCommand(at([address]), json));
    expect(code).toBe(3);
    expect(JSON.parse(text)).toMatchObject({
      cluster: {
        brokers: [{ reached: true }, { reached: false, why: expect.any(String), apiVersions: null }, { reached: true }],
        mayCreateTopics: null,
        problems: [{ about: 'broker', which: 2, next: expect.stringContaining('advertised.listeners') }],
      },
    });
  });

  it('tells of given addresses of no use, beside one that leads in', async () => {
    const { address } = await sandboxAt();
    const given = [`127.0.0.1:${await deafPort()}`, address];
    const { code, text } = await outputOf(() => checkCommand(at(given), plain));
    expect(code).toBe(0);
    expect(text).toMatch(/given {5}127\.0\.0\.1:\d+ {2}not reached: connection refused/);
  });
});

describe('check over TLS, with a login', () => {
  let certificates: SandboxCertificates;
  beforeAll(async () => {
    certificates = await makeCertificates(['127.0.0.1'], Date.now());
  });

  const trusting = (ca: string): SecurityMaterial['tls'] => ({
    ...{ ca: [ca], certificateChain: null, key: null, keyPassword: null, verifies: true },
    ...{ serverName: null, leastVersion: null, mostVersion: null, ciphers: null },
  });

  it('says how each connection is secured', async () => {
    const { address } = await sandboxAt({ tls: certificates.broker, logins });
    const security = { tls: trusting(certificates.ca.certificate), login: alice };
    const shown = await outputOf(() => checkCommand(at([address], security), plain));
    expect(shown.code).toBe(0);
    expect(shown.text.replace(/\n {10}/g, ' ')).toContain(
      'SASL_SSL, certificates of the right name from a trusted CA, SCRAM-SHA-512 as alice',
    );
    expect(shown.text).toMatch(/\n {10}TLSv1\.3, TLS_\w+\n/);
    expect(shown.text.replace(/\n {10}/g, ' ')).toMatch(
      /certificate of CN=loadtui sandbox until \d{4}-\d\d-\d\d \([67] days left\), signed by CN=loadtui sandbox CA/,
    );
    expect(shown.text.replace(/\n {10}/g, ' ')).toContain(
      'login by SCRAM-SHA-512, good for 1h; offered: SCRAM-SHA-256, SCRAM-SHA-512',
    );
    for (const line of shown.text.split('\n')) expect([...line].length, line).toBeLessThanOrEqual(80);

    const { text } = await outputOf(() => checkCommand(at([address], security), json));
    expect(text).not.toContain('alice-secret');
    expect(JSON.parse(text)).toMatchObject({
      cluster: {
        security: { protocol: 'SASL_SSL', verify: 'full', mechanism: 'SCRAM-SHA-512', username: 'alice' },
        brokers: [
          {
            tls: {
              version: 'TLSv1.3',
              cipher: expect.stringMatching(/^TLS_/),
              certificate: {
                ...{ subject: 'CN=loadtui sandbox', issuer: 'CN=loadtui sandbox CA', names: ['127.0.0.1'] },
                validTo: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
              },
            },
            sasl: {
              mechanism: 'SCRAM-SHA-512',
              offered: ['SCRAM-SHA-256', 'SCRAM-SHA-512'],
              sessionLifetimeMs: 3_600_000,
            },
          },
        ],
      },
    });
  });

  /** What a mistake is called, and what is offered against it. */
  async function refusal(options: Partial<SandboxOptions>, security: SecurityMaterial): Promise<unknown> {
    const { address } = await sandboxAt(options);
    return await outputOf(() => checkCommand(at([address], security), plain)).then(
      ({ text }) => text,
      (error: unknown) => error,
    );
  }
  const expectRefusal = (code: string, message: RegExp, next: RegExp) =>
    expect.objectContaining({
      ...{ code, exitCode: 3 },
      message: expect.stringMatching(message),
      next: expect.stringMatching(next),
    });

  it('names plain text spoken to a TLS listener, and TLS to a plain one', async () => {
    expect(await refusal({ tls: certificates.broker }, plaintext)).toEqual(
      expectRefusal('TLS_LISTENER', /is a TLS listener/, /--tls/),
    );
    const security = { tls: trusting(certificates.ca.certificate), login: null };
    expect(await refusal({}, security)).toEqual(expectRefusal('SECURITY', /speaks no TLS/, /Leave TLS out/));
  });

  it('names a certificate that nobody trusts, and whose it is', async () => {
    const other = await makeCertificates(['127.0.0.1'], Date.now());
    const security = { tls: trusting(other.ca.certificate), login: null };
    expect(await refusal({ tls: certificates.broker }, security)).toEqual(
      expectRefusal(
        'SECURITY',
        /no trusted CA signed \(CN=loadtui sandbox, signed by CN=loadtui sandbox CA\)/,
        /--tls-ca FILE/,
      ),
    );
  });

  it('names a certificate of another host, and one that is over', async () => {
    const elsewhere = await makeCertificates(['kafka.example'], Date.now());
    expect(await refusal({ tls: elsewhere.broker }, { tls: trusting(elsewhere.ca.certificate), login: null })).toEqual(
      expectRefusal('SECURITY', /of another name \(it is of kafka\.example, not of 127\.0\.0\.1\)/, /server-name/),
    );
    const old = await makeCertificates(['127.0.0.1'], Date.now() - 30 * 86_400_000);
    expect(await refusal({ tls: old.broker }, { tls: trusting(old.ca.certificate), login: null })).toEqual(
      expectRefusal('SECURITY', /not valid now \(CN=loadtui sandbox, good from \S+ to \S+\)/, /Renew it/),
    );
  });

  it('goes in by any given address that lets us', async () => {
    const guarded = await sandboxAt({ logins });
    const open = await sandboxAt();
    const { code, text } = await outputOf(() => checkCommand(at([guarded.address, open.address]), plain));
    expect(code).toBe(0);
    expect(text).toMatch(/given {5}\S+ {2}not reached: wants a login/);
  });

  it.each<[string, Partial<SandboxOptions>, SecurityMaterial['login'], RegExp, RegExp]>([
    [
      'a mechanism that is not offered',
      { logins },
      { mechanism: 'PLAIN', username: 'alice', password: 'alice-secret' },
      /does not offer the mechanism \(it offers SCRAM-SHA-256, SCRAM-SHA-512\)/,
      /--sasl/,
    ],
    ['a wrong password', { logins }, { ...alice, password: 'wrong' }, /refuses the login \(Auth/, /Check user and/],
    ['a login that is missing', { logins }, null, /wants a login \(it offers SCRAM-SHA-256/, /Log in: --sasl/],
    ['a login that nobody wants', {}, alice, /wants no login/, /Leave the login out/],
    [
      'a token that is not there',
      { logins: { ...logins, mechanisms: ['OAUTHBEARER'] } },
      { mechanism: 'OAUTHBEARER', token: { kind: 'file', path: '/no/such/token' }, extensions: {} },
      /there is no token to log in with \(.*no such file/,
      /file with the token/,
    ],
  ])('names %s', async (_what, options, login, message, next) => {
    expect(await refusal(options, { tls: null, login })).toEqual(expectRefusal('SECURITY', message, next));
  });
});

describe('what a run would fail at', () => {
  const inspection: Inspection = {
    info: { clusterId: 'c', brokers: [], metadataVersion: null, inferredAtLeast: '3.7' },
    unanswered: [],
    brokers: [],
  };
  const nothing: Allowed = { whyNotCreate: null, topics: [], group: null };
  const refused = (reason: string) => ({ kind: 'refused', reason }) as const;
  const wish = { topic: 'orders', consumeTopic: null, create: false, mode: 'both' } as const;
  const anonymous = securityFacts(plaintext);
  const asAlice = securityFacts({ tls: null, login: alice });

  it.each<[string, Allowed, Partial<Parameters<typeof problemsOf>[2]>, readonly [RegExp, RegExp][]]>([
    ['nothing', nothing, {}, []],
    [
      'a topic that is hidden',
      { ...nothing, topics: [{ name: 'orders', rights: refused('TOPIC_AUTHORIZATION_FAILED (29)') }] },
      {},
      [
        [
          /not authorized to write and read topic orders: TOPIC_AUTHORIZATION_FAILED/,
          /Write and Read on topic orders for User:alice/,
        ],
      ],
    ],
    [
      'one that may be read alone',
      { ...nothing, topics: [{ name: 'orders', rights: { kind: 'seen', mayRead: true, mayWrite: false } }] },
      {},
      [[/not authorized to write topic orders$/, /right to Write on/]],
    ],
    [
      'which is enough for readers',
      { ...nothing, topics: [{ name: 'orders', rights: { kind: 'seen', mayRead: true, mayWrite: false } }] },
      { mode: 'consume-only' },
      [],
    ],
    [
      'rights that nobody tells',
      { ...nothing, topics: [{ name: 'orders', rights: { kind: 'seen', mayRead: null, mayWrite: null } }] },
      {},
      [],
    ],
    [
      'a topic that is not there',
      { ...nothing, topics: [{ name: 'orders', rights: { kind: 'absent' } }] },
      {},
      [[/no topic orders/, /--create/]],
    ],
    [
      'one that is to be made',
      { ...nothing, topics: [{ name: 'orders', rights: { kind: 'absent' } }] },
      { create: true },
      [],
    ],
    [
      'a group that is hidden',
      { ...nothing, group: { name: 'readers', rights: refused('GROUP_AUTHORIZATION_FAILED (30)') } },
      {},
      [[/read with group readers: GROUP_AUTHORIZATION_FAILED/, /Read on group readers for User:alice/]],
    ],
    [
      'a cluster that makes no topics for us',
      { ...nothing, whyNotCreate: 'CLUSTER_AUTHORIZATION_FAILED (31)' },
      { topic: null },
      [[/may not be created: CLUSTER_AUTHORIZATION_FAILED/, /right to Create[\s\S]*--topic/]],
    ],
    [
      'which matters little where a topic is named',
      { ...nothing, whyNotCreate: 'CLUSTER_AUTHORIZATION_FAILED (31)' },
      {},
      [],
    ],
  ])('%s', (_what, allowed, changes, expected) => {
    const problems = problemsOf(inspection, allowed, { ...wish, ...changes }, asAlice);
    expect(problems).toHaveLength(expected.length);
    for (const [index, [message, next]] of expected.entries()) {
      expect(problems[index]?.message).toMatch(message);
      expect(problems[index]?.next).toMatch(next);
    }
  });

  it('says so in lines of 80 columns', () => {
    const host = { cpus: 2, memoryBytes: 2 ** 30, platform: 'linux x64', kernel: '6' };
    const broker = { id: 1, host: 'a', port: 9092, rack: 'r1', ip: '10.0.0.5' };
    const why = { reason: 'refused', why: 'connection refused', next: 'Start it.' } as const;
    const allowed = { ...nothing, whyNotCreate: 'not allowed' };
    const brokers = [{ ...broker, found: { kind: 'unreached', ...why } } as const];
    const cluster = {
      ...{ inspection: { ...inspection, brokers }, security: anonymous, allowed },
      problems: [{ about: 'broker', which: 1, message: 'x'.repeat(200), next: 'word '.repeat(50) }] as const,
    };
    const report: CheckReport = { cluster, host, node: '24', clients: [], codecs: [], driven: null };
    const text = checkText(report, 0);
    expect(text).toContain('broker 1  a:9092 (10.0.0.5)  NOT REACHED: connection refused  rack r1');
    expect(text).toContain('may not be created: not allowed');
    expect(text).toContain('cluster   c, Kafka 3.7 or newer');
    for (const line of text.split('\n')) expect([...line].length, line).toBeLessThanOrEqual(80);
    const { info } = inspection;
    expect(versionText({ ...info, metadataVersion: '4.3-IV0' })).toBe('Kafka 4.3-IV0');
    expect(versionText({ ...info, inferredAtLeast: null })).toBe('version unknown');
  });
});
