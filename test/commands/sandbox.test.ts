import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeBatch } from '../sandbox/support/batches.ts';
import { RawClient } from '../sandbox/support/raw-client.ts';

const command = new URL('../../source/commands/sandbox.ts', import.meta.url).href;
const script = `const { runSandbox } = await import(${JSON.stringify(command)});
const faults = [
  { fault: { kind: 'move-leader', topic: 'not-there', partition: 0, to: 1 }, afterMs: 1 },
  { fault: { kind: 'duplicate', count: 1 }, afterMs: 1 },
];
process.exitCode = await runSandbox({ brokers: 2 }, faults);`;

describe('loadtui sandbox', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('prints its addresses and ends on %s', async (signal) => {
    const folder = fileURLToPath(new URL('../../', import.meta.url));
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: folder });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    let told = '';
    child.stderr.on('data', (chunk) => {
      told += chunk;
    });
    await expect.poll(() => output.split('\n').length, { timeout: 10_000 }).toBe(4);
    const port = Number(/^127\.0\.0\.1:(\d+)$/m.exec(output)?.[1]);
    const client = await RawClient.connect({ host: '127.0.0.1', port });
    expect(await client.createTopic('t')).toBe(0);
    let produced = 0;
    // The first is never struck: it begins the time after which the fault strikes.
    await expect
      .poll(
        async () => {
          const before = (await client.offset(-1)).offset;
          await client.produce(makeBatch());
          produced++;
          return (await client.offset(-1)).offset - before;
        },
        { timeout: 10_000 },
      )
      .toBe(2);
    expect(produced).toBeGreaterThan(1);
    child.kill(signal);
    const [code] = await once(child, 'close');
    await client.closed;
    expect(code).toBe(0);
    expect(told).toMatch(/^loadtui: The sandbox has no partition not-there\/0\.\n {2}try: .*\n$/);
    const lines = output.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect([lines[0], lines[3]]).toEqual([expect.stringContaining('SANDBOX'), expect.stringContaining('SANDBOX')]);
    expect(lines.slice(1, 3)).toEqual([
      expect.stringMatching(/^127.0.0.1:\d+$/),
      expect.stringMatching(/^127.0.0.1:\d+$/),
    ]);
  });
});
