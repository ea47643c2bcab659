/** Topics that loadtui makes: how they are named, told apart from other people's, and kept small on disk. */

import { stampBytes, stampHeaderName } from '../clients/stamp.ts';
import { batchHeaderBytes } from '../clients/wire/batch-header.ts';
import type { Plan } from '../config/plan.ts';
import { madeTopicPrefix } from './types.ts';

const madeTopicPattern = new RegExp(`^${madeTopicPrefix}([0-9a-f]{8,16})(-[1-9][0-9]{0,4})?$`);

const retentionMs = 10 * 60 * 1000;
const segmentBytes = 256 * 1024 * 1024;
const defaultMaxMessageBytes = 1_048_588;
/** The most that lengths, deltas and attributes of one record take. */
const recordFramingBytes = 32;
/** Two varint lengths of a header's name and value. */
const lengthsBytes = 10;
const unixMsDigits = 13;
/** To spare in topics that are made to measure. */
const spareBytes = 1024;

/** A name nobody else has: the run's id, 8 to 16 hexadecimal digits, and a number where one run makes several topics. */
export function madeTopicName(runId: string, index: number): string {
  return index === 0 ? `${madeTopicPrefix}${runId}` : `${madeTopicPrefix}${runId}-${index}`;
}

/** True only for names of exactly the shape that `madeTopicName` gives: the one test before a topic is removed. */
export function isMadeTopic(name: string): boolean {
  return madeTopicPattern.test(name);
}

/** Id of the run that made a topic; empty for a topic that is none of ours. */
export function madeRunId(name: string): string {
  return madeTopicPattern.exec(name)?.[1] ?? '';
}

type Shape = Pick<Plan, 'messageSizeBytes' | 'keys' | 'headers'> & Partial<Pick<Plan, 'stamp'>>;

/** Bytes of a batch that holds one message of the plan, as a topic's `max.message.bytes` counts them. */
export function neededMessageBytes(shape: Shape): number {
  const keyBytes = shape.keys.kind === 'pool' ? shape.keys.prefix.length + String(shape.keys.count).length : 0;
  let headerBytes = shape.stamp === 'header' ? stampHeaderName.length + stampBytes + lengthsBytes : 0;
  for (const header of shape.headers) {
    headerBytes += Buffer.byteLength(header.name) + lengthsBytes;
    if (header.kind === 'text') headerBytes += Buffer.byteLength(header.value);
    else headerBytes += header.kind === 'key' ? keyBytes : unixMsDigits;
  }
  return batchHeaderBytes + recordFramingBytes + keyBytes + headerBytes + shape.messageSizeBytes;
}

/**
 * Settings of a topic that loadtui makes, Kafka's names and units: bounded in time and bytes, gone from disk a second
 * after it is deleted, and wide enough for the plan's messages. `plan.topicConfig` has the last word.
 */
export function madeTopicConfig(plan: Shape & Pick<Plan, 'batchSizeBytes' | 'topicConfig'>): Record<string, string> {
  const needed = Math.max(neededMessageBytes(plan), plan.batchSizeBytes) + spareBytes;
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
