/**
 * The table of everything a plan is made of, with each setting's one name in flags, environment variables, plan files
 * and Kafka properties. Reading, help, completion and the command line that repeats a run are all made from it.
 */
import type { ClientTuning } from './plan.ts';
import { clusterSettings } from './settings/cluster.ts';
import { loadSettings } from './settings/load.ts';
import { runSettings } from './settings/run.ts';
import type { Setting, SettingKey, Values } from './settings/setting.ts';
import { tuningSettings } from './settings/tuning.ts';

export const settings: { readonly [K in SettingKey]: Setting<Values[K]> } = {
  ...clusterSettings,
  ...loadSettings,
  ...runSettings,
  ...tuningSettings,
};

// The keys of an object literal that is checked against Values are exactly Values' keys.
export const settingKeys = Object.keys(settings) as readonly SettingKey[];

/** `batch-size` → `batchSize`. */
export function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A setting's key in plan files; those without a flag stand under `tuning:`. */
export function yamlKey(key: SettingKey): string {
  const setting = settings[key];
  return setting.yaml ?? camelCase(setting.name);
}

export const tuningKeys = [
  'clientId',
  'idempotent',
  'maxInFlight',
  'maxRequestBytes',
  'bufferMemoryBytes',
  'requestTimeoutMs',
  'deliveryTimeoutMs',
  'retryBackoffMs',
  'retryBackoffMaxMs',
  'reconnectBackoffMs',
  'reconnectBackoffMaxMs',
  'metadataMaxAgeMs',
  'fetchMinBytes',
  'fetchMaxWaitMs',
  'fetchMaxBytes',
  'maxPartitionFetchBytes',
  'gzipLevel',
  'zstdLevel',
] as const satisfies readonly (keyof ClientTuning)[];

/** Where a setting stands in the plan: the key of `ResolvedPlan.sources`. */
export function planPath(key: SettingKey): string {
  if (key === 'produceOnly' || key === 'consumeOnly') {
    return 'mode';
  }
  return tuningKeys.some((tuningKey) => tuningKey === key) ? `tuning.${key}` : key;
}
