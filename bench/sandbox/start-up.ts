/** From the start of the built program to its first acknowledged message, embedded broker included. */
import type { Bench } from '../bench.ts';
import { cost } from '../figures.ts';
import { builtProgram } from '../support/built-program.ts';
import { firstAckMs } from '../support/first-ack.ts';
import { inTurn } from '../support/in-turn.ts';

/** Promised: the first message is acknowledged within this. */
const limitMs = 1_200;

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
