/** `loadtui sandbox`: the embedded broker alone, until a signal ends it. */
import { formatAddress } from '../config/address.ts';
import { shellQuote } from '../config/shell-quote.ts';
import { exitCodes } from '../errors.ts';
import type { TimedFault } from '../sandbox/parse-fault.ts';
import { startSandboxHere } from '../sandbox/server.ts';
import { defaultSandboxOptions, type Fault, type Sandbox, type SandboxOptions } from '../sandbox/types.ts';
import { EndSignal } from './end-signal.ts';
import { errorText } from './error-text.ts';
import { print } from './print.ts';
import { type SandboxSecurity, type SandboxSecurityWish, secureSandbox } from './sandbox-security.ts';

const lookEveryMs = 50;

/**
 * Runs the broker in this process, which has nothing else to do. Standard output: a line that says SANDBOX, `host:port` of each
 * broker on a line of its own, where it is secured how to get in, and at the end a line that says SANDBOX again. Rejects with
 * LoadtuiError (PORT_IN_USE, USAGE).
 */
export async function runSandbox(
  options: Partial<SandboxOptions>,
  faults: readonly TimedFault[] = [],
  wish: SandboxSecurityWish | null = null,
): Promise<number> {
  let security: SandboxSecurity | null = null;
  const end = new EndSignal(process, () => security?.remove());
  if (wish !== null) security = await secureSandbox(wish, options.host ?? defaultSandboxOptions.host);
  try {
    await serve({ ...options, ...security?.options }, faults, security, end.come);
  } finally {
    end.stop();
    security?.remove();
  }
  return exitCodes.done;
}

async function serve(
  options: Partial<SandboxOptions>,
  faults: readonly TimedFault[],
  security: SandboxSecurity | null,
  ended: Promise<void>,
): Promise<void> {
  const sandbox = await startSandboxHere(options);
  try {
    for (const { fault, afterMs } of faults) if (afterMs === null) await sandbox.inject(fault);
    const later = injectLater(sandbox, faults);
    const addresses = sandbox.brokers.map((broker) => `${formatAddress(broker)}\n`).join('');
    const way = security === null ? '' : wayIn(sandbox, security);
    await print(`SANDBOX broker in memory: its numbers say nothing about Kafka\n${addresses}${way}`);
    await ended;
    later.stop();
    const { producedRecords, producedBatches, fetches } = await sandbox.stats();
    await print(`SANDBOX ended after ${producedRecords} records in ${producedBatches} batches, ${fetches} fetches\n`);
  } finally {
    await sandbox.close();
  }
}

function wayIn({ brokers }: Sandbox, { summary, folder, propertiesPath }: SandboxSecurity): string {
  const addresses = brokers.map(formatAddress).join();
  return [
    `secured  ${summary}\n`,
    `files    ${folder}, removed at the end\n`,
    `try      loadtui -b ${addresses} -c ${shellQuote(propertiesPath)}\n`,
  ].join('');
}

/** Injects the others when their time after the first record has come. One that cannot strike is told, and the broker goes on. */
function injectLater(sandbox: Sandbox, faults: readonly TimedFault[]): { stop(): void } {
  const waiting = faults.filter(({ afterMs }) => afterMs !== null);
  const timers: NodeJS.Timeout[] = [];
  const strike = (fault: Fault): void => {
    sandbox.inject(fault).catch((error: unknown) => process.stderr.write(errorText(error)));
  };
  const begin = (): void => {
    for (const { fault, afterMs } of waiting) timers.push(setTimeout(strike, afterMs ?? 0, fault));
  };
  const watch = setInterval(async () => {
    if ((await sandbox.stats()).producedRecords === 0) return;
    clearInterval(watch);
    if (timers.length === 0) begin();
  }, lookEveryMs);
  if (waiting.length === 0) clearInterval(watch);
  return {
    stop: () => {
      clearInterval(watch);
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
