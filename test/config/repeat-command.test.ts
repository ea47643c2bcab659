import { describe, expect, it } from 'vitest';
import type { Plan } from '../../source/config/plan.ts';
import { planOf, valuesOf } from '../../source/config/plan-values.ts';
import { repeatCommand, verifyCommand } from '../../source/config/repeat-command.ts';
import { parseSlos } from '../../source/config/slo.ts';
import { type FinalKnobs, withKnobs } from '../../source/config/with-knobs.ts';
import { fileWith, resolveWritten, shellWords, type Written } from './support.ts';

function parsedBack(command: string, style: 'screen' | 'plain' = 'plain'): Plan {
  const [program, ...args] = shellWords(command);
  expect(program).toBe('loadtui');
  return resolveWritten({ args, style }).plan;
}

const usual: Written = { args: ['-b', 'b1', '-t', 'orders-load', '--preset', 'latency', '--slo', 'p99<10ms'] };

describe('the command that repeats a run', () => {
  it('says what differs from the preset, and no more', () => {
    const { plan, sources } = resolveWritten({ ...usual, style: 'screen' });
    const command = repeatCommand(plan, sources, { rate: 50_000, lingerMs: 5, producers: 4, consumers: 2, acks: 1 });
    expect(command).toBe(
      "loadtui -b b1:9092 -t orders-load --preset latency -r 50k --linger 5ms --producers 4 --consumers 2 --slo 'p99<10ms'",
    );
  });

  it.each<[string, Written, string]>([
    ['nothing', {}, 'loadtui'],
    ['what the preset says anyway', { args: ['--preset', 'latency', '-r', '10000'] }, 'loadtui --preset latency'],
    [
      'a default against the preset',
      { args: ['--preset', 'throughput', '--partitions', 'auto'] },
      'loadtui --preset throughput --partitions auto',
    ],
    ['a variable', { environment: { LOADTUI_RATE: '20k' } }, 'loadtui -r 20k'],
    ['a properties file', { config: 'request.timeout.ms=5000' }, 'loadtui -X request.timeout.ms=5000'],
    ['no end', { args: ['-d', '0'] }, 'loadtui -d 0'],
    ['a payload', { plan: 'payloadEntropy: 0.3\ncompression: lz4' }, 'loadtui --payload-entropy 0.3 --compression lz4'],
    ['a payload that is constant', { environment: { LOADTUI_PAYLOAD_ENTROPY: '0' } }, 'loadtui --payload-entropy 0'],
    ['no consumers', { args: ['--produce-only'] }, 'loadtui --produce-only'],
    [
      'a pipeline',
      { plan: 'topic: in\nconsumeTopic: out\nnoMissingGate: true' },
      'loadtui -t in --consume-topic out --no-missing-gate',
    ],
    ['watched groups', { plan: 'topic: x\nwatchGroup: [a, b]' }, 'loadtui -t x --watch-group a --watch-group b'],
    ['headers', { args: ['--header', "a=it's {x}"] }, `loadtui --header 'a=it'\\''s {x}'`],
  ])('%s', (_, written, command) => {
    const { plan, sources } = resolveWritten(written);
    expect(repeatCommand(plan, sources)).toBe(command);
  });

  it('a run whose consumers were turned off only produces', () => {
    const { plan, sources } = resolveWritten(usual);
    const command = repeatCommand(plan, sources, { consumers: 0 });
    expect(command).toContain('--produce-only');
    expect(parsedBack(command)).toEqual(withKnobs(plan, { consumers: 0 }));
  });
});

describe('the command that holds what a search found', () => {
  const found = { rateHz: 58_688.3, slos: parseSlos('p99<10ms'), knobs: { rate: 1000, lingerMs: 5, producers: 4 } };

  it('has its rate, objectives and knobs, for a minute', () => {
    const { plan, sources } = resolveWritten({ ...usual, style: 'screen' });
    const command = verifyCommand(plan, sources, found);
    expect(command).toBe(
      "loadtui -b b1:9092 -t orders-load --preset latency -r 58.7k --linger 5ms --producers 4 -d 1m --slo 'p99<10ms' --plain",
    );
  });

  it.each<[string, Written]>([
    ['a search of its own', { args: ['--quick', '--from', '2k', '--max-time', '5m', '--max-rate', '58650'] }],
    ['a load that moves', { args: ['--ramp', '1k:2k:60s', '--slo', 'p99<1s'] }],
    ['a load that counts', { args: ['-n', '1M'] }],
  ])('is a plain load: %s', (_, written) => {
    const { plan, sources } = resolveWritten(written);
    for (const task of ['run', 'find'] as const) {
      const command = verifyCommand({ ...plan, task }, sources, found);
      expect(command).toMatch(/^loadtui .* --plain$/);
      expect(parsedBack(command.replace(' --plain', ''))).toMatchObject({
        ...{ task: 'run', durationMs: 60_000, messages: null, rateSchedule: [], lingerMs: 5, producers: 4 },
        ...{ quick: false, fromRate: 1000, maxTimeMs: null, slos: found.slos, maxRate: plan.maxRate },
        rate: plan.maxRate ?? 58_700,
      });
    }
  });
});

describe('knobs that the plan as it was written would not allow', () => {
  it.each<[string, string[], FinalKnobs, string]>([
    ['acks back at all', ['--acks', '1', '--in-flight', '9'], { acks: 'all' }, 'loadtui'],
    ['acks down to 0', ['--slo', 'p99<5ms,e2e.p99<9ms'], { acks: 0 }, "loadtui --acks 0 --slo 'e2e.p99<9ms'"],
    ['a digital twin at acks 1', ['--preset', 'digital-twin'], { acks: 1 }, 'loadtui --preset digital-twin --acks 1'],
    ['no target any more', ['--slo', 'achieved>99%'], { rate: null }, 'loadtui -r max'],
    [
      'nobody to read what a pipeline makes',
      ['-t', 'in', '--consume-topic', 'out', '--no-missing-gate'],
      { consumers: 0 },
      'loadtui -t in --produce-only',
    ],
    ['no consumers any more', ['--slo', 'lag<5s'], { consumers: 0 }, 'loadtui --produce-only'],
  ])('%s', (_, args, knobs, command) => {
    const { plan, sources } = resolveWritten({ args });
    expect(repeatCommand(plan, sources, knobs)).toBe(command);
    expect(parsedBack(command)).toEqual(withKnobs(plan, knobs));
  });
});

describe('the command that repeats a run on a secured cluster', () => {
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required';
  const bearer = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required';
  const secret = 'hunter2';
  const passwordFile = fileWith(`${secret}\n`, 'password');
  const keyFile = fileWith('-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----', 'pem');
  const certificate = fileWith('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----', 'pem');
  const me = ['--sasl', 'PLAIN', '--sasl-username', 'me'];
  const login = { LOADTUI_SASL_PASSWORD: secret };

  it.each<[string, Written, string]>([
    ['TLS', { args: ['--tls'] }, '--tls'],
    ['no TLS', { args: ['--tls=false'] }, '--tls=false'],
    ['a variable', { environment: { LOADTUI_TLS: 'yes', LOADTUI_TLS_VERIFY: 'none' } }, '--tls=yes --tls-verify none'],
    ['a flag over a variable', { args: ['--tls=false'], environment: { LOADTUI_TLS: '1' } }, '--tls=false'],
    [
      'files',
      { args: ['--tls-ca', certificate, '--tls-cert', certificate, '--tls-key', keyFile, '--tls-server-name', 'k'] },
      `--tls-ca ${certificate} --tls-cert ${certificate} --tls-key ${keyFile} --tls-server-name k`,
    ],
    ['a login', { args: me, environment: login }, '--sasl PLAIN --sasl-username me'],
    [
      'a password out of a file',
      { args: [...me, '--sasl-password-file', passwordFile] },
      `--sasl PLAIN --sasl-username me --sasl-password-file ${passwordFile}`,
    ],
    [
      'a file that a variable names',
      { args: me, environment: { LOADTUI_SASL_PASSWORD_FILE: passwordFile } },
      `--sasl-password-file ${passwordFile} --sasl PLAIN --sasl-username me`,
    ],
    [
      'a token',
      { args: ['--sasl', 'OAUTHBEARER', '--oauth-token-file', 'my token'] },
      "--sasl OAUTHBEARER --oauth-token-file 'my token'",
    ],
    [
      'nothing of a user in a variable beside a token',
      {
        args: ['--sasl', 'OAUTHBEARER', '--oauth-token-file', 't'],
        environment: { LOADTUI_SASL_USERNAME: 'me', LOADTUI_SASL_PASSWORD_FILE: passwordFile },
      },
      '--sasl OAUTHBEARER --oauth-token-file t',
    ],
    [
      'nothing of a token in a variable beside a user',
      { args: [...me, '--sasl-password-file', passwordFile], environment: { LOADTUI_OAUTH_TOKEN_FILE: 't' } },
      `--sasl PLAIN --sasl-username me --sasl-password-file ${passwordFile}`,
    ],
    [
      'nothing of a login where nobody logs in',
      {
        args: ['-X', 'security.protocol=SSL'],
        environment: { LOADTUI_SASL_USERNAME: 'me', LOADTUI_SASL_PASSWORD_FILE: passwordFile },
      },
      '-X security.protocol=SSL',
    ],
    [
      'a token of a variable',
      { args: ['--sasl', 'OAUTHBEARER'], environment: { LOADTUI_OAUTH_TOKEN: secret } },
      '--sasl OAUTHBEARER',
    ],
    [
      'properties',
      {
        args: [
          '-X',
          'security.protocol=SSL',
          '-X',
          `ssl.truststore.location=${certificate}`,
          '-X',
          `ssl.key.password=${secret}`,
        ],
      },
      `-X security.protocol=SSL -X ssl.truststore.location=${certificate}`,
    ],
    [
      'a login module without its password',
      {
        args: [
          '-X',
          'sasl.mechanism=SCRAM-SHA-256',
          '-X',
          `sasl.jaas.config=${scram} username="me" password="${secret}";`,
        ],
      },
      `-X sasl.mechanism=SCRAM-SHA-256 -X 'sasl.jaas.config=${scram} username="me";'`,
    ],
    [
      'a token server without its secret',
      {
        environment: {
          LOADTUI_PROPERTY: `sasl.jaas.config=${bearer} clientId="me" clientSecret="${secret}" extension_a="b";\nsasl.oauthbearer.token.endpoint.url=https://idp/token`,
        },
      },
      `-X 'sasl.jaas.config=${bearer} clientId="me" extension_a="b";' -X sasl.oauthbearer.token.endpoint.url=https://idp/token`,
    ],
  ])('%s', (_what, written, words) => {
    const { plan, sources, securityWords } = resolveWritten({
      ...written,
      args: ['-b', 'b1', '-t', 'x', ...(written.args ?? [])],
    });
    const command = repeatCommand(plan, sources, {}, securityWords);
    expect(command).toBe(`loadtui -b b1:9092 ${words} -t x`);
    expect(command).not.toContain(secret);
    expect(verifyCommand(plan, sources, { rateHz: 5, slos: [], knobs: {} }, securityWords)).toContain(
      ` ${words} -t x `,
    );
  });

  const config = `security.protocol=SASL_PLAINTEXT
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="me" password="${secret}";
linger.ms=20
acks=1`;

  it.each<[string, Written, FinalKnobs, string]>([
    ['as it was given', { config }, {}, '-c FILE --linger 20ms --acks 1'],
    [
      'with a flag that wins over it',
      { config, args: ['--sasl', 'PLAIN'] },
      {},
      '-c FILE --sasl PLAIN --linger 20ms --acks 1',
    ],
    [
      'whose value a knob took back to the default',
      { config },
      { lingerMs: 5, acks: 'all' },
      '-c FILE --linger 5ms --acks all',
    ],
    ['beside a flag that says the default', { config, args: ['--linger', '5ms'] }, {}, '-c FILE --linger 5ms --acks 1'],
    ['that says nothing of security', { config: 'linger.ms=20' }, {}, '--linger 20ms'],
  ])('a properties file, %s', (_what, written, knobs, words) => {
    const args = ['-b', 'b1', ...(written.args ?? [])];
    const asked = resolveWritten({ ...written, args });
    const command = repeatCommand(asked.plan, asked.sources, knobs, asked.securityWords);
    expect(command.replace(/\S+\.properties/, 'FILE')).toBe(`loadtui -b b1:9092 ${words}`);
    expect(parsedBack(command)).toEqual(withKnobs(asked.plan, knobs));
    expect(command).not.toContain(secret);
  });

  it('names a properties file that a variable names', () => {
    const path = fileWith(config, 'properties');
    const asked = resolveWritten({ args: ['-b', 'b1'], environment: { LOADTUI_CONFIG: path } });
    expect(repeatCommand(asked.plan, asked.sources, {}, asked.securityWords)).toContain(
      `loadtui -b b1:9092 -c ${path} `,
    );
  });

  it('secures as the run was secured', () => {
    const asked = resolveWritten({
      config,
      args: ['-b', 'b1', '--tls-ca', certificate, '-X', 'sasl.mechanism=PLAIN', '--tls'],
    });
    const command = repeatCommand(asked.plan, asked.sources, {}, asked.securityWords);
    expect(resolveWritten({ args: shellWords(command).slice(1) }).security).toEqual(asked.security);
  });

  it('says nothing of it on the sandbox', () => {
    const { plan, sources, securityWords } = resolveWritten({ config, args: ['--tls'] });
    expect(repeatCommand(plan, sources, {}, securityWords)).toBe('loadtui --linger 20ms --acks 1');
  });
});

/** Numbers from 0 to 1 that are the same each time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Values that do not contradict each other, whichever are chosen. */
const pieces: readonly (readonly (readonly string[])[])[] = [
  [
    [],
    ['--preset', 'latency'],
    ['--preset', 'throughput'],
    ['--preset', 'max-throughput'],
    ['--preset', 'digital-twin'],
  ],
  [[], ['-b', '127.0.0.1:1,[::1]:2'], ['-b', 'localhost']],
  [[], ['-t', 'orders_1.x', '--create'], ['-t', 'orders'], ['--topics', '3'], ['--keep-topics']],
  [[], ['--partitions', '7'], ['--partitions', 'auto'], ['--replication-factor', '2']],
  [[], ['--topic-config', 'min.insync.replicas=2', '--topic-config', 'segment.ms=1000'], ['--topic-config', 'none']],
  [[], ['-r', '61286.6'], ['-r', '50MB/s'], ['-r', '0.5'], ['--max-rate', '1500'], ['--max-rate', '2M']],
  [[], ['-s', '100'], ['-s', '1MiB'], ['-s', '10', '--stamp', 'header']],
  [[], ['--batch-size', '1'], ['--batch-size', '3MiB']],
  [[], ['--linger', '0'], ['--linger', '70us'], ['--linger', '1m']],
  [
    [],
    ['--acks', 'all', '--in-flight', '2'],
    ['--acks', '1', '--in-flight', '9'],
    ['--acks', 'all', '-X', 'enable.idempotence=false', '--in-flight', '8'],
  ],
  [[], ['--producers', '12'], ['--produce-only'], ['--consumers', '6', '--threads', '2']],
  [
    [],
    ['--keys', 'a:b:1500:random', '--header', 'k={key}', '--header', "text=it's; here"],
    ['--header', 'none', '--keys', 'none'],
    ['--keys', 'a:b:1500:zipf'],
    ['--keys', 'a:b:1500:zipf=1.2'],
  ],
  [[], ['--fetch-min-bytes', '1KiB', '--fetch-max-wait', '20ms'], ['--max-partition-fetch', '2MiB']],
  [[], ['-d', '90s'], ['-d', '0'], ['-n', '1M'], ['--warm-up', '0', '-d', '1.5s']],
  [[], ['--slo', 'errors<0.1%'], ['--slo', 'p99.9<500us', '--acks=all'], ['--slo', 'errors<1%', '--no-achieved-gate']],
  [[], ['--abort-on', 'none'], ['--abort-on', 'no-acks for 5s'], ['--max-behind', '5s']],
  [[], ['-X', 'request.timeout.ms=7000'], ['-X', 'max.request.size=4194304'], ['-X', 'client.id=my client']],
  [[], ['--pacing', 'spin'], ['--arrivals', 'poisson'], ['-y', '--unattended'], ['--group', 'my group']],
];

describe('any plan', () => {
  const random = seeded(7);
  const chosen = Array.from({ length: 300 }, () => {
    return pieces.flatMap((choices) => choices[Math.floor(random() * choices.length)] ?? []);
  });
  // Two pieces may say the same flag: such a command line is refused, and covered elsewhere.
  const possible = chosen.filter((args) => !(args.includes('--acks=all') && args.includes('--acks')));

  it.each(['plain', 'screen'] as const)('parses back to an equal plan (%s)', (style) => {
    expect(possible.length).toBeGreaterThan(200);
    for (const args of possible) {
      const { plan, sources } = resolveWritten({ args, style });
      const command = repeatCommand(plan, sources);
      expect(parsedBack(command, style), `${args.join(' ')} → ${command}`).toEqual(plan);
    }
  });

  it('with turned knobs, too', () => {
    for (const args of possible.filter((_, index) => index % 3 === 0)) {
      const { plan, sources } = resolveWritten({ args });
      const knobs = { rate: 1234.5, batchSize: 32_768, lingerMs: 0.5, producers: 3, inFlight: 1, fetchMinBytes: 7 };
      const final = withKnobs(plan, plan.maxRate === null ? knobs : { ...knobs, rate: 1000 });
      const command = repeatCommand(plan, sources, plan.maxRate === null ? knobs : { ...knobs, rate: 1000 });
      expect(parsedBack(command), `${args.join(' ')} → ${command}`).toEqual(final);
    }
  });

  it('survives the way to its written values and back', () => {
    for (const args of possible.slice(0, 50)) {
      const { plan } = resolveWritten({ args });
      expect(planOf(valuesOf(plan), plan.preset, plan.task)).toEqual(plan);
    }
  });
});
