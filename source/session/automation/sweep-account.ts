/**
 * The books of one sweep: whose turn it is, the runs so far and what they come to, and how long the rest takes. It turns
 * nothing and has no clock.
 */
import { type SweepTurn, sweepOrder } from '../../analysis/sweep.ts';
import { type Combination, sweepCombinations } from '../../config/check-sweep.ts';
import type { Slo } from '../../config/plan.ts';
import type { SweptKnob } from '../../config/sweep.ts';
import type { Sweep, SweepResultRow, SweepRun } from '../document-sweep-schema.ts';
import { sloText } from './search-row.ts';
import { bestOf, resultsOf } from './sweep-row.ts';
import type { SweepFacts } from './sweep-run.ts';

export interface SweepSettings {
  /** Numbered through the session. */
  readonly number: number;
  readonly knobs: readonly SweptKnob[];
  readonly repeats: number;
  readonly seed: number;
  /** Empty: combinations are measured at their rate. */
  readonly slos: readonly Slo[];
  /** Of searches. */
  readonly fromHz: number;
  readonly maxHz: number | null;
  /** Times pass so many times as fast as real ones: 1, but in tests. */
  readonly haste: number;
  /** Knobs return to where they were when it is over. */
  readonly restores: boolean;
}

/** Of a run that is measured, about, with what is left out and turned. */
const usualMs = 14_000;
const usualSearchMs = 130_000;
/** Answers of a run come in for a while after it. */
const lateAnswersNs = 20e9;

type Latencies = Pick<SweepRun, 'response' | 'e2e'>;

/** A run as it is kept: its latencies are read again while answers may still come in. */
interface Kept {
  run: SweepRun;
  /** null: they are final. */
  openUntilNs: number | null;
}

export class SweepAccount {
  readonly settings: SweepSettings;
  /** Of which latency its p99 is. */
  readonly tag: Sweep['tag'];
  outcome: Sweep['outcome'] = 'running';
  readonly combinations: readonly Combination[];
  readonly #turns: readonly SweepTurn[];
  readonly #kept: Kept[] = [];
  #at = 0;
  #beganNs = 0;
  #turnSinceNs = 0;

  constructor(settings: SweepSettings, tag: Sweep['tag']) {
    this.settings = settings;
    this.tag = tag;
    this.combinations = sweepCombinations(settings.knobs);
    this.#turns = sweepOrder(this.combinations.length, settings.repeats, settings.seed);
  }

  get isSearching(): boolean {
    return this.settings.slos.length > 0;
  }

  get beganNs(): number {
    return this.#beganNs;
  }

  /** Which of the turns it is, from 0. */
  get at(): number {
    return this.#at;
  }

  get count(): number {
    return this.#turns.length;
  }

  get isDone(): boolean {
    return this.#at >= this.#turns.length;
  }

  /** The knobs of the present turn; none after the last. */
  get values(): Combination {
    return this.combinations[this.#turns[this.#at]?.combination ?? -1] ?? {};
  }

  begin(nowNs: number): void {
    this.#beganNs = nowNs;
    this.#turnSinceNs = nowNs;
  }

  /** What the present turn came to; `drained`: nothing was left of the one before when it began. */
  keep(facts: SweepFacts, { drained, nowNs }: { readonly drained: boolean; readonly nowNs: number }): SweepResultRow {
    const { combination, repeat } = this.#turns[this.#at] ?? { combination: 0, repeat: 0 };
    const run: SweepRun = { combination, repeat, knobs: { ...this.values }, ...facts, drained };
    this.#kept.push({ run, openUntilNs: facts.search === null ? nowNs + lateAnswersNs : null });
    const [result] = resultsOf({ ...this.#head, runs: [run] });
    if (result === undefined) throw new Error('a run without a result');
    return result;
  }

  /** The present turn is over. */
  next(): void {
    this.#at++;
  }

  turnBegins(nowNs: number): void {
    this.#turnSinceNs = nowNs;
  }

  /** As the document keeps it; `latencies` of an epoch as they are known by `nowNs`, which may be past its end. */
  row(
    { timeMs, durationMs, nowNs }: { readonly timeMs: number; readonly durationMs: number; readonly nowNs: number },
    latencies: (epoch: number) => Latencies,
  ): Sweep {
    const { repeats, seed } = this.settings;
    const runs = this.#runs(nowNs, latencies);
    const results = resultsOf({ ...this.#head, runs });
    return {
      ...this.#head,
      repeats,
      seed,
      timeMs,
      durationMs,
      outcome: this.outcome,
      runs,
      results,
      best: bestOf(results),
    };
  }

  /** About how long all of it takes, ms. */
  get takesMs(): number {
    return this.#turns.length * this.#usualMs;
  }

  leftMs(nowNs: number): number {
    const spentMs = (nowNs - this.#turnSinceNs) / 1e6;
    return Math.max(1_000, (this.#turns.length - this.#at) * this.#usualMs - Math.min(spentMs, this.#usualMs));
  }

  get #head(): Pick<Sweep, 'knobs' | 'slo' | 'tag'> {
    const { knobs, slos } = this.settings;
    return {
      knobs: knobs.map(({ name, values }) => ({ name, values: [...values] })),
      slo: sloText(slos),
      tag: this.tag,
    };
  }

  #runs(nowNs: number, latencies: (epoch: number) => Latencies): SweepRun[] {
    return this.#kept.map((kept) => {
      const [epoch] = kept.run.epochs;
      if (kept.openUntilNs !== null && epoch !== undefined) {
        kept.run = { ...kept.run, ...latencies(epoch) };
        if (nowNs > kept.openUntilNs) kept.openUntilNs = null;
      }
      return kept.run;
    });
  }

  /** Of one run, about: what those before took, on average. */
  get #usualMs(): number {
    const guess = (this.isSearching ? usualSearchMs : usualMs) / this.settings.haste;
    return this.#at === 0 ? guess : (this.#turnSinceNs - this.#beganNs) / 1e6 / this.#at;
  }
}
