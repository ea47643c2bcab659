/**
 * Which of the findings are shown: those that hold for some seconds, until they have been gone for a while, so that
 * nothing flickers. Pure but for its memory.
 */
import { type Finding, type HintName, hintNames, type KnobWish } from '../analysis/hint-reading.ts';
import type { KnobName, KnobValue } from '../config/knobs.ts';
import type { Hint } from './document-schema.ts';

/** Found at every look for so long. */
const showAfterMs = 3_000;
/** Looks further apart than this are not the same finding. */
const apartMs = 2_500;
const goneAfterMs = 10_000;
/** The sentence keeps its figures for so long, for somebody to read them. */
const evidenceEveryMs = 5_000;
/** The same hint is no news again before this. */
const tellAgainMs = 60_000;

interface Entry {
  readonly sinceMs: number;
  lastMs: number;
  /** null: not shown yet. */
  hint: Hint | null;
  evidenceMs: number;
}

export class HintBoard {
  readonly #entries = new Map<HintName, Entry>();
  readonly #told = new Map<HintName, { readonly atMs: number; readonly wish: string }>();

  /** Worst first. */
  get shown(): readonly Hint[] {
    return hintNames.flatMap((name) => this.#entries.get(name)?.hint ?? []);
  }

  /** What was found at a look, about one a second. Answers the hints that are news. */
  take(found: readonly Finding[], nowMs: number): readonly Hint[] {
    const news: Hint[] = [];
    for (const finding of found) {
      const hint = this.#found(finding, nowMs);
      if (hint !== null && this.#isNews(finding.name, hint, nowMs)) news.push(hint);
    }
    for (const [name, { hint, lastMs }] of this.#entries) {
      if (lastMs !== nowMs && (hint === null || nowMs - lastMs > goneAfterMs)) this.#entries.delete(name);
    }
    return news;
  }

  /** A suggestion whose knob stands elsewhere by now was taken, or is out of date. */
  dropStale(present: (knob: KnobName) => KnobValue): void {
    for (const [name, { hint }] of this.#entries) {
      const suggestion = hint?.suggestion ?? null;
      if (suggestion !== null && present(suggestion.knob) !== suggestion.from) this.#entries.delete(name);
    }
  }

  /** Answers a hint that begins to be shown. */
  #found({ name, evidence, suggestion }: Finding, nowMs: number): Hint | null {
    let entry = this.#entries.get(name);
    if (entry === undefined || (entry.hint === null && nowMs - entry.lastMs > apartMs)) {
      entry = { sinceMs: nowMs, lastMs: nowMs, hint: null, evidenceMs: nowMs };
      this.#entries.set(name, entry);
    }
    entry.lastMs = nowMs;
    if (entry.hint === null) {
      if (nowMs - entry.sinceMs < showAfterMs) return null;
      entry.evidenceMs = nowMs;
      entry.hint = { timeMs: nowMs, name, evidence, suggestion: suggestion === null ? null : { ...suggestion } };
      return entry.hint;
    }
    if (nowMs - entry.evidenceMs >= evidenceEveryMs) {
      entry.evidenceMs = nowMs;
      // What is suggested stays, so that the key does what was read.
      entry.hint = { ...entry.hint, evidence };
    }
    return null;
  }

  #isNews(name: HintName, { suggestion }: Hint, nowMs: number): boolean {
    const wish = wishText(suggestion);
    const before = this.#told.get(name);
    if (before !== undefined && before.wish === wish && nowMs - before.atMs < tellAgainMs) return false;
    this.#told.set(name, { atMs: nowMs, wish });
    return true;
  }
}

function wishText(suggestion: KnobWish | null): string {
  return suggestion === null ? '' : `${suggestion.knob} ${suggestion.from} ${suggestion.to}`;
}
