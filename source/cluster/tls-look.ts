/** A look at how a listener does TLS: nothing is sent over it, so that it does not matter who answers. */
import { isIP } from 'node:net';
import { connect, type SecureContext } from 'node:tls';
import { type TlsFacts, tlsFacts } from '../clients/wire/connection-facts.ts';
import type { HostPort } from '../config/address.ts';

export interface TlsLook {
  /** null: there was no handshake. */
  readonly facts: TlsFacts | null;
  /** What the other side found wrong; null: nothing, or it did not say. */
  readonly error: Error | null;
}

/** A broker of TLS 1.3 says after the handshake that it wanted a certificate: it is given this long. */
const afterwardsMs = 300;

/** `context`: as whom, with which versions and ciphers; null: nobody, as Node does it. Never rejects. */
export function lookAtTls(address: HostPort, context: SecureContext | null, timeoutMs: number): Promise<TlsLook> {
  const { host, port } = address;
  return new Promise((resolve) => {
    let facts: TlsFacts | null = null;
    const socket = connect({
      host,
      port,
      rejectUnauthorized: false,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(context === null ? {} : { secureContext: context }),
    });
    let timer = setTimeout(() => finish(null), timeoutMs);
    const finish = (error: Error | null): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ facts, error });
    };
    socket.once('secureConnect', () => {
      facts = tlsFacts(socket);
      clearTimeout(timer);
      timer = setTimeout(() => finish(null), Math.min(timeoutMs, afterwardsMs));
    });
    socket.on('error', finish);
    socket.once('close', () => finish(null));
    // Without a reader an alert would not be met.
    socket.resume();
  });
}

/** Whether that was TLS: a handshake, or a refusal in its language. */
export function spokeTls({ facts, error }: TlsLook): boolean {
  return facts !== null || (error !== null && 'code' in error && /ALERT/.test(String(error.code)));
}
