/** Encoding of requests that are not made once a message: what such a request is, and those of no particular topic. */
import type { ProtocolReader } from '../../protocol/protocol-reader.ts';
import type { ProtocolWriter } from '../../protocol/protocol-writer.ts';
import type { ProducerState } from './batch.ts';

/** One of Kafka's APIs, in the versions that are spoken here. `read` gets what follows the answer's header. */
export interface ControlApi<Question, Answer> {
  readonly name: string;
  readonly key: number;
  readonly oldest: number;
  readonly newest: number;
  /** Versions from this one on have varint lengths and tagged fields. */
  readonly firstFlexible: number;
  readonly write: (writer: ProtocolWriter, question: Question, version: number) => void;
  readonly read: (reader: ProtocolReader, version: number) => Answer;
}

export interface VersionRange {
  readonly oldest: number;
  readonly newest: number;
}

export interface VersionsAnswer {
  readonly errorCode: number;
  /** By API key. */
  readonly ranges: ReadonlyMap<number, VersionRange>;
  /** Level of the finalised feature `metadata.version`; null: the broker names none. */
  readonly metadataVersionLevel: number | null;
}

/** The one API whose answers keep the classic header, so that any broker's answer can be read. */
export const apiVersionsApi: ControlApi<null, VersionsAnswer> = {
  name: 'ApiVersions',
  key: 18,
  oldest: 0,
  newest: 3,
  firstFlexible: 3,
  write(writer, _question, version) {
    if (version >= 3) writer.string('loadtui').string('0').tags();
  },
  read(reader, version) {
    const errorCode = reader.int16();
    const ranges = new Map<number, VersionRange>();
    reader.array(() => {
      const key = reader.int16();
      ranges.set(key, { oldest: reader.int16(), newest: reader.int16() });
      reader.tags();
    });
    if (version >= 1) reader.int32();
    return { errorCode, ranges, metadataVersionLevel: version >= 3 ? readMetadataVersion(reader) : null };
  },
};

/** Among the tagged fields that end the answer. */
const finalizedFeaturesTag = 2;

function readMetadataVersion(reader: ProtocolReader): number | null {
  let level: number | null = null;
  for (let count = reader.unsignedVarint(); count > 0; count--) {
    const tag = reader.unsignedVarint();
    const end = reader.unsignedVarint() + reader.position;
    if (tag === finalizedFeaturesTag) {
      reader.array(() => {
        const name = reader.string();
        const newest = reader.int16();
        reader.int16();
        reader.tags();
        if (name === 'metadata.version') level = newest;
      });
    }
    reader.position = end;
  }
  return level;
}

export interface ProducerIdAnswer {
  readonly errorCode: number;
  readonly state: ProducerState;
}

/** Without a transactional id the broker does not look at the timeout. */
export const initProducerIdApi: ControlApi<{ readonly transactionTimeoutMs: number }, ProducerIdAnswer> = {
  name: 'InitProducerId',
  key: 22,
  oldest: 3,
  newest: 4,
  firstFlexible: 2,
  write(writer, { transactionTimeoutMs }) {
    writer.string(null).int32(transactionTimeoutMs).int64(-1).int16(-1).tags();
  },
  read(reader) {
    reader.int32();
    return {
      errorCode: reader.int16(),
      state: { idHigh: reader.int32(), idLow: reader.int32() >>> 0, epoch: reader.int16() },
    };
  },
};

export interface OffsetsQuestion {
  /** −1: the high watermark; −2: the log's start. */
  readonly timestamp: number;
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly { readonly partition: number; readonly leaderEpoch: number }[];
  }[];
}

export interface OffsetAnswer {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly offset: number;
}

const consumerReplica = -1;
const readUncommitted = 0;

/** Version 5 tells an offset that is not available yet (78) from a leader that is not there. */
export const listOffsetsApi: ControlApi<OffsetsQuestion, readonly OffsetAnswer[]> = {
  name: 'ListOffsets',
  key: 2,
  oldest: 5,
  newest: 5,
  firstFlexible: 6,
  write(writer, { timestamp, topics }) {
    writer.int32(consumerReplica).int8(readUncommitted);
    writer.array(topics, ({ name, partitions }) => {
      writer.string(name).array(partitions, ({ partition, leaderEpoch }) => {
        writer.int32(partition).int32(leaderEpoch).int64(timestamp);
      });
    });
  },
  read(reader) {
    reader.int32();
    const topics = reader.array(() => {
      const topic = reader.string();
      return reader.array(() => {
        const partition = reader.int32();
        const errorCode = reader.int16();
        reader.int64();
        const offset = reader.int64();
        reader.int32();
        return { topic, partition, errorCode, offset };
      });
    });
    return topics.flat();
  },
};
