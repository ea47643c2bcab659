/** Reading a knob's value as an operator writes it: absolute, or relative to the present one. */
import { checkKnobRange, parseChoice, parseKnobAmount } from '../config/knob-amount.ts';
import type { KnobDefinition, KnobName, KnobValue } from '../config/knobs.ts';
import { parsePercent } from '../config/units.ts';
import { LoadtuiError, messageOf, usageError } from '../errors.ts';
import type { SessionView } from './view.ts';

/** What relative values start from: the requested value of each knob now. */
export type KnobValues = Pick<SessionView, 'knobs'>;

export type KnobParse =
  | { readonly ok: true; readonly value: KnobValue }
  | { readonly ok: false; readonly message: string };

/** Reads a knob's value: absolute (`50k`, `64KiB`, `5ms`), or relative to the present one (`*2`, `/2`, `+1%`, `-10%`, `+1`). */
export function parseKnobValue(definition: KnobDefinition, text: string, view: KnobValues): KnobParse {
  try {
    const value = definition.choices === null ? parseAmount(definition, text, view) : parseChoice(definition, text);
    return { ok: true, value };
  } catch (error) {
    const next = error instanceof LoadtuiError && error.next !== undefined ? ` ${error.next}` : '';
    return { ok: false, message: `${messageOf(error)}${next === '' ? '' : '.'}${next}` };
  }
}

function parseAmount(definition: KnobDefinition, text: string, view: KnobValues): KnobValue {
  const operator = /^([*/+-])(?=.)/.exec(text)?.[1];
  const isMax = definition.unit === 'rate' && text === '-1';
  const value =
    operator === undefined || isMax
      ? parseAbsolute(definition, text, view)
      : parseRelative(definition, operator, text.slice(1), view);
  if (value === null) {
    return value;
  }
  const whole = definition.unit === 'count' || definition.unit === 'bytes' ? Math.round(value) : value;
  checkKnobRange(definition, whole);
  return whole;
}

function requested(name: KnobName, view: KnobValues): KnobValue | undefined {
  return view.knobs.find((knob) => knob.name === name)?.requested;
}

function parseAbsolute(definition: KnobDefinition, text: string, view: KnobValues): number | null {
  const size = requested('messageSize', view);
  return parseKnobAmount(definition, text, typeof size === 'number' ? size : 0);
}

function parseRelative(definition: KnobDefinition, operator: string, operand: string, view: KnobValues): number {
  const current = requested(definition.name, view);
  if (typeof current !== 'number') {
    throw usageError(`${definition.flag} has no number now that ${operator}${operand} could change`);
  }
  if (operator === '*' || operator === '/') {
    const factor = Number(operand);
    if (!(factor > 0) || !Number.isFinite(factor)) {
      throw usageError(`"${operator}${operand}" needs a number above 0, as *2`);
    }
    return tidy(operator === '*' ? current * factor : current / factor);
  }
  const change = operand.endsWith('%') ? current * parsePercent(operand) : parseAbsolute(definition, operand, view);
  if (change === null) {
    throw usageError(`"${operator}${operand}" is no change of ${definition.flag}`);
  }
  return tidy(operator === '+' ? current + change : current - change);
}

/** Removes binary dust such as 1.1 × 3 = 3.3000000000000003. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
