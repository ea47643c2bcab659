/** What a setting is: its one name everywhere, how it is read and written, and where help puts it. */
import type { ClientTuning, Plan } from '../plan.ts';
import type { Kind } from '../setting-kinds.ts';

/**
 * The plan's values before they are put together: tuning laid flat, rates still as text (a rate of bytes needs the
 * message size), `mode` as its two switches. `maxRate` 'max' = no cap.
 */
export interface Values extends Omit<Plan, 'task' | 'preset' | 'tuning' | 'rate' | 'maxRate' | 'mode'>, ClientTuning {
  readonly rate: string;
  readonly maxRate: string;
  readonly produceOnly: boolean;
  readonly consumeOnly: boolean;
}
export type SettingKey = keyof Values;

export const groups = [
  'Cluster',
  'Security',
  'Topic',
  'Load',
  'Consuming',
  'Run',
  'Search',
  'Sweep',
  'Safety and verdict',
  'Output',
] as const;
export type Group = (typeof groups)[number];

export interface Setting<T> extends Kind<T> {
  /** As in flags: "batch-size". In plan files: `yaml`, or this in camelCase. */
  readonly name: string;
  readonly yaml?: string;
  /** false: plan files (`tuning:`) and Kafka properties only. */
  readonly isFlag?: false;
  readonly short?: string;
  readonly aliases?: readonly string[];
  /** The flag may be given several times. */
  readonly repeat?: true;
  /** Kafka's name of the same thing. */
  readonly property?: string;
  readonly group: Group;
  readonly help: string;
}

/** Some of the settings. */
export type Settings = { readonly [K in SettingKey]?: Setting<Values[K]> };
