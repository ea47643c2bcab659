import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fill } from '../../source/clients/wire/filler.ts';
import { compressions } from '../../source/config/plan.ts';
import type { SessionDocument } from '../../source/session/document-schema.ts';
import { storePassword } from './harness/certificates.ts';
import { kafkaAvailable } from './harness/jars.ts';
import type { RealKafka } from './harness/kafka.ts';
import { expectDone, type Finished, Loadtui } from './harness/loadtui.ts';
import { readers } from './harness/readers.ts';
import { Credentials, passwords, startSecured } from './harness/secured.ts';

/** A load that a busy machine carries too, so that verdicts do not depend on it. */
const lightly = [
  ...['--preset', 'latency', '--warm-up', '500ms', '--no-achieved-gate', '--slo', 'none'],
  ...['--plain', '--save', 'run.json'],
];

interface Ran extends Finished {
  readonly document: SessionDocument;
  /** The session file as it was written. */
  readonly saved: string;
}

/** To the end, with the files of its folder read. */
async function run(...args: readonly string[]): Promise<Ran> {
  const loadtui = await Loadtui.start(...lightly, ...args);
  try {
    const finished = await loadtui.finished();
    expectDone(finished);
    const saved = await readFile(join(loadtui.folder, 'run.json'), 'utf8');
    return { ...finished, saved, document: await loadtui.document('run.json') };
  } finally {
    await loadtui.close();
  }
}

async function check(...args: readonly string[]): Promise<Finished & { readonly tookMs: number }> {
  const startMs = performance.now();
  const loadtui = await Loadtui.start('check', ...args);
  try {
    return { ...(await loadtui.finished()), tookMs: performance.now() - startMs };
  } finally {
    await loadtui.close();
  }
}

/** What was written is there once, in order, and was read. */
function expectAccounted({ totals, wholeRun }: SessionDocument): void {
  expect(totals).toMatchObject({
    failed: 0,
    unknown: 0,
    missed: 0,
    missing: 0,
    duplicated: 0,
    reordered: 0,
    foreign: 0,
  });
  expect(totals.acked).toBe(totals.scheduled);
  expect(totals.consumed).toBe(totals.acked);
  expect(totals.acked).toBeGreaterThan(0);
  expect(wholeRun.logEndGrowth).toBe(wholeRun.acked + wholeRun.probes);
}

/** Connections of producers and consumers that were lost. */
function lostConnections({ events }: SessionDocument): readonly string[] {
  return events.flatMap(({ message }) => (/is away/.test(message) ? [message] : []));
}

describe.runIf(kafkaAvailable())('a real Kafka that is secured', () => {
  let kafka: RealKafka;
  let credentials: Credentials;
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loadtui-credentials-'));
    kafka = await startSecured();
    credentials = new Credentials(kafka, folder);
  });

  afterAll(async () => {
    await kafka?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const jaas = (module: string): string =>
    `sasl.jaas.config=org.apache.kafka.common.security.${module} required username="alice" password="${passwords.alice}";`;
  const alice = (mechanism: string): Promise<readonly string[]> =>
    credentials.login(mechanism, 'alice', passwords.alice);

  describe('carries the main job', () => {
    const ways: readonly (readonly [string, string, () => Promise<readonly string[]>])[] = [
      ['plain text', '', async () => []],
      ['TLS', 'SSL', async () => ['--tls-ca', credentials.ca]],
      [
        'TLS with a client certificate',
        'MTLS',
        () => credentials.properties('mtls', ['security.protocol=SSL', ...credentials.clientStores]),
      ],
      [
        'PLAIN',
        'SASL_PLAINTEXT',
        () =>
          credentials.properties('plain', [
            ...['security.protocol=SASL_PLAINTEXT', 'sasl.mechanism=PLAIN'],
            jaas('plain.PlainLoginModule'),
          ]),
      ],
      ['SCRAM-SHA-256', 'SASL_PLAINTEXT', () => alice('SCRAM-SHA-256')],
      ['SCRAM-SHA-512', 'SASL_PLAINTEXT', () => alice('SCRAM-SHA-512')],
      ['OAUTHBEARER', 'SASL_PLAINTEXT', () => credentials.token('alice', 3600)],
      ['PLAIN over TLS', 'SASL_SSL', async () => ['--tls-ca', credentials.ca, ...(await alice('PLAIN'))]],
      [
        'SCRAM-SHA-256 over TLS',
        'SASL_SSL',
        () =>
          credentials.properties('scram', [
            ...['security.protocol=SASL_SSL', 'sasl.mechanism=SCRAM-SHA-256', ...credentials.trustedStore],
            jaas('scram.ScramLoginModule'),
          ]),
      ],
      [
        'SCRAM-SHA-512 over TLS',
        'SASL_SSL',
        async () => ['--tls-ca', credentials.ca, ...(await alice('SCRAM-SHA-512'))],
      ],
    ];

    it.concurrent.each(ways)('over %s', async (_way, listener, said) => {
      const address = listener === '' ? kafka.bootstrap : kafka.address(listener);
      const words = await said();
      const { document, saved, stdout, stderr } = await run(
        ...['--brokers', address, '--rate', '1000', '--duration', '2s'],
        ...words,
      );
      expectAccounted(document);
      for (const secret of [passwords.alice, storePassword, await tokenIn(words)]) {
        for (const text of [saved, stderr, ...stdout]) expect(text).not.toContain(secret);
      }
    });

    /** The token that the words lead to; else a text that is nowhere. */
    async function tokenIn(words: readonly string[]): Promise<string> {
      const at = words.indexOf('--oauth-token-file');
      return at < 0 ? '\0' : await readFile(words[at + 1] ?? '', 'utf8');
    }
  });

  describe('is checked', () => {
    it('and tells how each connection is secured', async () => {
      const words = ['--tls-ca', credentials.ca, ...(await alice('SCRAM-SHA-512'))];
      const { exitCode, stdout, stderr } = await check('--brokers', kafka.address('SASL_SSL'), '--json', ...words);
      expect(exitCode, stderr).toBe(0);
      expect(JSON.parse(stdout.join('\n'))).toMatchObject({
        cluster: {
          security: { protocol: 'SASL_SSL', verify: 'full', mechanism: 'SCRAM-SHA-512', username: 'alice' },
          brokers: [
            {
              ...{ id: 1, host: 'localhost', ip: '127.0.0.1', reached: true, pingMs: expect.any(Number) },
              tls: {
                version: 'TLSv1.3',
                cipher: 'TLS_AES_256_GCM_SHA384',
                certificate: { subject: 'CN=broker', issuer: 'CN=loadtui test CA', names: ['localhost'] },
              },
              sasl: {
                mechanism: 'SCRAM-SHA-512',
                offered: expect.arrayContaining(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']),
                sessionLifetimeMs: 3000,
              },
              apiVersions: expect.arrayContaining([
                { key: 0, name: 'Produce', oldest: 0, newest: 13 },
                { key: 1, name: 'Fetch', oldest: 4, newest: 18 },
              ]),
            },
          ],
          mayCreateTopics: true,
          problems: [],
        },
      });
    });

    const mistakes: readonly (readonly [string, string, () => Promise<readonly string[]>, RegExp])[] = [
      ['plain text on a TLS port', 'SSL', async () => [], /is a TLS listener, and loadtui spoke plain text/],
      ['TLS on a plain port', 'PLAINTEXT', async () => ['--tls-ca', credentials.ca], /speaks no TLS/],
      [
        'a truststore that signed nothing',
        'SSL',
        async () => ['--tls-ca', credentials.stranger],
        /no trusted CA signed \(CN=broker, signed by CN=loadtui test CA\)/,
      ],
      [
        'a host of another name',
        '127.0.0.1 SSL',
        async () => ['--tls-ca', credentials.ca],
        /of another name \(it is of localhost, not of 127\.0\.0\.1\)/,
      ],
      ['no client certificate', 'MTLS', async () => ['--tls-ca', credentials.ca], /wants a certificate of ours/],
      [
        'a mechanism that is not offered',
        'SASL_SSL',
        async () => ['--tls-ca', credentials.ca, ...(await credentials.token('alice', 3600))],
        /does not offer the mechanism \(it offers .*SCRAM-SHA-512/,
      ],
      [
        'a wrong password',
        'SASL_PLAINTEXT',
        () => credentials.login('SCRAM-SHA-512', 'alice', 'wrong'),
        /refuses the login \(Authentication failed/,
      ],
      ['a token that is over', 'SASL_PLAINTEXT', () => credentials.token('alice', -30), /refuses the token/],
      ['no login', 'SASL_PLAINTEXT', async () => [], /wants a login \(it offers .*OAUTHBEARER/],
      ['a login for nobody', 'PLAINTEXT', () => alice('PLAIN'), /wants no login/],
      [
        'an advertised name that is none',
        'LOST',
        async () => [],
        /broker 1 advertises kafka-1\.invalid:\d+: name not found/,
      ],
      [
        'a topic that is not for us',
        'SASL_PLAINTEXT',
        async () => ['--topic', 'orders', ...(await credentials.login('PLAIN', 'bob', passwords.bob))],
        /not authorized to write and read topic orders: TOPIC_AUTHORIZATION_FAILED/,
      ],
      [
        'a group that is not for us',
        'SASL_PLAINTEXT',
        async () => ['--group', 'readers', ...(await credentials.login('SCRAM-SHA-256', 'bob', passwords.bob))],
        /not authorized to read with group readers: GROUP_AUTHORIZATION_FAILED/,
      ],
    ];

    it.concurrent.each(mistakes)('and names %s', async (_what, listener, said, message) => {
      const [name = '', host] = listener.split(' ').toReversed();
      const address = name === 'PLAINTEXT' ? kafka.bootstrap : kafka.address(name, host ?? 'localhost');
      const { exitCode, stdout, stderr, tookMs } = await check('--brokers', address, ...(await said()));
      const text = [...stdout, stderr].join('\n');
      expect(exitCode, text).toBe(3);
      expect(text.replaceAll(/\n\s+/g, ' ')).toMatch(message);
      expect(text).toMatch(/^ +try/m);
      expect(tookMs).toBeLessThan(10_000);
      for (const [, , , other] of mistakes) if (other !== message) expect(text).not.toMatch(other);
    });

    it('as a run names them', async () => {
      const loadtui = await Loadtui.start(
        ...['--brokers', kafka.address('SASL_PLAINTEXT'), ...lightly],
        ...(await credentials.login('PLAIN', 'alice', 'wrong')),
      );
      try {
        const { exitCode, stderr } = await loadtui.finished();
        expect(exitCode).toBe(3);
        expect(stderr).toMatch(/refuses the login/);
      } finally {
        await loadtui.close();
      }
    });
  });

  it('renews logins under load, and nothing is lost', async () => {
    const words = ['--tls-ca', credentials.ca, ...(await alice('SCRAM-SHA-512'))];
    const { document } = await run(
      ...['--brokers', kafka.address('SASL_SSL'), '--rate', '20k', '--duration', '30s', '--message-size', '200B'],
      ...words,
    );
    expectAccounted(document);
    expect(lostConnections(document)).toEqual([]);
    expect(document.events.filter(({ type }) => type === 'login').length).toBeGreaterThanOrEqual(2);
  });

  /** Runs while codecs are switched, each for so long. */
  async function switched(codecs: readonly string[], each: string, ...args: readonly string[]): Promise<Ran> {
    const file = join(folder, `switch-${codecs.join('-')}`);
    const steps = codecs.map((codec) => `compression ${codec}\nwait ${each}`);
    await writeFile(file, `wait measuring\nwait ${each}\n${steps.join('\n')}\nquit\n`);
    return run('--brokers', kafka.bootstrap, '--duration', '0', '--commands', file, ...args);
  }

  it('takes a change of codec under load, and nothing is lost', async () => {
    const codecs = ['lz4', 'zstd', 'none'];
    const load = ['--rate', '20k', '--message-size', '200B', '--payload-entropy', '0.3'];
    const { document } = await switched(codecs, '1500ms', ...load);
    expectAccounted(document);
    const { epochs } = document;
    expect(epochs.map(({ knobs }) => knobs.compression?.applied)).toEqual(['none', ...codecs]);
    for (const { totals, latency } of epochs) {
      expect(totals.acked).toBeGreaterThan(10_000);
      expect(latency.response.count).toBe(totals.acked);
      expect(latency.response.p99Ms).toBeGreaterThan(0);
    }
    const ratios = epochs.map(({ totals }) => totals.compressionRatio ?? Number.NaN);
    expect([ratios[0], ratios[3]]).toEqual([1, 1]);
    for (const ratio of ratios.slice(1, 3)) expect(ratio).toBeGreaterThan(1.3);
  });

  it('keeps what each codec wrote as other clients read it', async () => {
    const [, ...codecs] = compressions;
    await kafka.tools.createTopic('codecs', 1);
    const { document } = await switched(
      codecs,
      '1s',
      ...['--rate', '300', '--message-size', '300B', '--linger', '50ms', '--stamp', 'header', '--topic', 'codecs'],
    );
    expectAccounted(document);
    const used = new Set(codecNumbers(await kafka.segment('codecs', 0)));
    expect([...used].toSorted()).toEqual(compressions.map((_, number) => number));

    const { wholeRun } = document;
    const count = wholeRun.acked + wholeRun.probes;
    const noise = Buffer.alloc(2 ** 21);
    fill(noise, 0, noise.length, 0, 1);
    const all = await Promise.all(
      readers().map(async ([name, read]) => [name, (await read(kafka, 'codecs', count)).toSorted()] as const),
    );
    for (const [name, values] of all) {
      expect(values, name).toHaveLength(count);
      expect(values, name).toEqual(all[0]?.[1]);
    }
    const strange = (all[0]?.[1] ?? []).filter((value) => value.length !== 300 || !noise.includes(value, 0, 'latin1'));
    expect(strange).toEqual([]);
  });
});

/** The codec of each batch in a segment: the three low bits of its attributes. */
function codecNumbers(segment: Buffer): readonly number[] {
  const lengthAt = 8;
  const headBytes = 12;
  const attributesAt = 21;
  const numbers: number[] = [];
  for (let at = 0; at + headBytes < segment.length; ) {
    const length = segment.readInt32BE(at + lengthAt);
    // A segment is as long on disk as it may become.
    if (length === 0) break;
    numbers.push(segment.readInt16BE(at + attributesAt) & 7);
    at += headBytes + length;
  }
  return numbers;
}
