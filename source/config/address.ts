/** Broker addresses: `host:port` as text and as parts, and whether they are on this machine. */
import { type LoadtuiError, usageError } from '../errors.ts';

export interface HostPort {
  /** Without brackets, also where it is an IPv6 address. */
  readonly host: string;
  readonly port: number;
}

export const defaultKafkaPort = 9092;

const help = 'Write brokers as host:9092,other:9092 or [::1]:9092.';

/** Takes `host`, `host:port`, `[::1]:9092` and `PLAINTEXT://` before them; a missing port is 9092. Throws USAGE. */
export function parseAddress(written: string): HostPort {
  const text = written.trim();
  const scheme = /^([a-z_]+):\/\//i.exec(text)?.[1];
  const address = scheme === undefined ? text : text.slice(scheme.length + 3);
  if (scheme !== undefined && scheme.toUpperCase() !== 'PLAINTEXT') throw schemeError(text, scheme, address);
  const match = /^(?:\[([0-9a-f:.]+(?:%[a-z0-9._-]+)?)\]|([a-z0-9._-]+))(?::([0-9]+))?$/i.exec(address);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined) {
    const isBareIpv6 = /^[0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.]*$/i.test(address);
    const next = isBareIpv6 ? `Did you mean [${address}]:${defaultKafkaPort}?` : help;
    throw usageError(text === '' ? 'a broker is empty' : `"${text}" is not a broker address`, next);
  }
  const port = match?.[3] === undefined ? defaultKafkaPort : Number(match[3]);
  if (port < 1 || port > 65_535) {
    throw usageError(`"${text}": a port lies between 1 and 65535`, help);
  }
  return { host, port };
}

/** Kafka's listeners are written with a name before them, which may be a protocol; clients name that by itself. */
function schemeError(text: string, scheme: string, address: string): LoadtuiError {
  const said: Partial<Record<string, string>> = {
    SSL: 'say --tls',
    SASL_SSL: 'say --tls and --sasl MECHANISM',
    SASL_PLAINTEXT: 'say --sasl MECHANISM',
  };
  const how = said[scheme.toUpperCase()] ?? 'say how it is secured';
  const protocol = scheme.toUpperCase() in said ? `security.protocol=${scheme.toUpperCase()}` : 'security.protocol';
  return usageError(
    `"${text}": a broker is named without "${scheme}://"`,
    `Leave the scheme out: ${address}, and ${how}, or ${protocol} in -c FILE or with -X.`,
  );
}

/** `host:port`; an IPv6 address gets its brackets. */
export function formatAddress({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** True for this machine: 127.0.0.0/8, ::1 and localhost. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '::1' ||
    /^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name)
  );
}

/** True where somebody else may be using the cluster: neither the sandbox (null) nor this machine's loopback alone. */
export function needsRails(brokers: readonly string[] | null): boolean {
  return brokers !== null && !brokers.every((address) => isLoopback(parseAddress(address).host));
}
