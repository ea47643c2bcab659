/** Checks across values: what each of them allows and the whole does not. Every refusal names who said the value. */
import type { LoadtuiError } from '../errors.ts';
import { usageError } from '../errors.ts';
import { needsRails } from './address.ts';
import { isIdempotent, maxInFlightIdempotent, restsWithAcks } from './idempotence.ts';
import { knobs } from './knobs.ts';
import { type Combined, strength } from './layers.ts';
import type { Plan, Slo } from './plan.ts';
import { highestRate } from './rate-schedule.ts';
import type { SettingKey } from './settings/setting.ts';
import { settings } from './settings.ts';
import { formatBytes, formatDuration, formatRate } from './units.ts';

/** Size of the stamp at the start of every value (`clients/stamp.ts`). */
const stampBytes = 32;
/** What a record and its batch need beside value, key and headers, generously. */
export const recordOverheadBytes = 1024;

class Checker {
  readonly plan: Plan;
  readonly combined: Combined;

  constructor(plan: Plan, combined: Combined) {
    this.plan = plan;
    this.combined = combined;
  }

  /** An error about a value, with the name of who said it. */
  refusal(key: SettingKey, message: string, next: string): LoadtuiError {
    const origin = this.combined.origins[key];
    return usageError(`${origin?.label ?? `--${settings[key].name}`}: ${message}`, next, origin?.at);
  }

  within(key: SettingKey, value: number | null, minimum: number, maximum: number, write: (value: number) => string) {
    if (value !== null && (value < minimum || value > maximum)) {
      const limit = value < minimum ? `below ${write(minimum)}` : `above ${write(maximum)}`;
      throw this.refusal(key, `${write(value)} is ${limit}`, `Choose ${write(minimum)} to ${write(maximum)}.`);
    }
  }

  said(key: SettingKey): boolean {
    return this.combined.origins[key] !== undefined;
  }
}

function checkNotBuilt(check: Checker): void {
  const { plan } = check;
  if (plan.client !== 'wire') {
    throw check.refusal('client', `${plan.client} comes in a later version`, 'Use --client wire.');
  }
}

function checkCluster(check: Checker): void {
  const { plan } = check;
  if (plan.brokers === null && plan.noSandbox) {
    throw check.refusal('noSandbox', 'no broker is named either', 'Name one with --brokers host:9092.');
  }
  if (needsRails(plan.brokers) && plan.rate === null && plan.maxRate === null && plan.mode !== 'consume-only') {
    const next = 'Add --max-rate, e.g. --max-rate 200k.';
    throw check.refusal('rate', 'max on a cluster that is not on this machine needs a cap', next);
  }
  if (needsRails(plan.brokers) && plan.task === 'find' && plan.maxRate === null) {
    const next = 'Add --max-rate, e.g. --max-rate 200k: no step goes above it.';
    throw check.refusal('fromRate', 'a search on a cluster that is not on this machine needs a cap', next);
  }
}

function checkTopic(check: Checker): void {
  const { plan } = check;
  check.within('topics', plan.topics, 1, 1000, String);
  if (plan.topic !== null && plan.topics > 1) {
    throw check.refusal('topics', 'several topics are made only without --topic', 'Leave one of the two out.');
  }
  if (plan.create && plan.topic === null) {
    throw check.refusal('create', 'no topic is named', 'Add --topic NAME, or leave --create out.');
  }
  if (/compact/.test(plan.topicConfig['cleanup.policy'] ?? '')) {
    const next = 'Use cleanup.policy=delete.';
    throw check.refusal('topicConfig', 'compaction removes messages, which then count as missing', next);
  }
}

function checkLoad(check: Checker): void {
  const { plan } = check;
  for (const key of ['rate', 'maxRate'] as const) {
    if (plan[key] === 0) {
      const next = key === 'rate' ? 'Use `max` for no limit, or --consume-only to read.' : 'Leave it out for no cap.';
      throw check.refusal(key, 'a rate of 0 sends nothing', next);
    }
    check.within(key, plan[key], knobs.rate.minimum, knobs.rate.maximum, formatRate);
  }
  check.within('messageSizeBytes', plan.messageSizeBytes, 0, knobs.messageSize.maximum, formatBytes);
  check.within('batchSizeBytes', plan.batchSizeBytes, knobs.batchSize.minimum, knobs.batchSize.maximum, formatBytes);
  check.within('lingerMs', plan.lingerMs, 0, knobs.lingerMs.maximum, formatDuration);
  check.within('threads', plan.threads, 1, 256, String);
  if (plan.stamp === 'value' && plan.messageSizeBytes < stampBytes) {
    const next = `Use \`stamp: header\` (--stamp header) or a size of at least ${stampBytes} B.`;
    const message = `${formatBytes(plan.messageSizeBytes)} is smaller than the ${stampBytes}-byte stamp in the value`;
    throw check.refusal('messageSizeBytes', message, next);
  }
  if (plan.keys.kind === 'none' && plan.headers.some((header) => header.kind === 'key')) {
    throw check.refusal('headers', '{key} needs messages that have keys', 'Add --keys, e.g. --keys 1000.');
  }
}

function checkSearch(check: Checker): void {
  const { plan } = check;
  check.within('fromRate', plan.fromRate, knobs.rate.minimum, knobs.rate.maximum, formatRate);
  if (plan.task === 'find' && plan.mode === 'consume-only') {
    throw check.refusal('consumeOnly', 'a search needs producers', 'Leave --consume-only out.');
  }
  const highest = highestRate(plan.rateSchedule);
  if (plan.rateSchedule.length === 0) return;
  if (plan.mode === 'consume-only') throw check.refusal('rateSchedule', 'nothing is sent', 'Leave --consume-only out.');
  check.within('rateSchedule', highest, knobs.rate.minimum, knobs.rate.maximum, formatRate);
  if (plan.maxRate !== null && highest > plan.maxRate) {
    const next = `Lower it to ${formatRate(plan.maxRate)}, or raise --max-rate.`;
    throw check.refusal('rateSchedule', `goes up to ${formatRate(highest)}, above --max-rate`, next);
  }
}

function checkMode(check: Checker): void {
  const { plan, combined } = check;
  const { produceOnly, consumeOnly } = combined.values;
  if (produceOnly && consumeOnly) {
    throw check.refusal('consumeOnly', 'contradicts --produce-only', 'Keep one of them.');
  }
  if (plan.mode !== 'consume-only') {
    if (plan.producers === 0) {
      throw check.refusal('producers', '0 producers send nothing', 'Use --consume-only to read only.');
    }
    check.within('producers', plan.producers, knobs.producers.minimum, knobs.producers.maximum, String);
  } else if (plan.topic === null) {
    throw check.refusal('consumeOnly', 'no topic is named', 'Add --topic NAME.');
  } else if (plan.producers > 0) {
    throw check.refusal('producers', 'contradicts --consume-only', 'Leave one of the two out.');
  }
  if (plan.mode !== 'produce-only') {
    if (plan.consumers === 0) {
      throw check.refusal('consumers', '0 consumers read nothing', 'Use --produce-only to send only.');
    }
    check.within('consumers', plan.consumers, 1, knobs.consumers.maximum, String);
  } else if (plan.consumers > 0) {
    throw check.refusal('consumers', 'contradicts --produce-only', 'Leave one of the two out.');
  }
}

/** Rules of Kafka's own producer. */
function checkProducer(check: Checker): void {
  const { plan, combined } = check;
  const { tuning } = plan;
  check.within('maxInFlight', tuning.maxInFlight, knobs.inFlight.minimum, knobs.inFlight.maximum, String);
  if (restsWithAcks(plan) && check.said('idempotent')) {
    // A weaker source gives way: with a preset that is idempotent, `--acks 1` is honoured and idempotence rests.
    if (strength(combined.origins.idempotent) >= strength(combined.origins.acks)) {
      const message = `idempotent producing needs acks=all, here it is ${plan.acks}: only replicated batches can be told apart from retries`;
      throw check.refusal('idempotent', message, 'Use --acks all, or enable.idempotence=false.');
    }
  }
  if (isIdempotent(tuning.idempotent, plan.acks) && tuning.maxInFlight > maxInFlightIdempotent) {
    const message = `${tuning.maxInFlight} requests in flight: brokers remember the last 5 batches of an idempotent producer`;
    throw check.refusal('maxInFlight', message, 'Use at most 5, or -X enable.idempotence=false.');
  }
  if (tuning.maxRequestBytes < plan.messageSizeBytes + 128 && plan.mode !== 'consume-only') {
    const message = `a message of ${formatBytes(plan.messageSizeBytes)} does not fit a request of ${formatBytes(tuning.maxRequestBytes)}`;
    throw check.refusal('maxRequestBytes', message, 'Raise -X max.request.size.');
  }
  if (tuning.bufferMemoryBytes < Math.max(plan.batchSizeBytes, plan.messageSizeBytes + recordOverheadBytes)) {
    const message = `a buffer of ${formatBytes(tuning.bufferMemoryBytes)} does not hold one batch`;
    throw check.refusal('bufferMemoryBytes', message, 'Raise -X buffer.memory or lower --batch-size.');
  }
  if (tuning.deliveryTimeoutMs < plan.lingerMs + tuning.requestTimeoutMs) {
    const message = 'must be at least linger and the request timeout together';
    const least = formatDuration(plan.lingerMs + tuning.requestTimeoutMs);
    throw check.refusal('deliveryTimeoutMs', message, `Use ${least} or more.`);
  }
  for (const key of ['requestTimeoutMs', 'metadataMaxAgeMs'] as const) {
    check.within(key, tuning[key], 1, 86_400_000, formatDuration);
  }
}

function checkPipeline(check: Checker): void {
  const { plan } = check;
  if (plan.consumeTopic === null) {
    if (plan.missingGate) return;
    throw check.refusal('missingGate', 'only a pipeline may filter', 'Leave it out, or add --consume-topic NAME.');
  }
  if (plan.mode === 'produce-only') {
    throw check.refusal('consumeTopic', 'contradicts --produce-only', 'Leave one of the two out.');
  }
  if (plan.mode === 'consume-only') {
    throw check.refusal('consumeTopic', 'contradicts --consume-only', 'To read only, name the topic with --topic.');
  }
  if (plan.topic === null) {
    throw check.refusal('consumeTopic', 'nobody else reads a topic that loadtui makes', 'Add --topic NAME.');
  }
  if (plan.topic === plan.consumeTopic) {
    const next = 'Leave it out to read what is sent, or name the topic that the job writes to.';
    throw check.refusal('consumeTopic', 'that is the topic that is written to', next);
  }
}

function checkWatched(check: Checker): void {
  const { plan } = check;
  if (plan.watchGroups.length === 0) return;
  if (plan.topic === null) {
    throw check.refusal('watchGroups', 'nobody else reads a topic that loadtui makes', 'Add --topic NAME.');
  }
  if (plan.group !== null && plan.watchGroups.includes(plan.group)) {
    throw check.refusal('watchGroups', `${plan.group} is loadtui's own group`, 'Its lag is shown anyway.');
  }
}

function checkConsumer(check: Checker): void {
  const { tuning } = check.plan;
  const { fetchMinBytes, fetchMaxWaitMs, maxPartitionFetch } = knobs;
  check.within('fetchMinBytes', tuning.fetchMinBytes, fetchMinBytes.minimum, fetchMinBytes.maximum, formatBytes);
  check.within('fetchMaxWaitMs', tuning.fetchMaxWaitMs, 0, fetchMaxWaitMs.maximum, formatDuration);
  const { minimum, maximum } = maxPartitionFetch;
  check.within('maxPartitionFetchBytes', tuning.maxPartitionFetchBytes, minimum, maximum, formatBytes);
  check.within('fetchMaxBytes', tuning.fetchMaxBytes, 1024, 2 ** 30, formatBytes);
}

/** Why a plan cannot judge an SLO, and what to do about it; null: it can. */
export function sloObstacle(
  slo: Slo,
  plan: Pick<Plan, 'mode' | 'acks' | 'rate'>,
): { readonly message: string; readonly next: string } | null {
  const aboutConsumers = slo.kind === 'lag' || (slo.kind === 'latency' && slo.tag === 'e2e');
  if (plan.mode === 'produce-only' && aboutConsumers) {
    return { message: `${slo.text} needs consumers`, next: 'Leave --produce-only out, or judge response.' };
  }
  if (plan.mode === 'consume-only' && !aboutConsumers) {
    return { message: `${slo.text} needs producers`, next: 'Leave --consume-only out, or judge lag or e2e.' };
  }
  if (plan.acks === 0 && slo.kind === 'latency' && slo.tag !== 'e2e') {
    const e2e = slo.text.replace(/^[a-z]+/, 'e2e');
    const message = `${slo.text}: with acks=0 the broker never answers`;
    return { message, next: `Judge ${e2e}, or use --acks 1.` };
  }
  if (plan.rate === null && slo.kind === 'achieved') {
    return { message: `${slo.text}: an unthrottled run has no target`, next: 'Give a --rate.' };
  }
  return null;
}

function checkVerdict(check: Checker): void {
  const { plan } = check;
  check.within('maxBehindMs', plan.maxBehindMs, 1, 86_400_000, formatDuration);
  for (const slo of plan.slos) {
    const obstacle = sloObstacle(slo, plan);
    if (obstacle !== null) {
      throw check.refusal('slos', obstacle.message, obstacle.next);
    }
  }
}

/** Throws LoadtuiError (`USAGE`) at the first thing that cannot be. */
export function checkPlan(plan: Plan, combined: Combined): void {
  const check = new Checker(plan, combined);
  checkNotBuilt(check);
  checkMode(check);
  checkSearch(check);
  checkTopic(check);
  checkLoad(check);
  checkCluster(check);
  checkProducer(check);
  checkConsumer(check);
  checkPipeline(check);
  checkWatched(check);
  checkVerdict(check);
}

/** What is allowed and still worth a word. */
export function planWarnings(plan: Plan, combined: Combined): readonly string[] {
  const warnings: string[] = [];
  const { origins } = combined;
  const onExisting = (['partitions', 'replicationFactor', 'topicConfig'] as const).filter(
    (key) => plan.topic !== null && !plan.create && strength(origins[key]) > 1,
  );
  for (const key of onExisting) {
    const label = origins[key]?.label ?? key;
    warnings.push(`${label} has no effect: topics that are there are never altered (--create makes a missing one)`);
  }
  if (restsWithAcks(plan) && origins.idempotent !== undefined) {
    warnings.push(`${origins.idempotent.label}: idempotence is off with acks=${plan.acks}`);
  }
  if (plan.achievedGate && plan.rate === null && origins.achievedGate !== undefined) {
    warnings.push('an unthrottled run has no target: achieved is not judged');
  }
  return warnings;
}
