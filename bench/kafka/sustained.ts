/** Whether 50,000 messages of 1 KiB a second are held for half a minute, produced and consumed. */
import type { Bench } from '../bench.ts';
import { rate } from '../figures.ts';
import { runSession } from '../support/session-run.ts';

const rateHz = 50_000;
const longMs = 30_000;
/** Promised wherever the broker can take it. */
const atLeastFraction = 0.995;

export const kafkaSustainedBench: Bench = {
  name: 'kafka.sustained',
  needs: 'kafka',
  timeoutMs: 90_000,
  run: async ({ pace, brokers }) => {
    const isShort = pace.rounds === 1;
    const load = ['--rate', String(rateHz), '--message-size', '1KiB', '--acks', '1', '--batch-size', '64KiB'];
    const { document } = await runSession(load, { ...pace, measureMs: isShort ? pace.measureMs : longMs }, brokers);
    const { scheduled, acked } = document.totals;
    const settings = { tolerance: 0.005, limit: atLeastFraction };
    return [rate('50,000/s of 1 KiB: achieved', 'fraction', [acked / scheduled], settings)];
  },
};
