import type { SecurityProtocol } from '../../../source/config/security/material.ts';
import { type Certificates, storePassword } from './certificates.ts';

/** A listener for clients, beside the plain one that every Kafka here has. */
export interface ListenerSettings {
  /** Kafka's own, in capitals. */
  readonly name: string;
  readonly protocol: SecurityProtocol;
  /** What clients are told; without it, the host by which it can be reached. */
  readonly advertisedHost?: string;
  /** Properties of this listener alone, without `listener.name.….` before them. */
  readonly properties?: Readonly<Record<string, string>>;
}

/** What a test may ask of its Kafka; everything else is as a fresh broker has it. */
export interface BrokerSettings {
  /**
   * Answer again about 4 s after a kill instead of 13: a short broker session. For kill tests only, since a broker that
   * is stopped with SIGSTOP would be fenced.
   */
  readonly shortSession?: boolean;
  /** A second listener, SSL, with a certificate made for the run. */
  readonly tls?: boolean;
  /** Further listeners. Those of SASL need `sasl.enabled.mechanisms` and a login module for each of them. */
  readonly listeners?: readonly ListenerSettings[];
  /** Password by user, of both mechanisms of SCRAM. */
  readonly scramUsers?: Readonly<Record<string, string>>;
  /** Where the folder with data and log is made; without it, where the system keeps temporary files. */
  readonly under?: string;
  /** Lines of server.properties that win over those written here. */
  readonly properties?: Readonly<Record<string, string>>;
}

export interface ServerPlace {
  /** Of this process among those of its cluster: 1, 2, … */
  readonly nodeId: number;
  /** The controllers' ports of the whole cluster, this process's included: that of node 1 first. */
  readonly controllerPorts: readonly number[];
  readonly folder: string;
  readonly port: number;
  readonly listeners: readonly (ListenerSettings & { readonly port: number })[];
  /** null: no listener speaks TLS. */
  readonly certificates: Certificates | null;
}

/** All listeners that are asked for, but for the plain one. */
export function listenersOf({ tls = false, listeners = [] }: BrokerSettings): readonly ListenerSettings[] {
  return [...(tls ? [{ name: 'SSL', protocol: 'SSL' } as const] : []), ...listeners];
}

export function speaksTls({ protocol }: ListenerSettings): boolean {
  return protocol === 'SSL' || protocol === 'SASL_SSL';
}

/** The text of server.properties: one process that is both broker and controller (KRaft). */
export function serverProperties(place: ServerPlace, settings: BrokerSettings): string {
  const { listeners, certificates, nodeId, controllerPorts } = place;
  const voters = controllerPorts.map((port, index) => `${index + 1}@127.0.0.1:${port}`);
  const plain = `PLAINTEXT://127.0.0.1:${place.port}`;
  const bound = [plain, ...listeners.map(({ name, port }) => `${name}://127.0.0.1:${port}`)];
  const properties: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': String(nodeId),
    'controller.quorum.voters': voters.join(','),
    listeners: [...bound, `CONTROLLER://127.0.0.1:${controllerPorts[nodeId - 1]}`].join(','),
    'advertised.listeners': [
      plain,
      ...listeners.map(({ name, port, advertisedHost = '127.0.0.1' }) => `${name}://${advertisedHost}:${port}`),
    ].join(','),
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': [
      ...['CONTROLLER:PLAINTEXT', 'PLAINTEXT:PLAINTEXT'],
      ...listeners.map(({ name, protocol }) => `${name}:${protocol}`),
    ].join(','),
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': `${place.folder}/data`,
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'auto.create.topics.enable': 'false',
    ...(settings.shortSession ? { 'broker.session.timeout.ms': '1000', 'broker.heartbeat.interval.ms': '200' } : {}),
    ...(certificates === null ? {} : storesOf(certificates)),
    ...Object.fromEntries(
      listeners.flatMap(({ name, properties: own = {} }) =>
        Object.entries(own).map(([property, value]) => [`listener.name.${name.toLowerCase()}.${property}`, value]),
      ),
    ),
    ...settings.properties,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function storesOf({ broker, truststore }: Certificates): Readonly<Record<string, string>> {
  return {
    'ssl.keystore.location': broker,
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.password': storePassword,
    'ssl.key.password': storePassword,
    'ssl.truststore.location': truststore,
    'ssl.truststore.type': 'PKCS12',
    'ssl.truststore.password': storePassword,
  };
}
