/** Ten minutes of even load: memory that stays flat, counts that stay together, and a file whose size is bounded. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSession } from '../../source/commands/read-session.ts';
import type { IntervalRow, SessionDocument } from '../../source/session/document-schema.ts';
import { runCommand } from '../../test/support/run-command.ts';
import { type Bench, fullPace } from '../bench.ts';
import { cost, type Figure } from '../figures.ts';
import { builtProgram } from '../support/built-program.ts';

const rateHz = 20_000;
const fullMs = 600_000;
/** Start-up, the first records of every log and the first minute's figures: memory grows until then. */
const settledMs = 60_000;
/** Promised: memory grows by no more after the first minute. */
const mostGrowthPercent = 10;

export const soakBench: Bench = {
  name: 'sandbox.soak',
  needs: 'nothing',
  timeoutMs: fullMs + 120_000,
  isLong: true,
  run: async ({ pace }) => {
    const isFull = pace === fullPace;
    const { document, fileBytes } = await soak(isFull ? fullMs : 3_000);
    return figuresOf(document, fileBytes, isFull ? settledMs : 1_000);
  },
};

async function soak(durationMs: number): Promise<{ document: SessionDocument; fileBytes: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'loadtui-soak-'));
  const path = join(folder, 'soak.json');
  const words = ['--plain', '--rate', `${rateHz}`, '--message-size', '100', '--warm-up', '1s', '--save', path];
  try {
    const { exitCode, stderr } = await runCommand(
      process.execPath,
      [builtProgram(), ...words, '--duration', `${durationMs}ms`],
      { env: { ...process.env, XDG_STATE_HOME: folder }, timeoutMs: durationMs + 60_000 },
    );
    if (exitCode !== 0) throw new Error(`the run ended with exit code ${exitCode}: ${stderr}`);
    return { document: (await readSession(path)).document, fileBytes: statSync(path).size };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function figuresOf({ intervals, totals }: SessionDocument, fileBytes: number, settled: number): Figure[] {
  const zeroMs = intervals[0]?.timeMs ?? 0;
  const memory = intervals.flatMap(({ process: { rssBytes }, timeMs }) =>
    rssBytes === null ? [] : [{ rssBytes, atMs: timeMs - zeroMs }],
  );
  const from = memory.find(({ atMs }) => atMs >= settled)?.rssBytes;
  if (from === undefined) throw new Error('memory is not known');
  const most = Math.max(...memory.filter(({ atMs }) => atMs >= settled).map(({ rssBytes }) => rssBytes));
  const drift = (row: IntervalRow): number => Math.abs(row.sent - row.consumed);
  return [
    cost('memory after the first minute', 'MB', [from / 1e6]),
    cost('its growth from then on, at most', '%', [(most / from - 1) * 100], { limit: mostGrowthPercent }),
    cost('sent and not consumed', 'messages', [Math.abs(totals.sent - totals.consumed)], { limit: 0 }),
    cost('the same in one second, at most', 'messages', [Math.max(...intervals.map(drift))], { limit: 0 }),
    cost('saved session', 'MB', [fileBytes / 1e6], { limit: 4 }),
  ];
}
