import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../source/sandbox/types.ts';
import { startTestSandbox } from './support/start.ts';

const hasKcat = isInstalled('kcat');
if (!hasKcat) console.log('kcat is not installed: its tests of the sandbox are left out');

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function kcat(sandbox: Sandbox, words: readonly string[], input = ''): Promise<string[]> {
  const brokers = sandbox.brokers.map(({ host, port }) => `${host}:${port}`).join(',');
  const child = spawn('kcat', ['-b', brokers, '-X', 'check.crcs=true', ...words]);
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  expect(code, errors).toBe(0);
  return output.split('\n').filter((line) => line !== '');
}

describe.runIf(hasKcat)('kcat', () => {
  it('lists brokers and topics', async () => {
    const sandbox = await startTestSandbox({ brokers: 2, autoCreateTopics: true, defaultPartitions: 2 });
    await kcat(sandbox, ['-P', '-t', 'jobs'], 'one\n');
    const lines = (await kcat(sandbox, ['-L'])).map((line) => line.trim());
    expect(lines).toContain('2 brokers:');
    expect(lines).toContain('topic "jobs" with 2 partitions:');
  });

  it.each([[[]], [['-z', 'gzip']], [['-z', 'lz4']], [['-X', 'enable.idempotence=true']], [['-X', 'acks=0']]])(
    'produces with %j and consumes, checksums checked',
    async (words) => {
      const sandbox = await startTestSandbox({ autoCreateTopics: true });
      await kcat(sandbox, ['-P', '-t', 'jobs', ...words], 'one\ntwo\nthree\n');
      await expect.poll(async () => (await sandbox.stats()).producedRecords).toBe(3);
      expect(await kcat(sandbox, ['-C', '-t', 'jobs', '-e', '-q', '-f', '%o %s\\n'])).toEqual([
        '0 one',
        '1 two',
        '2 three',
      ]);
      expect(await kcat(sandbox, ['-Q', '-t', 'jobs:0:-1'])).toEqual(['jobs [0] offset 3']);
    },
  );

  it('consumes with a group', async () => {
    const sandbox = await startTestSandbox({ brokers: 2, autoCreateTopics: true, defaultPartitions: 3 });
    await kcat(sandbox, ['-P', '-t', 'jobs', '-p', '1'], 'one\ntwo\n');
    const words = ['-G', 'readers', '-e', '-q', '-X', 'auto.offset.reset=earliest', 'jobs'];
    expect(await kcat(sandbox, words)).toEqual(['one', 'two']);
    await kcat(sandbox, ['-P', '-t', 'jobs', '-p', '1'], 'three\n');
    expect(await kcat(sandbox, words)).toEqual(['three']);
  });
});
