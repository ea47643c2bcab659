/**
 * Since when the load has been steady: the mean response of every 250 ms since the last change of what is asked for, which
 * `analysis/steady-state.ts` judges once a second.
 */
import { judgeSteadiness, type Steadiness, steadyPointMs } from '../analysis/steady-state.ts';
import type { Happenings } from './happenings.ts';

const pointNs = steadyPointMs * 1e6;
const judgeEveryNs = 1e9;
/** A point is read when answers of its end have been published. */
const settleNs = 250e6;
/** Five minutes: a long run is judged by its last stretch. */
const mostPoints = 1_200;

export class SteadyWatch {
  readonly #happenings: Happenings;
  #sinceNs = Number.POSITIVE_INFINITY;
  #nextPointNs = Number.POSITIVE_INFINITY;
  #nextJudgementNs = 0;
  /** Those with messages, and when each began. */
  #points: { readonly startNs: number; readonly meanMs: number }[] = [];
  #steadiness: Steadiness = { kind: 'too-early' };

  constructor(happenings: Happenings) {
    this.#happenings = happenings;
  }

  /** Called at every tick. `changedNs`: when what is asked for changed last (knobs, pauses); a later change starts anew. */
  tick(nowNs: number, changedNs: number): void {
    if (changedNs > nowNs) return;
    if (changedNs !== this.#sinceNs) this.#begin(changedNs);
    while (this.#nextPointNs + pointNs + settleNs <= nowNs) this.#take();
    if (nowNs < this.#nextJudgementNs) return;
    this.#nextJudgementNs = nowNs + judgeEveryNs;
    this.#steadiness = judgeSteadiness(this.#points.map(({ meanMs }) => meanMs));
  }

  /** Run-relative ns; null: not steady, or too early to say. */
  get steadySinceNs(): number | null {
    if (this.#steadiness.kind !== 'steady') return null;
    return this.#points[this.#steadiness.afterPoints]?.startNs ?? null;
  }

  get steadiness(): Steadiness['kind'] {
    return this.#steadiness.kind;
  }

  #begin(sinceNs: number): void {
    this.#sinceNs = sinceNs;
    this.#nextPointNs = sinceNs;
    this.#points = [];
    this.#steadiness = { kind: 'too-early' };
  }

  #take(): void {
    const startNs = this.#nextPointNs;
    const endNs = startNs + pointNs;
    this.#nextPointNs = endNs;
    const count = this.#happenings.growth('responses', startNs, endNs);
    if (count < 0.5) return;
    const sumNs = this.#happenings.growth('responseNs', startNs, endNs);
    this.#points.push({ startNs, meanMs: sumNs / count / 1e6 });
    if (this.#points.length > mostPoints) this.#points.splice(0, this.#points.length - mostPoints);
  }
}
