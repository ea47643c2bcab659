/** The sandbox's side of TLS and logins, held to a client that others wrote. */
import { Kafka, logLevel, type SASLOptions } from 'kafkajs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificates, type SandboxCertificates } from '../../source/sandbox/security/certificates.ts';
import type { LoginRules } from '../../source/sandbox/security/login.ts';
import { startTestSandbox } from './support/start.ts';

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

let made: SandboxCertificates;
beforeAll(async () => {
  made = await makeCertificates(['localhost', '127.0.0.1', '::1'], Date.now());
});

const logins: LoginRules = {
  mechanisms: ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'],
  users: { alice: 'alice,=secret' },
  tokens: ['good-token'],
  reauthenticateMs: 0,
};
const alice = { username: 'alice', password: 'alice,=secret' };
const ways: readonly SASLOptions[] = [
  { mechanism: 'plain', ...alice },
  { mechanism: 'scram-sha-256', ...alice },
  { mechanism: 'scram-sha-512', ...alice },
  { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: 'good-token' }) },
];

async function kafkaOf(rules: LoginRules | null, sasl: SASLOptions | null, isTls: boolean): Promise<Kafka> {
  const sandbox = await startTestSandbox({ logins: rules, tls: isTls ? made.broker : null });
  return new Kafka({
    clientId: 'kafkajs',
    brokers: sandbox.brokers.map(({ port }) => `localhost:${port}`),
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
    ...(sasl === null ? {} : { sasl }),
    ...(isTls ? { ssl: { ca: [made.ca.certificate] } } : {}),
  });
}

async function writeAndRead(kafka: Kafka): Promise<void> {
  const producer = kafka.producer();
  open.push(() => producer.disconnect());
  await producer.connect();
  const admin = kafka.admin();
  open.push(() => admin.disconnect());
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 't' }], waitForLeaders: true });
  await producer.send({ topic: 't', messages: [{ value: 'a' }] });
  expect(await admin.fetchTopicOffsets('t')).toMatchObject([{ high: '1' }]);
}

describe('kafkajs', () => {
  it.each(ways.flatMap((sasl) => [false, true].map((tls) => ({ mechanism: sasl.mechanism, tls, sasl }))))(
    'logs in with $mechanism, TLS: $tls',
    async ({ sasl, tls }) => writeAndRead(await kafkaOf(logins, sasl, tls)),
  );

  it('speaks TLS without a login', async () => writeAndRead(await kafkaOf(null, null, true)));

  it.each<[string, SASLOptions]>([
    ['another password', { mechanism: 'plain', username: 'alice', password: 'x' }],
    ['another password, proved', { mechanism: 'scram-sha-256', username: 'alice', password: 'x' }],
    ['nobody', { mechanism: 'scram-sha-512', username: 'toString', password: 'x' }],
    ['another token', { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: 'bad-token' }) }],
  ])('is refused: %s', async (_what, sasl) => {
    const admin = (await kafkaOf(logins, sasl, false)).admin();
    open.push(() => admin.disconnect());
    await expect(admin.connect()).rejects.toThrow(/authentication failed/i);
  });
});
