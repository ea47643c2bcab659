/**
 * Whether the clocks of a run still agree, looked at once a second: each thread's with CLOCK_MONOTONIC as it was calibrated,
 * and the wall clock with the monotonic one. Figures of this run stay on the monotonic clock; a wall clock that is set
 * meanwhile makes e2e between machines wrong, which must be known.
 */
import { driftLimitNs } from '../measure/clock.ts';
import type { EventLog } from './event-log.ts';

export interface Clocks {
  /** Run-relative ns. */
  monotonicNs(): number;
  wallMs(): number;
}

const stepLimitMs = 50;
/** Readings of both clocks that took longer say nothing about either. */
const readingLimitMs = 5;

/** A deviation is told when it is too large for the first time, and again whenever it has doubled. Pure. */
export function worthTelling(deviationNs: number, toldNs: number): boolean {
  return deviationNs > driftLimitNs && deviationNs >= 2 * toldNs;
}

export class ClockWatch {
  readonly #log: EventLog;
  readonly #clocks: Clocks;
  readonly #toldNs = new Map<string, number>();
  #deviationNs = 0;
  #worstNs = 0;
  /** Wall clock less monotonic clock, ms, as it was told last; NaN: not read yet. */
  #apartMs = Number.NaN;

  constructor(log: EventLog, clocks: Clocks) {
    this.#log = log;
    this.#clocks = clocks;
  }

  /** The worst thread's clock is off by this, as seen at the last look. */
  get deviationNs(): number {
    return this.#deviationNs;
  }

  /** The most that it ever was. */
  get worstNs(): number {
    return this.#worstNs;
  }

  /** Threads by name with how far their clocks are off, ns. */
  tick(deviations: readonly (readonly [thread: string, deviationNs: number])[]): void {
    this.#deviationNs = Math.max(0, ...deviations.map(([, deviationNs]) => deviationNs));
    this.#worstNs = Math.max(this.#worstNs, this.#deviationNs);
    for (const [thread, deviationNs] of deviations) {
      if (!worthTelling(deviationNs, this.#toldNs.get(thread) ?? 0)) continue;
      this.#toldNs.set(thread, deviationNs);
      const message = `the clock of ${thread} is off by ${(deviationNs / 1e6).toFixed(3)} ms: latencies are, too`;
      this.#log.add(this.#clocks.wallMs(), 'warning', message, { thread, deviationNs });
    }
    this.#compareWithWall();
  }

  #compareWithWall(): void {
    const beforeMs = this.#clocks.monotonicNs() / 1e6;
    const wallMs = this.#clocks.wallMs();
    if (this.#clocks.monotonicNs() / 1e6 - beforeMs > readingLimitMs) return;
    const apartMs = wallMs - beforeMs;
    const stepMs = Math.round(apartMs - this.#apartMs);
    if (Math.abs(stepMs) <= stepLimitMs) return;
    this.#apartMs = apartMs;
    if (Number.isNaN(stepMs)) return;
    const message = `the wall clock was set by ${stepMs} ms: e2e between machines is off, all else stays right`;
    this.#log.add(wallMs, 'warning', message, { stepMs });
  }
}
