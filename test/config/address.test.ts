import { expect, test } from 'vitest';
import { formatAddress, isLoopback, needsRails, parseAddress } from '../../source/config/address.ts';

test.each([
  ['kafka-1:9093', { host: 'kafka-1', port: 9093 }],
  ['kafka-1', { host: 'kafka-1', port: 9092 }],
  ['10.0.0.1:1', { host: '10.0.0.1', port: 1 }],
  [' [::1]:19092 ', { host: '::1', port: 19_092 }],
  ['[fe80::1%eth0]:9092', { host: 'fe80::1%eth0', port: 9092 }],
  ['PLAINTEXT://kafka-1:9093', { host: 'kafka-1', port: 9093 }],
])('%j is read', (text, address) => {
  expect(parseAddress(text)).toEqual(address);
});

test.each([
  ['', 'a broker is empty'],
  ['host:', 'not a broker address'],
  ['host:0', 'a port lies between 1 and 65535'],
  ['host:65536', 'a port lies between 1 and 65535'],
  ['host:port', 'not a broker address'],
  ['::1', 'not a broker address'],
  ['a b:1', 'not a broker address'],
  ['http://host:1', 'a broker is named without "http://"'],
  ['SSL://host:9093', 'a broker is named without "SSL://"'],
])('%j is refused: %s', (text, message) => {
  const read = () => parseAddress(text);
  expect(read).toThrowError(expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(message) }));
});

test.each([
  [
    'SSL://host:9093',
    'Leave the scheme out: host:9093, and say --tls, or security.protocol=SSL in -c FILE or with -X.',
  ],
  ['sasl_ssl://host:9093', 'say --tls and --sasl MECHANISM, or security.protocol=SASL_SSL'],
  ['SASL_PLAINTEXT://host:9093', 'say --sasl MECHANISM, or security.protocol=SASL_PLAINTEXT'],
  ['EXTERNAL://host:9093', 'say how it is secured, or security.protocol in'],
])('%s is told how it is said', (text, next) => {
  expect(() => parseAddress(text)).toThrowError(expect.objectContaining({ next: expect.stringContaining(next) }));
});

test('a bare IPv6 address is told its brackets', () => {
  expect(() => parseAddress('fe80::1')).toThrowError(
    expect.objectContaining({ next: expect.stringContaining('Did you mean [fe80::1]:9092?') }),
  );
});

test.each(['kafka-1:9092', '[::1]:9092'])('%s reads back as it was', (text) => {
  expect(formatAddress(parseAddress(text))).toBe(text);
});

test.each([
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['localhost', true],
  ['LOCALHOST', true],
  ['kafka.localhost', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['127.evil.example', false],
  ['10.0.0.1', false],
  ['localhost.example.com', false],
])('%s: loopback %s', (host, loopback) => {
  expect(isLoopback(host)).toBe(loopback);
});

test.each([
  [null, false],
  [['127.0.0.1:9092'], false],
  [['localhost', '[::1]:9092'], false],
  [['localhost:9092', 'kafka-1:9092'], true],
  [['127.evil.example:9092'], true],
  [['kafka-1:9092'], true],
])('rails for %j: %s', (brokers, rails) => {
  expect(needsRails(brokers)).toBe(rails);
});
