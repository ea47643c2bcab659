/** What one key press does to a knob, and how often it may do so. Pure: the clock is passed in. */
import type { KnobDefinition, KnobValue } from '../config/knobs.ts';

export type StepDirection = 'up' | 'down';

/** Most upward steps in one second; downward is never limited, since going down is how one gets out of trouble. */
export const maxStepsUpPerSecond = 4;

/**
 * The knob's next value. Rate: ± 10 % in two significant digits, `fine` ± 1 % in three; a step always moves the last
 * of these digits. Knobs with a list take its next entry, and beyond its end go on doubling up to the maximum.
 * What cannot be stepped (a choice, an unthrottled rate, the end of the range) comes back as it was.
 */
export function stepKnob(
  definition: KnobDefinition,
  current: KnobValue,
  direction: StepDirection,
  fine: boolean,
): KnobValue {
  if (typeof current !== 'number' || definition.choices !== null) {
    return current;
  }
  const next =
    definition.steps === null
      ? stepInDigits(current, direction, fine)
      : stepInList(definition.steps, current, direction, definition.maximum);
  return Math.min(definition.maximum, Math.max(Math.min(definition.minimum, current), next));
}

function stepInDigits(current: number, direction: StepDirection, fine: boolean): number {
  const digits = fine ? 3 : 2;
  const share = fine ? 0.01 : 0.1;
  const target = current * (direction === 'up' ? 1 + share : 1 - share);
  const rounded = Number(target.toPrecision(digits));
  if (direction === 'up' ? rounded > current : rounded < current) {
    return rounded;
  }
  // Rounding swallowed the step: move the last digit by one instead.
  const unit = 10 ** (Math.floor(Math.log10(current)) - digits + 1);
  return Number((current + (direction === 'up' ? unit : -unit)).toPrecision(digits));
}

function stepInList(steps: readonly number[], current: number, direction: StepDirection, maximum: number): number {
  if (direction === 'down') {
    return steps.findLast((step) => step < current) ?? current;
  }
  return steps.find((step) => step > current) ?? Math.min(maximum, Math.max(current, current * 2));
}

/** Times (ms) of the upward steps of the last second, oldest first. */
export type StepHistory = readonly number[];

/** Whether a step may be taken at `nowMs`, and the history after it. Downward steps are always taken. */
export function allowStep(
  history: StepHistory,
  direction: StepDirection,
  nowMs: number,
): { readonly allowed: boolean; readonly history: StepHistory } {
  if (direction === 'down') {
    return { allowed: true, history };
  }
  const recent = history.filter((timeMs) => nowMs - timeMs < 1000);
  return recent.length < maxStepsUpPerSecond
    ? { allowed: true, history: [...recent, nowMs] }
    : { allowed: false, history: recent };
}
