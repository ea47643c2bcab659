import { expect, test } from 'vitest';
import { decodeApiVersionsResponse, encodeApiVersionsRequest } from '../../source/cluster/api-versions-frame.ts';

/** Correlation id 7, no error, Produce 0..13 and ApiVersions 0..4, no throttle, then the tagged fields given. */
function version3(...tags: readonly number[]): Buffer {
  const apis = [3, ...[0, 0, 0, 0, 0, 13, 0], ...[0, 18, 0, 0, 0, 4, 0]];
  return Buffer.from([0, 0, 0, 7, 0, 0, ...apis, 0, 0, 0, 0, ...tags]);
}

const feature = (name: string, level: number) => [name.length + 1, ...Buffer.from(name), 0, level, 0, 1, 0];

test('version 3 is read with its finalised metadata.version', () => {
  const features = [3, ...feature('kraft.version', 1), ...feature('metadata.version', 30)];
  const epoch = [1, 8, 0, 0, 0, 0, 0, 0, 0, 5];
  const decoded = decodeApiVersionsResponse(version3(2, ...epoch, 2, features.length, ...features), 3, 7);
  expect(decoded).toEqual({
    kind: 'answer',
    answer: {
      ranges: new Map([
        [0, { min: 0, max: 13 }],
        [18, { min: 0, max: 4 }],
      ]),
      metadataVersionLevel: 30,
    },
  });
});

test('a broker without finalised features names no level', () => {
  const decoded = decodeApiVersionsResponse(version3(0), 3, 7);
  expect(decoded).toMatchObject({ kind: 'answer', answer: { metadataVersionLevel: null } });
});

test('version 0 is read', () => {
  const bytes = Buffer.from([0, 0, 0, 7, 0, 0, 0, 0, 0, 1, 0, 3, 0, 0, 0, 5]);
  const decoded = decodeApiVersionsResponse(bytes, 0, 7);
  expect(decoded).toMatchObject({ kind: 'answer', answer: { ranges: new Map([[3, { min: 0, max: 5 }]]) } });
});

test('an older broker says that it does not know version 3', () => {
  expect(decodeApiVersionsResponse(Buffer.from([0, 0, 0, 7, 0, 35, 0, 0, 0, 0]), 3, 7)).toEqual({
    kind: 'unsupported',
  });
});

test('what is cut off or answers something else is not Kafka', () => {
  const whole = version3(0);
  for (let length = 0; length < whole.length; length++) {
    expect(decodeApiVersionsResponse(whole.subarray(0, length), 3, 7)).toEqual({ kind: 'not-kafka' });
  }
  expect(decodeApiVersionsResponse(whole, 3, 8)).toEqual({ kind: 'not-kafka' });
});

test('the request carries its length, key, version and client', () => {
  const bytes = encodeApiVersionsRequest(3, 7, 'me');
  expect(bytes.readInt32BE(0)).toBe(bytes.length - 4);
  expect([...bytes.subarray(4, 16)]).toEqual([0, 18, 0, 3, 0, 0, 0, 7, 0, 2, ...Buffer.from('me')]);
  expect(encodeApiVersionsRequest(0, 7, 'me').length).toBe(16);
});
