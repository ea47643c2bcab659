/**
 * The registry of knobs: the only list of what can be turned while a run is on. Flags, plan keys, `:` commands, the
 * screen's panel and the snapshot use these names.
 */
import { type Acks, type Compression, compressions } from './plan.ts';

export const knobNames = [
  'rate',
  'batchSize',
  'lingerMs',
  'producers',
  'consumers',
  'acks',
  'compression',
  'messageSize',
  'inFlight',
  'fetchMinBytes',
  'fetchMaxWaitMs',
  'maxPartitionFetch',
] as const;
export type KnobName = (typeof knobNames)[number];

/** `rate` null = unthrottled; sizes in bytes; `lingerMs` in ms. */
export type KnobValue = number | null | Acks | Compression;

export type KnobUnit = 'rate' | 'bytes' | 'ms' | 'count' | 'choice';

export interface KnobDefinition {
  readonly name: KnobName;
  /** As on the screen: "batch size". */
  readonly label: string;
  /** As in flags and `:` commands: "batch-size". */
  readonly flag: string;
  readonly unit: KnobUnit;
  readonly minimum: number;
  readonly maximum: number;
  /** The values a key steps through, for those that have such a list; null: the rule of `stepKnob`. */
  readonly steps: readonly number[] | null;
  readonly choices: readonly KnobValue[] | null;
  /** On the screen's panel. */
  readonly onPanel: boolean;
  /** Who must take it: the producers, the consumers, or the schedule. */
  readonly appliedBy: 'schedule' | 'producers' | 'consumers';
  /** Keys for down and up, or one for a chooser. */
  readonly keys: readonly string[];
  readonly help: string;
}

const bytes = (powers: readonly number[]): readonly number[] => powers.map((power) => 2 ** power);
const sizeSteps = bytes([5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
const batchSteps = bytes([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
const countSteps = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256];

export const knobs: Readonly<Record<KnobName, KnobDefinition>> = {
  rate: {
    name: 'rate',
    label: 'rate',
    flag: 'rate',
    unit: 'rate',
    minimum: 0.1,
    maximum: 1e9,
    steps: null,
    choices: null,
    onPanel: true,
    appliedBy: 'schedule',
    keys: ['r', 'R'],
    help: 'messages per second of all producers together',
  },
  batchSize: {
    name: 'batchSize',
    label: 'batch size',
    flag: 'batch-size',
    unit: 'bytes',
    minimum: 1,
    maximum: 2 ** 24,
    steps: batchSteps,
    choices: null,
    onPanel: true,
    appliedBy: 'producers',
    keys: ['b', 'B'],
    help: 'bytes at which a batch is full and goes out',
  },
  lingerMs: {
    name: 'lingerMs',
    label: 'linger',
    flag: 'linger',
    unit: 'ms',
    minimum: 0,
    maximum: 60_000,
    steps: [0, 0.5, 1, 2, 5, 10, 20, 50, 100],
    choices: null,
    onPanel: true,
    appliedBy: 'producers',
    keys: ['l', 'L'],
    help: 'how long a batch waits for more messages',
  },
  producers: {
    name: 'producers',
    label: 'producers',
    flag: 'producers',
    unit: 'count',
    minimum: 1,
    maximum: 4096,
    steps: countSteps,
    choices: null,
    onPanel: true,
    appliedBy: 'schedule',
    keys: ['p', 'P'],
    help: 'own connections each; they share the rate',
  },
  consumers: {
    name: 'consumers',
    label: 'consumers',
    flag: 'consumers',
    unit: 'count',
    minimum: 0,
    maximum: 4096,
    steps: countSteps,
    choices: null,
    onPanel: true,
    appliedBy: 'consumers',
    keys: ['c', 'C'],
    help: 'own connections each; they share the partitions',
  },
  acks: {
    name: 'acks',
    label: 'acks',
    flag: 'acks',
    unit: 'choice',
    minimum: 0,
    maximum: 0,
    steps: null,
    choices: [0, 1, 'all'],
    onPanel: true,
    appliedBy: 'producers',
    keys: ['a'],
    help: 'who must have a batch before it is acknowledged',
  },
  compression: {
    name: 'compression',
    label: 'compression',
    flag: 'compression',
    unit: 'choice',
    minimum: 0,
    maximum: 0,
    steps: null,
    choices: compressions,
    onPanel: true,
    appliedBy: 'producers',
    keys: ['z'],
    help: 'codec of the batches we send',
  },
  messageSize: {
    name: 'messageSize',
    label: 'msg size',
    flag: 'message-size',
    unit: 'bytes',
    minimum: 0,
    maximum: 2 ** 24,
    steps: sizeSteps,
    choices: null,
    onPanel: true,
    appliedBy: 'producers',
    keys: ['m', 'M'],
    help: "bytes of a message's value",
  },
  inFlight: {
    name: 'inFlight',
    label: 'in flight',
    flag: 'in-flight',
    unit: 'count',
    minimum: 1,
    maximum: 1024,
    steps: [1, 2, 3, 4, 5, 8, 16, 32],
    choices: null,
    onPanel: false,
    appliedBy: 'producers',
    keys: [],
    help: 'requests on one connection; idempotent: up to 5',
  },
  fetchMinBytes: {
    name: 'fetchMinBytes',
    label: 'fetch min',
    flag: 'fetch-min-bytes',
    unit: 'bytes',
    minimum: 1,
    maximum: 2 ** 28,
    steps: bytes([0, 4, 8, 10, 12, 14, 16, 18, 20]),
    choices: null,
    onPanel: false,
    appliedBy: 'consumers',
    keys: [],
    help: 'bytes a broker collects before it answers',
  },
  fetchMaxWaitMs: {
    name: 'fetchMaxWaitMs',
    label: 'fetch wait',
    flag: 'fetch-max-wait',
    unit: 'ms',
    minimum: 0,
    maximum: 60_000,
    steps: [0, 5, 10, 20, 50, 100, 200, 500, 1000],
    choices: null,
    onPanel: false,
    appliedBy: 'consumers',
    keys: [],
    help: 'how long a broker holds a fetch of too little',
  },
  maxPartitionFetch: {
    name: 'maxPartitionFetch',
    label: 'fetch per partition',
    flag: 'max-partition-fetch',
    unit: 'bytes',
    minimum: 1024,
    maximum: 2 ** 28,
    steps: bytes([14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24]),
    choices: null,
    onPanel: false,
    appliedBy: 'consumers',
    keys: [],
    help: 'bytes of one partition in one fetch answer',
  },
};
