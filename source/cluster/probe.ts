/** Knocks at an address: is it Kafka, which version, and if not, why not. */
import type { VersionsAnswer } from '../clients/wire/control-apis.ts';
import { ControlConnection } from '../clients/wire/control-connection.ts';
import { type Caller, unsecured } from '../clients/wire/security.ts';
import type { HostPort } from '../config/address.ts';
import { reasonOf, type Unavailability } from './broker-unavailable.ts';
import { lookAtTls, spokeTls } from './tls-look.ts';

/** `detail`: what the other side said of it, e.g. which mechanisms it offers; '': nothing. */
export type Unavailable = { readonly kind: 'unavailable' } & Unavailability;

export type Visit<T> = { readonly kind: 'answered'; readonly answer: T } | Unavailable;

export type ProbeResult = Visit<VersionsAnswer>;

/** One knock, answered within `timeoutMs`. Never rejects. */
export function probe(address: HostPort, caller: Caller, timeoutMs: number): Promise<ProbeResult> {
  return visit(address, caller, timeoutMs, async ({ versions }) => versions);
}

/** Connects, does something there, and leaves. `timeoutMs`: to connect, and again for each answer. Never rejects. */
export async function visit<T>(
  address: HostPort,
  caller: Caller,
  timeoutMs: number,
  act: (connection: ControlConnection) => Promise<T>,
): Promise<Visit<T>> {
  const startMs = performance.now();
  const timeouts = { connectTimeoutMs: timeoutMs, requestTimeoutMs: timeoutMs };
  try {
    const connection = await ControlConnection.open({ address, ...caller, ...timeouts, closed: () => undefined });
    try {
      return { kind: 'answered', answer: await act(connection) };
    } finally {
      connection.close();
    }
  } catch (error) {
    const leftMs = Math.max(1, timeoutMs - (performance.now() - startMs));
    return { kind: 'unavailable', ...(await explained(error, address, caller, leftMs)) };
  }
}

/** Some mistakes end in nothing but a connection that is closed: another look tells them apart. */
async function explained(
  error: unknown,
  address: HostPort,
  caller: Caller,
  timeoutMs: number,
): Promise<Unavailability> {
  const { tls } = caller.security;
  const found = reasonOf(error, tls?.hasCertificate);
  switch (found.reason) {
    case 'closed': {
      // A TLS listener may hang up on a plain request without an alert, and on us before its alert is read.
      const look = await lookAtTls(address, tls?.context ?? null, timeoutMs);
      if (tls === null) return spokeTls(look) ? { reason: 'tls', detail: '' } : found;
      return look.error === null ? found : reasonOf(look.error, tls.hasCertificate);
    }
    case 'no-tls': {
      const plain = await probe(address, { ...caller, security: unsecured }, timeoutMs);
      if (plain.kind === 'answered' || plain.reason === 'not-kafka') return found;
      return { reason: 'closed', detail: 'during the TLS handshake' };
    }
    case 'untrusted':
    case 'expired': {
      const { facts } = await lookAtTls(address, tls?.context ?? null, timeoutMs);
      const certificate = facts?.certificate ?? null;
      if (certificate === null) return found;
      const { subject, issuer, validFromMs, validToMs } = certificate;
      const when = `good from ${dayText(validFromMs)} to ${dayText(validToMs)}`;
      const whose = subject === issuer ? 'signed by itself' : `signed by ${issuer}`;
      return { reason: found.reason, detail: `${subject}, ${found.reason === 'expired' ? when : whose}` };
    }
    default:
      return found;
  }
}

/** e.g. 2026-11-22, UTC. */
function dayText(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
