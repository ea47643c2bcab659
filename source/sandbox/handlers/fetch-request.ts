import type { ProtocolReader } from '../../protocol/protocol-reader.ts';
import type { FetchPartition } from '../fetch-sessions.ts';

export interface FetchRequest {
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly sessionId: number;
  readonly sessionEpoch: number;
  readonly wanted: readonly FetchPartition[];
  readonly forgotten: readonly { readonly topic: string; readonly index: number }[];
}

/** Fetch 4 to 12. Isolation, rack and replica id mean nothing here: there are no transactions and no followers. */
export function readFetchRequest(reader: ProtocolReader, version: number): FetchRequest {
  reader.int32(); // replica id
  const maxWaitMs = reader.int32();
  const minBytes = reader.int32();
  const maxBytes = reader.int32();
  reader.int8(); // isolation level
  const sessionId = version >= 7 ? reader.int32() : 0;
  const sessionEpoch = version >= 7 ? reader.int32() : -1;
  const wanted: FetchPartition[] = [];
  reader.array(() => {
    const topic = reader.string();
    reader.array(() => wanted.push(readPartition(reader, version, topic)));
    reader.tags();
  });
  const forgotten: { topic: string; index: number }[] = [];
  if (version >= 7) {
    reader.array(() => {
      const topic = reader.string();
      reader.array(() => forgotten.push({ topic, index: reader.int32() }));
      reader.tags();
    });
  }
  return { maxWaitMs, minBytes, maxBytes, sessionId, sessionEpoch, wanted, forgotten };
}

function readPartition(reader: ProtocolReader, version: number, topic: string): FetchPartition {
  const index = reader.int32();
  const leaderEpoch = version >= 9 ? reader.int32() : -1;
  const offset = reader.int64();
  if (version >= 12) reader.int32(); // last fetched epoch
  if (version >= 5) reader.int64(); // log start offset, of followers
  const maxBytes = reader.int32();
  reader.tags();
  return { topic, index, offset, maxBytes, leaderEpoch };
}
