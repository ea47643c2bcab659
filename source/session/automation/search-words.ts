/** Searches and their steps in words, and which latency they are about: for the screen and for plain lines. Pure. */
import { knobNames, knobs } from '../../config/knobs.ts';
import type { Slo } from '../../config/plan.ts';
import { parseSlos, shortSloText } from '../../config/slo.ts';
import { LoadtuiError } from '../../errors.ts';
import type { Search, SearchStep } from '../document-schema.ts';
import { rateText } from '../figures-text.ts';
import { knobText } from '../knob-text.ts';
import { bracketText } from './search-row.ts';

/** The percentile that tells how a step did. */
export interface StepFigure {
  readonly tag: 'response' | 'e2e';
  readonly percentile: 50 | 90 | 95 | 99 | 99.9;
  /** What is asked of it; null: nothing is asked of this one. */
  readonly limit: { readonly ms: number; readonly text: string } | null;
}

const percentiles = [50, 90, 95, 99, 99.9] as const;
const fields = { 50: 'p50Ms', 90: 'p90Ms', 95: 'p95Ms', 99: 'p99Ms', 99.9: 'p999Ms' } as const;
const usual: StepFigure = { tag: 'response', percentile: 99, limit: null };

/** The first objective on latency where steps keep that percentile, else p99 of the response. */
export function figureOf({ slo }: Pick<Search, 'slo'>): StepFigure {
  for (const one of slosIn(slo)) {
    if (one.kind !== 'latency' || one.tag === 'service' || one.tag === 'slip') continue;
    const percentile = percentiles.find((known) => known === one.percentile);
    if (percentile === undefined) continue;
    return { tag: one.tag, percentile, limit: { ms: one.limitMs, text: shortSloText(one) } };
  }
  return usual;
}

/** A document says in words what was asked for; what cannot be read is no objective on latency. */
function slosIn(text: string): readonly Slo[] {
  if (text === '') return [];
  try {
    return parseSlos(text);
  } catch (error) {
    if (error instanceof LoadtuiError) return [];
    throw error;
  }
}

/** `p99`, `e2e p99.9`. */
export function figureName({ tag, percentile }: StepFigure): string {
  return `${tag === 'response' ? '' : `${tag} `}p${percentile}`;
}

/** The figure of a step, ms; null: too few messages, or its rank falls among those without an answer. */
export function stepMs(step: SearchStep, { tag, percentile }: StepFigure): number | null {
  return step[tag][fields[percentile]];
}

/** Share of messages over the objective: `0.71 %`, `70.6 %`, `100.0 %`; empty: there is no objective on latency. */
export function overText({ overFraction }: SearchStep): string {
  if (overFraction === null) return '';
  const percent = overFraction * 100;
  return `${percent.toFixed(percent < 9.995 ? 2 : 1)} %`;
}

/** The step is under way: nothing is decided. */
export function isUnderWay({ outcome, steps }: Search, step: SearchStep): boolean {
  return outcome === 'running' && step.verdict === 'unsure' && step === steps.at(-1);
}

/** `pass`, `FAIL latency`, `pass, marginal`, `client-bound`; `…` while it is not decided. */
export function verdictText({ limitedBy, marginal, verdict }: SearchStep): string {
  const barely = marginal ? ', marginal' : '';
  switch (verdict) {
    case 'pass':
      return `pass${barely}`;
    case 'fail':
      return `FAIL${limitedBy === null ? '' : ` ${limitedBy}`}${barely}`;
    case 'client':
      return 'client-bound';
    case 'unsure':
      return '…';
  }
}

/** A search as a row of the table of results. */
export interface ResultCells {
  /** `58.7 k/s`; `≥58.7 k/s` where the load generator was the limit; `-` where nothing was found. */
  readonly rate: string;
  /** `[58.7, 61.3 k/s]`; empty without an upper end. */
  readonly bracket: string;
  /** `latency`; `stopped` … where nothing was found. */
  readonly limit: string;
}

export function resultCells(search: Search): ResultCells {
  const { bracket, limitedBy, outcome } = search;
  const rate = foundRate(search);
  if (search.slo === '') {
    const sign = search.knee?.beyond === 'high' ? '≥' : search.knee?.beyond === 'low' ? '≤' : '';
    return { rate: rate === null ? '-' : `${sign}${rateText(rate)}`, bracket: '', limit: 'knee' };
  }
  const text = rate === null ? '-' : `${outcome === 'client' ? '≥' : ''}${rateText(rate)}`;
  const limit = outcome === 'found' || outcome === 'client' ? (limitedBy ?? '') : outcome.replaceAll('-', ' ');
  return { rate: text, bracket: bracketText(bracket), limit };
}

/** What a search was for: the rate that holds, or, without an objective, the knee. */
function foundRate({ knee, maxSustainableRate, slo }: Search): number | null {
  return slo === '' ? (knee?.rate ?? null) : maxSustainableRate;
}

/** `+21 % against find 1`, `linger 5 ms → 0 ms`: what came out otherwise, and the knobs that may be why. */
export function changesAgainst(search: Search, before: Search, number: number): string[] {
  const [now, then] = [foundRate(search), foundRate(before)];
  const percent = now === null || then === null || then === 0 ? null : Math.round((now / then - 1) * 100);
  const sign = percent === null ? '' : percent > 0 ? '+' : percent < 0 ? '−' : '';
  const gain = percent === null ? [] : [`${sign}${Math.abs(percent)} % against find ${number}`];
  const asked = ({ slo }: Search): string => (slo === '' ? 'the knee' : slo);
  const slo = search.slo === before.slo ? [] : [`${asked(before)} → ${asked(search)}`];
  const turned = knobNames.flatMap((name) => {
    const [from, to] = [before.knobs[name], search.knobs[name]];
    if (name === 'rate' || from === undefined || to === undefined || from === to) return [];
    const text = (value: typeof to): string => (typeof value === 'string' ? value : knobText(name, value));
    return [`${knobs[name].label} ${text(from)} → ${text(to)}`];
  });
  return [...gain, ...slo, ...turned];
}
