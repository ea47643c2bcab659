/** What a test may ask of its Kafka; everything else is as a fresh broker has it. */
export interface BrokerSettings {
  /**
   * Answer again about 4 s after a kill instead of 13: a short broker session. For kill tests only, since a broker that
   * is stopped with SIGSTOP would be fenced.
   */
  readonly shortSession?: boolean;
  /** A second listener that speaks TLS, with a certificate made for the run. */
  readonly tls?: boolean;
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
  /** null: no TLS listener. */
  readonly tls: { readonly port: number; readonly keystore: string; readonly password: string } | null;
}

/** The text of server.properties: one process that is both broker and controller (KRaft). */
export function serverProperties(place: ServerPlace, settings: BrokerSettings): string {
  const { tls, nodeId, controllerPorts } = place;
  const voters = controllerPorts.map((port, index) => `${index + 1}@127.0.0.1:${port}`);
  const clients = [`PLAINTEXT://127.0.0.1:${place.port}`, ...(tls === null ? [] : [`SSL://127.0.0.1:${tls.port}`])];
  const properties: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': String(nodeId),
    'controller.quorum.voters': voters.join(','),
    listeners: [...clients, `CONTROLLER://127.0.0.1:${controllerPorts[nodeId - 1]}`].join(','),
    'advertised.listeners': clients.join(','),
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL',
    'log.dirs': `${place.folder}/data`,
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'auto.create.topics.enable': 'false',
    ...(settings.shortSession ? { 'broker.session.timeout.ms': '1000', 'broker.heartbeat.interval.ms': '200' } : {}),
    ...(tls === null
      ? {}
      : {
          'ssl.keystore.location': tls.keystore,
          'ssl.keystore.type': 'PKCS12',
          'ssl.keystore.password': tls.password,
          'ssl.key.password': tls.password,
        }),
    ...settings.properties,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
