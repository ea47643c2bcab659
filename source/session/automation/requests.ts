/** What an operator or a script can ask for that turns knobs by itself, in the words of the `:` commands. */
import type { Slo } from '../../config/plan.ts';
import { parseRateSchedule, type RatePart } from '../../config/rate-schedule.ts';
import { parseSlos } from '../../config/slo.ts';
import { parseSoakRate, type SoakRate } from '../../config/soak.ts';
import { readSweep, type SweptKnob } from '../../config/sweep.ts';
import { parseCount, parseDurationMs, parseSomeMessageRate } from '../../config/units.ts';
import { LoadtuiError, messageOf, usageError } from '../../errors.ts';

export interface FindRequest {
  readonly kind: 'find';
  /** Empty: the plan's. */
  readonly slos: readonly Slo[];
  /** null: the plan's. */
  readonly fromHz: number | null;
  readonly maxHz: number | null;
  readonly quick: boolean | null;
  readonly maxTimeMs: number | null;
  /** Go on with the last search where it stopped, and as it was. */
  readonly resume: boolean;
}

export interface SweepRequest {
  readonly kind: 'sweep';
  readonly knobs: readonly SweptKnob[];
  /** null: as without a wish. */
  readonly repeats: number | null;
  readonly seed: number | null;
  /** To search by, empty: the plan's; null: combinations are measured at their rate. */
  readonly slos: readonly Slo[] | null;
  /** Of searches; null: the plan's. */
  readonly fromHz: number | null;
  readonly maxHz: number | null;
}

export type AutomationRequest =
  | FindRequest
  | { readonly kind: 'ramp'; readonly parts: readonly RatePart[] }
  /** `slos` empty: the plan's. */
  | { readonly kind: 'hold'; readonly slos: readonly Slo[]; readonly maxHz: number | null }
  /** Of the highest rate found, or a rate; `forMs` null: until it is stopped. */
  | { readonly kind: 'soak'; readonly at: SoakRate; readonly forMs: number | null }
  | SweepRequest;

/** What commands there are for them. */
export const automationWords = ['find', 'ramp', 'hold', 'soak', 'sweep'] as const;
export type AutomationWord = (typeof automationWords)[number];

/** What may stand beside objectives, by the command that takes them. */
export const wishWords = {
  find: ['from', 'cap', 'max-time', 'quick', 'resume'],
  hold: ['cap'],
  sweep: ['from', 'cap'],
} as const satisfies Partial<Record<AutomationWord, readonly string[]>>;
type WishCommand = keyof typeof wishWords;

const wishExamples: Readonly<Record<WishCommand, string>> = {
  find: 'Write :find p99<10ms from 1k cap 200k.',
  hold: 'Write :hold p99<10ms cap 200k.',
  sweep: 'Write :sweep linger=0,5ms find p99<10ms from 1k cap 200k.',
};

export function isAutomationWord(word: string): word is AutomationWord {
  return automationWords.some((known) => known === word);
}

export type RequestParse =
  | { readonly ok: true; readonly request: AutomationRequest }
  | { readonly ok: false; readonly message: string };

/** `find [p99<10ms …] [from 1k] [cap 200k] [max-time 5m] [quick]`, `find resume`, `ramp 10k 200k 60s [step 5s] [geometric]`. */
export function parseAutomation(name: AutomationWord, words: readonly string[]): RequestParse {
  try {
    return { ok: true, request: requestOf(name, words) };
  } catch (error) {
    const next = error instanceof LoadtuiError && error.next !== undefined ? `. ${error.next}` : '';
    return { ok: false, message: `${messageOf(error)}${next}` };
  }
}

function requestOf(name: AutomationWord, words: readonly string[]): AutomationRequest {
  switch (name) {
    case 'find':
      return findOf(words);
    case 'ramp':
      return { kind: 'ramp', parts: rampOf(words) };
    case 'hold': {
      const { slos, maxHz } = wishOf(words, 'hold');
      return { kind: 'hold', slos, maxHz };
    }
    case 'sweep':
      return sweepOf(words);
    case 'soak': {
      const [at = '80%', time, ...more] = words;
      if (more.length > 0) throw usageError(':soak takes a share or a rate, and a time', 'Write :soak 80% 30m.');
      return { kind: 'soak', at: parseSoakRate(at), forMs: time === undefined ? null : parseDurationMs(time, 's') };
    }
  }
}

function rampOf(words: readonly string[]): readonly RatePart[] {
  const parts = parseRateSchedule(words.join(' '));
  if (parts.length === 0) throw usageError('a ramp needs rates and a time', 'Write :ramp 10k 200k 60s.');
  return parts;
}

function findOf(words: readonly string[]): FindRequest {
  const { slos, fromHz, maxHz, quick, maxTimeMs, resume } = wishOf(words, 'find');
  if (resume && words.length > 1) {
    throw usageError('a search is gone on with as it was', 'Write :find resume, or :find with what is new.');
  }
  return { kind: 'find', slos, fromHz, maxHz, quick, maxTimeMs, resume };
}

/** `sweep linger=0,5ms producers=1,4 [repeats 3] [seed 7] [find [p99<10ms …] [from 1k] [cap 200k]]`. */
function sweepOf(words: readonly string[]): SweepRequest {
  const swept: string[] = [];
  let wishes: readonly string[] | null = null;
  let repeats: number | null = null;
  let seed: number | null = null;
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === 'repeats') repeats = parseCount(rest.shift() ?? '');
    else if (word === 'seed') seed = parseCount(rest.shift() ?? '');
    else if (word === 'find') wishes = rest.splice(0);
    else swept.push(word);
  }
  if (swept.length === 0) throw usageError('sweep what?', 'Write :sweep linger=0,5ms producers=1,4.');
  const { slos, fromHz, maxHz } = wishOf(wishes ?? [], 'sweep');
  const how = { slos: wishes === null ? null : slos, fromHz, maxHz };
  return { kind: 'sweep', knobs: readSweep(swept.join('\n')), repeats, seed, ...how };
}

/** Objectives, and the words that go with them; others are refused, so that none is without effect. */
function wishOf(words: readonly string[], command: WishCommand) {
  const slos: string[] = [];
  let fromHz: number | null = null;
  let maxHz: number | null = null;
  let quick: boolean | null = null;
  let maxTimeMs: number | null = null;
  let resume = false;
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const value = (): string => {
      const next = rest.shift();
      if (next === undefined) throw usageError(`"${word}" needs a value`, wishExamples[command]);
      return next;
    };
    if (isWishWord(word) && !isTakenBy(command, word)) {
      const what = command === 'sweep' ? 'a search of a sweep' : `:${command}`;
      throw usageError(`${what} takes no "${word}"`, wishExamples[command]);
    }
    if (word === 'from') fromHz = parseSomeMessageRate(value());
    else if (word === 'cap') maxHz = parseSomeMessageRate(value());
    else if (word === 'max-time') maxTimeMs = parseDurationMs(value(), 's');
    else if (word === 'quick') quick = true;
    else if (word === 'resume') resume = true;
    else slos.push(word);
  }
  return { slos: slos.length === 0 ? [] : parseSlos(slos.join(',')), fromHz, maxHz, quick, maxTimeMs, resume };
}

/** A search takes them all. */
function isWishWord(word: string): boolean {
  return wishWords.find.some((known) => known === word);
}

function isTakenBy(command: WishCommand, word: string): boolean {
  return wishWords[command].some((known) => known === word);
}
