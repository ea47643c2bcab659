/** What loadtui shall reach beside the others: all of it stands here. */
import type { TaskName } from './tasks.ts';

export type Target =
  /** loadtui's messages a second are at least so many times the other's, or those of another row of its own. */
  | { readonly kind: 'rate'; readonly task: TaskName; readonly other: string; readonly atLeast: number }
  /** CPU time of loadtui a message, ns. */
  | { readonly kind: 'cpu'; readonly task: TaskName; readonly atMostNs: number }
  /** CPU time a message of every other row of the task is at most so many times that of this one. */
  | { readonly kind: 'cpu-ratio'; readonly task: TaskName; readonly other: string; readonly atMost: number };

export const targets: readonly Target[] = [
  { kind: 'rate', task: 'produce-100', other: 'rdkafka', atLeast: 2 },
  { kind: 'rate', task: 'produce-100', other: 'java', atLeast: 4 },
  { kind: 'cpu', task: 'produce-100', atMostNs: 130 },
  { kind: 'rate', task: 'produce-1k', other: 'rdkafka', atLeast: 1.2 },
  { kind: 'rate', task: 'produce-1k', other: 'java', atLeast: 3 },
  { kind: 'cpu', task: 'produce-1k', atMostNs: 550 },
  { kind: 'rate', task: 'consume-100', other: 'rdkafka', atLeast: 6 },
  { kind: 'rate', task: 'consume-100', other: 'java', atLeast: 5 },
  { kind: 'cpu', task: 'consume-100', atMostNs: 100 },
  { kind: 'rate', task: 'consume-1k', other: 'rdkafka', atLeast: 1.7 },
  { kind: 'cpu', task: 'consume-1k', atMostNs: 450 },
  { kind: 'rate', task: 'tls-1k', other: 'plain', atLeast: 0.5 },
  { kind: 'rate', task: 'tls-1k', other: 'rdkafka', atLeast: 1 },
  { kind: 'rate', task: 'lz4-1k', other: 'rdkafka', atLeast: 1 },
  { kind: 'cpu-ratio', task: 'shapes', other: 'one-partition', atMost: 1.5 },
];
