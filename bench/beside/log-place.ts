/** Where the brokers of this bench keep their logs, and how long. */
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';

export interface LogPlace {
  readonly folder: string;
  /** On a tmpfs: no disk is measured. */
  readonly inMemory: boolean;
}

const memoryFolder = '/dev/shm';
/** `f_type` of a tmpfs, see statfs(2). */
const tmpfsType = 0x01021994;
/** Two logs to read of 1 GiB, one after the other, and what retention has not removed yet. */
const leastFreeBytes = 4 * 1024 ** 3;

/** Nothing is deleted late: memory that is given back is taken again, and pages never touched before make a broker slow. */
export const brokerProperties = {
  'log.retention.check.interval.ms': '500',
  'log.initial.task.delay.ms': '500',
  'log.segment.delete.delay.ms': '500',
} as const;

export interface FileSystem {
  readonly type: number;
  readonly bavail: number;
  readonly bsize: number;
}

export function canHoldLogs({ type, bavail, bsize }: FileSystem): boolean {
  return type === tmpfsType && bavail * bsize >= leastFreeBytes;
}

/** In memory where there is enough of it, else where the system keeps temporary files. */
export async function logPlace(): Promise<LogPlace> {
  // Where there is no such folder, as on a Mac, there is no such memory either.
  const system = await statfs(memoryFolder).catch(() => null);
  return system !== null && canHoldLogs(system)
    ? { folder: memoryFolder, inMemory: true }
    : { folder: tmpdir(), inMemory: false };
}

const keptBytes = 256 * 1024 ** 2;
/** The smallest segment that Kafka makes. */
const leastSegmentBytes = 1024 ** 2;

/** Settings of a topic to produce to: whoever writes, the same few pages are written again and again. */
export function rollingTopicConfig(partitions: number): Readonly<Record<string, string>> {
  const retention = Math.floor(keptBytes / partitions);
  return {
    'retention.bytes': String(retention),
    'segment.bytes': String(Math.max(leastSegmentBytes, Math.floor(retention / 2))),
    'file.delete.delay.ms': '500',
  };
}

/** Settings of a topic to consume from: what it holds is stamped with old times, and must stay. */
export const keptTopicConfig: Readonly<Record<string, string>> = {
  'retention.ms': '-1',
  'retention.bytes': '-1',
  'file.delete.delay.ms': '500',
};
