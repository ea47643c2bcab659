/** Makes wire clients for one thread. They share who leads what, nothing else. */
import type { ClientTuning } from '../../config/plan.ts';
import type { SecurityMaterial } from '../../config/security/material.ts';
import type { ClientFactory, PartitionTable } from '../types.ts';
import { WireConsumer } from './consumer.ts';
import { MetadataDirectory } from './directory.ts';
import { WireProducer } from './producer.ts';
import { requestProducerId } from './producer-id.ts';
import { connectionSecurity } from './security.ts';

export interface WireFactoryOptions {
  /** `host:port` each. */
  readonly bootstrap: readonly string[];
  readonly clientId: string;
  readonly security: SecurityMaterial;
  readonly tuning: ClientTuning;
  readonly partitions: PartitionTable;
}

export function wireFactory({
  bootstrap,
  clientId,
  tuning,
  partitions,
  ...options
}: WireFactoryOptions): ClientFactory {
  const security = connectionSecurity(options.security);
  const { requestTimeoutMs, retryBackoffMs, retryBackoffMaxMs, metadataMaxAgeMs } = tuning;
  const directory = new MetadataDirectory({
    bootstrap,
    clientId,
    security,
    partitions,
    requestTimeoutMs,
    retryBackoffMs,
    retryBackoffMaxMs,
    metadataMaxAgeMs,
  });
  return {
    producer: (context) =>
      new WireProducer(context, {
        directory,
        security,
        requestProducerId: (cancelled) =>
          requestProducerId({
            link: directory.link,
            timeoutMs: requestTimeoutMs,
            retryBackoffMs,
            retryBackoffMaxMs,
            cancelled,
          }),
      }),
    consumer: (context) => new WireConsumer(context, directory, security),
    close: () => directory.close(),
  };
}
