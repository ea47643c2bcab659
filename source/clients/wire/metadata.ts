/** Asks a broker who leads what, by the Metadata API in the version that both sides know. */
import { type Connection, metadataV9, metadataV10, metadataV11, metadataV12, ResponseError } from '@platformatic/kafka';
import type { ApiVersions } from './control-link.ts';

const metadataKey = 3;

export interface PartitionMetadata {
  readonly errorCode: number;
  readonly partitionIndex: number;
  /** −1: nobody leads. */
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

export interface TopicMetadata {
  readonly errorCode: number;
  readonly name: string | null | undefined;
  /** All zeros before version 10. */
  readonly topicId: string;
  readonly partitions: readonly PartitionMetadata[];
}

export interface ClusterMetadata {
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[];
  readonly topics: readonly TopicMetadata[];
}

/**
 * Metadata of the named topics; topics that do not exist are never created by asking. Errors of single topics or
 * partitions are left in the answer; rejects where there is no answer.
 */
export async function fetchMetadata(
  connection: Connection,
  versions: ApiVersions,
  topics: readonly string[],
): Promise<ClusterMetadata> {
  const names = [...topics];
  try {
    return await ask(connection, versions.get(metadataKey) ?? 0, names);
  } catch (error) {
    // The library rejects when a single partition has an error, and keeps the whole answer in the rejection.
    const response: unknown = error instanceof ResponseError ? error.response : undefined;
    if (isClusterMetadata(response)) return response;
    throw error;
  }
}

function ask(connection: Connection, version: number, names: string[]): Promise<ClusterMetadata> {
  if (version >= 12) return metadataV12.api.async(connection, names, false, false);
  if (version === 11) return metadataV11.api.async(connection, names, false, false);
  if (version === 10) return metadataV10.api.async(connection, names, false, false, false);
  return metadataV9.api.async(connection, names, false, false, false);
}

function isClusterMetadata(value: unknown): value is ClusterMetadata {
  return (
    typeof value === 'object' &&
    value !== null &&
    'brokers' in value &&
    Array.isArray(value.brokers) &&
    'topics' in value &&
    Array.isArray(value.topics)
  );
}
