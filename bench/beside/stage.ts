/** The clusters of this bench: the one of a single broker, and one of three where somebody needs it. */

import { openCluster } from '../../source/cluster/cluster.ts';
import type { Cluster } from '../../source/cluster/types.ts';
import { defaultValues } from '../../source/config/defaults.ts';
import { plaintext } from '../../source/config/security/material.ts';
import { RealKafka } from '../../test/kafka/harness/kafka.ts';
import { fillPartition } from '../support/fill-partition.ts';
import { processStat } from '../support/process-stat.ts';
import { brokerProperties, keptTopicConfig } from './log-place.ts';

const tuning = defaultValues('plain');

export class Stage {
  readonly brokers: string;
  /** Empty where there are several. */
  readonly tlsBrokers: string;
  readonly cluster: Cluster;
  readonly #nodes: readonly RealKafka[];

  private constructor(nodes: readonly RealKafka[]) {
    this.#nodes = nodes;
    this.brokers = nodes.map(({ bootstrap }) => bootstrap).join(',');
    this.tlsBrokers = nodes.flatMap(({ tlsAddress }) => tlsAddress ?? []).join(',');
    this.cluster = openCluster({
      brokers: this.brokers.split(','),
      clientId: 'loadtui-bench',
      security: plaintext,
      tuning,
    });
  }

  /** `under`: the folder that their logs are in. */
  static async open(nodes: 1 | 3, under: string): Promise<Stage> {
    const stage = new Stage(
      await RealKafka.startCluster(nodes, { under, tls: nodes === 1, properties: brokerProperties }),
    );
    await stage.cluster.connect(10_000);
    return stage;
  }

  /** Makes a topic of one partition that holds so many messages, while `act` lasts. */
  async withFilled(topic: string, bytes: number, messages: number, act: () => Promise<void>): Promise<void> {
    await this.cluster.createTopics([{ name: topic, partitions: 1, replicationFactor: 1, config: keptTopicConfig }]);
    try {
      const partitions = [{ topic, partition: 0 }];
      await fillPartition({ brokers: this.brokers, partitions, tuning, messageSizeBytes: bytes, messages });
      await act();
    } finally {
      await this.cluster.deleteTopics([topic]);
    }
  }

  /** CPU time of all brokers so far, ns. */
  cpuNs(): number {
    return this.#nodes.reduce((sum, { pid }) => sum + (processStat(pid)?.ownMs ?? Number.NaN) * 1e6, 0);
  }

  async close(): Promise<void> {
    await this.cluster.close();
    await Promise.all(this.#nodes.map((node) => node.discard()));
  }
}
