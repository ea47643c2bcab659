import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import type { PartitionTable } from '../../../source/clients/types.ts';
import { FetchRequest } from '../../../source/clients/wire/fetch-request.ts';
import { FetchResponse } from '../../../source/clients/wire/fetch-response.ts';
import { platformaticEncode, records, viewOf } from './support/batches.ts';
import { readFetch, writeFetchAnswer } from './support/fetch-protocol.ts';

const require = createRequire(import.meta.url);
type Kafkajs = (options: object) => { encode(): Promise<{ buffer: Buffer }> };
const kafkajsRequest: Kafkajs = require('kafkajs/src/protocol/requests/fetch/v11/request.js');
const kafkajsResponse: {
  decode(bytes: Buffer): Promise<object>;
} = require('kafkajs/src/protocol/requests/fetch/v11/response.js');

const partitions: PartitionTable = [
  { topic: 'one', partition: 0 },
  { topic: 'one', partition: 1 },
  { topic: 'two', partition: 0 },
  { topic: 'one', partition: 7 },
];
const knobs = { fetchMaxWaitMs: 500, fetchMinBytes: 1, fetchMaxBytes: 52_428_800, maxPartitionFetchBytes: 1_048_576 };

describe('FetchRequest', () => {
  it("writes the same body as kafkajs's encoder", async () => {
    const request = new FetchRequest('client', partitions);
    request.begin(77, knobs, 12, 13);
    request.partition(0, 5, 2 ** 33 + 1, 1000);
    request.partition(1, -1, 0, 1000);
    request.partition(2, 0, 9, 1000);
    request.endPartitions();
    request.forget(3);
    const bytes = request.finish();
    const { buffer } = await kafkajsRequest({
      replicaId: -1,
      maxWaitTime: 500,
      minBytes: 1,
      maxBytes: 52_428_800,
      isolationLevel: 0,
      sessionId: 12,
      sessionEpoch: 13,
      topics: [
        {
          topic: 'one',
          partitions: [
            { partition: 0, currentLeaderEpoch: 5, fetchOffset: 2 ** 33 + 1, maxBytes: 1000 },
            { partition: 1, fetchOffset: 0, maxBytes: 1000 },
          ],
        },
        { topic: 'two', partitions: [{ partition: 0, currentLeaderEpoch: 0, fetchOffset: 9, maxBytes: 1000 }] },
      ],
      forgottenTopics: [{ topic: 'one', partitions: [7] }],
    }).encode();
    const header = 4 + 2 + 2 + 4 + 2 + 'client'.length;
    expect(bytes.subarray(header).toString('hex')).toBe(buffer.toString('hex'));
    expect(readFetch(bytes)).toMatchObject({ correlationId: 77, clientId: 'client', isolation: 0 });
  });

  it('grows its buffer, and begins anew in it', () => {
    const many = Array.from({ length: 5000 }, (_, partition) => ({ topic: 'many', partition }));
    const request = new FetchRequest('client', many);
    for (const count of [5000, 3]) {
      request.begin(1, knobs, 0, -1);
      for (let i = 0; i < count; i++) request.partition(i, 1, i * 10, 1000);
      request.endPartitions();
      const asked = readFetch(request.finish());
      expect(asked.partitions.length).toBe(count);
      expect(asked.partitions.at(-1)).toEqual({
        topic: 'many',
        partition: count - 1,
        leaderEpoch: 1,
        offset: (count - 1) * 10,
        maxBytes: 1000,
      });
      expect(asked.forgotten).toEqual([]);
    }
  });
});

describe('FetchResponse', () => {
  const batch = platformaticEncode(records(3), 5);
  const body = writeFetchAnswer({
    throttleMs: 9,
    sessionId: 4,
    partitions: [
      { topic: 'one', partition: 7, highWatermark: 2 ** 34, logStartOffset: 2, abortedTransactions: 2, records: batch },
      { topic: 'one', partition: 1, errorCode: 6, highWatermark: -1, logStartOffset: -1 },
      { topic: 'two', partition: 5 },
      { topic: 'three', partition: 0 },
    ],
  });

  it('reads each partition where it lies', () => {
    const response = new FetchResponse(partitions);
    const bytes = Buffer.concat([Buffer.alloc(3), body, Buffer.alloc(3)]);
    for (let again = 0; again < 2; again++) {
      response.begin(bytes, viewOf(bytes), 3, 3 + body.length);
      expect([response.throttleMs, response.errorCode, response.sessionId]).toEqual([9, 0, 4]);
      expect(response.next()).toBe(true);
      expect(response).toMatchObject({
        partitionIndex: 3,
        partitionError: 0,
        highWatermark: 2 ** 34,
        logStartOffset: 2,
      });
      expect(bytes.subarray(response.recordsStart, response.recordsEnd).equals(batch)).toBe(true);
      expect(response.next()).toBe(true);
      expect(response).toMatchObject({ partitionIndex: 1, partitionError: 6, highWatermark: -1 });
      expect(response.recordsEnd).toBe(response.recordsStart);
      expect(response.next()).toBe(true);
      expect(response.partitionIndex).toBe(-1);
      expect(response.next()).toBe(true);
      expect(response.partitionIndex).toBe(-1);
      expect(response.next()).toBe(false);
    }
  });

  it('is written by these tests as kafkajs reads it', async () => {
    expect(await kafkajsResponse.decode(body)).toMatchObject({
      clientSideThrottleTime: 9,
      errorCode: 0,
      sessionId: 4,
      responses: [
        {
          topicName: 'one',
          partitions: [
            { partition: 7, errorCode: 0, highWatermark: String(2 ** 34), messages: { length: 3 } },
            { partition: 1, errorCode: 6, highWatermark: '-1' },
          ],
        },
        { topicName: 'two', partitions: [{ partition: 5 }] },
        { topicName: 'three', partitions: [{ partition: 0 }] },
      ],
    });
  });

  it('throws RangeError on an answer that is cut anywhere', () => {
    const response = new FetchResponse(partitions);
    const read = (end: number) => {
      response.begin(body, viewOf(body), 0, end);
      while (response.next());
    };
    for (let end = 0; end < body.length; end++) expect(() => read(end)).toThrow(RangeError);
    expect(() => read(body.length)).not.toThrow();
  });
});
