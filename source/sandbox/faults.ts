import type { Fault } from './types.ts';

/** Faults that are used up by batches; the others happen at once. */
export type CountedFault = Extract<Fault, { readonly count: number }>;
export type ErrorFault = Extract<Fault, { readonly kind: 'error' }>;
type ThrottleFault = Extract<Fault, { readonly kind: 'throttle' }>;
/** What can happen to a batch on its way into the log. */
export type StorageFaultKind = Extract<Fault['kind'], 'drop' | 'duplicate' | 'swap' | 'corrupt'>;

function isStorageKind(kind: Fault['kind']): kind is StorageFaultKind {
  return kind === 'drop' || kind === 'duplicate' || kind === 'swap' || kind === 'corrupt';
}

interface Armed<F extends CountedFault = CountedFault> {
  readonly fault: F;
  remaining: number;
}

/** The faults that wait for batches, and how often each kind has struck. Of one kind, the first injected goes first. */
export class FaultBox {
  #armed: Armed[] = [];
  readonly #applied = new Map<string, number>();

  /** Nothing waits: the usual case, cheap to ask. */
  get quiet(): boolean {
    return this.#armed.length === 0;
  }

  arm(fault: CountedFault): void {
    this.#armed.push({ fault, remaining: fault.count });
  }

  /** Counts a fault that happened at once. */
  applied(kind: Fault['kind'], times = 1): void {
    this.#applied.set(kind, (this.#applied.get(kind) ?? 0) + times);
  }

  counts(): Record<string, number> {
    return Object.fromEntries(this.#applied);
  }

  /** The fault for the batch that is to be stored now. */
  takeStorage(): StorageFaultKind | null {
    for (const armed of this.#armed) {
      const { kind } = armed.fault;
      if (!isStorageKind(kind)) continue;
      this.#use(armed, 1);
      return kind;
    }
    return null;
  }

  /** The error for one batch (Produce) or one request (other APIs). */
  takeError(apiKey: number): ErrorFault | null {
    for (const armed of this.#armed) {
      if (armed.fault.kind !== 'error' || (armed.fault.apiKey ?? 0) !== apiKey) continue;
      this.#use(armed, 1);
      return armed.fault;
    }
    return null;
  }

  /** How long the connection is to be muted after a request with so many batches; 0: not at all. */
  takeThrottleMs(batches: number): number {
    const armed = this.#armed.find((each): each is Armed<ThrottleFault> => each.fault.kind === 'throttle');
    if (armed === undefined) return 0;
    this.#use(armed, batches);
    return armed.fault.throttleMs;
  }

  /** True: the answer to a request with so many batches gets lost. */
  takeLostAck(batches: number): boolean {
    const armed = this.#armed.find(({ fault }) => fault.kind === 'lost-ack');
    if (armed === undefined) return false;
    this.#use(armed, batches);
    return true;
  }

  #use(armed: Armed, batches: number): void {
    armed.remaining -= batches;
    this.applied(armed.fault.kind, batches);
    if (armed.remaining <= 0) this.#armed = this.#armed.filter((each) => each !== armed);
  }
}
