/** Why one broker gave no answer. Internal to this folder: callers outside see LoadtuiError. */
import { formatAddress, type HostPort } from '../config/address.ts';

export type UnavailableReason =
  | 'refused'
  | 'timed-out'
  | 'name-not-found'
  | 'no-route'
  | 'tls'
  | 'closed'
  | 'not-kafka';

const reasonTexts: Readonly<Record<UnavailableReason, string>> = {
  refused: 'connection refused',
  'timed-out': 'no answer in time',
  'name-not-found': 'name not found',
  'no-route': 'no route to host',
  tls: 'speaks TLS',
  closed: 'closed the connection without an answer',
  'not-kafka': 'answers, but not as Kafka does',
};

export function reasonText(reason: UnavailableReason): string {
  return reasonTexts[reason];
}

export class BrokerUnavailable extends Error {
  override readonly name = 'BrokerUnavailable';
  readonly address: HostPort;
  readonly reason: UnavailableReason;

  constructor(address: HostPort, reason: UnavailableReason, cause?: unknown) {
    super(`${formatAddress(address)}: ${reasonTexts[reason]}`, cause === undefined ? undefined : { cause });
    this.address = address;
    this.reason = reason;
  }
}

/** What a socket error means to an operator. */
export function reasonOf(error: unknown): UnavailableReason {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') {
      switch (at.code) {
        case 'ECONNREFUSED':
          return 'refused';
        case 'ENOTFOUND':
        case 'EAI_AGAIN':
        case 'EAI_NODATA':
          return 'name-not-found';
        case 'EHOSTUNREACH':
        case 'ENETUNREACH':
        case 'EADDRNOTAVAIL':
          return 'no-route';
        case 'ETIMEDOUT':
          return 'timed-out';
        default:
          break;
      }
    }
    if (/speaks TLS/.test(at.message)) return 'tls';
    if (/no (connection|answer) within/.test(at.message)) return 'timed-out';
    if (/not a Kafka answer/.test(at.message)) return 'not-kafka';
    // happy-eyeballs: several addresses of one name failed
    if (at instanceof AggregateError && at.errors.length > 0) return reasonOf(at.errors[0]);
  }
  return 'closed';
}
