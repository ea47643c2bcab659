/** `--dry-run`: the plan with the source of each value, the topics it would make and what they would weigh. */
import { madeTopicConfig } from '../cluster/made-topic.ts';
import { sweepCombinations } from '../config/check-sweep.ts';
import { restsWithAcks } from '../config/idempotence.ts';
import type { AskedPlan, Plan, ResolvedPlan } from '../config/plan.ts';
import { searchesRates, valuesOf } from '../config/plan-values.ts';
import { highestRate } from '../config/rate-schedule.ts';
import { securityFacts } from '../config/security/material.ts';
import { securityText } from '../config/security/security-text.ts';
import type { SettingKey, Values } from '../config/settings/setting.ts';
import { planPath, settingKeys, settings } from '../config/settings.ts';
import { formatBytes, formatRate } from '../config/units.ts';
import { withKnobs } from '../config/with-knobs.ts';
import { defaultSandboxOptions } from '../sandbox/types.ts';
import { bytesText, plural } from '../session/figures-text.ts';

function row(name: string, value: string, source: string): string {
  return `  ${name.padEnd(26)}${value.padEnd(32)} ${source}`;
}

function writtenValue<K extends SettingKey>(key: K, value: Values[K]): string {
  const { takes, write } = settings[key];
  const texts = write(value);
  if (takes === null) {
    return texts[0] === '' ? 'yes' : 'no';
  }
  return texts.length === 0 ? absent(key) : texts.join(', ');
}

/** What holds where a name is left out. */
function absent(key: SettingKey): string {
  switch (key) {
    case 'brokers':
      return 'the embedded sandbox';
    case 'topic':
      return 'made by loadtui';
    case 'consumeTopic':
      return 'what is written';
    case 'group':
      return 'loadtui-<run id>';
    default:
      return '-';
  }
}

function planRows({ plan, sources }: ResolvedPlan): readonly string[] {
  const values = valuesOf(plan);
  const rows = settingKeys.map((key) => {
    const { name, isFlag, property } = settings[key];
    const shown = isFlag === false ? (property ?? name) : name;
    if (key === 'idempotent' && restsWithAcks(plan)) {
      return row(shown, `no, off with acks=${plan.acks}`, sources.acks ?? 'default');
    }
    return row(shown, writtenValue(key, values[key]), sources[planPath(key)] ?? 'default');
  });
  return [row('preset', plan.preset ?? 'none', sources.preset ?? 'default'), ...rows];
}

export interface Weight {
  /** The highest rate that is asked for, messages a second; null: without a limit. */
  readonly rate: number | null;
  /** Payload bytes a minute at that rate, before replication; null: as `rate`. */
  readonly bytesPerMinute: number | null;
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Highest use of the disks of all brokers together; null: as `rate`. */
  readonly peakDiskBytes: number | null;
}

function configBytes(config: Readonly<Record<string, string>>, name: string): number {
  const value = Number(config[name]);
  return Number.isFinite(value) && value > 0 ? value : 0;
}

function highestOf(plan: Plan): number | null {
  if (plan.mode === 'consume-only') return 0;
  const wished = searchesRates(plan.task, plan.findSlos)
    ? null
    : plan.rateSchedule.length > 0
      ? highestRate(plan.rateSchedule)
      : plan.rate;
  return wished !== null && plan.maxRate !== null ? Math.min(wished, plan.maxRate) : (wished ?? plan.maxRate);
}

/** Whether the rate stays as it is planned. */
function isSteady(plan: Plan): boolean {
  return plan.rate !== null && plan.rateSchedule.length === 0 && !searchesRates(plan.task, plan.findSlos);
}

/**
 * What the plan would write. Brokers look at retention every 5 minutes and remove files up to a minute later, so the
 * peak is RF × (partitions × (retention.bytes + segment.bytes) + rate × 6 min), for all made topics together.
 */
export function weightOf(plan: Plan, brokers: number): Weight {
  const partitions = (plan.partitions ?? 3 * brokers) * plan.topics;
  const replicationFactor = plan.replicationFactor ?? Math.min(3, brokers);
  const rate = highestOf(plan);
  if (rate === null) {
    return { rate, bytesPerMinute: null, partitions, replicationFactor, peakDiskBytes: null };
  }
  const config = madeTopicConfig(plan);
  const kept = configBytes(config, 'retention.bytes') + configBytes(config, 'segment.bytes');
  const bytesPerMinute = rate * plan.messageSizeBytes * 60;
  // A run that ends sooner never gets there.
  const wholeMinutes = plan.durationMs === null ? Infinity : (plan.durationMs + plan.warmUpMs) / 60_000;
  const limited = partitions * kept + bytesPerMinute * 6;
  const peakDiskBytes = replicationFactor * Math.min(limited, bytesPerMinute * wholeMinutes);
  return { rate, bytesPerMinute, partitions, replicationFactor, peakDiskBytes };
}

function topicRows(plan: Plan, weight: Weight): readonly string[] {
  return [...writtenRows(plan, weight), ...readRows(plan, weight)];
}

/** The topic behind a pipeline, which is only read. */
function readRows({ consumeTopic, create, topics }: Plan, weight: Weight): readonly string[] {
  if (consumeTopic === null) return [];
  const shape = `×${weight.partitions / topics} RF${weight.replicationFactor}`;
  const fate = create ? `${shape}  made where it is missing, kept, and only read` : 'must be there, and is only read';
  return [`  ${consumeTopic}${create ? '  ' : ': '}${fate}`];
}

function writtenRows(plan: Plan, weight: Weight): readonly string[] {
  if (plan.topic !== null && !plan.create) {
    return [`  ${plan.topic}: must be there, and is neither altered nor deleted`];
  }
  const shape = `×${weight.partitions / plan.topics} RF${weight.replicationFactor}`;
  const name = plan.topic ?? (plan.topics === 1 ? 'loadtui-<run id>' : `loadtui-<run id>, … -${plan.topics - 1}`);
  // A named topic belongs to who asked for it, and stays.
  const fate = plan.topic !== null || plan.keepTopics ? 'kept' : 'removed at the end';
  const config = Object.entries(madeTopicConfig(plan)).map(([key, value]) => `    ${key}=${value}`);
  const what = plan.topic === null ? fate : `made where it is missing, ${fate}`;
  return [`  ${name}  ${shape}  ${what}`, ...config];
}

function weightRows(plan: Plan, weight: Weight): readonly string[] {
  if (plan.mode === 'consume-only') {
    return ['  nothing'];
  }
  if (weight.bytesPerMinute === null || weight.peakDiskBytes === null) {
    return ['  as much as the cluster takes: the rate has no limit (see --max-rate)'];
  }
  const { rate, bytesPerMinute, replicationFactor, peakDiskBytes } = weight;
  const most = isSteady(plan) ? '' : 'at most ';
  const made = plan.topic === null || plan.create;
  const rows = [
    `  ${most}${bytesText(bytesPerMinute)} a minute (${formatRate(rate)} messages/s of ${formatBytes(plan.messageSizeBytes)})`,
    `  ${most}${bytesText(bytesPerMinute * replicationFactor)} a minute with ${replicationFactor} ${replicationFactor === 1 ? 'copy' : 'copies'}`,
  ];
  if (plan.brokers === null) {
    const inMemory = Math.min(peakDiskBytes, weight.partitions * defaultSandboxOptions.retentionBytesPerPartition);
    return [...rows, `  ${bytesText(inMemory)} in memory at most, no file`];
  }
  return [
    ...rows,
    made
      ? `  ${bytesText(peakDiskBytes)} on all disks together at most`
      : "  kept as long as the topic's own retention says",
  ];
}

/** Of a sweep the combination that writes most; else the plan itself. */
function heaviestOf(plan: Plan): Plan {
  if (plan.task !== 'sweep') return plan;
  const bytesRate = (one: Plan): number => (highestOf(one) ?? Number.POSITIVE_INFINITY) * one.messageSizeBytes;
  return sweepCombinations(plan.sweep)
    .map((combination) => ({ ...withKnobs({ ...plan, task: 'run' }, combination), task: plan.task }))
    .reduce((most, one) => (bytesRate(one) > bytesRate(most) ? one : most));
}

function sweepRows({ task, sweep, repeats, findSlos }: Plan): readonly string[] {
  if (task !== 'sweep') return [];
  const combinations = sweepCombinations(sweep).length;
  const each = findSlos.length > 0 ? 'a search each' : '12 to 32 s each';
  const runs = plural(combinations * repeats, 'run');
  return ['Sweep', `  ${plural(combinations, 'combination')}, ${runs} in random order, ${each}`, ''];
}

/** The sandbox of a run is not secured. */
function securityRows({ plan, security }: AskedPlan): readonly string[] {
  return plan.brokers === null ? [] : ['Secured by', `  ${securityText(securityFacts(security))}`, ''];
}

/** The whole text. Nothing is connected to: the number of brokers is taken from how many were named. */
export function dryRunText(resolved: AskedPlan): string {
  const { plan } = resolved;
  const brokers = plan.brokers?.length ?? 1;
  const heaviest = heaviestOf(plan);
  const weight = weightOf(heaviest, brokers);
  const assumed = plan.brokers === null ? 'one sandbox broker' : `${plural(brokers, 'broker')}, as named`;
  return [
    'Plan',
    ...planRows(resolved),
    '',
    ...securityRows(resolved),
    `Topics (counting on ${assumed})`,
    ...topicRows(plan, weight),
    '',
    ...sweepRows(plan),
    'It would write',
    ...weightRows(heaviest, weight),
    '',
  ].join('\n');
}
