/** What may be run after a run: the same again, and the proof of what a search found. */
import type { AskedPlan } from '../config/plan.ts';
import { type Found, repeatCommand, verifyCommand } from '../config/repeat-command.ts';
import { parseSlos } from '../config/slo.ts';
import type { FinalKnobs } from '../config/with-knobs.ts';
import { searchesOfSweeps } from '../output/sweep-lines.ts';
import type { SessionDocument } from '../session/document-schema.ts';
import type { SessionResult } from '../session/session.ts';

export interface NextCommands {
  readonly again: string;
  /** null: the last search found no rate, or was one of a sweep. */
  readonly verify: string | null;
}

export function nextCommands(
  { document, knobs, asksNextTime }: Pick<SessionResult, 'document' | 'asksNextTime'> & { readonly knobs: FinalKnobs },
  resolved: Pick<AskedPlan, 'plan' | 'sources' | 'securityWords'>,
): NextCommands {
  // With --yes where it would be asked, or refused without a terminal: the records in its topic are its own.
  const plan = asksNextTime ? { ...resolved.plan, yes: true } : resolved.plan;
  const sources = asksNextTime ? ({ ...resolved.sources, yes: 'flag' } as const) : resolved.sources;
  const { securityWords } = resolved;
  const found = foundIn(document);
  return {
    again: repeatCommand(plan, sources, knobs, securityWords),
    verify: found === null ? null : verifyCommand(plan, sources, found, securityWords),
  };
}

function foundIn(document: SessionDocument): Found | null {
  const { search, searches } = document;
  if (search === null || search.maxSustainableRate === null) return null;
  if (searchesOfSweeps(document).has(searches.length - 1)) return null;
  return { rateHz: search.maxSustainableRate, slos: parseSlos(search.slo), knobs: search.knobs };
}
