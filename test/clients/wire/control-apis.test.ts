import { expect, test } from 'vitest';
import { apiVersionsApi } from '../../../source/clients/wire/control-apis.ts';
import { ProtocolReader } from '../../../source/protocol/protocol-reader.ts';

/** No error, Produce 0..13 and ApiVersions 0..4, no throttle, then the tagged fields given. */
function version3(...tags: readonly number[]): Buffer {
  const apis = [3, ...[0, 0, 0, 0, 0, 13, 0], ...[0, 18, 0, 0, 0, 4, 0]];
  return Buffer.from([0, 0, ...apis, 0, 0, 0, 0, ...tags]);
}

function read(bytes: Buffer) {
  const reader = new ProtocolReader(bytes);
  reader.flexible = true;
  return apiVersionsApi.read(reader, 3);
}

const feature = (name: string, level: number) => [name.length + 1, ...Buffer.from(name), 0, level, 0, 1, 0];

test('ApiVersions is read with the finalised metadata.version', () => {
  const features = [3, ...feature('kraft.version', 1), ...feature('metadata.version', 30)];
  const epoch = [1, 8, 0, 0, 0, 0, 0, 0, 0, 5];
  expect(read(version3(2, ...epoch, 2, features.length, ...features))).toEqual({
    errorCode: 0,
    ranges: new Map([
      [0, { oldest: 0, newest: 13 }],
      [18, { oldest: 0, newest: 4 }],
    ]),
    metadataVersionLevel: 30,
  });
});

test('a broker without finalised features names no level', () => {
  expect(read(version3(0))).toMatchObject({ metadataVersionLevel: null });
});

test('what is cut off is refused', () => {
  const whole = version3(0);
  for (let length = 0; length < whole.length; length++) expect(() => read(whole.subarray(0, length))).toThrow();
});
