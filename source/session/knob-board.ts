/** The knobs of a running session: what is asked for, what all threads have taken, and the way back. No I/O. */
import { isIdempotent, maxInFlightIdempotent } from '../config/idempotence.ts';
import { type KnobName, type KnobValue, knobNames, knobs } from '../config/knobs.ts';
import { type Acks, type Compression, compressions, type Plan } from '../config/plan.ts';
import type { KnobView } from './view.ts';

interface KnobState {
  requested: KnobValue;
  applied: KnobValue;
  appliedThreads: number;
  totalThreads: number;
}

export interface KnobChange {
  readonly name: KnobName;
  readonly from: KnobValue;
  readonly to: KnobValue;
}

/** What the plan says of each knob at the start. */
export function plannedKnobs(plan: Plan): Record<KnobName, KnobValue> {
  return {
    rate: plan.rate,
    batchSize: plan.batchSizeBytes,
    lingerMs: plan.lingerMs,
    producers: plan.mode === 'consume-only' ? 0 : plan.producers,
    consumers: plan.mode === 'produce-only' ? 0 : plan.consumers,
    acks: plan.acks,
    compression: plan.compression,
    messageSize: plan.messageSizeBytes,
    inFlight: plan.tuning.maxInFlight,
    fetchMinBytes: plan.tuning.fetchMinBytes,
    fetchMaxWaitMs: plan.tuning.fetchMaxWaitMs,
    maxPartitionFetch: plan.tuning.maxPartitionFetchBytes,
  };
}

export class KnobBoard {
  readonly #states: Record<KnobName, KnobState>;
  readonly #history: KnobChange[] = [];

  constructor(plan: Plan) {
    const planned = plannedKnobs(plan);
    const state = (name: KnobName): KnobState => ({
      requested: planned[name],
      applied: planned[name],
      appliedThreads: 0,
      totalThreads: 0,
    });
    this.#states = {
      rate: state('rate'),
      batchSize: state('batchSize'),
      lingerMs: state('lingerMs'),
      producers: state('producers'),
      consumers: state('consumers'),
      acks: state('acks'),
      compression: state('compression'),
      messageSize: state('messageSize'),
      inFlight: state('inFlight'),
      fetchMinBytes: state('fetchMinBytes'),
      fetchMaxWaitMs: state('fetchMaxWaitMs'),
      maxPartitionFetch: state('maxPartitionFetch'),
    };
  }

  requested(name: KnobName): KnobValue {
    return this.#states[name].requested;
  }

  get compression(): Compression {
    const { requested } = this.#states.compression;
    return compressions.find((name) => name === requested) ?? 'none';
  }

  /** The requested value of a knob that is a number. */
  number(name: Exclude<KnobName, 'rate' | 'acks' | 'compression'>): number {
    const value = this.#states[name].requested;
    if (typeof value !== 'number') throw new TypeError(`${name} is not a number`);
    return value;
  }

  get acks(): Acks {
    const acks = this.#states.acks.requested;
    return acks === 0 || acks === 1 ? acks : 'all';
  }

  /** Notes a wish. `remember`: it can be undone. */
  request(name: KnobName, value: KnobValue, threads: number, remember: boolean): KnobChange {
    const state = this.#states[name];
    const change: KnobChange = { name, from: state.requested, to: value };
    state.requested = value;
    state.appliedThreads = 0;
    state.totalThreads = threads;
    // Nobody must take it: it holds from the first who will.
    if (threads === 0) state.applied = value;
    if (remember) this.#history.push(change);
    return change;
  }

  /** One more thread has taken `value`; answers whether all have. A wish that was overtaken counts nothing. */
  took(name: KnobName, value: KnobValue): boolean {
    const state = this.#states[name];
    if (state.requested !== value) return false;
    state.appliedThreads = Math.min(state.totalThreads, state.appliedThreads + 1);
    if (state.appliedThreads < state.totalThreads) return false;
    state.applied = value;
    return true;
  }

  /** All have taken `value`. */
  applied(name: KnobName, value: KnobValue): void {
    const state = this.#states[name];
    if (state.requested !== value) return;
    state.applied = value;
    state.appliedThreads = state.totalThreads;
  }

  /** A change that cannot come true: what is in force is what is asked for, unless something else is by now. */
  withdraw(change: KnobChange): void {
    const at = this.#history.indexOf(change);
    if (at >= 0) this.#history.splice(at, 1);
    const state = this.#states[change.name];
    if (state.requested !== change.to) return;
    state.requested = state.applied;
    state.appliedThreads = state.totalThreads;
  }

  /** The last change, to be taken back; undefined: there is none. */
  takeLast(): KnobChange | undefined {
    return this.#history.pop();
  }

  views(): readonly KnobView[] {
    return knobNames.map((name) => {
      const { requested, applied, appliedThreads, totalThreads } = this.#states[name];
      return { name, requested, applied, appliedThreads, totalThreads, note: null };
    });
  }

  /** Requested and applied values, for an epoch. */
  snapshot(): Record<KnobName, { readonly requested: KnobValue; readonly applied: KnobValue }> {
    const of = (name: KnobName): { requested: KnobValue; applied: KnobValue } => ({
      requested: this.#states[name].requested,
      applied: this.#states[name].applied,
    });
    return {
      rate: of('rate'),
      batchSize: of('batchSize'),
      lingerMs: of('lingerMs'),
      producers: of('producers'),
      consumers: of('consumers'),
      acks: of('acks'),
      compression: of('compression'),
      messageSize: of('messageSize'),
      inFlight: of('inFlight'),
      fetchMinBytes: of('fetchMinBytes'),
      fetchMaxWaitMs: of('fetchMaxWaitMs'),
      maxPartitionFetch: of('maxPartitionFetch'),
    };
  }

  /** The values as they stand, for the command line that repeats the run. */
  values(): Record<KnobName, KnobValue> {
    const values: Partial<Record<KnobName, KnobValue>> = {};
    for (const name of knobNames) values[name] = this.#states[name].requested;
    return values as Record<KnobName, KnobValue>;
  }
}

/** Why a value cannot be had, in a sentence; null: it can. Judges what needs no cluster. */
export function refuseKnob(plan: Plan, board: KnobBoard, name: KnobName, value: KnobValue): string | null {
  const definition = knobs[name];
  if (definition.choices !== null) {
    if (!definition.choices.includes(value)) return `${definition.label} is one of ${definition.choices.join(', ')}`;
    const idempotent = name === 'acks' && value === 'all' && isIdempotent(plan.tuning.idempotent, value);
    if (idempotent && board.number('inFlight') > maxInFlightIdempotent) {
      return 'with acks=all producers are idempotent and have at most 5 requests in flight: lower in-flight first';
    }
    return null;
  }
  if (value === null) return name === 'rate' ? null : `${definition.label} needs a number`;
  if (typeof value !== 'number' || !Number.isFinite(value)) return `${definition.label} needs a number`;
  if (name === 'rate' && value <= 0) return 'a rate of 0 sends nothing: pause the load instead (space)';
  if (value < definition.minimum) return `${definition.label} is at least ${definition.minimum}`;
  if (value > definition.maximum) return `${definition.label} is at most ${definition.maximum}`;
  if (name === 'messageSize' && plan.stamp === 'value' && value < 32) {
    return 'a message of less than 32 B has no room for its stamp: the plan may say `stamp: header`';
  }
  const mostInFlight = isIdempotent(plan.tuning.idempotent, board.acks) ? maxInFlightIdempotent : definition.maximum;
  if (name === 'inFlight' && value > mostInFlight) {
    return 'an idempotent producer has at most 5 requests in flight';
  }
  if (name === 'producers' && plan.mode === 'consume-only') return 'this run only consumes (--consume-only)';
  if (name === 'consumers' && plan.mode === 'produce-only') return 'this run only produces (--produce-only)';
  return null;
}
