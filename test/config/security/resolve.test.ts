import { writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../source/config/flags.ts';
import { resolvePlan } from '../../../source/config/resolve-plan.ts';
import { PasswordMissing } from '../../../source/config/security/login.ts';
import {
  type LoginMaterial,
  type SecurityMaterial,
  securityFacts,
  type TlsMaterial,
} from '../../../source/config/security/material.ts';
import { refusalOf, resolveWritten, type Written } from '../support.ts';

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

  const users = ['--sasl-username', 'me', '--sasl-password-file', password];

  it.each<readonly [Written, string]>([
    [{ args: ['--tls-verify', 'none'] }, 'SSL'],
    [{ args: ['--tls-server-name', 'kafka'] }, 'SSL'],
    [{ args: ['--sasl', 'PLAIN', ...users], config: 'security.protocol=SSL' }, 'SASL_SSL'],
    [{ args: ['--tls-ca', ca], config: 'security.protocol=PLAINTEXT' }, 'SSL'],
    [{ args: ['--tls=false'], config: 'security.protocol=SSL' }, 'PLAINTEXT'],
    [{ args: ['--tls=false', '--sasl', 'PLAIN', ...users], config: 'security.protocol=SASL_SSL' }, 'SASL_PLAINTEXT'],
    [{ args: ['--tls-ca', ca], environment: { LOADTUI_TLS: 'false' } }, 'SSL'],
    [{ args: ['--oauth-token-file', password] }, 'SASL_PLAINTEXT'],
    // Java does not look at what its protocol has no use for.
    [{ config: `security.protocol=SSL\nsasl.jaas.config=${plain} username="a" password="b";` }, 'SSL'],
  ])('of the stronger source wins: %j', (written, protocol) => {
    expect(securityFacts(resolveWritten(written).security).protocol).toBe(protocol);
  });

  it.each([
    ['--sasl: contradicts security.protocol=SSL', ['--sasl', 'PLAIN', '-X', 'security.protocol=SSL']],
    ['--tls: contradicts security.protocol=SSL', ['--tls=false', '-X', 'security.protocol=SSL']],
  ])('of two that are equally strong is refused: %s', (message, args) => {
    expect(refusalOf(() => ofFlags(...args))).toContain(message);
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
    const [ofCertificate, ofKey] = [certificate.trim(), key.trim()];
    expect(inline).toMatchObject({
      ca: [ofCertificate],
      certificateChain: ofCertificate,
      key: ofKey,
      keyPassword: 'k3y',
    });
  });

  it('reads PEM that stands in one line, as Kafka does', () => {
    const line = (text: string): string => text.trim().replaceAll('\n', ' ');
    const { tls } = ofConfig(
      [
        'security.protocol=SSL',
        `ssl.truststore.certificates=${line(certificate)} ${line(certificate)}`,
        `ssl.keystore.certificate.chain=${line(certificate)}`,
        `ssl.keystore.key=${line(key)}`,
      ].join('\n'),
    );
    expect(tls).toMatchObject({ ca: [certificate + certificate], certificateChain: certificate, key });
    const oneLine = file('line.pem', `${line(key)} ${line(certificate)}`);
    const fromFiles = ofFlags('--tls-ca', oneLine, '--tls-cert', oneLine).tls;
    expect(fromFiles).toMatchObject({ ca: [key + certificate], certificateChain: certificate.trim(), key: key.trim() });
    const split = ofFlags(
      '--tls-cert',
      file('certificate.pem', line(certificate)),
      '--tls-key',
      file('k.pem', line(key)),
    );
    expect(split.tls).toMatchObject({ certificateChain: certificate, key });
  });

  it.each([
    ['ssl.enabled.protocols=TLSv1.2,TLSv1.3', 'TLSv1.2', 'TLSv1.3'],
    ['ssl.enabled.protocols=TLSv1.3', 'TLSv1.3', 'TLSv1.3'],
    ['ssl.enabled.protocols=TLSv1.2', 'TLSv1.2', 'TLSv1.2'],
    ['ssl.protocol=TLSv1.2', null, 'TLSv1.2'],
    ['ssl.protocol=TLSv1.2\nssl.enabled.protocols=TLSv1.2,TLSv1.3', 'TLSv1.2', 'TLSv1.2'],
    ['ssl.protocol=TLS', null, null],
    ['ssl.protocol=TLSv1.3\nssl.enabled.protocols=TLSv1.2', 'TLSv1.2', 'TLSv1.2'],
    ['', null, null],
  ])('versions of %j', (line, leastVersion, mostVersion) => {
    expect(ofConfig(`security.protocol=SSL\n${line}`).tls).toMatchObject({ leastVersion, mostVersion });
  });

  it("takes Java's names of ciphers", () => {
    const names =
      'TLS_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_RSA_WITH_AES_256_CBC_SHA,TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256';
    expect(ofConfig(`security.protocol=SSL\nssl.cipher.suites=${names}`).tls?.ciphers).toBe(
      'TLS_AES_256_GCM_SHA384:ECDHE-RSA-AES128-GCM-SHA256:AES256-SHA:ECDHE-ECDSA-CHACHA20-POLY1305',
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
    [
      [
        ...['--tls', '--sasl', 'OAUTHBEARER', '-X', `sasl.jaas.config=${bearer} clientId="i" clientSecret="j";`],
        ...['-X', 'sasl.oauthbearer.token.endpoint.url=http://idp/token?key=hidden'],
      ],
      "the client's secret travels as it is: http://idp is asked without TLS",
    ],
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

  it.each<Written>([
    { environment: { LOADTUI_SASL_PASSWORD_FILE: password } },
    { environment: { LOADTUI_SASL_PASSWORD_FILE: password }, config: 'security.protocol=SSL' },
  ])('is asked for by no password in a variable: %j', (written) => {
    expect(resolveWritten(written).security.login).toBeNull();
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
    ['sasl.jaas.config="hidden" required;', 'the login module is not known', '@1:1'],
    ['sasl.jaas.config=constructor required;', 'the login module is not known', '@1:1'],
    ['sasl.oauthbearer.token.endpoint.url=file:///a%zz\nsasl.mechanism=OAUTHBEARER', 'token.endpoint.url: ', '@1:1'],
    ['security.protocol=SSL\nssl.truststore.certificates=', 'it is no PEM file', '@2:1'],
    ['security.protocol=SASL_SSL', 'sasl.mechanism: which mechanism?', '@1:1'],
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
    [
      `sasl.mechanism=SCRAM-SHA-256\nsasl.jaas.config=${scram} username="a" password="b" tokenauth="true";`,
      'delegation tokens',
      '@2:1',
    ],
    ['sasl.mechanism=OAUTHBEARER\nsasl.oauthbearer.token.endpoint.url=ftp://h/t', 'not fetched by ftp:', '@2:1'],
    ['security.protocol=SSL\nssl.enabled.protocols=TLSv1.3\nssl.protocol=TLSv1.2', 'none of them is allowed', '@2:1'],
    [
      'security.protocol=SSL\nssl.truststore.location=/x\nssl.truststore.certificates=y',
      'ssl.truststore.location: ssl.truststore.certificates says the same thing',
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

  it.each([
    [['--sasl-password-file', password], 'sasl.mechanism: which mechanism?'],
    [
      ['--sasl', 'OAUTHBEARER', '--oauth-token-file', '/t', '--sasl-username', 'me'],
      'logs in by a token, not as a user',
    ],
    [
      ['--oauth-token-file', '/t', '--sasl-password-file', password],
      'logs in by a token, not as a user | Leave it out, or say --sasl.',
    ],
    [
      ['--sasl', 'PLAIN', '--sasl-username', 'me', '--sasl-password-file', password, '--oauth-token-file', '/t'],
      '--oauth-token-file: PLAIN logs in as a user, not by a token | Leave it out.',
    ],
  ])('refuses %j, of which one says nothing', (args, message) => {
    expect(refusalOf(() => ofFlags(...args))).toContain(message);
  });

  const jaas = `sasl.mechanism=PLAIN\nsasl.jaas.config=${plain} username="you" password="yours";`;
  const flags = ['--sasl-username', 'me', '--sasl-password-file', password];

  it.each<[string, Written, LoginMaterial]>([
    [
      'the user of a flag with its own password',
      { args: flags, config: jaas },
      { mechanism: 'PLAIN', username: 'me', password: 's3cret' },
    ],
    [
      "a password of the environment for the file's user",
      { environment: { LOADTUI_SASL_PASSWORD: 'newer' }, config: jaas },
      { mechanism: 'PLAIN', username: 'you', password: 'newer' },
    ],
    [
      'a login of -X over the environment',
      {
        args: ['-X', `sasl.jaas.config=${plain} username="x" password="of x";`],
        environment: { LOADTUI_SASL_USERNAME: 'env', LOADTUI_SASL_PASSWORD: 'of env' },
      },
      { mechanism: 'PLAIN', username: 'x', password: 'of x' },
    ],
    [
      'the mechanism of a flag, with a login of its own',
      { args: ['--sasl', 'SCRAM-SHA-512', ...flags], config: jaas },
      { mechanism: 'SCRAM-SHA-512', username: 'me', password: 's3cret' },
    ],
    [
      'the module of -X over the mechanism of a file',
      {
        args: ['-X', `sasl.jaas.config=${plain} username="x" password="of x";`],
        config: `security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-256`,
      },
      { mechanism: 'PLAIN', username: 'x', password: 'of x' },
    ],
    [
      'the token of a file that a flag names over a server that a file names',
      {
        args: ['--oauth-token-file', '/a/token'],
        config: 'sasl.mechanism=OAUTHBEARER\nsasl.oauthbearer.token.endpoint.url=https://h/t',
      },
      { mechanism: 'OAUTHBEARER', token: { kind: 'file', path: '/a/token' }, extensions: {} },
    ],
  ])('of the stronger source wins: %s', (_what, written, login) => {
    expect(resolveWritten(written).security.login).toEqual(login);
  });

  const certificateFile = file('certificate.pem', certificate);

  it.each<[string, Written, Partial<TlsMaterial>]>([
    [
      'verification',
      { environment: { LOADTUI_TLS_VERIFY: 'none' }, args: ['-X', 'ssl.endpoint.identification.algorithm=https'] },
      { verifies: true, serverName: null },
    ],
    [
      'a key of the environment for the certificate of a flag',
      { environment: { LOADTUI_TLS_KEY: keyFile }, args: ['--tls-cert', certificateFile] },
      { certificateChain: certificate, key },
    ],
    [
      'a store of a flag, whatever the type of that of the file',
      { config: 'ssl.keystore.type=PKCS12\nssl.keystore.location=/x', args: ['--tls-cert', both] },
      { certificateChain: certificate.trim(), key: key.trim() },
    ],
  ])('of TLS of the stronger source wins: %s', (_what, written, tls) => {
    expect(resolveWritten(written).security.tls).toMatchObject(tls);
  });

  it('does not look at a store of a weaker source than the certificate', () => {
    const inline = ['-X', `ssl.keystore.certificate.chain=${certificate}`, '-X', `ssl.keystore.key=${key}`];
    const { tls } = resolveWritten({ config: 'ssl.keystore.location=/nowhere', args: inline }).security;
    expect(tls).toMatchObject({ certificateChain: certificate.trim(), key: key.trim() });
  });

  it("gives no client another one's secret", () => {
    const url = 'sasl.oauthbearer.token.endpoint.url=https://h/t';
    const args = ['-X', `sasl.jaas.config=${bearer} clientId="flag" clientSecret="of flag";`];
    const names = ['id', 'secret'].map((name) => `sasl.oauthbearer.client.credentials.client.${name}`);
    const token = (config: string): unknown => {
      const { login } = resolveWritten({ config: `${url}\n${config}`, args }).security;
      return login?.mechanism === 'OAUTHBEARER' ? login.token : null;
    };
    const flag = { clientId: 'flag', clientSecret: 'of flag' };
    expect(token(`${names[0]}=file\n${names[1]}=of file`)).toMatchObject(flag);
    expect(token(`${names[1]}=of file`)).toMatchObject(flag);
  });

  it("gives no user another one's password", () => {
    expect(() => resolveWritten({ args: ['--sasl-username', 'me'], config: jaas })).toThrow(PasswordMissing);
  });

  it('refuses one thing that is said twice', () => {
    const args = ['--sasl', 'PLAIN', '-X', 'sasl.mechanism=PLAIN'];
    expect(refusalOf(() => resolveWritten({ args }))).toContain('say the same thing');
  });
});
