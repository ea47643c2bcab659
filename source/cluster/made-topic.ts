/** Topics that loadtui makes: how they are named, told apart from other people's, and kept small on disk. */
import type { Plan } from '../config/plan.ts';
import { madeTopicPrefix } from './types.ts';

const madeTopicPattern = new RegExp(`^${madeTopicPrefix}[0-9a-f]{8,16}(-[1-9][0-9]{0,4})?$`);

const retentionMs = 10 * 60 * 1000;
const segmentBytes = 256 * 1024 * 1024;
/** What a record and its batch need beyond the value; Kafka's own default limit leaves 12 bytes. */
const recordOverheadBytes = 1024;
const defaultMaxMessageBytes = 1_048_588;

/** A name nobody else has: the run's id, 8 to 16 hexadecimal digits, and a number where one run makes several topics. */
export function madeTopicName(runId: string, index: number): string {
  return index === 0 ? `${madeTopicPrefix}${runId}` : `${madeTopicPrefix}${runId}-${index}`;
}

/** True only for names of exactly the shape that `madeTopicName` gives: the one test before a topic is removed. */
export function isMadeTopic(name: string): boolean {
  return madeTopicPattern.test(name);
}

/** Room a topic needs for one message of the plan: key, headers and batch framing included, and 1 KiB to spare. */
export function neededMessageBytes(plan: Pick<Plan, 'messageSizeBytes' | 'keys' | 'headers'>): number {
  const keyBytes = plan.keys.kind === 'pool' ? plan.keys.prefix.length + 20 : 0;
  let headerBytes = 0;
  for (const header of plan.headers) {
    headerBytes += header.name.length + 10;
    headerBytes += header.kind === 'text' ? Buffer.byteLength(header.value) : header.kind === 'key' ? keyBytes : 20;
  }
  return plan.messageSizeBytes + keyBytes + headerBytes + recordOverheadBytes;
}

/**
 * Settings of a topic that loadtui makes, Kafka's names and units: bounded in time and bytes, gone from disk a second
 * after it is deleted, and wide enough for the plan's messages. `plan.topicConfig` has the last word.
 */
export function madeTopicConfig(
  plan: Pick<Plan, 'messageSizeBytes' | 'keys' | 'headers' | 'batchSizeBytes' | 'topicConfig'>,
): Record<string, string> {
  const needed = Math.max(neededMessageBytes(plan), plan.batchSizeBytes + recordOverheadBytes);
  return {
    'cleanup.policy': 'delete',
    'retention.ms': String(retentionMs),
    'segment.bytes': String(segmentBytes),
    'retention.bytes': String(segmentBytes),
    'file.delete.delay.ms': '1000',
    ...(needed > defaultMaxMessageBytes ? { 'max.message.bytes': String(needed) } : {}),
    ...plan.topicConfig,
  };
}
