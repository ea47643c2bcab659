/** `--abort-on`: `errors>10% for 10s, no-acks for 30s`; `none` switches it off. */
import { usageError } from '../errors.ts';
import type { AbortRule } from './plan.ts';
import { formatDuration, formatPercent, parseDurationMs, parsePercent } from './units.ts';

const abortHelp = "Write it as 'errors>10% for 10s, no-acks for 30s', or none.";

/** The rules that hold unless something else is said. */
export const defaultAbortText = 'errors>10% for 10s, no-acks for 30s';

function parseAbortRule(text: string): AbortRule {
  const [, condition, forText] = /^\s*(.+?)\s+for\s+(\S+)\s*$/.exec(text) ?? [];
  if (condition === undefined || forText === undefined) {
    throw usageError(`"${text.trim()}" does not say for how long`, abortHelp);
  }
  const forMs = parseDurationMs(forText);
  if (forMs <= 0) {
    throw usageError(`"${text.trim()}": the time must be above 0`, abortHelp);
  }
  if (condition === 'no-acks') {
    return { kind: 'no-acks', forMs, text: `no-acks for ${formatDuration(forMs)}` };
  }
  const percent = /^errors\s*>\s*(.+)$/.exec(condition)?.[1];
  if (percent === undefined) {
    throw usageError(`"${text.trim()}" is not a rule: it must begin with errors> or no-acks`, abortHelp);
  }
  const overFraction = parsePercent(percent);
  if (overFraction >= 1) {
    throw usageError(`"${text.trim()}" can never come true`, abortHelp);
  }
  return {
    kind: 'errors',
    overFraction,
    forMs,
    text: `errors>${formatPercent(overFraction)} for ${formatDuration(forMs)}`,
  };
}

/** Reads all rules, separated by commas or line breaks. */
export function parseAbortRules(text: string): readonly AbortRule[] {
  if (text.trim() === 'none') {
    return [];
  }
  const parts = text.split(/[,\n]/).filter((part) => part.trim() !== '');
  if (parts.length === 0) {
    throw usageError('the abort rules are empty', abortHelp);
  }
  return parts.map(parseAbortRule);
}

/** One text for all rules; reads back as the same. */
export function formatAbortRules(rules: readonly AbortRule[]): string {
  return rules.length === 0 ? 'none' : rules.map((rule) => rule.text).join(', ');
}
