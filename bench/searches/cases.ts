/** Sandboxes whose highest sustainable rate is known beforehand, and how it is looked for. */
import type { Limit } from '../../source/analysis/search.ts';

export interface SearchCase {
  readonly name: string;
  /** What the answer rests on, in a sentence. */
  readonly why: string;
  readonly sandboxFlags: readonly string[];
  readonly findFlags: readonly string[];
  /** Messages per second; null: the load generator itself is the limit, and only that is known. */
  readonly answerHz: number | null;
  /** null: nothing must be found to be the limit below the highest rate. */
  readonly limitedBy: Limit | null;
  /** Producer threads stand still for so long in each 20 ms; left out: they do not. */
  readonly stallMs?: number;
}

/** Within this of the answer. */
export const tolerance = 0.05;

/** Messages go out at once, as many requests under way as it takes: the sandbox alone makes the latency. */
const straight = [
  '--linger',
  '0ms',
  '--acks',
  '1',
  '--in-flight',
  '1024',
  '--message-size',
  '100B',
  '--partitions',
  '4',
];
const objective = ['--slo', 'p99<100ms', '--quick', '--from', '4k'];

export const cases: readonly SearchCase[] = [
  {
    name: 'curve',
    why: 'each message is answered after 20 + 30 / (1 - rate / 100,000) ms: 100 ms at 62,500/s',
    sandboxFlags: ['--latency', '20ms', '--curve', '30ms:100k'],
    findFlags: [...straight, ...objective],
    answerHz: 62_500,
    limitedBy: 'latency',
  },
  {
    name: 'queue',
    why: 'M/D/1 of 50,000/s: 1 % wait longer than 100 ms at 49,977/s',
    sandboxFlags: ['--capacity', '50k'],
    findFlags: [...straight, ...objective, '--arrivals', 'poisson'],
    answerHz: 49_977,
    limitedBy: 'latency',
  },
  {
    name: 'quota',
    why: 'producers are throttled beyond 30,000/s over eleven seconds',
    sandboxFlags: ['--quota', '30k'],
    findFlags: [...straight, ...objective],
    answerHz: 30_000,
    limitedBy: 'throttle',
  },
  {
    name: 'slow-consumer',
    why: 'readers get 30,000 records a second',
    sandboxFlags: ['--fetch-capacity', '30k'],
    findFlags: [...straight, ...objective],
    answerHz: 30_000,
    limitedBy: 'lag',
  },
  {
    name: 'slow-client',
    why: 'producer threads stand still for 19 of each 20 ms',
    sandboxFlags: [],
    findFlags: [...straight, ...objective],
    answerHz: null,
    limitedBy: 'client',
    stallMs: 19,
  },
  {
    name: 'healthy',
    why: 'a broker with 3 ms latency and no limit: nothing gives way up to 200,000/s',
    sandboxFlags: ['--latency', '3ms'],
    findFlags: [...straight, ...objective, '--max-rate', '200k'],
    answerHz: 200_000,
    limitedBy: null,
  },
];
