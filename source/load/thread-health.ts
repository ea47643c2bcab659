/** A load thread's own health: event-loop delay, how busy it is, garbage collection and clock, once a second, into its shared totals. */
import { monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks';
import type { CheckedClock } from '../measure/clock.ts';
import { totalAt } from '../measure/figures.ts';

const resolutionMs = 10;

export class ThreadHealth {
  readonly #totals: Float64Array;
  readonly #clock: Pick<CheckedClock, 'deviationNs'>;
  readonly #delay = monitorEventLoopDelay({ resolution: resolutionMs });
  readonly #observer: PerformanceObserver;
  readonly #spins: boolean;
  #utilization = performance.eventLoopUtilization();
  #longestPauseNs = 0;
  #nextReadNs = 0;

  /** `spins`: the thread never sleeps, so that how busy it is says nothing. */
  constructor(totals: Float64Array, clock: Pick<CheckedClock, 'deviationNs'>, spins = false) {
    this.#totals = totals;
    this.#spins = spins;
    this.#clock = clock;
    this.#delay.enable();
    this.#observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        this.#longestPauseNs = Math.max(this.#longestPauseNs, entry.duration * 1e6);
        this.#totals[totalAt.gcPauseNs] = (this.#totals[totalAt.gcPauseNs] ?? 0) + entry.duration * 1e6;
      }
    });
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  /** Publishes once a second. The delay is read minus the meter's own resolution. */
  tick(nowNs: number): void {
    this.#totals[totalAt.heartbeatNs] = nowNs;
    if (nowNs < this.#nextReadNs) return;
    this.#nextReadNs = nowNs + 1e9;
    const p99Ns = this.#delay.percentile(99);
    this.#totals[totalAt.loopDelayP99Ns] = Math.max(0, p99Ns - resolutionMs * 1e6);
    this.#delay.reset();
    const utilization = performance.eventLoopUtilization();
    const { utilization: busy } = performance.eventLoopUtilization(utilization, this.#utilization);
    this.#utilization = utilization;
    this.#totals[totalAt.loopBusy] = this.#spins ? 0 : busy;
    this.#totals[totalAt.gcLongestNs] = this.#longestPauseNs;
    this.#longestPauseNs = 0;
    this.#totals[totalAt.clockDeviationNs] = Math.abs(this.#clock.deviationNs());
  }

  stop(): void {
    this.#delay.disable();
    this.#observer.disconnect();
  }
}
