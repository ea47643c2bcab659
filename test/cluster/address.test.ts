import { expect, test } from 'vitest';
import { formatAddress, isLoopback, parseAddress } from '../../source/cluster/address.ts';
import { needsRails } from '../../source/cluster/rails.ts';

test.each([
  ['kafka-1:9093', { host: 'kafka-1', port: 9093 }],
  ['kafka-1', { host: 'kafka-1', port: 9092 }],
  ['10.0.0.1:1', { host: '10.0.0.1', port: 1 }],
  [' [::1]:19092 ', { host: '::1', port: 19_092 }],
])('%j is read', (text, address) => {
  expect(parseAddress(text)).toEqual(address);
});

test.each(['', 'host:', 'host:0', 'host:65536', 'host:port', '::1', 'a b:1', 'http://host:1'])(
  '%j is refused',
  (text) => {
    expect(() => parseAddress(text)).toThrowError(expect.objectContaining({ code: 'USAGE' }));
  },
);

test('an IPv6 host keeps its brackets', () => {
  expect(formatAddress({ host: '::1', port: 9092 })).toBe('[::1]:9092');
});

test.each([
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['localhost', true],
  ['LOCALHOST', true],
  ['::1', true],
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
  [['kafka-1:9092'], true],
])('rails for %j: %s', (brokers, rails) => {
  expect(needsRails(brokers)).toBe(rails);
});
