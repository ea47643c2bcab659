import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { LoadtuiError, messageOf } from '../errors.ts';
import { Connection } from './connection.ts';
import type { BrokerState, SandboxState } from './context.ts';
import { FetchSessions } from './fetch-sessions.ts';

/** One listening broker and its connections. */
export class Broker implements BrokerState {
  readonly id: number;
  readonly sandbox: SandboxState;
  readonly sessions = new FetchSessions();
  stalledUntilMs = 0;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  /** What TLS is spoken over. */
  readonly #transports = new Set<Socket>();
  #port = 0;
  #refusesUntilMs = 0;

  constructor(id: number, sandbox: SandboxState) {
    this.id = id;
    this.sandbox = sandbox;
    // Large reads: a produce request of 1 MiB comes in few chunks.
    const { tls } = sandbox.options;
    const socketOptions = { noDelay: true, highWaterMark: 1024 * 1024 };
    const accept = (socket: Socket): void => this.#accept(socket);
    this.#server =
      tls === null
        ? createServer(socketOptions, accept)
        : createTlsServer({ ...socketOptions, cert: tls.certificate, key: tls.key }, accept);
    // Who never gets through the handshake is no connection yet, and must not hold up the end.
    if (tls !== null) this.#server.on('connection', (socket: Socket) => this.#knows(socket));
  }

  get port(): number {
    return this.#port;
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Port 0 takes any free one. Throws LoadtuiError PORT_IN_USE. */
  listen(host: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
      this.#server.listen(port, host, () => {
        const address = this.#server.address();
        this.#port = typeof address === 'object' && address !== null ? address.port : port;
        resolve();
      });
    });
  }

  stall(durationMs: number): void {
    this.stalledUntilMs = Math.max(this.stalledUntilMs, this.sandbox.timeline.now() + durationMs);
  }

  disconnect(): void {
    for (const connection of [...this.#connections]) connection.destroy();
  }

  /**
   * Closes all connections and resets new ones at once. The port stays taken, so that nobody else gets it meanwhile: a client
   * sees a reset where a dead broker's host would refuse.
   */
  refuse(durationMs: number): void {
    this.#refusesUntilMs = this.sandbox.timeline.now() + durationMs;
    this.disconnect();
  }

  close(): Promise<void> {
    this.disconnect();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const transport of [...this.#transports]) transport.destroy();
    return closed;
  }

  #knows(transport: Socket): void {
    this.#transports.add(transport);
    transport.once('close', () => this.#transports.delete(transport));
  }

  #accept(socket: Socket): void {
    if (this.sandbox.timeline.now() < this.#refusesUntilMs) {
      socket.on('error', () => socket.destroy());
      // TLS knows no reset.
      if (this.sandbox.options.tls === null) socket.resetAndDestroy();
      else socket.destroy();
      return;
    }
    const connection = new Connection(socket, this, (closed) => this.#connections.delete(closed));
    this.#connections.add(connection);
  }
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): LoadtuiError {
  if (error.code === 'EADDRINUSE') {
    return new LoadtuiError(`Port ${port} on ${host} is taken by another program.`, {
      code: 'PORT_IN_USE',
      fault: 'usage',
      next: 'Name another port, or 0 for any free one.',
      cause: error,
    });
  }
  return new LoadtuiError(`The sandbox cannot listen on ${host}:${port}: ${messageOf(error)}`, {
    code: 'USAGE',
    fault: 'usage',
    next: 'Name an address of this machine and a port that you may use.',
    cause: error,
  });
}
