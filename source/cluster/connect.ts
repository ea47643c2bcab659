/** Finding a cluster: knock at the given addresses, then at every address that the brokers advertise. */
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../clients/wire/backoff.ts';
import { formatAddress, type HostPort } from '../config/address.ts';
import { LoadtuiError } from '../errors.ts';
import type { ApiVersionsAnswer } from './api-versions-frame.ts';
import { BrokerUnavailable, reasonText, type UnavailableReason } from './broker-unavailable.ts';
import { inferAtLeast, metadataVersionName } from './broker-version.ts';
import { probe } from './probe.ts';
import type { Roster } from './roster.ts';
import type { ClusterInfo } from './types.ts';

interface Failure {
  readonly address: HostPort;
  readonly reason: UnavailableReason;
  /** Which broker advertises the address; null: it was given. */
  readonly brokerId: number | null;
}

interface ConnectOptions {
  readonly roster: Roster;
  readonly bootstrap: readonly HostPort[];
  readonly clientId: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const knockAgainMs = 100;
const knockAgainMaxMs = 1_000;
/** A single knock waits no longer, so that a silent address leaves time for a second one. */
const longestKnockMs = 5_000;

/** Tries until all advertised brokers answer or the time is up. Rejects with CANNOT_REACH or TLS_LISTENER. */
export async function findCluster(options: ConnectOptions): Promise<ClusterInfo> {
  const startMs = performance.now();
  const leftMs = () => options.timeoutMs - (performance.now() - startMs);
  for (let attempt = 0; ; attempt++) {
    const found = await tryOnce(options, leftMs());
    if (found.kind === 'found') return found.info;
    const waitMs = backoffMs(attempt, knockAgainMs, knockAgainMaxMs);
    const hopeless = found.failures.every(({ reason }) => reason === 'tls');
    if (hopeless || leftMs() <= waitMs || options.signal.aborted) {
      throw cannotReach(found.failures, (performance.now() - startMs) / 1000);
    }
    await sleep(waitMs);
  }
}

type Found =
  | { readonly kind: 'found'; readonly info: ClusterInfo }
  | { readonly kind: 'failed'; readonly failures: readonly Failure[] };

async function tryOnce(options: ConnectOptions, leftMs: number): Promise<Found> {
  const { roster, bootstrap } = options;
  const way = await firstAnswer(options, Math.min(leftMs, longestKnockMs));
  if (way.kind === 'failed') return way;
  roster.preferBootstrap(way.place);
  try {
    await roster.metadata([]);
  } catch (error) {
    if (!(error instanceof BrokerUnavailable)) throw error;
    return { kind: 'failed', failures: [{ address: error.address, reason: error.reason, brokerId: null }] };
  }
  const unreachable = await knockAtAdvertised(options, Math.min(leftMs, longestKnockMs));
  if (roster.brokers.length === 0 || unreachable.length > 0) {
    const [address = { host: 'no address', port: 0 }] = bootstrap;
    const none: Failure = { address, reason: 'closed', brokerId: null };
    return { kind: 'failed', failures: unreachable.length > 0 ? unreachable : [none] };
  }
  return { kind: 'found', info: describe(roster, way.answer) };
}

type Way =
  | { readonly kind: 'answered'; readonly answer: ApiVersionsAnswer; readonly place: number }
  | { readonly kind: 'failed'; readonly failures: readonly Failure[] };

/** Knocks at all given addresses at once and takes the first answer. */
async function firstAnswer({ bootstrap, clientId }: ConnectOptions, timeoutMs: number): Promise<Way> {
  const knocks = bootstrap.map(async (address, place): Promise<Way> => {
    const result = await probe(address, clientId, timeoutMs);
    if (result.kind === 'answered') return { ...result, place };
    throw new BrokerUnavailable(address, result.reason);
  });
  try {
    return await Promise.any(knocks);
  } catch (error) {
    if (!(error instanceof AggregateError)) throw error;
    const failures = error.errors.flatMap((each: unknown): Failure[] =>
      each instanceof BrokerUnavailable ? [{ address: each.address, reason: each.reason, brokerId: null }] : [],
    );
    return { kind: 'failed', failures };
  }
}

async function knockAtAdvertised({ roster, clientId }: ConnectOptions, timeoutMs: number): Promise<readonly Failure[]> {
  const knocks = roster.brokers.map(async ({ id, host, port }): Promise<Failure | null> => {
    const result = await probe({ host, port }, clientId, timeoutMs);
    return result.kind === 'answered' ? null : { address: { host, port }, reason: result.reason, brokerId: id };
  });
  return (await Promise.all(knocks)).filter((failure) => failure !== null);
}

function describe(roster: Roster, answer: ApiVersionsAnswer): ClusterInfo {
  const { metadataVersionLevel, ranges } = answer;
  return {
    clusterId: roster.clusterId,
    brokers: roster.brokers,
    metadataVersion: metadataVersionLevel === null ? null : metadataVersionName(metadataVersionLevel),
    inferredAtLeast: inferAtLeast(ranges),
  };
}

function cannotReach(failures: readonly Failure[], seconds: number): LoadtuiError {
  const list = failures.map(failureText).join('; ');
  const worst = failures[0];
  if (failures.some(({ reason }) => reason === 'tls')) {
    const where = failures.filter(({ reason }) => reason === 'tls').map(({ address }) => formatAddress(address));
    return new LoadtuiError(`${where.join(', ')} is a TLS listener, and loadtui spoke plain text to it (${list})`, {
      code: 'TLS_LISTENER',
      fault: 'cluster',
      next: 'Name a PLAINTEXT listener of the cluster (often port 9092) with --brokers.',
    });
  }
  return new LoadtuiError(`No way to the cluster after ${seconds.toFixed(1)} s: ${list}`, {
    code: 'CANNOT_REACH',
    fault: 'cluster',
    next: worst === undefined ? 'Name a broker with --brokers host:port.' : nextStep(worst),
  });
}

function failureText({ address, reason, brokerId }: Failure): string {
  const where = formatAddress(address);
  if (brokerId === null) return `${where}: ${reasonText(reason)}`;
  return `bootstrap answered, but broker ${brokerId} advertises ${where}: ${reasonText(reason)}`;
}

function nextStep({ reason, brokerId }: Failure): string {
  if (brokerId !== null) {
    return 'Set advertised.listeners on that broker to an address that this machine reaches, or run loadtui where it does.';
  }
  switch (reason) {
    case 'refused':
      return 'Start the broker, or give the right port with --brokers host:port.';
    case 'name-not-found':
      return 'Check the spelling of the host in --brokers, and the DNS of this machine.';
    case 'timed-out':
    case 'no-route':
      return 'Check the address in --brokers, and that no firewall lies between; a paused broker is silent too.';
    case 'tls':
      return 'Name a PLAINTEXT listener with --brokers.';
    case 'closed':
    case 'not-kafka':
      return 'Check that the port in --brokers is the one of a Kafka listener for clients.';
  }
}
