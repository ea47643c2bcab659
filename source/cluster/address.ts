/** `host:port` as text and as parts. */
import { usageError } from '../errors.ts';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export const defaultKafkaPort = 9092;

/** Takes `host`, `host:port`, `[::1]:9092`; a missing port is 9092. Rejects anything else as a usage error. */
export function parseAddress(text: string): HostPort {
  const match = /^(?:\[([0-9a-fA-F:.%]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/.exec(text.trim());
  const host = match?.[1] ?? match?.[2];
  const port = match?.[3] === undefined ? defaultKafkaPort : Number(match[3]);
  if (host === undefined || port < 1 || port > 65535) {
    throw usageError(`"${text}" is not a broker address`, 'Write it as host:port, for example kafka-1:9092.');
  }
  return { host, port };
}

export function formatAddress(address: HostPort): string {
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

/** True for this machine: 127.0.0.0/8, ::1 and localhost. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '::1' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name) ||
    /^::ffff:127\./.test(name)
  );
}
