/** Knocks at an address: is it Kafka, which version, and if not, why not. */
import { connect as connectTls } from 'node:tls';
import type { VersionsAnswer } from '../clients/wire/control-apis.ts';
import { ControlConnection } from '../clients/wire/control-connection.ts';
import type { Caller } from '../clients/wire/security.ts';
import type { HostPort } from '../config/address.ts';
import { reasonOf, type UnavailableReason } from './broker-unavailable.ts';

export type ProbeResult =
  | { readonly kind: 'answered'; readonly answer: VersionsAnswer }
  /** `detail`: what the other side said of it, e.g. which mechanisms it offers; '': nothing. */
  | { readonly kind: 'unavailable'; readonly reason: UnavailableReason; readonly detail: string };

/** One knock, answered within `timeoutMs`. Never rejects. */
export async function probe(address: HostPort, caller: Caller, timeoutMs: number): Promise<ProbeResult> {
  const startMs = performance.now();
  const leftMs = (): number => Math.max(1, timeoutMs - (performance.now() - startMs));
  const timeouts = { connectTimeoutMs: timeoutMs, requestTimeoutMs: timeoutMs };
  try {
    const connection = await ControlConnection.open({ address, ...caller, ...timeouts, closed: () => undefined });
    const { versions } = connection;
    connection.close();
    return { kind: 'answered', answer: versions };
  } catch (error) {
    const { reason, detail } = reasonOf(error);
    // A TLS listener may hang up on a plain request without an alert: ask it in its own language.
    const isTls = reason === 'closed' && caller.security.tls === null && (await speaksTls(address, leftMs()));
    return { kind: 'unavailable', reason: isTls ? 'tls' : reason, detail };
  }
}

function speaksTls(address: HostPort, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    // Nothing is sent over it, so whose certificate it is does not matter.
    const socket = connectTls({ host: address.host, port: address.port, rejectUnauthorized: false });
    const timer = setTimeout(() => finish(false), timeoutMs);
    const finish = (tls: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(tls);
    };
    socket.on('secureConnect', () => finish(true));
    socket.on('error', (error) => finish('code' in error && /ALERT/.test(String(error.code))));
    socket.on('close', () => finish(false));
  });
}
