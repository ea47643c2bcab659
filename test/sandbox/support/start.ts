import { afterEach } from 'vitest';
import { startSandboxHere } from '../../../source/sandbox/server.ts';
import {
  defaultSandboxOptions,
  type Sandbox,
  type SandboxOptions,
  type ServiceModel,
} from '../../../source/sandbox/types.ts';
import { RawClient } from './raw-client.ts';

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

/** A sandbox in this thread, closed after the test. */
export async function startTestSandbox(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await startSandboxHere(options);
  open.push(sandbox);
  return sandbox;
}

/** A raw connection to the broker of that id, closed after the test. */
export async function connectTo(sandbox: Sandbox, brokerId = 1): Promise<RawClient> {
  const broker = sandbox.brokers.find(({ id }) => id === brokerId);
  if (broker === undefined) throw new Error(`no broker ${brokerId}`);
  const client = await RawClient.connect(broker);
  open.push(client);
  return client;
}

/** A sandbox with one broker, the topic `t` of one partition and a connection. */
export async function startWithTopic(
  options: Partial<SandboxOptions> = {},
  partitions = 1,
): Promise<{ sandbox: Sandbox; client: RawClient }> {
  const sandbox = await startTestSandbox(options);
  const client = await connectTo(sandbox);
  await client.createTopic('t', partitions);
  return { sandbox, client };
}

export function service(changes: Partial<ServiceModel>): Pick<SandboxOptions, 'service'> {
  return { service: { ...defaultSandboxOptions.service, ...changes } };
}
