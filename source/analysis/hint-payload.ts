/** Whether the payload suits the codec: what neither random nor constant bytes can tell of real data. Pure. */
import { hintLimits as limit } from './hint-limits.ts';
import type { Finding, HintReading } from './hint-reading.ts';
import { digits, wish } from './hint-text.ts';

const nearer = '--payload-entropy 0.3 is nearer to real data';

/** A codec that finds nothing to do, or whose work is done by nothing but repetition. */
export function payload(reading: HintReading): Finding | null {
  const { compressionRatio: ratio, payloadEntropy, knobs } = reading;
  const codec = knobs.compression;
  if (codec === 'none' || ratio === null) return null;
  if (payloadEntropy === 1 && ratio < limit.randomRatio) {
    const evidence = `the payload is random: ${codec} costs CPU and gives ${digits(ratio)}×; ${nearer}`;
    return { name: 'payload', evidence, suggestion: wish(reading, 'compression', 'none') };
  }
  if (payloadEntropy === 0 || ratio > limit.constantRatio) {
    const what = payloadEntropy === 0 ? 'is constant' : 'hardly varies';
    const evidence = `the payload ${what}: ${codec} gives ${digits(ratio)}×, which real data would not; ${nearer}`;
    return { name: 'payload', evidence, suggestion: null };
  }
  return null;
}
