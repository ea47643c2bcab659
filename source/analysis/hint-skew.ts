/** Whether one partition or one broker has more than its share. Pure. */
import { hintLimits as limit } from './hint-limits.ts';
import type { Finding, HintReading } from './hint-reading.ts';
import { digits, msOf } from './hint-text.ts';
import { brokerSkew } from './skew.ts';

export function skewed({ partitionSkew, brokers }: HintReading): Finding | null {
  const parts: string[] = [];
  if (partitionSkew !== null && partitionSkew.atLeast > limit.partitionOverMean) {
    const { topic, partition, maxOverMean } = partitionSkew;
    parts.push(`partition ${partition} of ${topic} gets ${digits(maxOverMean)} × the mean of all partitions`);
  }
  const skew = brokerSkew(brokers);
  if (
    skew !== null &&
    skew.slowestOverMedian > limit.brokerOverMedian &&
    skew.slowestMs - skew.medianMs >= limit.brokerAboveMedianMs
  ) {
    parts.push(
      `broker ${skew.slowest} takes ${msOf(skew.slowestMs)} to answer, ${digits(skew.slowestOverMedian)} × the median`,
    );
  }
  return parts.length === 0 ? null : { name: 'partition skew', evidence: parts.join('; '), suggestion: null };
}
