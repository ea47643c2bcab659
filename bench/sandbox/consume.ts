import { formatAddress } from '../../source/config/address.ts';
import { startSandbox } from '../../source/sandbox/start.ts';
import type { Bench } from '../bench.ts';
import { consumeFigures } from '../support/consume-figures.ts';
import { messageSizes } from '../support/shapes.ts';

export const sandboxConsumeBench: Bench = {
  name: 'sandbox.consume',
  needs: 'nothing',
  timeoutMs: 60_000,
  run: async ({ pace }) => {
    const sandbox = await startSandbox();
    try {
      return await consumeFigures(sandbox.brokers.map(formatAddress).join(','), pace, messageSizes);
    } finally {
      await sandbox.close();
    }
  },
};
