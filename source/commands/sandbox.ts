/** `loadtui sandbox`: the embedded broker alone, until a signal ends it. */
import { formatAddress } from '../config/address.ts';
import { exitCodes } from '../errors.ts';
import { startSandboxHere } from '../sandbox/server.ts';
import type { Fault, SandboxOptions } from '../sandbox/types.ts';
import { print } from './print.ts';

export { faultForms, parseFault } from '../sandbox/parse-fault.ts';

/**
 * Runs the broker in this process, which has nothing else to do. Standard output: a line that says SANDBOX, `host:port` of each
 * broker on a line of its own, and at the end a line that says SANDBOX again. Rejects with LoadtuiError (PORT_IN_USE, USAGE).
 */
export async function runSandbox(options: Partial<SandboxOptions>, faults: readonly Fault[] = []): Promise<number> {
  const sandbox = await startSandboxHere(options);
  try {
    for (const fault of faults) await sandbox.inject(fault);
    const addresses = sandbox.brokers.map((broker) => `${formatAddress(broker)}\n`).join('');
    const ended = endSignal();
    await print(`SANDBOX broker in memory: its numbers say nothing about Kafka\n${addresses}`);
    await ended;
    const { producedRecords, producedBatches, fetches } = await sandbox.stats();
    await print(`SANDBOX ended after ${producedRecords} records in ${producedBatches} batches, ${fetches} fetches\n`);
  } finally {
    await sandbox.close();
  }
  return exitCodes.done;
}

/** Ctrl-C and SIGTERM are how it is meant to end; a second signal ends it the hard way. */
function endSignal(): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      process.off('SIGINT', end);
      process.off('SIGTERM', end);
      resolve();
    };
    process.on('SIGINT', end);
    process.on('SIGTERM', end);
  });
}
