/** From the start of the built program to its first acknowledged message, embedded broker included. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { runCommand } from '../../test/support/run-command.ts';
import type { Bench } from '../bench.ts';
import { cost } from '../figures.ts';
import { inTurn } from '../support/in-turn.ts';

const project = fileURLToPath(new URL('../../', import.meta.url));
/** Promised: the first message is acknowledged within this. */
const limitMs = 1_500;

const rowSchema = z.object({
  timeMs: z.number(),
  acked: z.number(),
  response: z.object({ maxMs: z.number().nullable() }),
});

export const startUpBench: Bench = {
  name: 'sandbox.start-up',
  needs: 'nothing',
  timeoutMs: 60_000,
  run: async ({ pace }) => {
    if (changedMs('dist') < changedMs('source')) throw new Error('the build is missing or old: npm run build');
    // The first start reads the files from disk.
    await firstAckMs();
    const rounds = await inTurn(pace.rounds, firstAckMs);
    return [cost('to the first acknowledged message', 'ms', rounds, { limit: limitMs })];
  },
};

/** One message is due at once: it is acknowledged its response time after the start of its interval. */
async function firstAckMs(): Promise<number> {
  const words = [join(project, 'bin/loadtui.js'), '--json', '--messages', '1', '--warm-up', '0s', '--no-history'];
  const startedMs = performance.timeOrigin + performance.now();
  const { exitCode, stdout, stderr } = await runCommand(process.execPath, words, { timeoutMs: 15_000 });
  for (const line of stdout.split('\n')) {
    if (line === '') continue;
    const { data } = rowSchema.safeParse(JSON.parse(line));
    if (data?.acked === 1 && data.response.maxMs !== null) return data.timeMs + data.response.maxMs - startedMs;
  }
  throw new Error(`no message was acknowledged (exit code ${exitCode}): ${stderr}`);
}

/** When a file of the folder was written last, Unix ms; 0 where there is none. */
function changedMs(folder: string): number {
  const path = join(project, folder);
  try {
    const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => /\.[jt]sx?$/.test(name));
    return Math.max(0, ...files.map((name) => statSync(join(path, name)).mtimeMs));
  } catch {
    return 0;
  }
}
