/** The flags of `loadtui sandbox` as the broker takes them. */

import { defaultKafkaPort } from '../config/address.ts';
import type { Options } from '../config/flags.ts';
import { readAt } from '../config/layers.ts';
import { parseCount, parseDurationMs, parseRate, parseSomeMessageRate } from '../config/units.ts';
import { usageError } from '../errors.ts';
import { parseTimedFault, type TimedFault } from '../sandbox/parse-fault.ts';
import { defaultSandboxOptions, type SandboxOptions, type ServiceModel } from '../sandbox/types.ts';

type Capacity = Pick<ServiceModel, 'capacityMessagesPerSecond' | 'capacityBytesPerSecond'>;

/** `50k`: messages, `50MB/s`: bytes per second; `max`: no limit. */
function readCapacity(text: string): Capacity {
  const isBytes = /B\/s$/.test(text.trim());
  const capacity = parseRate(text, 1);
  if (capacity === 0) {
    throw usageError('a capacity of 0 serves nothing', 'Leave it out for no limit.');
  }
  return isBytes
    ? { capacityMessagesPerSecond: null, capacityBytesPerSecond: capacity }
    : { capacityMessagesPerSecond: capacity, capacityBytesPerSecond: null };
}

function readPort(text: string): number {
  const port = parseCount(text);
  if (port > 65_535) {
    throw usageError(`"${text}" is not a port`, 'Ports end at 65535; 0 takes any that is free.');
  }
  return port;
}

function readNodes(text: string): number {
  const nodes = parseCount(text);
  if (nodes < 1 || nodes > 32) {
    throw usageError(`${nodes} brokers are too ${nodes < 1 ? 'few' : 'many'}`, 'Choose 1 to 32.');
  }
  return nodes;
}

/** `30ms:100k`: 30 ms at rest, without bounds as the rate comes near 100,000/s. */
function readCurve(text: string): ServiceModel['curve'] {
  const [time = '', rate = ''] = text.split(':');
  return { ms: parseDurationMs(time, 'ms'), limitMessagesPerSecond: parseSomeMessageRate(rate) };
}

/** A broker that stands alone: Kafka's own port, topics made on first use as most clients expect. */
export function sandboxOptionsOf(options: Options): SandboxOptions {
  const read = <T>(
    option: 'port' | 'nodes' | 'capacity' | 'latency' | 'curve' | 'quota' | 'fetch-capacity',
    fallback: T,
    reader: (text: string) => T,
  ): T => {
    const given = options.one(option);
    return given === null ? fallback : readAt({ source: given.source, label: given.label }, () => reader(given.text));
  };
  const { service } = defaultSandboxOptions;
  const latencyMs = read('latency', service.latencyMs, (text) => parseDurationMs(text, 'ms'));
  return {
    ...defaultSandboxOptions,
    port: read('port', defaultKafkaPort, readPort),
    brokers: read('nodes', defaultSandboxOptions.brokers, readNodes),
    service: {
      ...service,
      ...read<Partial<Capacity>>('capacity', {}, readCapacity),
      latencyMs,
      curve: read('curve', service.curve, readCurve),
      quotaMessagesPerSecond: read('quota', service.quotaMessagesPerSecond, parseSomeMessageRate),
      fetchMessagesPerSecond: read('fetch-capacity', service.fetchMessagesPerSecond, parseSomeMessageRate),
    },
    autoCreateTopics: true,
  };
}

/** The faults that are injected at the start, or some time after the load has begun. */
export function sandboxFaultsOf(options: Options): readonly TimedFault[] {
  return options.all('fault').map(({ source, label, text }) => readAt({ source, label }, () => parseTimedFault(text)));
}
