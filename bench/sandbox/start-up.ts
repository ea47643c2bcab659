/** From the start of the built program to its first acknowledged message, embedded broker included. */
import { z } from 'zod';
import { runCommand } from '../../test/support/run-command.ts';
import type { Bench } from '../bench.ts';
import { cost } from '../figures.ts';
import { builtProgram } from '../support/built-program.ts';
import { inTurn } from '../support/in-turn.ts';

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
    const program = builtProgram();
    // The first start reads the files from disk.
    await firstAckMs(program);
    const rounds = await inTurn(pace.rounds, () => firstAckMs(program));
    return [cost('to the first acknowledged message', 'ms', rounds, { limit: limitMs })];
  },
};

/** One message is due at once: it is acknowledged its response time after the start of its interval. */
async function firstAckMs(program: string): Promise<number> {
  const words = [program, '--json', '--messages', '1', '--warm-up', '0s', '--no-history'];
  const startedMs = performance.timeOrigin + performance.now();
  const { exitCode, stdout, stderr } = await runCommand(process.execPath, words, { timeoutMs: 15_000 });
  for (const line of stdout.split('\n')) {
    if (line === '') continue;
    const { data } = rowSchema.safeParse(JSON.parse(line));
    if (data?.acked === 1 && data.response.maxMs !== null) return data.timeMs + data.response.maxMs - startedMs;
  }
  throw new Error(`no message was acknowledged (exit code ${exitCode}): ${stderr}`);
}
