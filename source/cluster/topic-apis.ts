/** Requests about topics, each in versions that Kafka 2.4 to 4.x and the sandbox answer. */
import type { ControlApi } from '../clients/wire/control-apis.ts';
import type { ProtocolReader } from '../protocol/protocol-reader.ts';

export interface TopicOutcome {
  readonly name: string;
  readonly errorCode: number;
  /** The broker's own words; null: it has none. */
  readonly errorMessage: string | null;
}

export interface CreateTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly config: Readonly<Record<string, string>>;
}

export interface CreateTopicsQuestion {
  readonly topics: readonly CreateTopic[];
  readonly timeoutMs: number;
  readonly validateOnly: boolean;
}

export const createTopicsApi: ControlApi<CreateTopicsQuestion, readonly TopicOutcome[]> = {
  name: 'CreateTopics',
  key: 19,
  oldest: 4,
  newest: 4,
  firstFlexible: 5,
  write(writer, { topics, timeoutMs, validateOnly }) {
    writer.array(topics, ({ name, partitions, replicationFactor, config }) => {
      writer.string(name).int32(partitions).int16(replicationFactor);
      // No assignment of partitions to brokers by hand.
      writer.arrayLength(0);
      writer.array(Object.entries(config), ([key, value]) => writer.string(key).string(value));
    });
    writer.int32(timeoutMs).boolean(validateOnly);
  },
  read: readOutcomes,
};

export interface CreatePartitionsQuestion {
  /** How many partitions each topic is to have. */
  readonly topics: readonly { readonly name: string; readonly partitions: number }[];
  readonly timeoutMs: number;
}

export const createPartitionsApi: ControlApi<CreatePartitionsQuestion, readonly TopicOutcome[]> = {
  name: 'CreatePartitions',
  key: 37,
  oldest: 1,
  newest: 1,
  firstFlexible: 2,
  write(writer, { topics, timeoutMs }) {
    writer.array(topics, ({ name, partitions }) => writer.string(name).int32(partitions).arrayLength(-1));
    writer.int32(timeoutMs).boolean(false);
  },
  read: readOutcomes,
};

export interface DeleteTopicsQuestion {
  readonly names: readonly string[];
  readonly timeoutMs: number;
}

/** From version 5 on a refusal comes with the broker's words; from 6 on topics may be named by id. */
export const deleteTopicsApi: ControlApi<DeleteTopicsQuestion, readonly TopicOutcome[]> = {
  name: 'DeleteTopics',
  key: 20,
  oldest: 3,
  newest: 5,
  firstFlexible: 4,
  write(writer, { names, timeoutMs }) {
    writer.array(names, (name) => writer.string(name));
    writer.int32(timeoutMs).tags();
  },
  read(reader, version) {
    reader.int32();
    return reader.array(() => {
      const name = reader.string();
      const errorCode = reader.int16();
      const errorMessage = version >= 5 ? reader.nullableString() : null;
      reader.tags();
      return { name, errorCode, errorMessage };
    });
  },
};

export interface DescribeConfigsQuestion {
  readonly topic: string;
  readonly keys: readonly string[];
}

export interface ConfigsAnswer {
  readonly errorCode: number;
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}

const topicResource = 2;

/** Settings of one topic; null: the broker answered for none. */
export const describeConfigsApi: ControlApi<DescribeConfigsQuestion, ConfigsAnswer | null> = {
  name: 'DescribeConfigs',
  key: 32,
  oldest: 2,
  newest: 2,
  firstFlexible: 4,
  write(writer, { topic, keys }) {
    writer.arrayLength(1).int8(topicResource).string(topic);
    writer.array(keys, (key) => writer.string(key)).boolean(false);
  },
  read(reader) {
    reader.int32();
    const [answer] = reader.array(() => {
      const errorCode = reader.int16();
      reader.nullableString();
      reader.int8();
      reader.string();
      return { errorCode, configs: reader.array(() => readConfig(reader)) };
    });
    return answer ?? null;
  },
};

function readConfig(reader: ProtocolReader): ConfigsAnswer['configs'][number] {
  const config = { name: reader.string(), value: reader.nullableString() };
  reader.boolean(); // read-only
  reader.int8(); // where it is set
  reader.boolean(); // sensitive
  reader.array(() => {
    reader.string();
    reader.nullableString();
    reader.int8();
  });
  return config;
}

function readOutcomes(reader: ProtocolReader): readonly TopicOutcome[] {
  reader.int32();
  return reader.array(() => ({
    name: reader.string(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
  }));
}
