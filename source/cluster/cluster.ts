/** The one way to ask things of a cluster: everything of `Cluster`, over connections of its own. */

import { type Caller, connectionSecurity } from '../clients/wire/security.ts';
import { parseAddress } from '../config/address.ts';
import type { ClientTuning } from '../config/plan.ts';
import type { SecurityMaterial } from '../config/security/material.ts';
import { LoadtuiError } from '../errors.ts';
import { BrokerLink } from './broker-link.ts';
import { findCluster } from './connect.ts';
import { watchEndOffsets } from './end-offset-watch.ts';
import * as groups from './groups.ts';
import { inspect } from './inspect.ts';
import { bothOffsets } from './offsets.ts';
import type { RetryPolicy } from './retry.ts';
import { groupRights, topicRights } from './rights.ts';
import { Roster } from './roster.ts';
import { topicUse } from './topic-use.ts';
import * as topics from './topics.ts';
import type { Cluster, PartitionTable } from './types.ts';

export interface ClusterOptions {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly security: SecurityMaterial;
  /** `requestTimeoutMs` bounds a request and all retries of one call; back-off and reconnect times are used too. */
  readonly tuning: ClientTuning;
}

const longestConnectMs = 10_000;
/** A ping that takes longer is as good as none. */
const pingTimeoutMs = 2_000;

/** Prepares access to a cluster; nothing is sent before `connect`. Rejects addresses that are none with a usage error. */
export function openCluster(options: ClusterOptions): Cluster {
  const bootstrap = options.brokers.map(parseAddress);
  const { requestTimeoutMs, retryBackoffMs, retryBackoffMaxMs } = options.tuning;
  const security = connectionSecurity(options.security);
  const closing = new AbortController();
  const policy: RetryPolicy = {
    withinMs: requestTimeoutMs,
    backoffMs: retryBackoffMs,
    backoffMaxMs: retryBackoffMaxMs,
    signal: closing.signal,
  };
  const linkOptions = {
    clientId: options.clientId,
    security,
    connectTimeoutMs: Math.min(requestTimeoutMs, longestConnectMs),
    requestTimeoutMs,
  };
  const roster = new Roster(bootstrap, linkOptions, policy);
  const caller: Caller = { clientId: options.clientId, security };
  const pings = new PingLinks(roster, caller);

  return {
    connect: (timeoutMs) => findCluster({ roster, bootstrap, caller, timeoutMs, signal: closing.signal }),
    inspect: (knockMs) => inspect({ roster, bootstrap, caller }, knockMs),
    listTopics: () => topics.listTopics(roster),
    describeTopic: (name) => topics.describeTopic(roster, name, false),
    createTopics: (wanted) => topics.makeTopics(roster, wanted),
    whyNotCreate: (topic) => topics.whyNotCreate(roster, topic),
    topicRights: (name) => topicRights(roster, name),
    deleteTopics: (names) => topics.removeTopics(roster, names),
    topicUse: async (name, ownGroup, timeoutMs) =>
      topicUse(roster, await partitionsOf(roster, name), ownGroup, timeoutMs),
    offsets: (partitions, indexes) => bothOffsets(roster, partitions, indexes),
    watchEndOffsets: (partitions, sink) => watchEndOffsets(roster, partitions, sink),
    checkGroup: (group) => groups.checkGroup(roster, group),
    groupRights: (group) => groupRights(roster, group),
    commit: (group, partitions, positions) => groups.commit(roster, group, partitions, positions),
    committed: (group, partitions) => groups.committed(roster, group, partitions),
    lastCommitMs: (group, partitions) => groups.lastCommitMs(roster, group, partitions),
    deleteGroups: (names) => groups.removeGroups(roster, names),
    listGroups: () => groups.allGroups(roster),
    ping: () => pings.ping(),
    close: async () => {
      closing.abort();
      roster.close();
      pings.close();
    },
  };
}

async function partitionsOf(roster: Roster, name: string): Promise<PartitionTable> {
  const info = await topics.describeTopic(roster, name, false);
  if (info === null) {
    throw new LoadtuiError(`There is no topic ${name}`, { code: 'TOPIC_MISSING', fault: 'cluster' });
  }
  return Array.from({ length: info.partitions }, (_, partition) => ({ topic: name, partition }));
}

/** Connections on which nothing but pings travel, one a broker: a request before it would be timed too. */
class PingLinks {
  readonly #roster: Roster;
  readonly #caller: Caller;
  readonly #links = new Map<number, BrokerLink>();

  constructor(roster: Roster, caller: Caller) {
    this.#roster = roster;
    this.#caller = caller;
  }

  async ping(): Promise<ReadonlyMap<number, number | null>> {
    const rounds = this.#roster.brokers.map(async ({ id, host, port }) => {
      let link = this.#links.get(id);
      if (link === undefined || link.address.host !== host || link.address.port !== port) {
        link?.close();
        link = new BrokerLink(
          { host, port },
          { ...this.#caller, connectTimeoutMs: pingTimeoutMs, requestTimeoutMs: pingTimeoutMs },
        );
        this.#links.set(id, link);
      }
      // Why there is no answer is for the call that needs one to say.
      const roundTripMs = await link.ping().catch(() => null);
      return [id, roundTripMs] as const;
    });
    return new Map(await Promise.all(rounds));
  }

  close(): void {
    for (const link of this.#links.values()) link.close();
  }
}
