import { describe, expect, it } from 'vitest';
import { runCommand } from '../support/run-command.ts';

const cli = new URL('../../source/cli.ts', import.meta.url).href;

/** Makes garbage of which some lives on for a while, as a busy thread does; prints how large the nursery has become, MiB. */
const makeGarbage = `
let alive = [];
for (let round = 0; round < 4_000; round++) {
  const made = Array.from({ length: 1_000 }, (_, number) => ({ number, round }));
  alive = [...alive.slice(-60), made];
}
const { getHeapSpaceStatistics } = await import('node:v8');
const nursery = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
console.log('nursery', nursery.space_size / 2 ** 20);`;

async function nurseryMiB(before: string, garbage: string): Promise<number> {
  const script = `${before}\n${garbage}`;
  const { stdout, stderr } = await runCommand(process.execPath, ['--input-type=module', '-e', script]);
  const size = /nursery ([0-9.]+)/.exec(stdout)?.[1];
  if (size === undefined) throw new Error(stdout + stderr);
  return Number(size);
}

const main = `const { main } = await import(${JSON.stringify(cli)}); await main(['--version']);`;
const inThread = `const { Worker } = await import('node:worker_threads');
new Worker(${JSON.stringify(makeGarbage)}, { eval: true });`;

describe('memory for young objects', () => {
  it('stays small in the program and in its threads', async () => {
    expect(await nurseryMiB(main, makeGarbage)).toBeLessThanOrEqual(4);
    expect(await nurseryMiB(main, inThread)).toBeLessThanOrEqual(4);
  });

  it('would grow by itself', async () => {
    expect(await nurseryMiB('', makeGarbage)).toBeGreaterThan(4);
    expect(await nurseryMiB('', inThread)).toBeGreaterThan(4);
  });
});
