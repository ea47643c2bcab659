/** How soon the built program has its first message acknowledged, embedded broker included. */
import { z } from 'zod';
import { runCommand } from '../../test/support/run-command.ts';

const rowSchema = z.object({
  timeMs: z.number(),
  acked: z.number(),
  response: z.object({ maxMs: z.number().nullable() }),
});

/** ms from the start of the process. One message is due at once: it is acked its response time after its interval began. */
export async function firstAckMs(program: string): Promise<number> {
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
