import { describe, expect, it } from 'vitest';
import { parseJavaProperties } from '../../source/config/java-properties.ts';
import { propertyFates, propertyKeys } from '../../source/config/property-fates.ts';
import { securityNames } from '../../source/config/security/resolve.ts';
import { refusalOf, resolveWritten } from './support.ts';

describe('a properties file', () => {
  it('honours every property that it should', () => {
    const config = `
bootstrap.servers=localhost:9092
client.id=me
acks=all
batch.size=65536
linger.ms=7
compression.type=zstd
compression.gzip.level=9
compression.zstd.level=-5
enable.idempotence=true
max.in.flight.requests.per.connection=4
request.timeout.ms=10000
delivery.timeout.ms=60000
buffer.memory=67108864
max.request.size=2097152
retry.backoff.ms=200
retry.backoff.max.ms=2000
reconnect.backoff.ms=60
reconnect.backoff.max.ms=1200
metadata.max.age.ms=60000
fetch.min.bytes=16
fetch.max.wait.ms=100
fetch.max.bytes=1048576
max.partition.fetch.bytes=524288
group.id=readers
security.protocol=PLAINTEXT
`;
    const { plan, sources } = resolveWritten({ config });
    expect(plan).toMatchObject({
      brokers: ['localhost:9092'],
      acks: 'all',
      batchSizeBytes: 65_536,
      lingerMs: 7,
      group: 'readers',
      tuning: {
        clientId: 'me',
        idempotent: true,
        maxInFlight: 4,
        requestTimeoutMs: 10_000,
        deliveryTimeoutMs: 60_000,
        bufferMemoryBytes: 67_108_864,
        maxRequestBytes: 2_097_152,
        retryBackoffMs: 200,
        retryBackoffMaxMs: 2000,
        reconnectBackoffMs: 60,
        reconnectBackoffMaxMs: 1200,
        metadataMaxAgeMs: 60_000,
        gzipLevel: 9,
        zstdLevel: -5,
        fetchMinBytes: 16,
        fetchMaxWaitMs: 100,
        fetchMaxBytes: 1_048_576,
        maxPartitionFetchBytes: 524_288,
      },
    });
    expect(sources).toMatchObject({ brokers: 'config', 'tuning.fetchMaxBytes': 'config', rate: 'default' });
    const written = parseJavaProperties(Buffer.from(config), 'f').map((property) => property.name);
    expect(written.filter((name) => name !== 'security.protocol').sort()).toEqual([...propertyKeys.keys()].sort());
  });

  it.each([
    ['linger.ms=5ms', 'linger.ms: "5ms" is not a whole number | Kafka takes this property as a plain number', '@1:1'],
    ['acks=all\n\nbatch.sizes=5', 'no property "batch.sizes" | Did you mean batch.size?', '@3:1'],
    ['receive.buffer.bytes=262144', 'receive.buffer.bytes: it can only be -1 here: the operating system', '@1:1'],
    ['partitioner.class=x', "partitioner.class: not honoured: messages go where Java's", '@1:1'],
    ['enable.idempotence=maybe', 'neither true nor false', '@1:1'],
    ['bootstrap.servers=', 'no broker is named', '@1:1'],
    ['acks=2', 'not one of 0, 1, all', '@1:1'],
    ['retries=3', 'retries: it can only be 2147483647 here: delivery.timeout.ms ends', '@1:1'],
    ['schema.registry.url=http://x', 'no property "schema.registry.url"', '@1:1'],
    ['sasl.mechanism=PLAIN\n sasl.kerberos.service.name = kafka', 'not honoured: Kerberos is not spoken', '@2:2'],
  ])('refuses %s', (config, message, place) => {
    const refusal = refusalOf(() => resolveWritten({ config }));
    expect(refusal).toContain(message);
    expect(refusal).toContain(place);
  });

  it.each([
    'ssl.keystore.key=-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n',
    'sasl.mechanism=OAUTHBEARER\neyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2VjcmV0\n',
  ])('shows nothing of a line that is no property, which may be a secret: %j', (config) => {
    const refusal = refusalOf(() => resolveWritten({ config }));
    expect(refusal).toContain('this is no property of Kafka');
    expect(refusal).toContain('@2:1');
    expect(refusal).not.toMatch(/MIIE|eyJ/);
  });

  it.each([
    ['acks=1\nacks=all', 'all'],
    ['acks=all\nacks=1', '1'],
  ])('holds to what is said last, as Java does: %j', (config, acks) => {
    expect(String(resolveWritten({ config }).plan.acks)).toBe(acks);
  });

  it('takes what holds anyway', () => {
    const config = 'retries=2147483647\nsession.timeout.ms=45000\nclient.dns.lookup=use_all_dns_ips\ncheck.crcs=TRUE';
    expect(resolveWritten({ config }).sources['tuning.clientId']).toBe('default');
  });

  it.each([
    'connections.max.idle.ms=540000',
    'compression.lz4.level=9',
    'sasl.login.callback.handler.class=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler',
    'sasl.login.callback.handler.class=org.apache.kafka.common.security.oauthbearer.secured.OAuthBearerLoginCallbackHandler',
    'sasl.oauthbearer.jwt.retriever.class=org.apache.kafka.common.security.oauthbearer.ClientCredentialsJwtRetriever',
  ])('takes what files of the field say: %s', (config) => {
    expect(refusalOf(() => resolveWritten({ config }))).toBe('accepted');
  });

  it("takes Kafka's -1 for the level of gzip, and trims secrets as Kafka does", () => {
    expect(resolveWritten({ config: 'compression.gzip.level=-1' }).plan.tuning.gzipLevel).toBe(6);
    const config =
      'security.protocol=SSL\nssl.key.password=k3y  \nssl.keystore.certificate.chain=b\nssl.keystore.key=c';
    expect(resolveWritten({ config }).security.tls?.keyPassword).toBe('k3y');
  });
});

describe('the fates of properties', () => {
  it('are one each', () => {
    const names = [...propertyFates.keys()];
    expect(names).toEqual([...names].sort());
    for (const name of [...propertyKeys.keys(), ...securityNames])
      expect(propertyFates.get(name)?.kind).toBe('honoured');
  });
});
