/**
 * When a produce request is finished and when it is answered: a single server on a virtual clock. Pure: the clock is passed
 * in and the state is a value, so that a simulation and the running broker get the same answers.
 */
import type { ServiceModel } from './types.ts';

export interface ServiceState {
  /** When the server has done all that came before, ms. */
  readonly freeAtMs: number;
  /** Work that came lately: ms of service, fading with {@link utilisationWindowMs}. */
  readonly recentWorkMs: number;
  readonly lastArrivalMs: number;
  /** State of the random numbers. */
  readonly random: number;
}

export interface ServedRequest {
  readonly state: ServiceState;
  /** The records can be read from here on. */
  readonly finishedAtMs: number;
  /** The acknowledgement leaves here. */
  readonly answeredAtMs: number;
}

/** Time constant over which the utilisation ρ is looked at. */
export const utilisationWindowMs = 1000;
/** The curve 1 / (1 − ρ) is cut here: overload itself shows in the queue. */
export const highestUtilisation = 0.99;

export function startOfService(seed: number): ServiceState {
  return { freeAtMs: 0, recentWorkMs: 0, lastArrivalMs: 0, random: seed | 0 };
}

/**
 * finish = max(now, finish before) + service; answer = finish + latency + curve / (1 − ρ) − curve.
 * Service takes messages (or bytes) / capacity, or an exponential time with that mean. One request is one customer: with
 * requests of one message and Poisson arrivals it is M/D/1 or M/M/1. ρ is the service that arrived lately over the time it
 * had, an exponential moving average.
 */
export function serve(
  model: ServiceModel,
  state: ServiceState,
  nowMs: number,
  messages: number,
  bytes: number,
): ServedRequest {
  const meanMs = meanServiceMs(model, messages, bytes);
  const { serviceMs, random } = drawService(model, state.random, messages, bytes);
  const fade = Math.exp(-Math.max(0, nowMs - state.lastArrivalMs) / utilisationWindowMs);
  const fadedMs = state.recentWorkMs * fade;
  // Half of the own work: the mean of just before and just after has no bias at evenly spaced arrivals.
  const utilisation = Math.min(highestUtilisation, (fadedMs + meanMs / 2) / utilisationWindowMs);
  const finishedAtMs = Math.max(nowMs, state.freeAtMs) + serviceMs;
  const curveMs = model.curveMs / (1 - utilisation) - model.curveMs;
  return {
    state: { freeAtMs: finishedAtMs, recentWorkMs: fadedMs + meanMs, lastArrivalMs: nowMs, random },
    finishedAtMs,
    answeredAtMs: finishedAtMs + model.latencyMs + curveMs,
  };
}

/** Service time of the next request, whenever it comes, and the state of the random numbers after it. */
export function drawService(
  model: ServiceModel,
  random: number,
  messages: number,
  bytes: number,
): { readonly serviceMs: number; readonly random: number } {
  const meanMs = meanServiceMs(model, messages, bytes);
  if (model.service === 'deterministic' || meanMs === 0) return { serviceMs: meanMs, random };
  const next = (random + 0x6d2b79f5) | 0;
  return { serviceMs: -Math.log(1 - uniform(next)) * meanMs, random: next };
}

function meanServiceMs(model: ServiceModel, messages: number, bytes: number): number {
  if (model.capacityMessagesPerSecond !== null) return (messages * 1000) / model.capacityMessagesPerSecond;
  if (model.capacityBytesPerSecond !== null) return (bytes * 1000) / model.capacityBytesPerSecond;
  return 0;
}

/** Nothing to wait for: requests can be answered on the spot. */
export function isInstant(model: ServiceModel): boolean {
  return model.capacityMessagesPerSecond === null && model.capacityBytesPerSecond === null && model.latencyMs === 0;
}

/** A number in [0, 1) from a counter's value (the mulberry32 mixing function). */
function uniform(counter: number): number {
  let mixed = Math.imul(counter ^ (counter >>> 15), counter | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
}
