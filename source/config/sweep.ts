/** What a sweep turns, as users write it: `linger=0,5ms`, `consumers=1..96`, `batch-size=16KiB,64KiB`. */
import { usageError } from '../errors.ts';
import { checkKnobRange, parseChoice, parseKnobAmount, writeKnobValue } from './knob-amount.ts';
import { type KnobDefinition, type KnobName, type KnobValue, knobNames, knobs } from './knobs.ts';
import { didYouMean } from './nearest-name.ts';

/** A knob and the values it takes, in the order in which they were written. */
export interface SweptKnob {
  readonly name: KnobName;
  readonly values: readonly KnobValue[];
}

const example = 'Write linger=0,5ms producers=1,4 or consumers=1..96.';
const flagNames = knobNames.map((name) => knobs[name].flag);

/** Lines of `linger=0,5ms`. The name is the flag's; plan files write it in camelCase. Throws LoadtuiError. */
export function readSweep(text: string): readonly SweptKnob[] {
  if (text.trim() === 'none') return [];
  const swept = text.split('\n').map(readSweptKnob);
  const twice = swept.find(({ name }, at) => swept.findIndex((other) => other.name === name) !== at);
  if (twice !== undefined)
    throw usageError(`${knobs[twice.name].flag} is swept twice`, 'Write all its values in one list.');
  return swept;
}

export function writeSweep(swept: readonly SweptKnob[]): readonly string[] {
  if (swept.length === 0) return ['none'];
  return swept.map(({ name, values }) => {
    const definition = knobs[name];
    return `${definition.flag}=${values.map((value) => writeKnobValue(definition, value)).join(',')}`;
  });
}

function readSweptKnob(text: string): SweptKnob {
  const at = text.indexOf('=');
  const written = text.slice(0, Math.max(0, at)).trim();
  if (at < 0 || written === '') throw usageError(`"${text}" does not say what to sweep`, example);
  const name = knobNames.find((one) => knobs[one].flag === written || one === written || camelFlag(one) === written);
  if (name === undefined) {
    const next = didYouMean(written, flagNames, `Knobs are ${flagNames.join(', ')}.`);
    throw usageError(`there is no knob ${written}`, next);
  }
  const definition = knobs[name];
  const values = readValues(definition, text.slice(at + 1));
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) {
    throw usageError(`${definition.flag} has ${writeKnobValue(definition, twice)} twice`, 'Leave one of them out.');
  }
  return { name, values };
}

function camelFlag(name: KnobName): string {
  return knobs[name].flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Single values, and series that double: `1..96`, or `…96` (also `…,96`), which goes on from the value before it. */
function readValues(definition: KnobDefinition, list: string): readonly KnobValue[] {
  const values: KnobValue[] = [];
  const joined = list.replaceAll(/,\s*(?:\.{2,3}|…)\s*,/g, ',…');
  for (const item of joined.split(',').map((one) => one.trim())) {
    const series = /^(.*?)(?:\.{2,3}|…)(.+)$/.exec(item);
    if (series === null) {
      values.push(readValue(definition, item));
      continue;
    }
    const [, first = '', last = ''] = series;
    const from = first === '' ? values.pop() : readValue(definition, first);
    values.push(...doubled(definition, from, readValue(definition, last), item));
  }
  return values;
}

/** From one value to another, each twice the one before, the last one as it is. */
function doubled(
  { flag, choices }: KnobDefinition,
  from: KnobValue | undefined,
  to: KnobValue,
  text: string,
): readonly number[] {
  if (choices !== null || typeof from !== 'number' || typeof to !== 'number' || from <= 0 || to <= from) {
    throw usageError(
      `${flag}: "${text}" is no series that doubles`,
      'Write two amounts above 0, the smaller first: 1..96.',
    );
  }
  const series: number[] = [];
  for (let value = from; value < to; value *= 2) series.push(value);
  return [...series, to];
}

function readValue(definition: KnobDefinition, text: string): KnobValue {
  const { flag, unit, choices } = definition;
  if (text === '') throw usageError(`${flag} has an empty value`, example);
  if (choices !== null) return parseChoice(definition, text);
  if (unit === 'rate' && /B\/s$/.test(text)) {
    throw usageError(`rate: "${text}" hangs on the message size`, 'Sweep rates in messages per second, as 10k,50k.');
  }
  const value = parseKnobAmount(definition, text, 1);
  if (value !== null) checkKnobRange(definition, value);
  return value;
}
