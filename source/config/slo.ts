/**
 * The SLO grammar: `[response|service|e2e.]pNN[.N]<DURATION`, `errors<0.1%`, `lag<5s`, `achieved>99%`.
 * `<=` and `>=` are read as `<` and `>`; several expressions are separated by commas or line breaks.
 */
import { usageError } from '../errors.ts';
import type { LatencyTag, Slo } from './plan.ts';
import { latencyTags } from './plan.ts';
import { formatDuration, formatPercent, parseDurationMs, parsePercent } from './units.ts';

const sloHelp = "Write it as 'p99<10ms', 'e2e.p99.9<50ms', 'errors<0.1%', 'lag<5s' or 'achieved>99%'.";

/** Reads one expression; its `text` is canonical and reads back as the same SLO. */
export function parseSlo(text: string): Slo {
  const match = /^\s*([a-z0-9.]+)\s*(<|>)=?\s*(.+?)\s*$/i.exec(text);
  const [, subject, direction, limit] = match ?? [];
  if (subject === undefined || limit === undefined) {
    throw usageError(`"${text}" is not an SLO`, sloHelp);
  }
  if ((direction === '>') !== (subject === 'achieved')) {
    const right = subject === 'achieved' ? '>' : '<';
    throw usageError(`"${text}" is the wrong way round: ${subject} needs "${right}"`, sloHelp);
  }
  switch (subject) {
    case 'errors': {
      const limitFraction = fractionOf(limit, text);
      return { kind: 'errors', limitFraction, text: `errors<${formatPercent(limitFraction)}` };
    }
    case 'achieved': {
      const atLeastFraction = fractionOf(limit, text);
      return { kind: 'achieved', atLeastFraction, text: `achieved>${formatPercent(atLeastFraction)}` };
    }
    case 'lag': {
      const limitMs = parseDurationMs(limit);
      return { kind: 'lag', limitMs, text: `lag<${formatDuration(limitMs)}` };
    }
    default:
      return parseLatency(subject, limit, text);
  }
}

function fractionOf(limit: string, text: string): number {
  const fraction = parsePercent(limit);
  if (fraction > 1) {
    throw usageError(`"${text}" is about more than 100%`, sloHelp);
  }
  return fraction;
}

function parseLatency(subject: string, limit: string, text: string): Slo {
  const [, tagText = 'response', percentileText] = /^(?:([a-z0-9]+)\.)?p([0-9]+(?:\.[0-9]+)?)$/.exec(subject) ?? [];
  const tag = latencyTags.find((name) => name === tagText);
  if (percentileText === undefined || tag === undefined || tag === 'slip') {
    throw usageError(`"${text}" is not an SLO: what is "${subject}"?`, sloHelp);
  }
  const percentile = Number(percentileText);
  if (percentile <= 0 || percentile >= 100) {
    const meant = /^99[9]+$/.test(percentileText) ? `p99.${percentileText.slice(2)}` : 'p99';
    throw usageError(
      `"${text}": a percentile lies between 0 and 100, p${percentileText} does not`,
      `Did you mean ${meant}?`,
    );
  }
  const limitMs = parseDurationMs(limit, 'ms');
  if (limitMs <= 0) {
    throw usageError(`"${text}" allows no time at all`, sloHelp);
  }
  return { kind: 'latency', tag, percentile, limitMs, text: `${tag}.p${percentile}<${formatDuration(limitMs)}` };
}

/** Reads several; `none` is the empty list. The same expression twice counts once. */
export function parseSlos(text: string): readonly Slo[] {
  if (text.trim() === 'none') {
    return [];
  }
  const slos = text
    .split(/[,\n]/)
    .filter((part) => part.trim() !== '')
    .map(parseSlo);
  if (slos.length === 0) {
    throw usageError('an SLO is empty', sloHelp);
  }
  return slos.filter((slo, index) => slos.findIndex((other) => other.text === slo.text) === index);
}

/** As people write it: `p99<10ms` for `response.p99<10ms`. */
export function shortSloText(slo: Slo): string {
  const usual: LatencyTag = 'response';
  return slo.text.startsWith(`${usual}.`) ? slo.text.slice(usual.length + 1) : slo.text;
}

/** The tightest latency objective, ms; null: there is none. */
export function tightestLimitMs(slos: readonly Slo[]): number | null {
  const limits = slos.flatMap((slo) => (slo.kind === 'latency' ? [slo.limitMs] : []));
  return limits.length === 0 ? null : Math.min(...limits);
}
