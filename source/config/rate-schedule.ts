/**
 * Rate schedules: steps and ramps, a sine, bursts, one part after the other. A part is written as an operator says it:
 * `10k for 30s`, `10k:200k:60s` or `ramp 10k 200k 60s [step 5s] [geometric]`, `sine 50k 20k 60s [for 10m]` (mean, swing,
 * period), `bursts 10k 100k 200ms 5s [for 5m]` (base, peak, length, every).
 */
import { usageError } from '../errors.ts';
import { formatDuration, formatRate, parseDurationMs, parseMessageRate } from './units.ts';

export type RatePart =
  | { readonly kind: 'steady'; readonly rateHz: number; readonly forMs: number }
  | {
      readonly kind: 'ramp';
      readonly fromHz: number;
      readonly toHz: number;
      readonly forMs: number;
      readonly shape: 'linear' | 'geometric';
      /** The rate stays so long at each step; null: it moves without steps. */
      readonly stepMs: number | null;
    }
  /** `forMs` null: without end. */
  | {
      readonly kind: 'sine';
      readonly meanHz: number;
      readonly swingHz: number;
      readonly periodMs: number;
      readonly forMs: number | null;
    }
  | {
      readonly kind: 'bursts';
      readonly baseHz: number;
      readonly peakHz: number;
      readonly lengthMs: number;
      readonly everyMs: number;
      readonly forMs: number | null;
    };

/** A stretch in which the rate stays, or moves from one end to the other. */
export interface RateLeg {
  /** It has figures of its own: steps and ramps do, the legs of a sine or between bursts count together. */
  readonly apart: boolean;
  readonly fromHz: number;
  readonly toHz: number;
  readonly forMs: number;
  readonly shape: 'linear' | 'geometric';
}

const help =
  "Write it as '10k:200k:60s', 'ramp 10k 200k 60s step 5s geometric', '10k for 30s', 'sine 50k 20k 60s for 10m' or 'bursts 10k 100k 200ms 5s'.";
/** A sine is drawn with so many straight legs, none of them shorter than the least. */
const legsOfPeriod = 32;
const shortestLegMs = 250;
/** Each stretch is an interval of its own, of which only so many can be open at a time. */
const shortestStretchMs = 50;

/** Parts separated by commas or line breaks; `none`: no schedule. Throws LoadtuiError. */
export function parseRateSchedule(text: string): readonly RatePart[] {
  if (text.trim() === 'none') return [];
  const parts = text.split(/[,\n]/).filter((part) => part.trim() !== '');
  if (parts.length === 0) throw usageError('a rate schedule is empty', help);
  const read = parts.map(parsePart);
  const endless = read.findIndex((part) => part.forMs === null);
  if (endless >= 0 && endless < read.length - 1) {
    throw usageError(
      `"${parts[endless]?.trim()}" never ends, and another part follows it`,
      'Add "for 10m", or put it last.',
    );
  }
  return read;
}

function parsePart(text: string): RatePart {
  const words = text.trim().split(/[\s:]+/);
  const [first, ...rest] = words;
  const wrong = usageError(`"${text.trim()}" is no part of a rate schedule`, help);
  switch (first) {
    case 'ramp':
      return rampOf(rest, wrong);
    case 'sine': {
      const { values, forMs } = endOf(rest, wrong);
      const [mean, swing, period, ...more] = values;
      if (mean === undefined || swing === undefined || period === undefined || more.length > 0) throw wrong;
      const sine = { meanHz: parseMessageRate(mean), swingHz: parseMessageRate(swing), periodMs: timeOf(period) };
      if (sine.swingHz > sine.meanHz)
        throw usageError(`"${text.trim()}" swings below 0`, 'The swing is at most the mean.');
      return { kind: 'sine', ...sine, forMs };
    }
    case 'bursts': {
      const { values, forMs } = endOf(rest, wrong);
      const [base, peak, length, every, ...more] = values;
      if (base === undefined || peak === undefined || length === undefined || every === undefined || more.length > 0)
        throw wrong;
      const bursts = {
        baseHz: parseMessageRate(base),
        peakHz: parseMessageRate(peak),
        lengthMs: timeOf(length),
        everyMs: timeOf(every),
      };
      if (bursts.lengthMs >= bursts.everyMs) throw usageError(`"${text.trim()}" leaves no time between bursts`, help);
      checkStretch('a burst', bursts.lengthMs);
      checkStretch('the time between bursts', bursts.everyMs - bursts.lengthMs);
      return { kind: 'bursts', ...bursts, forMs };
    }
    default: {
      const [rate, word, time, ...more] = words;
      if (word !== 'for') return rampOf(words, wrong);
      if (rate === undefined || time === undefined || more.length > 0) throw wrong;
      return { kind: 'steady', rateHz: parseMessageRate(rate), forMs: timeOf(time) };
    }
  }
}

function rampOf(words: readonly string[], wrong: Error): RatePart {
  const [from, to, time, ...options] = words;
  if (from === undefined || to === undefined || time === undefined) throw wrong;
  let shape: 'linear' | 'geometric' = 'linear';
  let stepMs: number | null = null;
  for (let at = 0; at < options.length; at++) {
    const option = options[at] ?? '';
    if (option === 'geometric' || option === 'linear') shape = option;
    else if (option === 'step') stepMs = timeOf(options[++at] ?? '');
    else if (option.startsWith('step=')) stepMs = timeOf(option.slice('step='.length));
    else throw wrong;
  }
  const ramp = { fromHz: parseMessageRate(from), toHz: parseMessageRate(to), forMs: timeOf(time) };
  if (shape === 'geometric' && Math.min(ramp.fromHz, ramp.toHz) === 0) {
    throw usageError('a geometric ramp cannot begin or end at 0', 'Leave out "geometric", or begin at 1.');
  }
  if (stepMs !== null && stepMs > ramp.forMs) throw usageError('a step is longer than its ramp', help);
  if (stepMs !== null) checkStretch('a step', stepMs);
  return { kind: 'ramp', ...ramp, shape, stepMs };
}

/** What stands before a last `for TIME`, and that time. */
function endOf(
  words: readonly string[],
  wrong: Error,
): { readonly values: readonly string[]; readonly forMs: number | null } {
  const at = words.indexOf('for');
  if (at < 0) return { values: words, forMs: null };
  const time = words[at + 1];
  if (time === undefined || words.length > at + 2) throw wrong;
  return { values: words.slice(0, at), forMs: timeOf(time) };
}

function timeOf(text: string): number {
  const ms = parseDurationMs(text);
  if (ms <= 0) throw usageError(`"${text}" is no time at all`, help);
  return ms;
}

function checkStretch(what: string, ms: number): void {
  if (ms >= shortestStretchMs) return;
  const least = formatDuration(shortestStretchMs);
  throw usageError(`${what} of ${formatDuration(ms)} is too short`, `The rate stays for ${least} at least.`);
}

/** As it is read; one text a part. */
export function formatRateSchedule(parts: readonly RatePart[]): readonly string[] {
  return parts.map(formatPart);
}

function formatPart(part: RatePart): string {
  const end = part.forMs === null ? '' : ` for ${formatDuration(part.forMs)}`;
  const rates = (...rates: readonly number[]): string => rates.map(formatRate).join(' ');
  switch (part.kind) {
    case 'steady':
      return `${formatRate(part.rateHz)}${end}`;
    case 'ramp': {
      const step = part.stepMs === null ? '' : `:step=${formatDuration(part.stepMs)}`;
      const shape = part.shape === 'geometric' ? ':geometric' : '';
      return `${formatRate(part.fromHz)}:${formatRate(part.toHz)}:${formatDuration(part.forMs)}${step}${shape}`;
    }
    case 'sine':
      return `sine ${rates(part.meanHz, part.swingHz)} ${formatDuration(part.periodMs)}${end}`;
    case 'bursts': {
      const times = `${formatDuration(part.lengthMs)} ${formatDuration(part.everyMs)}`;
      return `bursts ${rates(part.baseHz, part.peakHz)} ${times}${end}`;
    }
  }
}

/** How long the schedule lasts, ms; null: without end. */
export function scheduleMs(parts: readonly RatePart[]): number | null {
  return parts.some(({ forMs }) => forMs === null) ? null : parts.reduce((sum, { forMs }) => sum + (forMs ?? 0), 0);
}

/** The highest rate that it asks for. */
export function highestRate(parts: readonly RatePart[]): number {
  const highest = (part: RatePart): number => {
    switch (part.kind) {
      case 'steady':
        return part.rateHz;
      case 'ramp':
        return Math.max(part.fromHz, part.toHz);
      case 'sine':
        return part.meanHz + part.swingHz;
      case 'bursts':
        return Math.max(part.baseHz, part.peakHz);
    }
  };
  return Math.max(0, ...parts.map(highest));
}

/** The legs of a schedule, one after the other; as many as are asked for, where it has no end. */
export function* legsOf(parts: readonly RatePart[]): Generator<RateLeg> {
  for (const part of parts) yield* cutAt(part.forMs, legsOfPart(part));
}

function* legsOfPart(part: RatePart): Generator<RateLeg> {
  switch (part.kind) {
    case 'steady':
      yield flat(part.rateHz, part.forMs);
      return;
    case 'ramp':
      yield* part.stepMs === null ? [{ ...part, apart: true }] : stepsOf(part, part.stepMs);
      return;
    case 'sine': {
      const legMs = Math.max(shortestLegMs, part.periodMs / legsOfPeriod);
      const at = (ms: number): number => part.meanHz + part.swingHz * Math.sin((2 * Math.PI * ms) / part.periodMs);
      for (let leg = 0; ; leg++) {
        yield { apart: leg === 0, fromHz: at(leg * legMs), toHz: at((leg + 1) * legMs), forMs: legMs, shape: 'linear' };
      }
    }
    case 'bursts':
      for (let burst = 0; ; burst++) {
        yield { ...flat(part.baseHz, part.everyMs - part.lengthMs), apart: burst === 0 };
        yield { ...flat(part.peakHz, part.lengthMs), apart: false };
      }
  }
}

function flat(rateHz: number, forMs: number): RateLeg {
  return { apart: true, fromHz: rateHz, toHz: rateHz, forMs, shape: 'linear' };
}

/** Steps of one length from the first rate to the last, both included. */
function* stepsOf(
  { fromHz, toHz, forMs, shape }: Extract<RatePart, { kind: 'ramp' }>,
  stepMs: number,
): Generator<RateLeg> {
  const steps = Math.max(2, Math.round(forMs / stepMs));
  for (let step = 0; step < steps; step++) {
    const share = step / (steps - 1);
    yield flat(
      shape === 'linear' ? fromHz + (toHz - fromHz) * share : fromHz * (toHz / fromHz) ** share,
      forMs / steps,
    );
  }
}

/** The legs up to a time, the last one cut there. */
function* cutAt(endMs: number | null, legs: Iterable<RateLeg>): Generator<RateLeg> {
  let leftMs = endMs ?? Number.POSITIVE_INFINITY;
  for (const leg of legs) {
    if (leftMs <= 0) return;
    yield leg.forMs <= leftMs ? leg : firstOf(leg, leftMs);
    leftMs -= leg.forMs;
  }
}

/** The first so many ms of a leg. */
export function firstOf(leg: RateLeg, forMs: number): RateLeg {
  return { ...leg, toHz: rateWithin(leg, forMs), forMs };
}

/** The rate so long after a leg's start. */
export function rateWithin({ fromHz, toHz, forMs, shape }: RateLeg, afterMs: number): number {
  const share = Math.min(1, Math.max(0, afterMs / forMs));
  return shape === 'linear' ? fromHz + (toHz - fromHz) * share : fromHz * (toHz / fromHz) ** share;
}
