/** Watches the `--abort-on` rules: a condition must hold without a break for as long as its rule says. Pure but for its memory. */
import type { AbortRule } from '../config/plan.ts';

export interface AbortReading {
  readonly nowMs: number;
  /** Messages acknowledged, failed or unknown since the last reading. */
  readonly acked: number;
  readonly failed: number;
  /** Messages are due or under way: silence means something. */
  readonly expecting: boolean;
}

export class AbortWatch {
  readonly #rules: readonly AbortRule[];
  readonly #sinceMs: (number | null)[];

  constructor(rules: readonly AbortRule[]) {
    this.#rules = rules;
    this.#sinceMs = rules.map(() => null);
  }

  /** Takes a reading (about one a second); answers the rule that fired, if any. */
  read(reading: AbortReading): AbortRule | null {
    for (const [index, rule] of this.#rules.entries()) {
      const held = holds(rule, reading);
      if (held === null) continue;
      if (!held) {
        this.#sinceMs[index] = null;
        continue;
      }
      const since = this.#sinceMs[index] ?? reading.nowMs;
      this.#sinceMs[index] = since;
      if (reading.nowMs - since >= rule.forMs) return rule;
    }
    return null;
  }

  /** Starts anew, after a pause. */
  reset(): void {
    this.#sinceMs.fill(null);
  }
}

/** null: the reading says nothing about the rule. Failures come in bursts, and a second without any outcome ends none. */
function holds(rule: AbortRule, { acked, failed, expecting }: AbortReading): boolean | null {
  switch (rule.kind) {
    case 'errors':
      return acked + failed === 0 ? null : failed / (acked + failed) > rule.overFraction;
    case 'no-acks':
      return expecting && acked === 0;
  }
}
