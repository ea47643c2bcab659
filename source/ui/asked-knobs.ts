/**
 * Knobs as the operator left them: what was asked for since the last picture counts as the present value, so that keys
 * which come faster than pictures step on from each other.
 */
import { type KnobName, type KnobValue, knobs } from '../config/knobs.ts';
import { allowStep, type StepDirection, type StepHistory, stepKnob } from '../session/step-knob.ts';
import type { ControlAnswer, KnobView, SessionControl } from '../session/view.ts';

/** What a step would set; a reason why there is none; null: too soon after the last ones. */
export type Step = { readonly value: KnobValue } | { readonly why: string } | null;

export class AskedKnobs {
  readonly #control: Pick<SessionControl, 'setKnob'>;
  readonly #now: () => number;
  readonly #asked = new Map<KnobName, KnobValue>();
  #shown: readonly KnobView[] = [];
  #stepsUp: StepHistory = [];

  /** `now`: monotonic ms. */
  constructor(control: Pick<SessionControl, 'setKnob'>, now: () => number) {
    this.#control = control;
    this.#now = now;
  }

  /** A new picture: it shows what was asked. */
  take(shown: readonly KnobView[]): void {
    this.#shown = shown;
    this.#asked.clear();
  }

  /** undefined: not known yet. */
  current(name: KnobName): KnobValue | undefined {
    const asked = this.#asked.get(name);
    return asked === undefined ? this.#shown.find((knob) => knob.name === name)?.requested : asked;
  }

  /** All knobs, with what was asked since. */
  get all(): readonly KnobView[] {
    return this.#shown.map((knob) => {
      const asked = this.#asked.get(knob.name);
      return asked === undefined ? knob : { ...knob, requested: asked };
    });
  }

  step(name: KnobName, direction: StepDirection, fine: boolean): Step {
    const { label } = knobs[name];
    const current = this.current(name);
    if (current === undefined) {
      return { why: `${label} cannot be changed yet` };
    }
    const value = stepKnob(knobs[name], current, direction, fine);
    if (value === current) {
      return {
        why: `${label} ${current === null ? 'has no limit: type a value (⏎)' : `goes no further ${direction}`}`,
      };
    }
    const { allowed, history } = allowStep(this.#stepsUp, direction, this.#now());
    this.#stepsUp = history;
    return allowed ? { value } : null;
  }

  /** At once, not a tick later: the next key of the same read steps on from here. */
  set(name: KnobName, value: KnobValue, confirmed: boolean): ControlAnswer {
    const answer = this.#control.setKnob(name, value, confirmed);
    if (answer.kind === 'done') {
      this.#asked.set(name, value);
    }
    return answer;
  }
}
