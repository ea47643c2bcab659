/** Which Kafka a broker is: from its finalised `metadata.version` where it says so, else from the requests it knows. */
import type { VersionsAnswer } from '../clients/wire/control-apis.ts';

/** `metadata.version` levels as Kafka 4.3.1's own MetadataVersion lists them; index 0 is level 1. */
const metadataVersions = [
  ...['3.0-IV1', '3.1-IV0', '3.2-IV0', '3.3-IV0', '3.3-IV1', '3.3-IV2', '3.3-IV3', '3.4-IV0', '3.5-IV0', '3.5-IV1'],
  ...['3.5-IV2', '3.6-IV0', '3.6-IV1', '3.6-IV2', '3.7-IV0', '3.7-IV1', '3.7-IV2', '3.7-IV3', '3.7-IV4', '3.8-IV0'],
  ...['3.9-IV0', '4.0-IV0', '4.0-IV1', '4.0-IV2', '4.0-IV3', '4.1-IV0', '4.1-IV1', '4.2-IV0', '4.2-IV1', '4.3-IV0'],
];

/** Name of a finalised level, e.g. 25 → "4.0-IV3"; a level newer than this table is "level 31". */
export function metadataVersionName(level: number): string {
  return metadataVersions[level - 1] ?? `level ${level}`;
}

const apiKey = { produce: 0, fetch: 1, findCoordinator: 10, apiVersions: 18, describeCluster: 60 } as const;

/** First release whose brokers advertise at least this version of a request; newest first. */
const markers: readonly { readonly key: number; readonly version: number; readonly release: string }[] = [
  { key: apiKey.produce, version: 12, release: '4.0' },
  { key: apiKey.fetch, version: 17, release: '3.9' },
  { key: apiKey.produce, version: 11, release: '3.8' },
  { key: apiKey.produce, version: 10, release: '3.7' },
  { key: apiKey.fetch, version: 15, release: '3.5' },
  { key: apiKey.fetch, version: 13, release: '3.1' },
  { key: apiKey.findCoordinator, version: 4, release: '3.0' },
  { key: apiKey.describeCluster, version: 0, release: '2.8' },
  { key: apiKey.fetch, version: 12, release: '2.7' },
  { key: apiKey.apiVersions, version: 3, release: '2.4' },
];

/** The oldest release that could advertise this; null where nothing is telling. A proxy or another product may differ. */
export function inferAtLeast(ranges: VersionsAnswer['ranges']): string | null {
  const seen = markers.find(({ key, version }) => (ranges.get(key)?.newest ?? -1) >= version);
  return seen?.release ?? null;
}
