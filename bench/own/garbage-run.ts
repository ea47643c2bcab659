/** A run as fast as it goes, with every load thread asked what it allocated. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSession } from '../../source/commands/read-session.ts';
import { runCommand } from '../../test/support/run-command.ts';
import { builtProgram } from '../support/built-program.ts';
import { allocatedPerMessage, pauseP99Ms, readLines, windowEnvironment } from './allocation-line.ts';
import type { OwnPace } from './pace.ts';

export interface GarbageRound {
  readonly messagesPerSecond: number;
  readonly producerBytesPerMessage: number;
  readonly consumerBytesPerMessage: number;
  readonly gcPauseP99Ms: number;
}

const hook = fileURLToPath(new URL('./allocation-hook.ts', import.meta.url));
/** Connecting and making the topic takes less; the window begins when the load has settled. */
const settleMs = 2_000;

export const garbageFlags = '-r max --acks 1 --batch-size 64KiB --linger 5ms --partitions 1 --plain -q --no-history';

export async function garbageRun(brokers: string, messageSizeBytes: number, pace: OwnPace): Promise<GarbageRound> {
  const folder = mkdtempSync(join(tmpdir(), 'loadtui-garbage-'));
  const [session, lines] = [join(folder, 'session.json'), join(folder, 'allocations')];
  const pausesFromMs = settleMs + pace.warmUpMs;
  const samplesMs = pace.measureMs / 2;
  const window = { pausesFromMs, samplesFromMs: pausesFromMs + samplesMs, toMs: pausesFromMs + 2 * samplesMs };
  const words = [
    '-b',
    brokers,
    ...garbageFlags.split(' '),
    '-s',
    `${messageSizeBytes}`,
    '--warm-up',
    `${pace.warmUpMs}ms`,
  ];
  try {
    const { exitCode, stderr } = await runCommand(
      process.execPath,
      [
        ...['--disable-warning=ExperimentalWarning', '--import', hook, builtProgram(), 'run', ...words],
        ...['-d', `${pace.measureMs + settleMs}ms`, '--save', session],
      ],
      {
        env: {
          ...process.env,
          XDG_STATE_HOME: folder,
          ...windowEnvironment({ ...window, file: lines }),
        },
        timeoutMs: 120_000,
      },
    );
    if (exitCode !== 0) throw new Error(`loadtui ended with ${exitCode}: ${stderr}`);
    const { intervals } = (await readSession(session)).document;
    const measured = intervals.filter(({ phase }) => phase === 'measuring');
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    const seconds = sum(measured.map(({ durationMs }) => durationMs)) / 1000;
    const said = readLines(readFileSync(lines, 'utf8'));
    const counted = (field: 'acked' | 'consumed') => measured.map((row) => ({ ...row, messages: row[field] }));
    return {
      messagesPerSecond: sum(measured.map(({ acked }) => acked)) / seconds,
      producerBytesPerMessage: allocatedPerMessage(said, 'producer thread', counted('acked')),
      consumerBytesPerMessage: allocatedPerMessage(said, 'consumer thread', counted('consumed')),
      gcPauseP99Ms: pauseP99Ms(said),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
