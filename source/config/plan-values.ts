/** Between the flat values that users write and the plan that the program reads. */
import type { Plan, Task } from './plan.ts';
import type { Values } from './settings/setting.ts';
import { formatRate, parseRate } from './units.ts';

/** Puts the plan together. Rates of bytes become messages per second here. */
export function planOf(values: Values, preset: string | null, task: Task): Plan {
  return {
    task,
    preset,
    brokers: values.brokers,
    noSandbox: values.noSandbox,
    client: values.client,
    tuning: {
      clientId: values.clientId,
      idempotent: values.idempotent,
      maxInFlight: values.maxInFlight,
      maxRequestBytes: values.maxRequestBytes,
      bufferMemoryBytes: values.bufferMemoryBytes,
      requestTimeoutMs: values.requestTimeoutMs,
      deliveryTimeoutMs: values.deliveryTimeoutMs,
      retryBackoffMs: values.retryBackoffMs,
      retryBackoffMaxMs: values.retryBackoffMaxMs,
      reconnectBackoffMs: values.reconnectBackoffMs,
      reconnectBackoffMaxMs: values.reconnectBackoffMaxMs,
      metadataMaxAgeMs: values.metadataMaxAgeMs,
      fetchMinBytes: values.fetchMinBytes,
      fetchMaxWaitMs: values.fetchMaxWaitMs,
      fetchMaxBytes: values.fetchMaxBytes,
      maxPartitionFetchBytes: values.maxPartitionFetchBytes,
      gzipLevel: values.gzipLevel,
      zstdLevel: values.zstdLevel,
    },
    topic: values.topic,
    create: values.create,
    consumeTopic: values.consumeTopic,
    topics: values.topics,
    partitions: values.partitions,
    replicationFactor: values.replicationFactor,
    topicConfig: values.topicConfig,
    keepTopics: values.keepTopics,
    group: values.group,
    watchGroups: values.watchGroups,
    rate: parseRate(values.rate, values.messageSizeBytes),
    messageSizeBytes: values.messageSizeBytes,
    payloadEntropy: values.payloadEntropy,
    batchSizeBytes: values.batchSizeBytes,
    lingerMs: values.lingerMs,
    producers: values.producers,
    consumers: values.consumers,
    acks: values.acks,
    compression: values.compression,
    keys: values.keys,
    headers: values.headers,
    stamp: values.stamp,
    mode: values.consumeOnly ? 'consume-only' : values.produceOnly ? 'produce-only' : 'both',
    threads: values.threads,
    pacing: values.pacing,
    arrivals: values.arrivals,
    limiter: values.limiter,
    warmUpMs: values.warmUpMs,
    durationMs: values.durationMs,
    messages: values.messages,
    rateSchedule: values.rateSchedule,
    fromRate: values.fromRate,
    quick: values.quick,
    maxTimeMs: values.maxTimeMs,
    soak: values.soak,
    sweep: values.sweep,
    repeats: values.repeats,
    findSlos: values.findSlos,
    seed: values.seed,
    maxRate: parseRate(values.maxRate, values.messageSizeBytes),
    maxBehindMs: values.maxBehindMs,
    abortOn: values.abortOn,
    slos: values.slos,
    achievedGate: values.achievedGate,
    missingGate: values.missingGate,
    yes: values.yes,
    unattended: values.unattended,
  };
}

/** Whether the run searches for its rates: nobody says one, and only the cap limits them. */
export function searchesRates(task: Task, findSlos: Plan['findSlos']): boolean {
  return task === 'find' || (task === 'sweep' && findSlos.length > 0);
}

/** The plan's values as they are written. `planOf(valuesOf(plan), plan.preset, plan.task)` is the same plan. */
export function valuesOf(plan: Plan): Values {
  const { task: _task, preset: _preset, tuning, mode, rate, maxRate, ...rest } = plan;
  return {
    ...rest,
    ...tuning,
    rate: formatRate(rate),
    maxRate: formatRate(maxRate),
    produceOnly: mode === 'produce-only',
    consumeOnly: mode === 'consume-only',
  };
}
