/** Hints as events, and back again: a document's list of hints is what its events say. */
import { knobs } from '../config/knobs.ts';
import type { EventRow, Hint } from './document-schema.ts';
import { hintSchema } from './document-search-schema.ts';
import type { EventFields } from './event-log.ts';
import { knobText } from './knob-text.ts';

/** `hint batching-bound: a batch waits … full; try linger 5 ms → 0 ms`. */
export function hintMessage({ name, evidence, suggestion }: Hint): string {
  return `hint ${name}: ${evidence}${suggestion === null ? '' : `; try ${wishText(suggestion)}`}`;
}

/** `linger 5 ms → 0 ms`. */
export function wishText({ knob, from, to }: NonNullable<Hint['suggestion']>): string {
  return `${knobs[knob].label} ${knobText(knob, from)} → ${knobText(knob, to)}`;
}

export function hintFields({ name, evidence, suggestion }: Hint): EventFields {
  return suggestion === null ? { name, evidence } : { name, evidence, ...suggestion };
}

/** The hints among events, in their order. */
export function hintsOf(events: readonly EventRow[]): readonly Hint[] {
  return events.flatMap(({ type, timeMs, name, evidence, knob, from, to }) => {
    if (type !== 'hint') return [];
    const suggestion = knob === undefined ? null : { knob, from, to };
    const { success, data } = hintSchema.safeParse({ timeMs, name, evidence, suggestion });
    return success ? [data] : [];
  });
}
