/** Finding a cluster: knock at the given addresses, then at every address that the brokers advertise. */
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../clients/wire/backoff.ts';
import type { VersionsAnswer } from '../clients/wire/control-apis.ts';
import type { Caller } from '../clients/wire/security.ts';
import { formatAddress, type HostPort } from '../config/address.ts';
import { LoadtuiError } from '../errors.ts';
import { BrokerUnavailable, reasonText, type UnavailableReason } from './broker-unavailable.ts';
import { inferAtLeast, metadataVersionName } from './broker-version.ts';
import { probe } from './probe.ts';
import type { Roster } from './roster.ts';
import type { ClusterInfo } from './types.ts';

/** An address that is of no use, and why. */
export interface Failure {
  readonly address: HostPort;
  readonly reason: UnavailableReason;
  readonly detail: string;
  /** Which broker advertises the address; null: it was given. */
  readonly brokerId: number | null;
}

/** Who asks, and where to begin. */
export interface WayIn {
  readonly roster: Roster;
  readonly bootstrap: readonly HostPort[];
  readonly caller: Caller;
}

interface ConnectOptions extends WayIn {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const knockAgainMs = 100;
const knockAgainMaxMs = 1_000;
/** A single knock waits no longer, so that a silent address leaves time for a second one. */
export const longestKnockMs = 5_000;

/** Tries until all advertised brokers answer or the time is up. Rejects with CANNOT_REACH, TLS_LISTENER or SECURITY. */
export async function findCluster(options: ConnectOptions): Promise<ClusterInfo> {
  const startMs = performance.now();
  const leftMs = () => options.timeoutMs - (performance.now() - startMs);
  for (let attempt = 0; ; attempt++) {
    const found = await tryOnce(options, leftMs());
    if (found.kind === 'found') return found.info;
    const waitMs = backoffMs(attempt, knockAgainMs, knockAgainMaxMs);
    const hopeless = found.failures.every(({ reason }) => lasting.has(reason));
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
  const way = await firstAnswer(options, Math.min(leftMs, longestKnockMs));
  if (way.kind === 'failed') return way;
  const failure = await enter(options, way.place, leftMs);
  if (failure !== null) return { kind: 'failed', failures: [failure] };
  const unreachable = await knockAtAdvertised(options, Math.min(leftMs, longestKnockMs));
  if (unreachable.length > 0) return { kind: 'failed', failures: unreachable };
  return { kind: 'found', info: clusterInfo(options.roster, way.answer) };
}

/** Asks for the brokers at a given address that has answered a knock. null: the roster has them; else why it has not. */
export async function enter(
  { roster, bootstrap, caller }: WayIn,
  place: number,
  leftMs: number,
): Promise<Failure | null> {
  roster.preferBootstrap(place);
  try {
    await roster.metadata([]);
  } catch (error) {
    if (!(error instanceof BrokerUnavailable)) throw error;
    const { address, reason, detail } = error;
    const offered = reason === 'closed' ? await offeredMechanisms(caller, address, leftMs) : null;
    return offered === null
      ? { address, reason, detail, brokerId: null }
      : { address, reason: 'wants-login', detail: offered, brokerId: null };
  }
  const [address = { host: 'no address', port: 0 }] = bootstrap;
  return roster.brokers.length > 0 ? null : { address, reason: 'closed', detail: '', brokerId: null };
}

type Way =
  | { readonly kind: 'answered'; readonly answer: VersionsAnswer; readonly place: number }
  | { readonly kind: 'failed'; readonly failures: readonly Failure[] };

/** Knocks at all given addresses at once and takes the first answer. */
async function firstAnswer({ bootstrap, caller }: ConnectOptions, timeoutMs: number): Promise<Way> {
  const knocks = bootstrap.map(async (address, place): Promise<Way> => {
    const result = await probe(address, caller, timeoutMs);
    if (result.kind === 'answered') return { ...result, place };
    throw new BrokerUnavailable(address, result.reason, result.detail);
  });
  try {
    return await Promise.any(knocks);
  } catch (error) {
    if (!(error instanceof AggregateError)) throw error;
    const failures = error.errors.flatMap((each: unknown): Failure[] =>
      each instanceof BrokerUnavailable
        ? [{ address: each.address, reason: each.reason, detail: each.detail, brokerId: null }]
        : [],
    );
    return { kind: 'failed', failures };
  }
}

async function knockAtAdvertised({ roster, caller }: ConnectOptions, timeoutMs: number): Promise<readonly Failure[]> {
  const knocks = roster.brokers.map(async ({ id, host, port }): Promise<Failure | null> => {
    const result = await probe({ host, port }, caller, timeoutMs);
    return result.kind === 'answered'
      ? null
      : { address: { host, port }, reason: result.reason, detail: result.detail, brokerId: id };
  });
  return (await Promise.all(knocks)).filter((failure) => failure !== null);
}

export function clusterInfo(roster: Roster, answer: VersionsAnswer): ClusterInfo {
  const { metadataVersionLevel, ranges } = answer;
  return {
    clusterId: roster.clusterId,
    brokers: roster.brokers,
    metadataVersion: metadataVersionLevel === null ? null : metadataVersionName(metadataVersionLevel),
    inferredAtLeast: inferAtLeast(ranges),
  };
}

/** A SASL listener says which versions it speaks, and hangs up on all else; null: it is none, or we do log in. */
async function offeredMechanisms(caller: Caller, address: HostPort, leftMs: number): Promise<string | null> {
  if (caller.security.login !== null) return null;
  const exchange = { mechanism: 'none', first: () => Buffer.alloc(0), next: () => null };
  const asking: Caller = { ...caller, security: { ...caller.security, login: () => exchange } };
  const result = await probe(address, asking, Math.min(leftMs, longestKnockMs));
  return result.kind === 'unavailable' && result.reason === 'mechanism' ? result.detail : null;
}

/** Names every address with its reason, and what to do about the one that no waiting mends. */
export function cannotReach(failures: readonly Failure[], seconds: number): LoadtuiError {
  const list = failures.map(failureText).join('; ');
  const [first] = failures;
  const telling = failures.find(({ reason }) => lasting.has(reason)) ?? first;
  const next = telling === undefined ? 'Name a broker with --brokers host:port.' : nextStep(telling);
  if (telling === undefined || !lasting.has(telling.reason)) {
    const message = `No way to the cluster after ${seconds.toFixed(1)} s: ${list}`;
    return new LoadtuiError(message, { code: 'CANNOT_REACH', fault: 'cluster', next });
  }
  if (telling.reason === 'tls') {
    const where = failures.filter(({ reason }) => reason === 'tls').map(({ address }) => formatAddress(address));
    const message = `${where.join(', ')} is a TLS listener, and loadtui spoke plain text to it (${list})`;
    return new LoadtuiError(message, { code: 'TLS_LISTENER', fault: 'cluster', next });
  }
  return new LoadtuiError(`The cluster does not let us in: ${list}`, { code: 'SECURITY', fault: 'cluster', next });
}

function failureText(failure: Failure): string {
  const { address, brokerId } = failure;
  const where = formatAddress(address);
  if (brokerId === null) return `${where}: ${whyText(failure)}`;
  return `bootstrap answered, but broker ${brokerId} advertises ${where}: ${whyText(failure)}`;
}

/** e.g. "does not offer the mechanism (it offers PLAIN)" */
export function whyText({ reason, detail }: Failure): string {
  return `${reasonText(reason)}${detail === '' ? '' : ` (${detail})`}`;
}

/** What no waiting mends. */
const lasting: ReadonlySet<UnavailableReason> = new Set([
  ...(['tls', 'no-tls', 'untrusted', 'expired', 'wrong-name', 'tls-versions'] as const),
  ...(['client-certificate', 'certificate-refused'] as const),
  ...(['mechanism', 'credentials', 'no-token', 'wants-login', 'no-login', 'login'] as const),
]);

/** What the operator can try; a sentence. */
export function nextStep({ reason, brokerId }: Failure): string {
  switch (reason) {
    case 'tls':
      return 'Add --tls (security.protocol=SSL or SASL_SSL), or name a PLAINTEXT listener with --brokers.';
    case 'no-tls':
      return 'Leave TLS out (security.protocol=PLAINTEXT or SASL_PLAINTEXT), or name a TLS listener with --brokers.';
    case 'untrusted':
      return 'Name the CA that signed it with --tls-ca FILE (ssl.truststore.location).';
    case 'expired':
      return 'Renew it on the broker, and check the clocks of both machines.';
    case 'wrong-name':
      return 'Use a name that stands in it, or say the name with --tls-server-name; --tls-verify chain takes any name.';
    case 'client-certificate':
      return 'Name one that the broker trusts with --tls-cert and --tls-key (ssl.keystore.location).';
    case 'certificate-refused':
      return 'Name one of a CA that the broker trusts with --tls-cert and --tls-key (ssl.keystore.location).';
    case 'tls-versions':
      return 'See ssl.enabled.protocols and ssl.cipher.suites on both sides.';
    case 'mechanism':
      return 'Say one that it offers with --sasl (sasl.mechanism).';
    case 'credentials':
      return 'Check user and password, or the token, and that the broker knows this user by that mechanism.';
    case 'no-token':
      return 'See that the file with the token is there, or that the token server can be reached and knows the client.';
    case 'wants-login':
      return 'Log in: --sasl MECHANISM --sasl-username NAME, the password in LOADTUI_SASL_PASSWORD, or -c client.properties.';
    case 'no-login':
      return 'Leave the login out (security.protocol=PLAINTEXT or SSL), or name a SASL listener with --brokers.';
    case 'login':
      return 'See what the broker logs about it.';
    default:
  }
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
    case 'closed':
    case 'not-kafka':
      return 'Check that the port in --brokers is the one of a Kafka listener for clients.';
  }
}
