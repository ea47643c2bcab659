/** Searches in plain lines, at most 80 columns: how one goes on, and what became of it, step by step. */
import type { AutomationView } from '../session/automation/automation.ts';
import { searchText } from '../session/automation/search-row.ts';
import {
  changesAgainst,
  figureName,
  figureOf,
  overText,
  stepMs,
  verdictText,
} from '../session/automation/search-words.ts';
import type { Search } from '../session/document-schema.ts';
import { msText, rateText } from '../session/figures-text.ts';
import { kneeText } from '../session/knee-row.ts';

/** `find 1: p99<10ms: step 9 of ~12, about 1:10 left, bracket 58.7 k/s … 61.3 k/s (4.4 %)`. */
export function progressText({ detail, progress, title }: AutomationView): string {
  const [where = ''] = detail.split(/ {2,}/);
  return [`${title}: ${progress}`, where].filter((text) => text !== '').join(', ');
}

/**
 * `told`: places of searches that are told elsewhere.
 *
 *     find 2: p99<10ms
 *            rate  p99 ms    over  verdict
 *        1.00 k/s    2.03  0.00 %  pass
 *     find 2: 58.7 k/s holds p99<10ms [58.7, 61.3 k/s], limited by latency (+21 % against find 1)
 *     knee 56.3 k/s (1 k – 64 k)
 */
export function searchLines(searches: readonly Search[], told: ReadonlySet<number> = new Set()): string[] {
  return searches.flatMap((search, at) => {
    if (told.has(at)) return [];
    const figure = figureOf(search);
    const row = (rate: string, ms: string, over: string, verdict: string): string =>
      `  ${rate.padStart(9)}  ${ms.padStart(8)}  ${over.padStart(8)}  ${verdict}`;
    const steps = search.steps.map((step) => {
      const ms = stepMs(step, figure);
      return row(rateText(step.targetRate), ms === null ? '-' : msText(ms), overText(step), verdictText(step));
    });
    const head = row('rate', `${figureName(figure)} ms`, 'over', 'verdict');
    return [
      `find ${at + 1}: ${search.slo === '' ? 'the knee' : search.slo}`,
      ...(steps.length === 0 ? [] : [head, ...steps]),
      `find ${at + 1}: ${resultText(searches, at)}`,
      // A search for the knee has said it already.
      ...(search.knee === null || search.slo === '' ? [] : [kneeText(search.knee)]),
    ];
  });
}

/** `58.7 k/s holds p99<10ms …`, with what came out otherwise than in the search before. */
export function resultText(searches: readonly Search[], at: number): string {
  const [before, search] = [searches[at - 1], searches[at]];
  if (search === undefined) return '';
  const changes = before === undefined ? [] : changesAgainst(search, before, at);
  return `${searchText(search)}${changes.length === 0 ? '' : ` (${changes.join('; ')})`}`;
}
