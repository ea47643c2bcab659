/** The sandbox's own thread: started by `startSandbox` with the options as worker data. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { LoadtuiError, messageOf } from '../errors.ts';
import { startSandboxHere } from './server.ts';
import type { CarriedError, SandboxReport, SandboxRequest } from './thread-messages.ts';
import type { Sandbox, SandboxOptions } from './types.ts';

if (parentPort === null) throw new Error('the sandbox thread was started outside of a worker');
await run(parentPort, workerData);

async function run(port: MessagePort, options: Partial<SandboxOptions>): Promise<void> {
  const report = (message: SandboxReport) => port.postMessage(message);
  let sandbox: Sandbox;
  try {
    sandbox = await startSandboxHere(options);
  } catch (error) {
    report({ kind: 'not-started', error: carried(error) });
    port.close();
    return;
  }
  port.on('message', async (request: SandboxRequest) => {
    try {
      report(await obey(sandbox, request));
    } catch (error) {
      report({ kind: 'failed', id: request.id, error: carried(error) });
    }
    if (request.kind === 'close') port.close();
  });
  report({ kind: 'started', brokers: sandbox.brokers });
}

async function obey(sandbox: Sandbox, request: SandboxRequest): Promise<SandboxReport> {
  const { id } = request;
  switch (request.kind) {
    case 'inject':
      await sandbox.inject(request.fault);
      return { kind: 'done', id };
    case 'set-service':
      await sandbox.setService(request.service);
      return { kind: 'done', id };
    case 'stats':
      return { kind: 'stats', id, stats: await sandbox.stats() };
    case 'close':
      await sandbox.close();
      return { kind: 'done', id };
  }
}

function carried(error: unknown): CarriedError {
  if (error instanceof LoadtuiError) {
    return { message: error.message, code: error.code, fault: error.fault, next: error.next ?? null };
  }
  return { message: messageOf(error), code: null, fault: 'bug', next: null };
}
