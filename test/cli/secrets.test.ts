/** A secret is planted in each way that there is, and looked for in every byte that comes out. */
import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeCertificates } from '../../source/sandbox/security/certificates.ts';
import { startSandboxHere } from '../../source/sandbox/server.ts';
import type { Sandbox } from '../../source/sandbox/types.ts';
import { Program, ProgramOf } from '../commands/support/program.ts';
import { brokersOf, sideBySide } from '../session/support/live-run.ts';
import { loadtuiHere } from './support.ts';

const secret = 'Zq9-planted-by-a-test-7Kx';
const folder = mkdtempSync(join(tmpdir(), 'loadtui-secrets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const given = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

/** The secret, and what base64 makes of it wherever it begins. */
const needles: readonly string[] = [
  secret,
  ...[0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]).toString('base64');
    // Its first and last letters hold bits of what stands beside it.
    return text.slice(Math.ceil((before * 4) / 3), -4).replace(/=+$/, '');
  }),
];

function expectHidden(texts: readonly string[]): void {
  for (const text of texts) for (const needle of needles) expect(text).not.toContain(needle);
}

function filesIn(path: string): string[] {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) => (entry.isFile() ? readFileSync(join(entry.parentPath, entry.name), 'latin1') : []));
}

let sandbox: Sandbox;
let ca = '';
let clientCertificate = '';
let lockedKey = '';
beforeAll(async () => {
  const made = await makeCertificates(['127.0.0.1'], Date.now());
  ca = given('ca.pem', made.ca.certificate);
  clientCertificate = given('client.pem', made.client.certificate);
  const locks = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: secret } as const;
  lockedKey = given('key.pem', createPrivateKey(made.client.key).export(locks).toString());
  sandbox = await startSandboxHere({
    tls: made.broker,
    logins: {
      mechanisms: ['PLAIN', 'SCRAM-SHA-512', 'OAUTHBEARER'],
      users: { me: secret, other: 'another' },
      tokens: [secret],
      reauthenticateMs: 0,
    },
  });
});
afterAll(() => sandbox.close());

interface Way {
  readonly args: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

const jaas = `org.apache.kafka.common.security.scram.ScramLoginModule required username="me" password="${secret}";`;
const me = ['--sasl', 'SCRAM-SHA-512', '--sasl-username', 'me'];
const typed = (): string[] => ['--tls-ca', ca, '-X', 'sasl.mechanism=SCRAM-SHA-512', '-X', `sasl.jaas.config=${jaas}`];

const ways: readonly (readonly [string, () => Way])[] = [
  ['LOADTUI_SASL_PASSWORD', () => ({ args: ['--tls-ca', ca, ...me], variables: { LOADTUI_SASL_PASSWORD: secret } })],
  [
    '--sasl-password-file',
    () => ({ args: ['--tls-ca', ca, ...me, '--sasl-password-file', given('password', `${secret}\n`)] }),
  ],
  [
    '--config',
    () => ({
      args: [
        '-c',
        given(
          'client.properties',
          `ssl.truststore.location=${ca}\nsasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config=${jaas}\n`,
        ),
      ],
    }),
  ],
  ['-X sasl.jaas.config', () => ({ args: typed() })],
  [
    '-X ssl.key.password',
    () => ({
      args: [
        ...[
          '--tls-ca',
          ca,
          '--tls-cert',
          clientCertificate,
          '--tls-key',
          lockedKey,
          '-X',
          `ssl.key.password=${secret}`,
        ],
        ...['--sasl', 'PLAIN', '--sasl-username', 'other'],
      ],
      variables: { LOADTUI_SASL_PASSWORD: 'another' },
    }),
  ],
  [
    'LOADTUI_OAUTH_TOKEN',
    () => ({ args: ['--tls-ca', ca, '--sasl', 'OAUTHBEARER'], variables: { LOADTUI_OAUTH_TOKEN: secret } }),
  ],
];

const at = (): string[] => ['-b', brokersOf(sandbox).join()];

async function here(args: readonly string[], variables: Way['variables'] = {}): Promise<number | null> {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  try {
    const { code, stdout, stderr } = await loadtuiHere(args);
    expectHidden([stdout, stderr]);
    return code;
  } finally {
    vi.unstubAllEnvs();
  }
}

describe.each(ways)('a secret said by %s', (_what, way) => {
  it.each([
    ['a dry run', ['--dry-run'], 0],
    ['a dry run for programs', ['--dry-run', '--json'], 0],
    ['help', ['--help'], 0],
    ['a wrong value beside it', ['--dry-run', '-X', 'linger.ms=soon'], 2],
    ['a wrong value of security', ['--dry-run', '-X', 'ssl.endpoint.identification.algorithm=ldap'], 2],
    ['a property that there is not', ['--dry-run', '-X', 'ssl.key.pasword=x'], 2],
  ])('is not shown by %s', async (_form, args, code) => {
    const { args: said, variables } = way();
    expect(await here([...at(), ...said, ...args], variables)).toBe(code);
  });
});

describe('a secret in a wrong place', () => {
  it.each([
    ['a flag that there is not', ['--sasl-password', secret]],
    ['the same', [`--sasl-password=${secret}`]],
    ['a login that is not closed', ['--sasl', 'PLAIN', '-X', `sasl.jaas.config=${jaas.slice(0, -1)}`]],
    ['a property with a colon', ['-X', `ssl.key.password:${secret}`]],
    ['a property with a blank', ['-X', `ssl.key.password ${secret}`]],
    ['a property without a name', ['-X', `=${jaas}`]],
    ['a property that there is not', ['-X', `ssl.key.pasword=${secret}`]],
    ['a URL', ['--sasl', 'OAUTHBEARER', '-X', `sasl.oauthbearer.token.endpoint.url=https://me:${secret}@h/t`]],
    ['who may log in', ['sandbox', '--sasl', 'plain', '--sasl-user', secret]],
    ['the same of nobody', ['sandbox', '--sasl-user', `me:${secret}`]],
  ])('is not quoted: %s', async (_what, args) => {
    expect(await here(args)).toBe(2);
  });

  it.each([
    ['a login without an end', `security.protocol=SASL_SSL\nsasl.jaas.config=${jaas.slice(0, -1)}\n`],
    [
      'a line that is not continued',
      `sasl.jaas.config=a.ScramLoginModule required username="me"\n  password="${secret}";\n`,
    ],
  ])('is not quoted out of a file: %s', async (_what, text) => {
    const path = given('broken.properties', text);
    expect(await here(['--dry-run', ...at(), '-c', path])).toBe(2);
    await here(['validate', path]);
  });

  it('is not quoted out of a file that is fine', async () => {
    expect(
      await here(['validate', given('fine.properties', `sasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config=${jaas}\n`)]),
    ).toBe(0);
  });
});

const short = ['-r', '2k', '-n', '200'];
/** Machines that are busy keep no schedule. */
const fine = [0, 4, 6];

function expectProgramHides(program: ProgramOf, ...folders: readonly string[]): void {
  expectHidden([...program.lines, program.stderr, ...[program.stateHome, ...folders].flatMap(filesIn)]);
}

describe('a run', sideBySide, () => {
  it.for(ways)('says and leaves nothing of a secret: %s', async ([what, way], context) => {
    const { args, variables } = way();
    const saved = join(mkdtempSync(join(folder, 'run-')), 'saved.json');
    // Each style is asked for by some.
    const style = what.startsWith('-') ? '--plain' : '--json';
    const program = new Program(context, [...at(), ...args, style, ...short, '--save', saved], variables);
    expect(fine).toContain(await program.exitCode());
    expect(existsSync(saved)).toBe(true);
    expect(program.stderr).toMatch(/^again {2}loadtui -b /m);
    expect(filesIn(program.stateHome).join('')).toContain('"kind":"start"');
    expectProgramHides(program);
    expectHidden([readFileSync(saved, 'utf8')]);
    if (!what.startsWith('-X')) return;
    expect(readFileSync(saved, 'utf8')).toContain('=(redacted)');
    expect(program.stderr).toContain("the shell's history still has the secret that was typed");
  });

  it.for([
    ['PLAIN', 'LOADTUI_SASL_PASSWORD'],
    ['SCRAM-SHA-512', 'LOADTUI_SASL_PASSWORD'],
    ['OAUTHBEARER', 'LOADTUI_OAUTH_TOKEN'],
  ])('that is not let in says why, and not with what: %s', async ([sasl = '', variable = ''], context) => {
    const login = ['--tls-ca', ca, '--sasl', sasl, ...(sasl === 'OAUTHBEARER' ? [] : ['--sasl-username', 'other'])];
    const wrong = `${secret}${secret}`;
    const program = new Program(context, [...at(), ...login, '--plain'], { [variable]: wrong });
    expect(await program.exitCode()).toBe(3);
    expect(program.stderr).toContain('refuses the login');
    expectProgramHides(program);
  });
});

// Each drives the sandbox as fast as it can: one by one.
describe('a check', { timeout: sideBySide.timeout }, () => {
  it.for([['--plain'], ['--json']])('says nothing of a secret: %s', async ([style = ''], context) => {
    const program = new ProgramOf(context, ['check', ...at(), ...typed(), style]);
    expect(await program.exitCode()).toBe(0);
    expectProgramHides(program);
  });
});

/** Breaks the main thread when it is told to, as a fault of ours would; no file of the whole memory is left. */
const crash = given(
  'crash.mjs',
  `import { isMainThread } from 'node:worker_threads';
if (isMainThread) process.on('SIGUSR2', () => { throw new Error('a crash, forced'); });
`,
);
const withoutCore = ['bash', '-c', 'ulimit -c 0; exec "$@"', 'bash'];

describe.runIf(existsSync('/proc/self/cmdline'))('a run that others look at', sideBySide, () => {
  it.for<[string, () => Way, NodeJS.Signals]>([
    ['typed, an error nobody catches', () => ({ args: typed() }), 'SIGUSR2'],
    [
      'in a variable, the same',
      () => ({ args: ['--tls-ca', ca, ...me], variables: { LOADTUI_SASL_PASSWORD: secret } }),
      'SIGUSR2',
    ],
    ['typed, ended by force', () => ({ args: typed() }), 'SIGABRT'],
  ])('hides a secret in the list of processes and when it crashes: %s', async ([, way, signal], context) => {
    const { args, variables } = way();
    const reports = mkdtempSync(join(folder, 'reports-'));
    mkdirSync(reports, { recursive: true });
    const watched = `--import ${crash} --report-uncaught-exception --report-on-fatalerror --report-directory=${reports}`;
    const program = new Program(
      context,
      [...at(), ...args, '--plain', '-r', '1k', '-d', '60s'],
      { ...variables, NODE_OPTIONS: watched },
      withoutCore,
    );
    await program.line('measuring begins');
    const { pid } = program.child;
    const listed = execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
    expectHidden([listed, argv]);
    const isTyped = variables === undefined;
    if (isTyped) expect(listed).toContain('-X sasl.jaas.config=(redacted)');
    program.child.kill(signal);
    await program.ended();
    if (signal === 'SIGUSR2') expect(program.stderr).toContain('a crash, forced');
    expect(filesIn(reports).length).toBe(isTyped ? 0 : 1);
    expectProgramHides(program, reports);
  });
});
