/** Why one broker gave no answer. Internal to this folder: callers outside see LoadtuiError. */
import { altNames } from '../clients/wire/connection-facts.ts';
import { LoginRefused } from '../clients/wire/sasl/dialogue.ts';
import { formatAddress, type HostPort } from '../config/address.ts';

const reasonTexts = {
  refused: 'connection refused',
  'timed-out': 'no answer in time',
  'name-not-found': 'name not found',
  'no-route': 'no route to host',
  tls: 'speaks TLS',
  'no-tls': 'speaks no TLS',
  untrusted: 'shows a certificate that no trusted CA signed',
  expired: 'shows a certificate that is not valid now',
  'wrong-name': 'shows a certificate of another name',
  'client-certificate': 'wants a certificate of ours',
  'certificate-refused': 'does not accept our certificate',
  'tls-versions': 'has no version of TLS or cipher in common with us',
  mechanism: 'does not offer the mechanism',
  credentials: 'refuses the login',
  'no-token': 'there is no token to log in with',
  'wants-login': 'wants a login',
  'no-login': 'wants no login',
  login: 'the login came to nothing',
  closed: 'closed the connection without an answer',
  'not-kafka': 'answers, but not as Kafka does',
} as const;
export type UnavailableReason = keyof typeof reasonTexts;

export function reasonText(reason: UnavailableReason): string {
  return reasonTexts[reason];
}

export class BrokerUnavailable extends Error {
  override readonly name = 'BrokerUnavailable';
  readonly address: HostPort;
  readonly reason: UnavailableReason;
  /** What the other side said of it; '': nothing. */
  readonly detail: string;

  constructor(address: HostPort, reason: UnavailableReason, detail = '', cause?: unknown) {
    const because = detail === '' ? '' : ` (${detail})`;
    super(`${formatAddress(address)}: ${reasonTexts[reason]}${because}`, cause === undefined ? undefined : { cause });
    this.address = address;
    this.reason = reason;
    this.detail = detail;
  }
}

export interface Unavailability {
  readonly reason: UnavailableReason;
  readonly detail: string;
}

/** Of an error's code, as Node and OpenSSL have them; what begins so. */
const byCode: readonly (readonly [string, UnavailableReason])[] = [
  ['ECONNREFUSED', 'refused'],
  ['ENOTFOUND', 'name-not-found'],
  ['EAI_', 'name-not-found'],
  ['EHOSTUNREACH', 'no-route'],
  ['ENETUNREACH', 'no-route'],
  ['EADDRNOTAVAIL', 'no-route'],
  ['ETIMEDOUT', 'timed-out'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'wrong-name'],
  ['CERT_HAS_EXPIRED', 'expired'],
  ['CERT_NOT_YET_VALID', 'expired'],
  ['UNABLE_TO_', 'untrusted'],
  ['SELF_SIGNED_CERT', 'untrusted'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'untrusted'],
  ['CERT_', 'untrusted'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'no-tls'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'no-tls'],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tls-versions'],
  ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'tls-versions'],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'tls-versions'],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'tls-versions'],
  ['ERR_SSL_NO_', 'tls-versions'],
];

/** What an error of a connection means to an operator. `hasCertificate`: brokers that want one of ours are shown one. */
export function reasonOf(error: unknown, hasCertificate = false): Unavailability {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof LoginRefused) return loginReason(at);
    if ('code' in at && typeof at.code === 'string') {
      const { code } = at;
      const known = byCode.find(([start]) => code.startsWith(start));
      if (known !== undefined) return { reason: known[1], detail: known[1] === 'wrong-name' ? nameText(at) : '' };
      if (/^ERR_SSL_.*ALERT.*(CERTIFICATE|UNKNOWN_CA)/.test(code)) {
        return { reason: hasCertificate ? 'certificate-refused' : 'client-certificate', detail: '' };
      }
    }
    if (/speaks TLS/.test(at.message)) return { reason: 'tls', detail: '' };
    if (/before secure TLS/.test(at.message)) return { reason: 'no-tls', detail: '' };
    if (/no (connection|answer|login|TLS handshake) within/.test(at.message))
      return { reason: 'timed-out', detail: '' };
    if (/not a Kafka answer/.test(at.message)) return { reason: 'not-kafka', detail: '' };
    // happy-eyeballs: several addresses of one name failed
    if (at instanceof AggregateError && at.errors.length > 0) return reasonOf(at.errors[0], hasCertificate);
  }
  return { reason: 'closed', detail: '' };
}

function loginReason({ kind, message, offered }: LoginRefused): Unavailability {
  switch (kind) {
    case 'mechanism':
      return { reason: 'mechanism', detail: offered.length === 0 ? '' : `it offers ${offered.join(', ')}` };
    case 'credentials':
      return { reason: 'credentials', detail: message };
    case 'token':
      return { reason: 'no-token', detail: message };
    case 'not-wanted':
      return { reason: 'no-login', detail: '' };
    case 'protocol':
      return { reason: 'login', detail: message };
  }
}

/** Whose certificate it is, and whose it should be: Node's error of names that differ has both. */
function nameText(error: Error): string {
  const certificate = 'cert' in error && typeof error.cert === 'object' ? error.cert : null;
  const names =
    certificate !== null && 'subjectaltname' in certificate ? altNames(String(certificate.subjectaltname ?? '')) : [];
  const wanted = 'host' in error ? `, not of ${String(error.host)}` : '';
  return names.length === 0 ? '' : `it is of ${names.join(', ')}${wanted}`;
}
