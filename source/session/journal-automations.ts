/**
 * Searches and sweeps in a journal: their heads and, apart from these, each step and run once it is over, so that hours of
 * them stay small.
 */
import { bestOf, resultsOf } from './automation/sweep-row.ts';
import type { Search, SearchStep } from './document-schema.ts';
import type { Sweep, SweepRun } from './document-sweep-schema.ts';
import type { JournalLine, JournalLineOf } from './journal-lines.ts';

/** All searches and sweeps of a session, those under way included. */
export interface Automations {
  searches(nowNs: number): readonly Search[];
  sweeps(nowNs: number): readonly Sweep[];
}

type AutomationLine = JournalLineOf<'search' | 'search-step' | 'sweep' | 'sweep-run'>;

/** Says what has changed since it was asked last. */
export class AutomationWriter {
  readonly #automations: Automations;
  readonly #heads = new Map<string, string>();
  readonly #rows = new Map<string, SearchStep | SweepRun>();

  constructor(automations: Automations) {
    this.#automations = automations;
  }

  news(nowNs: number): JournalLine[] {
    const searches = this.#automations.searches(nowNs).flatMap(({ steps, ...search }, index): AutomationLine[] => {
      const isHeadNew = this.#isHeadNew(`search ${index}`, search);
      // The step under way changes all the time.
      const over = steps.filter((step) => step.verdict !== 'unsure');
      const fresh = over.filter((step) => this.#isRowNew(`search ${index} step ${step.index}`, step));
      return [
        ...(isHeadNew ? [{ kind: 'search', index, search } as const] : []),
        ...fresh.map((step) => ({ kind: 'search-step', search: index, step }) as const),
      ];
    });
    const sweeps = this.#automations.sweeps(nowNs).flatMap(({ runs, results, best, ...sweep }, index) => {
      const isHeadNew = this.#isHeadNew(`sweep ${index}`, sweep);
      return [
        ...(isHeadNew ? [{ kind: 'sweep', index, sweep } as const] : []),
        ...runs.flatMap((run, at): AutomationLine[] =>
          this.#isRowNew(`sweep ${index} run ${at}`, run) ? [{ kind: 'sweep-run', sweep: index, index: at, run }] : [],
        ),
      ];
    });
    return [...searches, ...sweeps];
  }

  /** That time passes is no news. */
  #isHeadNew(key: string, head: { readonly durationMs: number }): boolean {
    const text = JSON.stringify({ ...head, durationMs: 0 });
    const isNew = this.#heads.get(key) !== text;
    this.#heads.set(key, text);
    return isNew;
  }

  /** Late answers change a row; most stay the same objects. */
  #isRowNew(key: string, row: SearchStep | SweepRun): boolean {
    const written = this.#rows.get(key);
    this.#rows.set(key, row);
    return written !== row && JSON.stringify(written) !== JSON.stringify(row);
  }
}

/** The last of each. */
export class AutomationReader {
  readonly #searches: { head: JournalLineOf<'search'>['search']; readonly steps: SearchStep[] }[] = [];
  readonly #sweeps: { head: JournalLineOf<'sweep'>['sweep']; readonly runs: SweepRun[] }[] = [];

  /** Throws where a row has no head. */
  take(line: AutomationLine): void {
    switch (line.kind) {
      case 'search':
        this.#searches[line.index] = { head: line.search, steps: this.#searches[line.index]?.steps ?? [] };
        return;
      case 'search-step':
        headed(this.#searches[line.search]).steps[line.step.index] = line.step;
        return;
      case 'sweep':
        this.#sweeps[line.index] = { head: line.sweep, runs: this.#sweeps[line.index]?.runs ?? [] };
        return;
      case 'sweep-run':
        headed(this.#sweeps[line.sweep]).runs[line.index] = line.run;
        return;
      default:
        line satisfies never;
    }
  }

  /** What broke off was stopped. */
  rows(brokeOff: boolean): { readonly searches: Search[]; readonly sweeps: Sweep[] } {
    const ended = <Outcome>(outcome: Outcome): Outcome | 'stopped' =>
      brokeOff && outcome === 'running' ? 'stopped' : outcome;
    return {
      searches: this.#searches.map(({ head, steps }) => ({ ...head, outcome: ended(head.outcome), steps })),
      sweeps: this.#sweeps.map(({ head, runs }) => {
        const results = resultsOf({ ...head, runs });
        return { ...head, outcome: ended(head.outcome), runs, results, best: bestOf(results) };
      }),
    };
  }
}

function headed<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Error('a step or run of nothing');
  return row;
}
