/** Something that turns knobs by itself, until it is over, stopped or taken over: a ramp, a search, a sweep. */

export const automationKinds = ['ramp', 'find', 'hold', 'soak', 'sweep'] as const;
export type AutomationKind = (typeof automationKinds)[number];

/** In words, for a header of two lines. */
export interface AutomationView {
  readonly kind: AutomationKind;
  /** "find 2: p99<10ms". */
  readonly title: string;
  /** "step 9 of ~12, about 1:10 left". */
  readonly progress: string;
  /** "bracket 58.7 … 61.3 k/s (4.4 %)   best 58.7 k/s   now 61.3 k/s: 14 s, p99 9.6 ms, 0.71 % over". */
  readonly detail: string;
}

export interface Automation {
  readonly kind: AutomationKind;
  readonly title: string;
  /** Called at every tick while the load is on, not while it is paused. */
  tick(nowNs: number): void;
  /** The load was paused from `pausedNs` on and goes on now: sets the rate again, and begins anew what the pause spoiled. */
  resumed(nowNs: number, pausedNs: number): void;
  /** It is over, by itself or because it was stopped. */
  readonly over: boolean;
  /** Ends it where it stands; the rate stays as it is. */
  stop(nowNs: number, why: string): void;
  view(nowNs: number): AutomationView;
}
