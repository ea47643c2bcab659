/** What an open connection tells of itself: where it leads, how TLS secures it, and how the login went. */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

export interface ConnectionFacts {
  /** Address that was reached; null: the connection is gone. */
  readonly ip: string | null;
  /** null: plain text. */
  readonly tls: TlsFacts | null;
  /** null: nobody logged in. */
  readonly login: LoginFacts | null;
}

export interface TlsFacts {
  /** "TLSv1.3" */
  readonly version: string;
  /** By its IANA name, which Java uses. */
  readonly cipher: string;
  /** The broker's; null: it showed none. */
  readonly certificate: CertificateFacts | null;
}

export interface CertificateFacts {
  /** "CN=kafka-1, O=Example" */
  readonly subject: string;
  readonly issuer: string;
  /** Host names and addresses that it is good for. */
  readonly names: readonly string[];
  /** Unix ms. */
  readonly validFromMs: number;
  /** Unix ms. */
  readonly validToMs: number;
}

export interface LoginFacts {
  readonly mechanism: string;
  /** What the listener takes, in its order. */
  readonly offered: readonly string[];
  /** Until then the broker must hear of the login again (connections.max.reauth.ms); 0: it does not mind. */
  readonly lifetimeMs: number;
}

export function connectionFacts(socket: Socket, login: LoginFacts | null): ConnectionFacts {
  return { ip: socket.remoteAddress ?? null, tls: socket instanceof TLSSocket ? tlsFacts(socket) : null, login };
}

/** To be asked after the handshake. */
export function tlsFacts(socket: TLSSocket): TlsFacts {
  const { subject, issuer, subjectaltname, valid_from: from, valid_to: to } = socket.getPeerCertificate();
  // Where there is none, Node answers an object without anything in it.
  const isShown = typeof to === 'string';
  return {
    version: socket.getProtocol() ?? 'TLS',
    cipher: socket.getCipher().standardName,
    certificate: isShown
      ? {
          subject: nameText(subject),
          issuer: nameText(issuer),
          names: altNames(subjectaltname ?? ''),
          validFromMs: Date.parse(from),
          validToMs: Date.parse(to),
        }
      : null,
  };
}

/** undefined: the certificate names nobody, as those of some CAs do, which have other names only. */
function nameText(parts: object | undefined): string {
  return Object.entries(parts ?? {})
    .map(([name, value]) => `${name}=${Array.isArray(value) ? value.join('+') : String(value)}`)
    .join(', ');
}

/** Of what Node tells: "DNS:kafka-1, IP Address:10.0.0.5". */
export function altNames(text: string): readonly string[] {
  return text === '' ? [] : text.split(', ').map((name) => name.replace(/^(DNS|IP Address|URI):/, ''));
}
