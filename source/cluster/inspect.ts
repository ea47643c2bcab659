/** A look at every address of a cluster, the given ones and those that brokers advertise, that stops at no failure. */
import { lookup } from 'node:dns/promises';
import type { ConnectionFacts } from '../clients/wire/connection-facts.ts';
import type { VersionRange } from '../clients/wire/control-apis.ts';
import type { ControlConnection } from '../clients/wire/control-connection.ts';
import type { Caller } from '../clients/wire/security.ts';
import type { HostPort } from '../config/address.ts';
import type { UnavailableReason } from './broker-unavailable.ts';
import { cannotReach, clusterInfo, enter, type Failure, nextStep, type WayIn, whyText } from './connect.ts';
import { probe, visit } from './probe.ts';
import type { BrokerInfo, ClusterInfo } from './types.ts';

export interface Inspection {
  readonly info: ClusterInfo;
  /** Given addresses that are of no use, while another one is. */
  readonly unanswered: readonly UnansweredAddress[];
  readonly brokers: readonly BrokerReport[];
}

export interface Unavailability {
  readonly reason: UnavailableReason;
  /** The reason in words. */
  readonly why: string;
  /** What the operator can try; a sentence. */
  readonly next: string;
}

export interface UnansweredAddress extends HostPort, Unavailability {}

/** A broker by its advertised address. */
export interface BrokerReport extends BrokerInfo {
  /** What was connected to, or what the name stands for; null: it stands for nothing. */
  readonly ip: string | null;
  readonly found: ReachedBroker | ({ readonly kind: 'unreached' } & Unavailability);
}

export interface ReachedBroker {
  readonly kind: 'reached';
  readonly tls: ConnectionFacts['tls'];
  readonly login: ConnectionFacts['login'];
  /** By API key. */
  readonly versions: ReadonlyMap<number, VersionRange>;
  /** Round trip of an idle request, the least of some, ms. */
  readonly pingMs: number;
}

/** The first round trip warms the path up; the least of the rest is the path's own time. */
const pingRounds = 5;

/** Looks once, each address within `knockMs`. Rejects with CANNOT_REACH, TLS_LISTENER or SECURITY where no given one lets us in. */
export async function inspect(way: WayIn, knockMs: number): Promise<Inspection> {
  const { roster, bootstrap, caller } = way;
  const startMs = performance.now();
  const knocks = await Promise.all(
    bootstrap.map(async (address, place) => ({ address, place, result: await probe(address, caller, knockMs) })),
  );
  const failures = knocks.flatMap(({ address, result }): Failure[] =>
    result.kind === 'answered' ? [] : [{ address, reason: result.reason, detail: result.detail, brokerId: null }],
  );
  for (const { result, place } of knocks) {
    if (result.kind !== 'answered') continue;
    const failure = await enter(way, place, knockMs);
    if (failure !== null) {
      failures.push(failure);
      continue;
    }
    const brokers = await Promise.all(roster.brokers.map((broker) => look(broker, caller, knockMs)));
    const unanswered = failures.map((each) => ({ ...each.address, ...unavailability(each) }));
    return { info: clusterInfo(roster, result.answer), unanswered, brokers };
  }
  throw cannotReach(failures, (performance.now() - startMs) / 1000);
}

async function look(broker: BrokerInfo, caller: Caller, knockMs: number): Promise<BrokerReport> {
  const { id, host, port } = broker;
  const address = { host, port };
  const result = await visit(address, caller, knockMs, async (connection) => ({
    pingMs: await leastPing(connection),
    versions: connection.versions.ranges,
    facts: connection.facts,
  }));
  if (result.kind === 'answered') {
    const { pingMs, versions, facts } = result.answer;
    const { ip = null, tls = null, login = null } = facts ?? {};
    return { ...broker, ip, found: { kind: 'reached', tls, login, versions, pingMs } };
  }
  const failure: Failure = { address, reason: result.reason, detail: result.detail, brokerId: id };
  return { ...broker, ip: await resolved(host), found: { kind: 'unreached', ...unavailability(failure) } };
}

async function leastPing(connection: ControlConnection): Promise<number> {
  let leastMs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < pingRounds; round++) {
    const startMs = performance.now();
    await connection.ping();
    leastMs = Math.min(leastMs, performance.now() - startMs);
  }
  return leastMs;
}

function unavailability(failure: Failure): Unavailability {
  return { reason: failure.reason, why: whyText(failure), next: nextStep(failure) };
}

async function resolved(host: string): Promise<string | null> {
  return await lookup(host).then(
    ({ address }) => address,
    () => null,
  );
}
