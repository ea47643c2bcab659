import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import {
  type SandboxSecurity,
  type SandboxSecurityWish,
  sandboxSecurityOf,
  secureSandbox,
} from '../../source/commands/sandbox-security.ts';
import { readEnvironment } from '../../source/config/environment.ts';
import { Options, parseCommandLine } from '../../source/config/flags.ts';
import { resolvePlan } from '../../source/config/resolve-plan.ts';
import { LoadtuiError } from '../../source/errors.ts';
import type { Sandbox } from '../../source/sandbox/types.ts';
import { Session, type SessionResult } from '../../source/session/session.ts';
import { refusalOf, resolveWritten, shellWords } from '../config/support.ts';
import { brokersOf, Stage, sideBySide } from '../session/support/live-run.ts';
import { ProgramOf } from './support/program.ts';

function wishOf(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  return sandboxSecurityOf(new Options([...parseCommandLine(args).given, ...readEnvironment(environment).given]));
}

const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
const users = { loadtui: 'sandbox' };

describe('what the sandbox asks of clients', () => {
  it.each<[string, string[], SandboxSecurityWish | null]>([
    ['nothing', [], null],
    ['no TLS', ['--tls=false'], null],
    ['TLS', ['--tls'], { tls: true, mechanisms: [], users, reauthenticateMs: 0 }],
    ['SCRAM', ['--sasl', 'scram'], { tls: false, mechanisms: scram, users, reauthenticateMs: 0 }],
    [
      'one of them',
      ['--sasl=SCRAM-SHA-256'],
      { tls: false, mechanisms: ['SCRAM-SHA-256'], users, reauthenticateMs: 0 },
    ],
    [
      'all',
      ['--tls', '--sasl', 'Plain', '--sasl-user', 'a:b:c', '--sasl-user', 'd:e', '--max-reauth', '3s'],
      { tls: true, mechanisms: ['PLAIN'], users: { a: 'b:c', d: 'e' }, reauthenticateMs: 3000 },
    ],
  ])('%s', (_what, args, wish) => {
    expect(wishOf(args)).toEqual(wish);
  });

  it('is not what variables say of clusters', () => {
    expect(wishOf([], { LOADTUI_TLS: '1', LOADTUI_SASL: 'PLAIN', LOADTUI_MAX_REAUTH: '3s' })).toBeNull();
  });

  it.each([
    ['--sasl kerberos', '--sasl: "kerberos" is not one of plain, scram,'],
    ['--sasl constructor', '--sasl: "constructor" is not one of'],
    ['--sasl scram --sasl-user alice', '--sasl-user: this is no user with a password | Write it as NAME:PASSWORD.'],
    ['--sasl scram --sasl-user :x', '--sasl-user: this is no user'],
    ['--tls --sasl-user a:hidden', '--sasl-user: nobody logs in | Add --sasl scram.'],
    ['--max-reauth 3s', '--max-reauth: nobody logs in'],
    ['--sasl plain --max-reauth 3', '--max-reauth: "3" has no unit'],
    ['--sasl plain --max-reauth 1ms', 'cannot be renewed so often'],
  ])('refuses %s', (args, message) => {
    const refusal = refusalOf(() => wishOf(args.split(' ')));
    expect(refusal).toContain(message);
    expect(refusal).not.toContain('hidden');
  });
});

interface Secured {
  readonly stage: Stage;
  readonly sandbox: Sandbox;
  readonly security: SandboxSecurity;
}

async function secured(context: TestContext, args: readonly string[]): Promise<Secured> {
  const wish = wishOf(args);
  if (wish === null) throw new Error('nothing is asked for');
  const stage = new Stage(context);
  const security = await secureSandbox(wish, '127.0.0.1');
  context.onTestFinished(() => security.remove());
  return { stage, sandbox: await stage.sandbox(security.options), security };
}

/** A short run with what is typed, and nothing else. */
function shortRun(args: readonly string[], password: string | null = null): Promise<SessionResult> {
  const { given } = parseCommandLine([...args, '-r', '2k', '-n', '400', '-s', '100B', '--warm-up', '0s']);
  const secrets = password === null ? [] : [{ variable: 'LOADTUI_SASL_PASSWORD', value: password }];
  const session = new Session({
    resolved: resolvePlan({ given, planPath: null, style: 'plain', secrets }),
    commandLine: ['loadtui'],
    attended: false,
    ask: null,
    save: () => Promise.reject(new Error('this test saves nothing')),
    journal: null,
  });
  return session.run();
}

const allRead = { acked: 400, consumed: 400, missing: 0, duplicated: 0, failed: 0 };
const ways: readonly (readonly string[])[] = [
  ['--tls'],
  ['--sasl', 'scram'],
  ['--sasl', 'scram-sha-256', '--sasl-user', 'ma"x\\:p\\ä "€;='],
  ['--tls', '--sasl', 'plain', '--sasl-user', 'me:hunter2'],
  ['--tls', '--sasl', 'oauthbearer'],
];

describe('a secured sandbox', sideBySide, () => {
  it.for(ways.map((args) => [args.join(' '), args] as const))(
    'is written to and read by its properties: %s',
    async ([, args], context) => {
      const { sandbox, security } = await secured(context, args);
      const { document } = await shortRun(['-b', brokersOf(sandbox).join(), '-c', security.propertiesPath]);
      expect(document.totals).toMatchObject(allRead);
      expect((await sandbox.stats()).lastRefusal).toBeNull();
    },
  );

  it('is entered with the token out of its file', async (context) => {
    const { sandbox, security } = await secured(context, ['--sasl', 'oauthbearer']);
    const token = ['--sasl', 'oauthbearer', '--oauth-token-file', join(security.folder, 'token')];
    const { document } = await shortRun(['-b', brokersOf(sandbox).join(), ...token]);
    expect(document.totals).toMatchObject(allRead);
  });

  it.for([
    ['scram', 'SCRAM-SHA-512'],
    ['plain', 'PLAIN'],
  ])('refuses a wrong password, without a word of it: %s', async ([sasl = '', mechanism = ''], context) => {
    const { sandbox, security } = await secured(context, ['--tls', '--sasl', sasl]);
    const wrong = 'wr0ng-Passw0rd';
    const refused = shortRun(['-b', brokersOf(sandbox).join(), '-c', security.propertiesPath], wrong);
    const error: unknown = await refused.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LoadtuiError);
    expect(error).toMatchObject({
      code: 'SECURITY',
      exitCode: 3,
      message: expect.stringContaining('refuses the login'),
    });
    expect(error).toMatchObject({ next: expect.stringContaining('Check user and password') });
    expect(String(error)).not.toContain(wrong);
    expect(security.summary).toContain(mechanism);
  });

  it('lets nobody in who speaks plain text, or does not log in', async (context) => {
    const { sandbox, security } = await secured(context, ['--tls', '--sasl', 'plain']);
    const at = ['-b', brokersOf(sandbox).join()];
    await expect(shortRun(at)).rejects.toMatchObject({ code: 'TLS_LISTENER' });
    const ca = join(security.folder, 'ca.pem');
    await expect(shortRun([...at, '--tls-ca', ca])).rejects.toMatchObject({ code: 'SECURITY' });
    await expect(shortRun([...at, '--tls'])).rejects.toMatchObject({ code: 'SECURITY' });
  });

  it('has logins renewed, with nothing lost and no connection broken', async (context) => {
    const { stage, sandbox, security } = await secured(context, ['--tls', '--sasl', 'scram', '--max-reauth', '1s']);
    const { security: material } = resolveWritten({ args: ['-c', security.propertiesPath] });
    const run = await stage.measuring(sandbox, {}, { security: material });
    const renewals = (): number => run.events.filter(({ type }) => type === 'login').length;
    await run.until('two renewals that are told', () => renewals() >= 2);
    const { document } = await run.quit();
    expect(document.totals).toMatchObject({ missing: 0, duplicated: 0, reordered: 0, retries: 0 });
    expect(document.wholeRun).toMatchObject({ failed: 0, unknown: 0 });
    expect(document.events.filter(({ type }) => type === 'disconnect')).toEqual([]);
    expect((await sandbox.stats()).lastRefusal).toBeNull();
  });

  it('ends although somebody never got through the handshake', async (context) => {
    const { sandbox } = await secured(context, ['--tls']);
    const silent = connect({ host: '127.0.0.1', port: sandbox.brokers[0]?.port ?? 0 });
    await once(silent, 'connect');
    const gone = once(silent, 'close');
    silent.on('error', () => silent.destroy());
    await sandbox.close();
    await gone;
  });

  it('hangs up on who comes while it refuses', async (context) => {
    const { sandbox, security, stage } = await secured(context, ['--tls']);
    const { security: material } = resolveWritten({ args: ['-c', security.propertiesPath] });
    const run = await stage.measuring(sandbox, {}, { security: material });
    await sandbox.inject({ kind: 'refuse', durationMs: 300 });
    await run.event('reconnect');
    const { document } = await run.quit();
    expect(document.totals.missing).toBe(0);
  });
});

describe('loadtui sandbox --tls --sasl scram', sideBySide, () => {
  it('says how to get in, keeps that to its owner, and removes it at the end', async (context) => {
    const user = 'me:hunter2';
    const program = new ProgramOf(context, ['sandbox', '--port', '0', '--tls', '--sasl', 'scram', '--sasl-user', user]);
    const words = shellWords((await program.line('try ')).replace(/^try +/, ''));
    expect(program.lines).toEqual([
      expect.stringMatching(/^SANDBOX /),
      expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      'secured  SASL_SSL, SCRAM-SHA-256 or SCRAM-SHA-512 as me',
      expect.stringMatching(/^files {4}.+, removed at the end$/),
      expect.stringMatching(/^try {6}loadtui -b 127\.0\.0\.1:\d+ -c .+client\.properties$/),
    ]);
    const path = words.at(-1) ?? '';
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
    expect(await readFile(path, 'utf8')).toMatch(/^security\.protocol=SASL_SSL\nssl\.truststore\.type=PEM\n/);
    const { document } = await shortRun(words.slice(1));
    expect(document.totals).toMatchObject(allRead);
    program.child.kill('SIGTERM');
    expect(await program.exitCode()).toBe(0);
    expect(program.lines.at(-1)).toMatch(/^SANDBOX ended after \d+ records/);
    expect(existsSync(dirname(path))).toBe(false);
    expect([...program.lines, program.stderr].join('\n')).not.toContain('hunter2');
  });
});
