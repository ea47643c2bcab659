/**
 * What becomes of each property that Kafka's clients know (producer, consumer and admin of 4.3): it is honoured, it is
 * accepted because loadtui does so anyway, or it is refused with the reason. What stands in none of them is no property.
 */
import { securityNames } from './security/resolve.ts';
import type { SettingKey } from './settings/setting.ts';
import { settingKeys, settings } from './settings.ts';

export type PropertyFate =
  /** `by`: the setting that it is; null: it is of what secures connections. */
  | { readonly kind: 'honoured'; readonly by: SettingKey | null }
  /** `values`: in any case; null: any. */
  | { readonly kind: 'accepted'; readonly values: readonly string[] | null; readonly because: string }
  | { readonly kind: 'refused'; readonly because: string };

/** Kafka's names of loadtui's settings. */
export const propertyKeys: ReadonlyMap<string, SettingKey> = new Map(
  settingKeys.flatMap((key) => {
    const name = settings[key].property;
    return name === undefined ? [] : [[name, key] as const];
  }),
);

type Reasons = readonly (readonly [because: string, names: readonly string[]])[];

/** Nothing that they ask for can happen here, whatever they say. */
const vacuous: Reasons = [
  [
    'consumers join no group, so that no session can end and nothing is assigned anew',
    ['session.timeout.ms', 'heartbeat.interval.ms', 'max.poll.interval.ms', 'max.poll.records'],
  ],
  ['connections are in use, and stay for as long as the run lasts', ['connections.max.idle.ms']],
  [
    'loadtui makes and reads the bytes of messages itself',
    ['key.serializer', 'value.serializer', 'key.deserializer', 'value.deserializer'],
  ],
  [
    'it is about figures that Java keeps of itself',
    ['metrics.sample.window.ms', 'metrics.num.samples', 'metrics.recording.level', 'auto.include.jmx.reporter'],
  ],
];

/** So it is, and it cannot be otherwise. */
const always: Readonly<Record<string, readonly [values: readonly string[], because: string]>> = {
  'allow.auto.create.topics': [['false'], 'a topic is made by --create, never by asking for it'],
  'check.crcs': [['true'], 'the checksum of every batch is verified'],
  'compression.lz4.level': [['9'], 'its lz4 has one level'],
  'client.dns.lookup': [['use_all_dns_ips'], 'all addresses of a name are tried'],
  'enable.metrics.push': [['false'], 'brokers are told no figures'],
  'isolation.level': [['read_uncommitted'], 'what is measured is when a record can be read'],
  'metadata.recovery.strategy': [['rebootstrap'], 'the given addresses are asked again where no broker answers'],
  'receive.buffer.bytes': [['-1'], 'the operating system sizes it; Node has no call for it'],
  retries: [['2147483647'], 'delivery.timeout.ms ends the retries of a message'],
  ...oauthClasses(),
  'send.buffer.bytes': [['-1'], 'the operating system sizes it; Node has no call for it'],
  'socket.connection.setup.timeout.ms': [['10000'], 'a connection has ten seconds'],
  'transaction.two.phase.commit.enable': [['false'], 'messages are sent outside of transactions'],
};

/** Kafka's own classes for OAUTHBEARER, which files of the field name: what they do is done here. */
function oauthClasses(): typeof always {
  const place = 'org.apache.kafka.common.security.oauthbearer.';
  const fate = (because: string, ...classes: readonly string[]) =>
    [classes.map((name) => `${place}${name}`), because] as const;
  return {
    'sasl.login.callback.handler.class': fate(
      'tokens are fetched as it does',
      ...['OAuthBearerLoginCallbackHandler', 'secured.OAuthBearerLoginCallbackHandler'],
    ),
    'sasl.oauthbearer.jwt.retriever.class': fate(
      'tokens come from a file, a variable, or by client credentials',
      ...['DefaultJwtRetriever', 'ClientCredentialsJwtRetriever', 'FileJwtRetriever'],
    ),
    'sasl.oauthbearer.jwt.validator.class': fate(
      'brokers check tokens, clients do not',
      ...['DefaultJwtValidator', 'ClientJwtValidator'],
    ),
  };
}

const refused: Reasons = [
  [
    'it names a class of Java',
    [
      ...['config.providers', 'interceptor.classes', 'metric.reporters', 'security.providers'],
      ...['ssl.engine.factory.class', 'sasl.client.callback.handler.class', 'sasl.login.class'],
    ],
  ],
  [
    "it is of Java's own TLS",
    ['ssl.provider', 'ssl.keymanager.algorithm', 'ssl.trustmanager.algorithm', 'ssl.secure.random.implementation'],
  ],
  [
    'Kerberos is not spoken',
    [
      ...['sasl.kerberos.service.name', 'sasl.kerberos.kinit.cmd', 'sasl.kerberos.ticket.renew.window.factor'],
      ...['sasl.kerberos.ticket.renew.jitter', 'sasl.kerberos.min.time.before.relogin'],
    ],
  ],
  [
    'a login is renewed at 85 to 95 % of its time, a token at 80 %',
    ['window.factor', 'window.jitter', 'min.period.seconds', 'buffer.seconds'].map((n) => `sasl.login.refresh.${n}`),
  ],
  [
    'a token server has ten seconds, and is asked again every half second',
    ['connect.timeout.ms', 'read.timeout.ms', 'retry.backoff.ms', 'retry.backoff.max.ms'].map((n) => `sasl.login.${n}`),
  ],
  [
    'brokers check tokens, clients do not',
    [
      ...['clock.skew.seconds', 'expected.audience', 'expected.issuer', 'scope.claim.name', 'sub.claim.name'],
      ...['jwks.endpoint.url', 'refresh.ms', 'retry.backoff.ms', 'retry.backoff.max.ms'].map((name) =>
        name.endsWith('url') ? name : `jwks.endpoint.${name}`,
      ),
    ].map((name) => `sasl.oauthbearer.${name}`),
  ],
  [
    'tokens come from a file, a variable, or by client credentials',
    [
      ...['algorithm', 'claim.aud', 'claim.exp.seconds', 'claim.iss', 'claim.jti.include', 'claim.nbf.seconds'],
      ...['claim.sub', 'file', 'private.key.file', 'private.key.passphrase', 'template.file'],
    ].map((name) => `sasl.oauthbearer.assertion.${name}`),
  ],
  [
    "messages go where Java's default partitioner sends them: by their key, else a partition for each batch",
    [
      ...['partitioner.class', 'partitioner.ignore.keys', 'partitioner.adaptive.partitioning.enable'],
      'partitioner.availability.timeout.ms',
    ],
  ],
  [
    'loadtui shares out partitions itself, without joining a group',
    ['group.instance.id', 'group.protocol', 'group.remote.assignor', 'partition.assignment.strategy'],
  ],
  ['positions are committed with --group, and not without', ['enable.auto.commit', 'auto.commit.interval.ms']],
  [
    'where reading begins follows from what is measured: what is sent from now on, or with --consume-only what is there',
    ['auto.offset.reset'],
  ],
  ['topics are named, not found by a pattern', ['exclude.internal.topics']],
  ['records are read from the leader', ['client.rack']],
  ['share groups are not spoken', ['share.acknowledgement.mode', 'share.acquire.mode']],
  ['messages are sent outside of transactions', ['transactional.id', 'transaction.timeout.ms']],
  ['nothing waits for room: what finds none is due still, and counted (--max-behind)', ['max.block.ms']],
  ['request.timeout.ms bounds all requests', ['default.api.timeout.ms']],
  ['loadtui talks to brokers', ['bootstrap.controllers']],
  ['topics are known for as long as the run lasts', ['metadata.max.idle.ms']],
  ['the given addresses are asked at once where no broker answers', ['metadata.recovery.rebootstrap.trigger.ms']],
  ['reconnect.backoff.max.ms bounds the time between attempts', ['socket.connection.setup.timeout.max.ms']],
];

/** By name, in alphabetical order. */
export const propertyFates: ReadonlyMap<string, PropertyFate> = new Map(
  [
    ...[...propertyKeys].map(([name, by]): [string, PropertyFate] => [name, { kind: 'honoured', by }]),
    ...securityNames.map((name): [string, PropertyFate] => [name, { kind: 'honoured', by: null }]),
    ...fates(vacuous, (because) => ({ kind: 'accepted', values: null, because })),
    ...Object.entries(always).map(([name, [values, because]]): [string, PropertyFate] => [
      name,
      { kind: 'accepted', values, because },
    ]),
    ...fates(refused, (because) => ({ kind: 'refused', because })),
  ].sort(([a], [b]) => (a < b ? -1 : 1)),
);

function fates(reasons: Reasons, fate: (because: string) => PropertyFate): [string, PropertyFate][] {
  return reasons.flatMap(([because, names]) => names.map((name): [string, PropertyFate] => [name, fate(because)]));
}

/** What becomes of a property, in words that fit a column. */
export function fateText(fate: PropertyFate): string {
  switch (fate.kind) {
    case 'honoured': {
      if (fate.by === null) return 'honoured';
      const { name, isFlag } = settings[fate.by];
      return isFlag === false ? 'honoured' : `honoured: --${name}`;
    }
    case 'accepted':
      return `${fate.values === null ? 'accepted' : `${fate.values.join(' or ')} is accepted, all else refused`}: ${fate.because}`;
    case 'refused':
      return `refused: ${fate.because}`;
  }
}
