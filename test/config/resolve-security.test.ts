import { writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../source/config/flags.ts';
import { resolvePlan } from '../../source/config/resolve-plan.ts';
import { PasswordMissing } from '../../source/config/resolve-security.ts';
import { type SecurityMaterial, securityFacts } from '../../source/config/security.ts';
import { refusalOf, resolveWritten, type Written } from './support.ts';

const folder = await mkdtemp(join(tmpdir(), 'loadtui-security-'));
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const key = '-----BEGIN PRIVATE KEY-----\nMIIC\n-----END PRIVATE KEY-----\n';
const ca = file('ca.pem', certificate);
const both = file('both.pem', `${key}${certificate}`);
const keyFile = file('key.pem', key);
const password = file('password', 's3cret\n');

const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required';
const bearer = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required';

const ofConfig = (config: string): SecurityMaterial => resolveWritten({ config }).security;
const ofFlags = (...args: string[]): SecurityMaterial => resolveWritten({ args }).security;

describe('the protocol', () => {
  it.each([
    ['', 'PLAINTEXT'],
    ['security.protocol=PLAINTEXT\nssl.truststore.location=/nowhere', 'PLAINTEXT'],
    ['security.protocol=SSL', 'SSL'],
    [`security.protocol=sasl_ssl\nsasl.jaas.config=${plain} username="a" password="b";`, 'SASL_SSL'],
    [`ssl.truststore.location=${ca}`, 'SSL'],
    [`sasl.jaas.config=${plain} username="a" password="b";`, 'SASL_PLAINTEXT'],
    [`ssl.truststore.location=${ca}\nsasl.jaas.config=${plain} username="a" password="b";`, 'SASL_SSL'],
  ])('of %j is %s', (config, protocol) => {
    expect(securityFacts(ofConfig(config)).protocol).toBe(protocol);
  });

  it('is TLS where a flag of TLS is given', () => {
    expect(securityFacts(ofFlags('--tls')).protocol).toBe('SSL');
    expect(securityFacts(ofFlags('--tls-ca', ca)).protocol).toBe('SSL');
    expect(securityFacts(ofFlags('--tls=false')).protocol).toBe('PLAINTEXT');
    expect(refusalOf(() => ofFlags('--tls=perhaps'))).toContain('--tls: ');
  });

  it('is never plain text for who asks for TLS', () => {
    const tls = (written: Written): string => securityFacts(resolveWritten(written).security).protocol;
    expect(tls({ config: 'security.protocol=PLAINTEXT', args: ['--tls'] })).toBe('SSL');
    expect(tls({ config: 'security.protocol=PLAINTEXT', args: ['--tls=false'] })).toBe('PLAINTEXT');
    expect(tls({ environment: { LOADTUI_TLS: '1' }, args: ['-X', 'security.protocol=SSL'] })).toBe('SSL');
    const both = { environment: { LOADTUI_TLS: '1' }, args: ['-X', 'security.protocol=PLAINTEXT'] };
    expect(refusalOf(() => resolveWritten(both))).toContain('LOADTUI_TLS: contradicts security.protocol=PLAINTEXT');
  });
});

describe('TLS', () => {
  it('trusts whom Node trusts, and verifies the name, where nothing is said', () => {
    const { tls } = ofFlags('--tls');
    expect(tls).toMatchObject({ ca: null, certificateChain: null, key: null, verifies: true, serverName: null });
  });

  it.each([
    ['ssl.endpoint.identification.algorithm=', { verifies: true, serverName: '' }, 'chain'],
    ['ssl.endpoint.identification.algorithm=https', { verifies: true, serverName: null }, 'full'],
    ['ssl.endpoint.identification.algorithm=HTTPS', { verifies: true, serverName: null }, 'full'],
  ])('with %j', (line, material, verify) => {
    const security = ofConfig(`security.protocol=SSL\n${line}`);
    expect(security.tls).toMatchObject(material);
    expect(securityFacts(security).verify).toBe(verify);
  });

  it.each([
    ['full', 'full'],
    ['chain', 'chain'],
    ['none', 'none'],
  ])('--tls-verify %s', (word, verify) => {
    expect(securityFacts(ofFlags('--tls', '--tls-verify', word)).verify).toBe(verify);
  });

  it('reads certificates and keys from files and from the text of properties', () => {
    const fromFile = ofFlags('--tls-ca', ca, '--tls-cert', both).tls;
    expect(fromFile?.ca).toEqual([certificate]);
    expect(fromFile).toMatchObject({ certificateChain: certificate.trim(), key: key.trim() });
    expect(ofFlags('--tls-cert', ca, '--tls-key', keyFile).tls).toMatchObject({ certificateChain: certificate, key });
    const line = (text: string): string => text.replaceAll('\n', '\\n');
    const inline = ofConfig(
      [
        'security.protocol=SSL',
        'ssl.truststore.type=PEM',
        `ssl.truststore.certificates=${line(certificate)}`,
        `ssl.keystore.certificate.chain=${line(certificate)}`,
        `ssl.keystore.key=${line(key)}`,
        'ssl.key.password=k3y',
      ].join('\n'),
    ).tls;
    expect(inline).toMatchObject({ ca: [certificate], certificateChain: certificate, key, keyPassword: 'k3y' });
  });

  it.each([
    ['ssl.enabled.protocols=TLSv1.2,TLSv1.3', 'TLSv1.2', 'TLSv1.3'],
    ['ssl.enabled.protocols=TLSv1.3', 'TLSv1.3', 'TLSv1.3'],
    ['ssl.enabled.protocols=TLSv1.2', 'TLSv1.2', 'TLSv1.2'],
    ['ssl.protocol=TLSv1.2', 'TLSv1.2', 'TLSv1.2'],
    ['', null, null],
  ])('versions of %j', (line, leastVersion, mostVersion) => {
    expect(ofConfig(`security.protocol=SSL\n${line}`).tls).toMatchObject({ leastVersion, mostVersion });
  });

  it("takes Java's names of ciphers", () => {
    const names = 'TLS_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_RSA_WITH_AES_256_CBC_SHA';
    expect(ofConfig(`security.protocol=SSL\nssl.cipher.suites=${names}`).tls?.ciphers).toBe(
      'TLS_AES_256_GCM_SHA384:ECDHE-RSA-AES128-GCM-SHA256:AES256-SHA',
    );
  });
});

describe('what may not be meant', () => {
  it.each<readonly [readonly string[], string | null]>([
    [['--tls', '--tls-verify', 'none'], 'certificates are not verified'],
    [['--tls', '--tls-verify', 'chain'], null],
    [['--sasl', 'PLAIN', '--sasl-username', 'me', '--sasl-password-file', password], 'PLAIN without TLS'],
    [['--tls', '--sasl', 'PLAIN', '--sasl-username', 'me', '--sasl-password-file', password], null],
    [['--sasl', 'SCRAM-SHA-512', '--sasl-username', 'me', '--sasl-password-file', password], null],
    [['--sasl', 'OAUTHBEARER', '--oauth-token-file', password], 'there is no TLS'],
  ])('is warned of: %j', (args, warning) => {
    const { warnings } = resolveWritten({ args });
    expect(warnings).toEqual(warning === null ? [] : [expect.stringContaining(warning)]);
  });
});

describe('a login', () => {
  it.each([
    [`sasl.jaas.config=${plain} username="a" password="b";`, { mechanism: 'PLAIN', username: 'a', password: 'b' }],
    [
      `sasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config=${scram} username="a" password="b c";`,
      { mechanism: 'SCRAM-SHA-512', username: 'a', password: 'b c' },
    ],
    [
      `sasl.mechanism=OAUTHBEARER\nsasl.oauthbearer.token.endpoint.url=file:///tmp/a%20b\nsasl.jaas.config=${bearer} extension_x="1";`,
      { mechanism: 'OAUTHBEARER', token: { kind: 'file', path: '/tmp/a b' }, extensions: { x: '1' } },
    ],
    [
      `sasl.oauthbearer.token.endpoint.url=https://h/t\nsasl.oauthbearer.scope=s\nsasl.jaas.config=${bearer} clientId="i" clientSecret="j";`,
      {
        mechanism: 'OAUTHBEARER',
        token: {
          kind: 'client-credentials',
          url: 'https://h/t',
          clientId: 'i',
          clientSecret: 'j',
          scope: 's',
          urlEncodes: false,
        },
        extensions: {},
      },
    ],
  ])('of %j', (config, login) => {
    expect(ofConfig(config).login).toEqual(login);
  });

  it('by flags, with the password of a file or a variable; a flag wins over a properties file', () => {
    const flags = ['--sasl', 'scram-sha-256', '--sasl-username', 'me'];
    const login = { mechanism: 'SCRAM-SHA-256', username: 'me', password: 's3cret' };
    expect(ofFlags(...flags, '--sasl-password-file', password).login).toEqual(login);
    const config = `sasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config=${scram} username="you" password="yours";`;
    const { security } = resolveWritten({ args: [...flags, '--sasl-password-file', password], config });
    expect(security.login).toEqual(login);
  });

  it('takes secrets of the environment', () => {
    const { given } = parseCommandLine(['--sasl', 'PLAIN', '--sasl-username', 'me']);
    const secrets = [{ variable: 'LOADTUI_SASL_PASSWORD', value: ' p ' }];
    const { security } = resolvePlan({ given, planPath: null, style: 'plain', secrets });
    expect(security.login).toEqual({ mechanism: 'PLAIN', username: 'me', password: ' p ' });
  });

  it('asks for a password that nobody has said', () => {
    expect(() => ofFlags('--sasl', 'PLAIN', '--sasl-username', 'me')).toThrow(PasswordMissing);
  });

  it.each([
    ['sasl.mechanism=GSSAPI', 'Kerberos is not spoken', '@1:1'],
    ['sasl.mechanism=SCRAM', '"SCRAM" is not one of PLAIN, SCRAM-SHA-256', '@1:1'],
    ['security.protocol=SASL_SSL', 'which mechanism?', ''],
    ['security.protocol=TLS', '"TLS" is not one of PLAINTEXT, SSL', '@1:1'],
    ['sasl.mechanism=PLAIN', 'PLAIN needs a user | Say --sasl-username', '@1:1'],
    ['sasl.mechanism=OAUTHBEARER', 'OAUTHBEARER needs a token', '@1:1'],
    [`sasl.jaas.config=x.Krb5LoginModule required;`, 'the login module x.Krb5LoginModule is not known', '@1:1'],
    [
      `sasl.mechanism=PLAIN\nsasl.jaas.config=${scram} username="a" password="b";`,
      'PLAIN is not what the login module in sasl.jaas.config is for (SCRAM-SHA-256, SCRAM-SHA-512)',
      '@1:1',
    ],
    [
      'sasl.mechanism=OAUTHBEARER\nsasl.oauthbearer.token.endpoint.url=https://me:hidden@h/t',
      'sasl.oauthbearer.token.endpoint.url: it says who asks',
      '@2:1',
    ],
    ['sasl.mechanism=OAUTHBEARER\nsasl.oauthbearer.token.endpoint.url=h/t', 'this is no URL', '@2:1'],
    [`sasl.jaas.config=${plain} username="a" password="hidden"`, 'there is no ";" at the end', '@1:1'],
    [
      'security.protocol=SSL\nssl.truststore.location=/nowhere/ca.pem',
      'ssl.truststore.location: there is no file /nowhere/ca.pem',
      '@2:1',
    ],
    ['security.protocol=SSL\nssl.keystore.key=x', 'a key without its certificate', '@2:1'],
    ['security.protocol=SSL\nssl.enabled.protocols=TLSv1.1', '"TLSv1.1" is not one of TLSv1.2, TLSv1.3', '@2:1'],
    ['security.protocol=SSL\nssl.endpoint.identification.algorithm=ldap', '"ldap" is not known', '@2:1'],
  ])('refuses %s', (config, message, place) => {
    const refusal = refusalOf(() => ofConfig(config));
    expect(refusal).toContain(message);
    expect(refusal).toContain(place);
    expect(refusal).not.toContain('hidden');
  });

  it('refuses one thing that is said twice', () => {
    const args = ['--sasl', 'PLAIN', '-X', 'sasl.mechanism=PLAIN'];
    expect(refusalOf(() => resolveWritten({ args }))).toContain('say the same thing');
  });
});
