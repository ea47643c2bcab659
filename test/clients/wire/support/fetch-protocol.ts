/** The broker's side of Fetch version 11, for tests: reads requests and writes answers. */

export interface AskedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly offset: number;
  readonly maxBytes: number;
}

export interface AskedFetch {
  readonly correlationId: number;
  readonly clientId: string;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly isolation: number;
  readonly sessionId: number;
  readonly sessionEpoch: number;
  readonly partitions: readonly AskedPartition[];
  readonly forgotten: readonly { readonly topic: string; readonly partition: number }[];
}

/** Reads a request with its length prefix; throws where it is not exactly one Fetch 11. */
export function readFetch(bytes: Buffer): AskedFetch {
  let at = 0;
  /** Steps over a field. Answers where it began. */
  const step = (length: number) => {
    at += length;
    return at - length;
  };
  const int8 = () => bytes.readInt8(step(1));
  const int16 = () => bytes.readInt16BE(step(2));
  const int32 = () => bytes.readInt32BE(step(4));
  const int64 = () => Number(bytes.readBigInt64BE(step(8)));
  const string = () => {
    const length = int16();
    at += length;
    return bytes.toString('utf8', at - length, at);
  };
  const array = <T>(item: () => T): T[] => Array.from({ length: int32() }, item);
  if (int32() !== bytes.length - 4) throw new Error('length prefix');
  if (int16() !== 1 || int16() !== 11) throw new Error('not Fetch 11');
  const correlationId = int32();
  const clientId = string();
  if (int32() !== -1) throw new Error('replica id');
  const [maxWaitMs, minBytes, maxBytes, isolation, sessionId, sessionEpoch] = [
    int32(),
    int32(),
    int32(),
    int8(),
    int32(),
    int32(),
  ];
  const partitions = array(() => {
    const topic = string();
    return array(() => {
      const [partition, leaderEpoch, offset] = [int32(), int32(), int64()];
      if (int64() !== -1) throw new Error('log start offset');
      return { topic, partition, leaderEpoch, offset, maxBytes: int32() };
    });
  }).flat();
  const forgotten = array(() => {
    const topic = string();
    return array(() => ({ topic, partition: int32() }));
  }).flat();
  if (string() !== '' || at !== bytes.length) throw new Error('rack or trailing bytes');
  return {
    correlationId,
    clientId,
    maxWaitMs,
    minBytes,
    maxBytes,
    isolation,
    sessionId,
    sessionEpoch,
    partitions,
    forgotten,
  };
}

export interface PartitionAnswer {
  readonly topic?: string;
  readonly partition: number;
  readonly errorCode?: number;
  readonly highWatermark?: number;
  readonly logStartOffset?: number;
  readonly abortedTransactions?: number;
  readonly records?: Buffer;
}

export interface FetchAnswer {
  readonly throttleMs?: number;
  readonly errorCode?: number;
  readonly sessionId?: number;
  readonly partitions?: readonly PartitionAnswer[];
}

/** An answer's body: what follows the correlation id. Neighbours of one topic share its entry. */
export function writeFetchAnswer(answer: FetchAnswer): Buffer {
  const pieces: Buffer[] = [];
  const put = (bytes: number, value: number) => {
    const piece = Buffer.alloc(bytes);
    if (bytes === 8) piece.writeBigInt64BE(BigInt(value));
    else piece.writeIntBE(value, 0, bytes);
    pieces.push(piece);
  };
  put(4, answer.throttleMs ?? 0);
  put(2, answer.errorCode ?? 0);
  put(4, answer.sessionId ?? 0);
  const topics = Map.groupBy(answer.partitions ?? [], ({ topic }) => topic ?? 't');
  put(4, topics.size);
  for (const [topic, partitions] of topics) {
    put(2, topic.length);
    pieces.push(Buffer.from(topic));
    put(4, partitions.length);
    for (const one of partitions) {
      put(4, one.partition);
      put(2, one.errorCode ?? 0);
      put(8, one.highWatermark ?? 0);
      put(8, one.highWatermark ?? 0);
      put(8, one.logStartOffset ?? 0);
      put(4, one.abortedTransactions ?? -1);
      for (let i = 0; i < (one.abortedTransactions ?? 0) * 2; i++) put(8, i);
      put(4, -1);
      put(4, one.records?.length ?? 0);
      if (one.records !== undefined) pieces.push(one.records);
    }
  }
  return Buffer.concat(pieces);
}
