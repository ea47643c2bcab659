/**
 * Epochs that open while an automation is at work are its own, whoever opened them: producers that were doubled, or an
 * operator who asked for fresh figures.
 */
import type { RunState } from '../run-state.ts';

export class EpochClaims {
  readonly #run: Pick<RunState, 'timeline'>;
  #claimed: number;

  constructor(run: Pick<RunState, 'timeline'>) {
    this.#run = run;
    this.#claimed = run.timeline.epoch.index;
  }

  /** The epoch that is there is somebody else's. */
  begin(): void {
    this.#claimed = this.#run.timeline.epoch.index;
  }

  /** Those that opened since it was asked last. */
  take(): readonly number[] {
    const before = this.#claimed;
    this.begin();
    return Array.from({ length: this.#claimed - before }, (_, at) => before + at + 1);
  }
}
