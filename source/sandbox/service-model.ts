/**
 * When a produce request is finished and when it is answered: a single server on a virtual clock. Pure: the clock is passed
 * in and the state is a value, so that a simulation and the running broker get the same answers.
 */
import type { ServiceModel } from './types.ts';

export interface ServiceState {
  /** When the server has done all that came before, ms. */
  readonly freeAtMs: number;
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

/** The curve 1 / (1 − λ/limit) is cut here: beyond it nothing is answered. */
export const highestUtilisation = 0.99;

export function startOfService(seed: number): ServiceState {
  return { freeAtMs: 0, random: seed | 0 };
}

/**
 * finish = max(now, finish before) + service; answer = finish + latency + curve / (1 − λ/limit).
 * Service takes messages (or bytes) / capacity, or an exponential time with that mean. One request is one customer: with
 * requests of one message and Poisson arrivals it is M/D/1 or M/M/1. `recentMessages` is λ: what was received in the last
 * second, this request included.
 */
export function serve(
  model: ServiceModel,
  state: ServiceState,
  nowMs: number,
  messages: number,
  bytes: number,
  recentMessages = 0,
): ServedRequest {
  const { serviceMs, random } = drawService(model, state.random, messages, bytes);
  const finishedAtMs = Math.max(nowMs, state.freeAtMs) + serviceMs;
  return {
    state: { freeAtMs: finishedAtMs, random },
    finishedAtMs,
    answeredAtMs: finishedAtMs + model.latencyMs + curveMs(model, recentMessages),
  };
}

function curveMs({ curve }: ServiceModel, recentMessages: number): number {
  if (curve === null) return 0;
  return curve.ms / (1 - Math.min(highestUtilisation, recentMessages / curve.limitMessagesPerSecond));
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
  return (
    model.capacityMessagesPerSecond === null &&
    model.capacityBytesPerSecond === null &&
    model.latencyMs === 0 &&
    model.curve === null
  );
}

/** A number in [0, 1) from a counter's value (the mulberry32 mixing function). */
function uniform(counter: number): number {
  let mixed = Math.imul(counter ^ (counter >>> 15), counter | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
}
