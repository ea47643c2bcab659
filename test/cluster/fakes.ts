/** Listeners that are no Kafka broker, and what several tests share. */

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import type { ClientTuning } from '../../source/config/plan.ts';
import { defaultPlan } from '../support/default-plan.ts';

export interface FakeListener {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on a free port of the loopback and hands each connection to `serve`. */
export async function listen(serve: (socket: Socket) => void, server: Server = createServer()): Promise<FakeListener> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: portOf(server),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** A port of the loopback on which nobody listens. */
export async function deafPort(): Promise<number> {
  const listener = await listen(() => undefined);
  await listener.close();
  return listener.port;
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

/** The defaults, but for less patience. */
export const testTuning: ClientTuning = {
  ...defaultPlan.tuning,
  clientId: 'loadtui-test',
  requestTimeoutMs: 5_000,
  deliveryTimeoutMs: 10_000,
  retryBackoffMs: 10,
  retryBackoffMaxMs: 100,
  reconnectBackoffMs: 10,
  reconnectBackoffMaxMs: 100,
};
